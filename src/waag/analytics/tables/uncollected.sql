-- What was billed and had not come in; of invoices that are open, or were settled only since.
movement AS (
  SELECT posting.reference, posting.type, -posting.amount AS amount
  FROM (
    SELECT invoice.id, item.reference FROM invoice
    JOIN invoice_item AS item ON item.invoice = invoice.id
    WHERE invoice.seller = :seller
    UNION
    SELECT invoice.id, item.reference FROM invoice_item AS item
    JOIN invoice ON invoice.id = item.invoice
    WHERE item.supplier = :seller
  ) AS item
  JOIN invoice_standing AS standing ON standing.invoice = item.id
  JOIN posting ON posting.reference = item.reference AND posting.account = :uncollected
  JOIN ledger_transaction AS ledger ON ledger.id = posting.ledger_transaction
  WHERE ledger.at < :known AND (
    standing.status = 'open' OR EXISTS (
      SELECT 1 FROM ledger_transaction AS settled
      WHERE settled.subject = item.id AND settled.at >= :known
    )
  )
)
