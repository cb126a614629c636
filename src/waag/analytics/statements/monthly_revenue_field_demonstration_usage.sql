SELECT product_code, product_title, dimension.key AS dimension, dimension.unit, charge.quantity
FROM charge
JOIN sold ON sold.agreement = charge.agreement
JOIN dimension ON dimension.number = charge.dimension
WHERE charge.kind = 'demonstration' AND charge.month = :month
ORDER BY product_code, dimension.key
