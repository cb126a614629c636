-- Calendar days in UTC: days from the invoice to the payout.
aged AS (
  SELECT net, currency, :paid_out_from / :day - billed_at / :day AS days
  FROM revenue JOIN bill ON bill.reference = revenue.reference
)
