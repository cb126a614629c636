, fee AS (
  SELECT charge.id, charge.at, charge.agreement, charge.amount, charge.currency,
    charge.starts AS fee_starts, charge.ends AS fee_ends, charge.dimension,
    CASE WHEN charge.dimension IS NULL THEN NULL ELSE charge.quantity END AS quantity,
    CASE charge.kind WHEN 'contract-fee' THEN 'Contract Fee' WHEN 'annual-fee' THEN 'Annual Fee'
      WHEN 'monthly-fee' THEN 'Monthly Fee' ELSE 'Scheduled Payment' END AS description
  FROM charge
  WHERE charge.usage_month IS NULL AND charge.at >= :starts AND charge.at < :ends
  UNION ALL
  SELECT given.id, given.at, charge.agreement, -given.amount, given.currency, charge.starts,
    charge.ends, charge.dimension, NULL,
    CASE given.kind WHEN 'refund' THEN 'Refund' ELSE 'Credit' END
  FROM adjustment AS given
  JOIN charge ON charge.id = given.charge
  WHERE given.at >= :starts AND given.at < :ends
)

SELECT sold.*, fee.amount, fee.fee_starts, fee.fee_ends, fee.quantity, fee.description,
  dimension.key AS dimension
FROM fee
JOIN sold ON sold.agreement = fee.agreement
LEFT JOIN dimension ON dimension.number = fee.dimension
ORDER BY product_code, customer_id, agreement_id, fee.at, fee.id
