-- Requests for data sets, and the log of support contacts.

-- request is the request whole, in JSON; those that are not settled are the queue. retry_at is of
-- the machine's own time, all in microseconds.
CREATE TABLE data_set_request (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  seller TEXT NOT NULL,
  type TEXT NOT NULL,
  request TEXT NOT NULL,
  status TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  retry_at INTEGER NOT NULL,
  message TEXT,
  last_error TEXT,
  completed INTEGER
) STRICT;

CREATE INDEX data_set_request_by_seller ON data_set_request (seller, number);
CREATE INDEX data_set_request_unsettled ON data_set_request (seller, number)
WHERE status IN ('pending', 'delivered', 'refused');

CREATE TABLE support_contact (
  number INTEGER PRIMARY KEY,
  guid TEXT NOT NULL UNIQUE,
  seller INTEGER NOT NULL REFERENCES account (number),
  agreement INTEGER NOT NULL REFERENCES agreement (number)
) STRICT;

CREATE INDEX support_contact_by_seller ON support_contact (seller, number);
CREATE INDEX support_contact_by_agreement ON support_contact (agreement, number);

-- Append-only; version counts the changes of a contact, details is null for a deletion.
CREATE TABLE support_contact_change (
  contact INTEGER NOT NULL REFERENCES support_contact (number),
  version INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  operation TEXT NOT NULL,
  details TEXT,
  PRIMARY KEY (contact, version)
) STRICT, WITHOUT ROWID;

CREATE VIEW support_contact_in_full AS
SELECT contact.number, contact.guid, agreement.id AS agreement_id, product.id AS product_id,
  product.code, buyer.id AS buyer_id, agreement.starts, agreement.ends, contact.seller,
  contact.agreement, change.version, change.changed, change.operation, change.details
FROM support_contact AS contact
JOIN agreement ON agreement.number = contact.agreement
JOIN product ON product.number = agreement.product
JOIN account AS buyer ON buyer.number = agreement.customer
JOIN support_contact_change AS change ON change.contact = contact.number;

-- A seller sells since the first agreement to a product of theirs.
CREATE INDEX product_by_seller ON product (seller);
CREATE INDEX agreement_by_start ON agreement (product, starts);
