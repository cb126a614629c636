-- What was used earlier in the month is read only where a price may depend on it.
, metered AS (
  SELECT product_then.product, CASE
    WHEN product_terms LIKE '%"tiers"%' OR product_terms LIKE '%"covered_by"%' THEN :month_hour
    ELSE :first_hour END AS first_hour
  FROM product_then WHERE product IN (SELECT product FROM sold)
),

used AS (
  SELECT usage.agreement, usage.dimension,
    usage.hour * :hour < coalesce(trial.trial_ends, usage.hour * :hour) AS free,
    coalesce(sum(quantity / 1000000) FILTER (WHERE hour >= :first_hour), 0) AS units,
    coalesce(sum(quantity % 1000000) FILTER (WHERE hour >= :first_hour), 0) AS rest,
    coalesce(sum(quantity / 1000000) FILTER (WHERE hour < :first_hour), 0) AS units_before,
    coalesce(sum(quantity % 1000000) FILTER (WHERE hour < :first_hour), 0) AS rest_before,
    count(*) FILTER (WHERE hour >= :first_hour) AS records
  FROM metered
  JOIN usage_record AS usage ON usage.product = metered.product
    AND usage.hour >= metered.first_hour AND usage.hour < :end_hour
  LEFT JOIN trial ON trial.agreement = usage.agreement
  WHERE usage.received_at < :known
  GROUP BY 1, 2, 3
)

SELECT sold.*, used.units, used.rest, used.units_before, used.rest_before,
  dimension.number AS dimension_number, dimension.key AS dimension, dimension.unit,
  CASE WHEN sold.terms -> 'demonstration' IS NOT NULL THEN 'Field Demonstration'
    WHEN used.free THEN 'Free Trial' ELSE 'Usage' END AS offering
FROM used
JOIN sold ON sold.agreement = used.agreement
JOIN dimension ON dimension.number = used.dimension
WHERE used.records > 0
ORDER BY product_code, customer_id, agreement_id, dimension.key, offering
