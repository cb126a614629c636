-- Free trials of the seller's agreements; over is when each ended, whether by itself or not.
trial AS (
  SELECT agreement, product, customer, offer, ends, trial_ends,
    min(trial_ends, coalesce(ends, trial_ends)) AS over, starts
  FROM (
    SELECT sold.*, CASE
      WHEN terms -> 'free_trial_ends' IS NOT NULL
        THEN unixepoch(terms ->> 'free_trial_ends') * 1000000
      WHEN offer = 'free-trial' THEN ends
      ELSE accepted + (product_terms ->> 'free_trial_days') * :day END AS trial_ends
    FROM sold
    WHERE terms -> 'demonstration' IS NULL
  )
  WHERE trial_ends IS NOT NULL
)
