-- What they consisted of; to the seller positive.
movement AS (
  SELECT posting.reference, posting.type, posting.amount
  FROM paid_out
  JOIN ledger_transaction AS ledger
    ON ledger.subject = paid_out.payout AND ledger.action = 'DISBURSED'
  JOIN posting ON posting.ledger_transaction = ledger.id
  WHERE posting.account = :collected
)
