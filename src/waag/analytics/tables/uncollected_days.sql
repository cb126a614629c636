-- Calendar days in UTC: days since the invoice.
aged AS (
  SELECT net, currency, :published / :day - billed_at / :day AS days
  FROM revenue JOIN bill ON bill.reference = revenue.reference
)
