SELECT product_code, product_title, solution_title, solution_id, bill.customer_id,
  CASE charge.kind WHEN 'usage' THEN 'Usage' WHEN 'contract-fee' THEN 'Contract Fee'
    WHEN 'annual-fee' THEN 'Annual Fee' WHEN 'monthly-fee' THEN 'Monthly Fee'
    ELSE 'Scheduled Payment' END || coalesce(', ' || dimension.key, '') AS usage_type,
  step.value ->> 2 AS rate, step.value ->> 1 AS units, priced.value ->> 'per' AS per
FROM revenue
JOIN bill ON bill.reference = revenue.reference
JOIN invoice_line AS line ON line.reference = revenue.reference
JOIN charge ON charge.id = line.charge
JOIN json_each(charge.steps) AS step
LEFT JOIN dimension ON dimension.number = charge.dimension
LEFT JOIN json_each(product_terms -> 'dimensions') AS priced ON priced.key = dimension.key
WHERE revenue.gross > 0 AND charge.kind NOT IN ('free-trial', 'demonstration')
  AND step.value ->> 2 <> ''
ORDER BY product_code, usage_type, rate, bill.customer_id
