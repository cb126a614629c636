SELECT sold.* FROM sold
WHERE ends >= :starts AND ends < :ends AND coalesce(status, '') <> 'renewed' AND ends >= starts
ORDER BY product_code, customer_id, agreement_id
