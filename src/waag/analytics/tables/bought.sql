-- What is bought in advance for a term or year; a thing that is no number counts as one. Without
-- a dimension where there are payments by a schedule alone.
bought AS (
  SELECT sold.agreement, granted.value ->> 'dimension' AS dimension,
    CASE WHEN granted.type IS NULL THEN NULL
      WHEN json_type(granted.value, '$.value') IN ('integer', 'real')
      THEN granted.value ->> 'value' ELSE 1 END AS quantity
  FROM sold
  LEFT JOIN json_each(sold.entitlements) AS granted
  LEFT JOIN json_each(sold.product_terms -> 'dimensions') AS priced
    ON priced.key = granted.value ->> 'dimension'
  WHERE CASE WHEN granted.type IS NULL THEN terms -> 'payment_schedule' IS NOT NULL
    ELSE coalesce(priced.value ->> 'per', 'term') <> 'month' END
)
