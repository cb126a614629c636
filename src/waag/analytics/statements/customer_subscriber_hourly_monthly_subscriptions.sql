SELECT sold.* FROM sold
WHERE starts < :ends AND (ends IS NULL OR ends >= :ends)
  AND agreement NOT IN (SELECT agreement FROM bought)
ORDER BY product_code, customer_id, agreement_id
