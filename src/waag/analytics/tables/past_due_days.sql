-- Calendar days in UTC: days since it was due, of what is overdue.
aged AS (
  SELECT net, currency, :published / :day - due / :day AS days
  FROM revenue JOIN bill ON bill.reference = revenue.reference
  WHERE :published / :day > due / :day
)
