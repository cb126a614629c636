SELECT bill.*, revenue.* FROM revenue JOIN bill ON bill.reference = revenue.reference
WHERE net <> 0
ORDER BY due / :day, revenue.reference
