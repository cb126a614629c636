SELECT bill.*, revenue.* FROM revenue JOIN bill ON bill.reference = revenue.reference
WHERE NOT EXISTS (SELECT 1 FROM purchased WHERE purchased.reference = revenue.reference)
ORDER BY product_code, customer_id, revenue.reference
