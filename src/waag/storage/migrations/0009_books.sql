-- The marketplace's books: what is agreed about money, what was charged, billed, paid and paid out.

-- What billing reads of market entries, as JSON; one that has none here has the usual terms. kind is
-- account, product or agreement, subject its number.
CREATE TABLE terms (
  kind TEXT NOT NULL,
  subject INTEGER NOT NULL,
  definition TEXT NOT NULL,
  PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE tax_rule (
  id TEXT PRIMARY KEY,
  definition TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Entries as they were before a change; kind and subject as above.
-- until is when the next took their place; the first is taken to have held from always.
CREATE TABLE superseded (
  sequence INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  subject INTEGER NOT NULL,
  until INTEGER NOT NULL,
  definition TEXT NOT NULL
) STRICT;

CREATE INDEX superseded_by_subject ON superseded (kind, subject, sequence);

DROP VIEW product_in_full;

CREATE VIEW product_in_full AS
SELECT product.number, product.id, product.code, account.id AS seller_id, product.title,
  product.type, product.integration, product.regions, product.fulfillment_url,
  terms.definition AS terms,
  dimension.number AS dimension, dimension.key, dimension.type AS dimension_type, dimension.unit,
  dimension.price, dimension.offered
FROM product
JOIN account ON account.number = product.seller
LEFT JOIN dimension ON dimension.product = product.number
LEFT JOIN terms ON terms.kind = 'product' AND terms.subject = product.number;

DROP VIEW agreement_in_full;

CREATE VIEW agreement_in_full AS
SELECT agreement.number, agreement.id, product.id AS product_id, account.id AS buyer_id,
  agreement.customer, agreement.customer_identifier, agreement.license_arn, agreement.starts,
  agreement.ends, agreement.entitlements, terms.definition AS terms, life.status, life.offer, life.offer_id,
  life.accepted, life.closes, life.previous, life.request, life.defined
FROM agreement
JOIN product ON product.number = agreement.product
JOIN account ON account.number = agreement.customer
LEFT JOIN agreement_life AS life ON life.number = agreement.number
LEFT JOIN terms ON terms.kind = 'agreement' AND terms.subject = agreement.number;

-- What is to be done at an instant, in order of at, rank and subject: 1 an agreement's fees, 2 an
-- invoice's payment, 3 its write-off, 4 a seller's disbursement.
CREATE TABLE due_work (
  rank INTEGER NOT NULL,
  subject TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (rank, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX due_work_by_at ON due_work (at, rank, subject);

INSERT INTO due_work
SELECT 1, CAST(number AS TEXT), starts FROM agreement WHERE entitlements <> '[]';

-- How far the close of a month has come. stage is rating, invoicing or closed; done counts products
-- rated and then invoices made; the cursor is what was invoiced last.
CREATE TABLE month_close (
  month TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  stage TEXT NOT NULL,
  done INTEGER NOT NULL,
  total INTEGER NOT NULL,
  cursor TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row at most: usage of which months may have come after they were closed.
CREATE TABLE books (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  late_from TEXT NOT NULL
) STRICT;

-- How much usage of a product and month has been charged for.
CREATE TABLE rated_usage (
  month TEXT NOT NULL,
  product INTEGER NOT NULL,
  records INTEGER NOT NULL,
  PRIMARY KEY (month, product)
) STRICT, WITHOUT ROWID;

-- From here on rows are only added, except for invoice_standing. Amounts are in minor units of
-- their currency, quantities in millionths (as text, since sums outgrow a number), instants in microseconds, months as 2026-10.

CREATE TABLE charge (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  month TEXT NOT NULL,
  customer INTEGER NOT NULL,
  agreement INTEGER NOT NULL REFERENCES agreement (number),
  dimension INTEGER REFERENCES dimension (number),
  description TEXT NOT NULL,
  at INTEGER NOT NULL,
  starts INTEGER NOT NULL,
  ends INTEGER NOT NULL,
  usage_month TEXT,
  quantity TEXT NOT NULL,
  records INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  currency TEXT NOT NULL,
  steps TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX charge_by_month ON charge (month, customer, agreement, dimension, starts, id);
CREATE INDEX charge_by_usage_month ON charge (usage_month, agreement);

CREATE TABLE invoice (
  id TEXT PRIMARY KEY,
  month TEXT NOT NULL,
  at INTEGER NOT NULL,
  due INTEGER NOT NULL,
  buyer TEXT NOT NULL,
  seller TEXT NOT NULL,
  currency TEXT NOT NULL,
  billed INTEGER NOT NULL,
  address TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX invoice_by_buyer ON invoice (buyer, month);
CREATE INDEX invoice_by_seller ON invoice (seller, month);
CREATE INDEX invoice_by_month ON invoice (month, at, id);

-- What an agreement adds to an invoice; reference is the transaction reference of reports.
CREATE TABLE invoice_item (
  reference TEXT PRIMARY KEY,
  invoice TEXT NOT NULL REFERENCES invoice (id),
  place INTEGER NOT NULL,
  agreement INTEGER NOT NULL,
  product INTEGER NOT NULL,
  seller TEXT NOT NULL,
  revenue INTEGER NOT NULL,
  fee_rate TEXT NOT NULL,
  fee INTEGER NOT NULL,
  seller_tax INTEGER NOT NULL,
  aws_tax INTEGER NOT NULL,
  cost INTEGER NOT NULL,
  supplier TEXT,
  supplier_fee_rate TEXT NOT NULL,
  supplier_fee INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX invoice_item_by_invoice ON invoice_item (invoice, place);
CREATE INDEX invoice_item_by_supplier ON invoice_item (supplier) WHERE supplier IS NOT NULL;

CREATE TABLE invoice_line (
  charge TEXT PRIMARY KEY REFERENCES charge (id),
  reference TEXT NOT NULL REFERENCES invoice_item (reference),
  place INTEGER NOT NULL,
  taxes TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX invoice_line_by_reference ON invoice_line (reference, place);

-- Where an invoice stands: open, paid or written-off.
CREATE TABLE invoice_standing (
  invoice TEXT PRIMARY KEY REFERENCES invoice (id),
  status TEXT NOT NULL,
  open INTEGER NOT NULL,
  paid INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE adjustment (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  charge TEXT NOT NULL REFERENCES charge (id),
  reference TEXT NOT NULL,
  place INTEGER NOT NULL,
  at INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  fee INTEGER NOT NULL,
  seller_tax INTEGER NOT NULL,
  aws_tax INTEGER NOT NULL,
  cost INTEGER NOT NULL,
  supplier_fee INTEGER NOT NULL,
  currency TEXT NOT NULL,
  reason TEXT NOT NULL,
  taxes TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX adjustment_by_reference ON adjustment (reference);

CREATE TABLE payout (
  id TEXT PRIMARY KEY,
  seller TEXT NOT NULL,
  starts INTEGER NOT NULL,
  at INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  currency TEXT NOT NULL,
  bank_trace TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX payout_by_seller ON payout (seller, at);

-- The double-entry ledger. Debits are positive; the postings of a transaction sum up to 0.
CREATE TABLE ledger_transaction (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX ledger_transaction_by_at ON ledger_transaction (at);
CREATE INDEX ledger_transaction_by_subject ON ledger_transaction (subject, at);

CREATE TABLE posting (
  ledger_transaction TEXT NOT NULL REFERENCES ledger_transaction (id),
  place INTEGER NOT NULL,
  account TEXT NOT NULL,
  type TEXT NOT NULL,
  reference TEXT,
  amount INTEGER NOT NULL,
  currency TEXT NOT NULL,
  PRIMARY KEY (ledger_transaction, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX posting_by_reference ON posting (reference, account, type, amount);

-- Transactions with money for a seller that was not paid out yet.
CREATE TABLE awaiting_payout (
  seller TEXT NOT NULL,
  currency TEXT NOT NULL,
  at INTEGER NOT NULL,
  ledger_transaction TEXT NOT NULL,
  PRIMARY KEY (seller, currency, at, ledger_transaction)
) STRICT, WITHOUT ROWID;
