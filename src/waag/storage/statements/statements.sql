-- What the books show: invoices, a month of one account, a month of all.

-- invoices: after a place, in order of date.
SELECT id, month, at, due, buyer, seller, currency, billed, status, open, paid
FROM invoice JOIN invoice_standing ON invoice = id
WHERE (at, id) > (:at, :id) AND (:month IS NULL OR month = :month)
  AND (:status IS NULL OR status = :status)
ORDER BY at, id LIMIT :limit;

-- invoices_of: the same, of a buyer, seller of record or supplier.
SELECT id, month, at, due, buyer, seller, currency, billed, status, open, paid
FROM invoice JOIN invoice_standing ON invoice = id
WHERE (
    buyer = :account OR seller = :account
    OR id IN (SELECT invoice FROM invoice_item WHERE supplier = :account)
  )
  AND (at, id) > (:at, :id) AND (:month IS NULL OR month = :month)
  AND (:status IS NULL OR status = :status)
ORDER BY at, id LIMIT :limit;

-- shown_items: of invoices.
SELECT item.reference, item.invoice, agreement.id, product.code, item.seller, item.revenue,
  item.fee_rate, item.fee, item.seller_tax, item.aws_tax, item.cost, item.supplier,
  item.supplier_fee_rate, item.supplier_fee
FROM json_each(?) AS asked
JOIN invoice_item AS item ON item.invoice = asked.value
JOIN agreement ON agreement.number = item.agreement
JOIN product ON product.number = item.product
ORDER BY asked.key, item.place;

-- shown_lines: of invoices.
SELECT charge.*, item.invoice, item.reference, product.code, agreement.id, dimension.key,
  line.taxes
FROM json_each(?) AS asked
JOIN invoice_item AS item ON item.invoice = asked.value
JOIN invoice_line AS line ON line.reference = item.reference
JOIN charge ON charge.id = line.charge
JOIN agreement ON agreement.number = charge.agreement
JOIN product ON product.number = agreement.product
LEFT JOIN dimension ON dimension.number = charge.dimension
ORDER BY asked.key, line.place;

-- line: a charge with what it belongs to.
SELECT charge.*, item.invoice, item.reference, product.code, agreement.id, dimension.key,
  line.taxes
FROM charge
JOIN invoice_line AS line ON line.charge = charge.id
JOIN invoice_item AS item ON item.reference = line.reference
JOIN agreement ON agreement.number = charge.agreement
JOIN product ON product.number = agreement.product
LEFT JOIN dimension ON dimension.number = charge.dimension
WHERE charge.id = ?;

-- item: by its reference.
SELECT reference, agreement, product, seller, revenue, fee_rate, fee, seller_tax, aws_tax, cost,
  supplier, supplier_fee_rate, supplier_fee
FROM invoice_item WHERE reference = ?;

-- given_back: of a line and its item.
SELECT
  ifnull(sum(amount) FILTER (WHERE charge = :charge), 0),
  ifnull(sum(amount) FILTER (WHERE charge = :charge AND kind = 'refund'), 0),
  ifnull(sum(amount), 0),
  count(*) FILTER (WHERE charge = :charge)
FROM adjustment WHERE reference = :reference;

-- adjustments: of an account, since an instant, before another.
SELECT adjustment.* FROM adjustment
JOIN invoice_item AS item ON item.reference = adjustment.reference
JOIN invoice ON invoice.id = item.invoice
WHERE adjustment.at >= :since AND adjustment.at < :until
  AND :account IN (invoice.buyer, item.seller, item.supplier)
ORDER BY adjustment.at, adjustment.id;

-- payments: of an account's invoices, since an instant, before another.
SELECT ledger.id, ledger.at, ledger.action, invoice.id,
  -sum(posting.amount), posting.currency
FROM ledger_transaction AS ledger
JOIN invoice ON invoice.id = ledger.subject
JOIN posting ON posting.ledger_transaction = ledger.id
WHERE ledger.at >= :since AND ledger.at < :until AND ledger.action IN ('COLLECTED', 'FORGIVEN')
  AND posting.account = 'receivable/' || invoice.buyer
  AND (
    invoice.buyer = :account OR invoice.seller = :account
    OR invoice.id IN (SELECT invoice FROM invoice_item WHERE supplier = :account)
  )
GROUP BY ledger.id, posting.currency ORDER BY ledger.at, ledger.id;

-- payouts: to a seller, since an instant, before another.
SELECT id, seller, starts, at, amount, currency, bank_trace FROM payout
WHERE seller = :account AND at >= :since AND at < :until ORDER BY at, id;

-- month_totals: of a month's invoices.
SELECT currency, count(*), sum(billed), sum(paid), sum(open),
  ifnull(sum(billed) FILTER (WHERE status = 'written-off'), 0)
    - ifnull(sum(paid) FILTER (WHERE status = 'written-off'), 0)
FROM invoice JOIN invoice_standing ON invoice = id WHERE month = ?
GROUP BY currency ORDER BY currency;

-- month_given_back: of a month's invoices.
SELECT invoice.currency, sum(adjustment.amount + adjustment.seller_tax + adjustment.aws_tax),
  ifnull(sum(adjustment.amount + adjustment.seller_tax + adjustment.aws_tax)
    FILTER (WHERE status = 'written-off'), 0)
FROM invoice JOIN invoice_standing ON invoice_standing.invoice = invoice.id
JOIN invoice_item AS item ON item.invoice = invoice.id
JOIN adjustment ON adjustment.reference = item.reference
WHERE invoice.month = ? GROUP BY 1;

-- month_disbursed: of a month's invoices.
SELECT posting.currency, sum(posting.amount)
FROM invoice
JOIN invoice_item AS item ON item.invoice = invoice.id
JOIN posting ON posting.reference = item.reference
JOIN ledger_transaction AS ledger ON ledger.id = posting.ledger_transaction
WHERE invoice.month = ? AND ledger.action = 'DISBURSED'
GROUP BY 1;

-- used_before: micro-units that were priced before a charge's, in the same month.
SELECT quantity FROM charge
WHERE usage_month = ? AND agreement = ? AND dimension = ? AND kind = 'usage' AND starts < ?;

-- usage_behind: a charge's records in key order, each with what was used up to it.
SELECT place, record_id, timestamp, region, quantity, units, rest FROM (
  SELECT row_number() OVER behind AS place, record_id, timestamp, region, quantity,
    sum(quantity / 1000000) OVER behind AS units, sum(quantity % 1000000) OVER behind AS rest
  FROM usage_record
  WHERE product = :product AND hour >= :first AND hour < :end
    AND agreement = :agreement AND dimension = :dimension
  WINDOW behind AS (ORDER BY hour, region, customer, license, resource)
) WHERE place > :after ORDER BY place LIMIT :limit;
