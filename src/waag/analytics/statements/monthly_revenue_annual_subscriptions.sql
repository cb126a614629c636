, purchase AS (
  SELECT reference, sum(CAST(quantity AS INTEGER)) FILTER (WHERE key IS NOT NULL) AS quantity,
    min(starts) AS bought_from, max(ends) AS bought_until,
    string_agg(key, ', ' ORDER BY place) AS dimensions
  FROM purchased
  WHERE reference IN (SELECT reference FROM revenue)
  GROUP BY reference
)

SELECT bill.*, revenue.*, purchase.quantity, bought_from, bought_until, dimensions
FROM revenue
JOIN bill ON bill.reference = revenue.reference
JOIN purchase ON purchase.reference = revenue.reference
ORDER BY product_code, customer_id, revenue.reference
