-- The life of agreements that commands were given about, and what is told of it.

-- expires is when the clock ends the agreement, as long as it has to; instants are in microseconds.
CREATE TABLE agreement_life (
  number INTEGER PRIMARY KEY REFERENCES agreement (number),
  status TEXT NOT NULL,
  offer TEXT NOT NULL,
  offer_id TEXT NOT NULL,
  accepted INTEGER NOT NULL,
  closes INTEGER,
  previous TEXT,
  expires INTEGER
) STRICT;

CREATE INDEX agreement_expiring ON agreement_life (expires) WHERE expires IS NOT NULL;
CREATE INDEX agreement_by_product ON agreement (product);

-- The outbox: written with what is told of, delivered in order of due and number.
CREATE TABLE event (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  agreement INTEGER NOT NULL REFERENCES agreement (number),
  account TEXT NOT NULL,
  due INTEGER NOT NULL,
  target TEXT NOT NULL,
  name TEXT NOT NULL,
  topic TEXT,
  content TEXT NOT NULL,
  status TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  last_error TEXT
) STRICT;

CREATE INDEX event_by_due ON event (due, number);
CREATE INDEX event_by_agreement ON event (agreement, due, number);
CREATE INDEX event_pending ON event (due, number) WHERE status = 'pending';
CREATE INDEX event_to_deliver ON event (due, number) WHERE status = 'due';

CREATE VIEW event_in_full AS
SELECT event.number, event.id, event.agreement, agreement.id AS agreement_id, event.account,
  event.due, event.target, event.name, event.topic, event.content, event.status, event.attempts,
  event.last_error, product.id AS product_id, product.code
FROM event
JOIN agreement ON agreement.number = event.agreement
JOIN product ON product.number = agreement.product;

DROP VIEW agreement_in_full;

CREATE VIEW agreement_in_full AS
SELECT agreement.number, agreement.id, product.id AS product_id, account.id AS buyer_id,
  agreement.customer, agreement.customer_identifier, agreement.license_arn, agreement.starts,
  agreement.ends, agreement.entitlements, life.status, life.offer, life.offer_id, life.accepted,
  life.closes, life.previous
FROM agreement
JOIN product ON product.number = agreement.product
JOIN account ON account.number = agreement.customer
LEFT JOIN agreement_life AS life ON life.number = agreement.number;
