SELECT bill.*, revenue.*, :month AS ar_period
FROM revenue JOIN bill ON bill.reference = revenue.reference
WHERE net <> 0
ORDER BY product_code, customer_id, revenue.reference
