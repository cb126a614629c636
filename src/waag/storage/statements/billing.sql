-- The books: what is read to bill, and what is written.

-- put_charge: what is there already stays.
INSERT INTO charge VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING;

-- put_invoice: add.
INSERT INTO invoice VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- put_invoice_item: add.
INSERT INTO invoice_item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- put_invoice_line: add.
INSERT INTO invoice_line VALUES (?, ?, ?, ?);

-- put_invoice_standing: add or change.
INSERT INTO invoice_standing VALUES (?, ?, ?, ?)
ON CONFLICT (invoice) DO UPDATE SET
  status = excluded.status, open = excluded.open, paid = excluded.paid;

-- put_adjustment: add.
INSERT INTO adjustment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- put_payout: add.
INSERT INTO payout VALUES (?, ?, ?, ?, ?, ?, ?);

-- put_ledger_transaction: add.
INSERT INTO ledger_transaction VALUES (?, ?, ?, ?);

-- put_posting: add.
INSERT INTO posting VALUES (?, ?, ?, ?, ?, ?, ?);

-- put_awaiting_payout: add.
INSERT INTO awaiting_payout VALUES (?, ?, ?, ?);

-- remove_awaiting_payout: of a seller and currency, until an instant.
DELETE FROM awaiting_payout WHERE seller = ? AND currency = ? AND at <= ?;

-- put_due_work: add, or do it at another instant.
INSERT INTO due_work VALUES (?, ?, ?) ON CONFLICT (rank, subject) DO UPDATE SET at = excluded.at;

-- remove_due_work: it is done.
DELETE FROM due_work WHERE rank = ? AND subject = ?;

-- put_month_close: add, or as far as it has come.
INSERT INTO month_close VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (month) DO UPDATE SET
  stage = excluded.stage, done = excluded.done, total = excluded.total, cursor = excluded.cursor;

-- put_rated_usage: add, or what came late included.
INSERT INTO rated_usage VALUES (?, ?, ?)
ON CONFLICT (month, product) DO UPDATE SET records = excluded.records;

-- put_late_from: keep it.
INSERT INTO books VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET late_from = excluded.late_from;

-- late_from: usage of which months may have come late.
SELECT ifnull((SELECT late_from FROM books), '');

-- due_work: of one rank until an instant, in order.
SELECT at, rank, subject FROM due_work
WHERE rank = ? AND at <= ? ORDER BY at, subject LIMIT ?;

-- next_due_work: when there is something to do next.
SELECT min(at) FROM due_work;

-- next_fees: when the next fees are due.
SELECT min(at) FROM due_work WHERE rank = 1;

-- planned_disbursements: the sellers that have one planned.
SELECT subject FROM due_work WHERE rank = 4 AND subject IN (SELECT value FROM json_each(?));

-- month_closes: those begun, in order.
SELECT month, at, stage, done, total, cursor FROM month_close ORDER BY month;

-- latest_month_close: the one begun last.
SELECT month, at, stage, done, total, cursor FROM month_close ORDER BY month DESC LIMIT 1;

-- first_charged_month: after a month.
SELECT min(month) FROM charge WHERE month > ?;

-- first_usage_hour: from an hour on, of any product.
SELECT min(first) FROM (
  SELECT (
    SELECT min(hour) FROM usage_record WHERE product = product.number AND hour >= :hour
  ) AS first FROM product
);

-- rated_usage_from: of months from one on, before another.
SELECT month, product, records FROM rated_usage WHERE month >= ? AND month < ? ORDER BY 1, 2;

-- rated_usage_of: the products that a month's close has rated.
SELECT month, product, records FROM rated_usage WHERE month = ? ORDER BY 2;

-- usage_count: of a product in some hours.
SELECT count(*) FROM usage_record WHERE product = ? AND hour >= ? AND hour < ?;

-- usage_sums: of a product in some hours, by agreement and dimension. Whole units and the rest are
-- summed apart, since the sum of a month may outgrow a number.
SELECT agreement, dimension, 0, sum(quantity / 1000000), sum(quantity % 1000000), count(*)
FROM usage_record WHERE product = :product AND hour >= :first AND hour < :end
GROUP BY agreement, dimension ORDER BY agreement, dimension;

