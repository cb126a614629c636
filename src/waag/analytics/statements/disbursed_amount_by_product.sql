SELECT bill.*, revenue.* FROM revenue JOIN bill ON bill.reference = revenue.reference
ORDER BY product_code, revenue.reference
