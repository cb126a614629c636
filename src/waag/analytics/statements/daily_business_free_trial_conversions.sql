, judged AS (
  SELECT product, starts >= :starts AS begun, over >= :ends AS running,
    (trial_ends = over AND coalesce(offer, '') <> 'free-trial' AND (ends IS NULL OR ends > over))
    OR EXISTS (
      SELECT 1 FROM agreement_then AS paid
      WHERE paid.agreement IN (
          SELECT number FROM agreement
          WHERE customer = trial.customer AND product = trial.product
        )
        AND paid.agreement <> trial.agreement AND coalesce(paid.offer, '') <> 'free-trial'
        AND paid.starts <= over AND (paid.ends IS NULL OR paid.ends > over)
    ) AS converted
  FROM trial WHERE starts < :ends AND over >= :starts
),

counted AS (
  SELECT product, count(*) FILTER (WHERE begun) AS begun,
    count(*) FILTER (WHERE running) AS running,
    count(*) FILTER (WHERE NOT running AND converted) AS converted,
    count(*) FILTER (WHERE NOT running AND NOT converted) AS not_converted
  FROM judged GROUP BY product
)

SELECT counted.*, product_code, product_title,
  product_terms ->> 'solution_title' AS solution_title,
  product_terms ->> 'solution_id' AS solution_id
FROM counted JOIN product_then ON product_then.product = counted.product
ORDER BY product_code
