-- The payouts that a report comes with: those of one day, one per currency.
paid_out AS (
  SELECT payout.id AS payout, payout.currency, payout.starts, payout.at, payout.amount
  FROM payout
  WHERE payout.seller = :seller AND payout.at >= :paid_out_from AND payout.at < :paid_out_until
)
