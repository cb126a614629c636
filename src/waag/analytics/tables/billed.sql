-- What was billed in :month or taken back in it, to the seller positive: as the seller of record,
-- or as the one whose product another sold.
movement AS (
  SELECT posting.reference, posting.type, -posting.amount AS amount
  FROM (
    SELECT invoice.id, reference FROM invoice
    JOIN invoice_item AS item ON item.invoice = invoice.id
    WHERE invoice.seller = :seller AND invoice.month = :month
    UNION
    SELECT invoice.id, reference FROM invoice_item AS item
    JOIN invoice ON invoice.id = item.invoice
    WHERE item.supplier = :seller AND invoice.month = :month
  ) AS item
  JOIN ledger_transaction AS ledger ON ledger.subject = item.id AND ledger.action = 'INVOICED'
  JOIN posting ON posting.ledger_transaction = ledger.id AND posting.reference = item.reference
  WHERE posting.account = :uncollected
  UNION ALL
  SELECT posting.reference, posting.type, -posting.amount
  FROM ledger_transaction AS ledger
  JOIN posting ON posting.ledger_transaction = ledger.id
  WHERE ledger.action IN ('FORGIVEN', 'REFUNDED', 'CREDITED')
    AND ledger.at >= :starts AND ledger.at < :ends
    AND posting.account IN (:uncollected, :collected)
)
