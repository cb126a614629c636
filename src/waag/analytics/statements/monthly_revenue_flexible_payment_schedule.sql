SELECT sold.*, unixepoch(payment.value ->> 'at') * 1000000 AS due,
  payment.value ->> 'amount' AS payment,
  CASE product_type WHEN 'ami' THEN 'AMI' WHEN 'container' THEN 'Container' ELSE 'SaaS' END AS type
FROM sold
JOIN json_each(sold.terms -> 'payment_schedule') AS payment
WHERE accepted >= :starts AND accepted < :ends
ORDER BY product_code, customer_id, agreement_id, payment.key