-- usage_sums_with_trials: the same, apart for what was used before an agreement's trial ended.
WITH trial (agreement, ends) AS MATERIALIZED (
  SELECT value ->> 0, value ->> 1 FROM json_each(:trials)
)
SELECT usage.agreement, usage.dimension, usage.hour < ifnull(trial.ends, 0) AS free,
  sum(quantity / 1000000), sum(quantity % 1000000), count(*)
FROM usage_record AS usage LEFT JOIN trial ON trial.agreement = usage.agreement
WHERE product = :product AND hour >= :first AND hour < :end
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

-- charged_usage: what was charged for usage of a product and month.
SELECT charge.agreement, charge.dimension, charge.starts, charge.kind, charge.quantity,
  charge.records, charge.amount
FROM charge JOIN agreement ON agreement.number = charge.agreement
WHERE charge.usage_month = ? AND agreement.product = ?;

-- known_charges: which of these there are.
SELECT id FROM charge WHERE id IN (SELECT value FROM json_each(?));

-- products_in_full: every product, a row for each dimension.
SELECT * FROM product_in_full ORDER BY number, dimension;

-- agreements_in_full: those with these numbers.
SELECT * FROM agreement_in_full WHERE number IN (SELECT value FROM json_each(?)) ORDER BY number;

-- agreements_with_trials: to a product, that were free of charge after an instant, perhaps.
SELECT * FROM agreement_in_full
WHERE product_id = :product AND (
  offer = 'free-trial' OR terms LIKE '%"free_trial_ends"%' OR ifnull(accepted, starts) > :after
)
ORDER BY number;

-- superseded: of a kind, as they were, in order.
SELECT subject, until, definition FROM superseded
WHERE kind = ? AND subject IN (SELECT value FROM json_each(?)) ORDER BY sequence;

-- accounts_by_id: without those who sign for them.
SELECT number, id, name, account.kind, address, email_domain, terms.definition FROM account
LEFT JOIN terms ON terms.kind = 'account' AND terms.subject = account.number
WHERE id IN (SELECT value FROM json_each(?));

-- tax_rules: all.
SELECT definition FROM tax_rule ORDER BY id;

-- charges_to_invoice: of a month, not invoiced, of customers after one.
SELECT charge.* FROM charge LEFT JOIN invoice_line AS line ON line.charge = charge.id
WHERE charge.month = ? AND charge.customer > ? AND line.charge IS NULL
ORDER BY charge.customer, charge.agreement, charge.dimension, charge.starts, charge.id LIMIT ?;

-- count_charges: of a month.
SELECT count(*) FROM charge WHERE month = ?;

-- standings: of invoices.
SELECT invoice.id, buyer, seller, currency, status, open, paid
FROM invoice JOIN invoice_standing AS standing ON standing.invoice = invoice.id
WHERE invoice.id IN (SELECT value FROM json_each(?)) ORDER BY invoice.id;

-- standing_postings: the balances of invoices' references, by account and type.
SELECT item.invoice, posting.account, posting.type, posting.reference, sum(posting.amount),
  posting.currency
FROM json_each(?) AS asked
JOIN invoice_item AS item ON item.invoice = asked.value
JOIN posting ON posting.reference = item.reference
WHERE posting.account NOT LIKE 'receivable/%' AND posting.account <> 'bank'
GROUP BY 1, 2, 3, 4, 6 HAVING sum(posting.amount) <> 0
ORDER BY 1, item.place, 2, 3;

-- awaiting_sums: what came in for a seller until an instant, by reference and type.
SELECT posting.currency, posting.reference, posting.type, sum(posting.amount)
FROM awaiting_payout AS awaiting
JOIN posting ON posting.ledger_transaction = awaiting.ledger_transaction
WHERE awaiting.seller = :seller AND awaiting.at <= :until
  AND posting.currency = awaiting.currency AND posting.account = 'collected/' || :seller
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

-- first_awaiting: when the first of what waits came in, by currency.
SELECT currency, min(at) FROM awaiting_payout WHERE seller = ? AND at >= ? GROUP BY currency;

-- latest_payout: to a seller, in a currency, or in any.
SELECT max(at) FROM payout WHERE seller = :seller AND (:currency IS NULL OR currency = :currency);
