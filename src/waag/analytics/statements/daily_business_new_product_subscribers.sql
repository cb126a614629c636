SELECT sold.* FROM sold
WHERE starts >= :starts AND starts < :ends AND previous IS NULL
  AND (ends IS NULL OR ends >= starts)
ORDER BY product_code, customer_id, agreement_id
