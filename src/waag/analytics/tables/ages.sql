-- Amounts by how many days old they are; a row of `aged` has net, days and currency. A payout's
-- currency is told of also where there is nothing in it.
by_age AS (
  SELECT currency,
    coalesce(sum(net) FILTER (WHERE days < 31), 0) AS up_to_30,
    coalesce(sum(net) FILTER (WHERE days BETWEEN 31 AND 60), 0) AS up_to_60,
    coalesce(sum(net) FILTER (WHERE days BETWEEN 61 AND 90), 0) AS up_to_90,
    coalesce(sum(net) FILTER (WHERE days BETWEEN 91 AND 120), 0) AS up_to_120,
    coalesce(sum(net) FILTER (WHERE days > 120), 0) AS above_120,
    sum(net) AS overall
  FROM (
    SELECT currency, net, days FROM aged
    UNION ALL
    SELECT currency, 0, 0 FROM paid_out
  )
  GROUP BY currency
)
