-- What was bought in advance by a transaction; quantities in millionths.
purchased AS (
  SELECT line.reference, line.place, charge.starts, charge.ends, charge.quantity, dimension.key
  FROM invoice_line AS line
  JOIN charge ON charge.id = line.charge
  LEFT JOIN dimension ON dimension.number = charge.dimension
  WHERE charge.kind IN ('contract-fee', 'annual-fee', 'scheduled-payment')
)
