-- A seller's latest request to have an agreement cancelled (JSON), and what a market file said of it
-- before the first command. expires is from here on also when such a request is approved by itself.
ALTER TABLE agreement_life ADD COLUMN request TEXT;
ALTER TABLE agreement_life ADD COLUMN defined TEXT;

DROP VIEW agreement_in_full;

CREATE VIEW agreement_in_full AS
SELECT agreement.number, agreement.id, product.id AS product_id, account.id AS buyer_id,
  agreement.customer, agreement.customer_identifier, agreement.license_arn, agreement.starts,
  agreement.ends, agreement.entitlements, life.status, life.offer, life.offer_id, life.accepted,
  life.closes, life.previous, life.request, life.defined
FROM agreement
JOIN product ON product.number = agreement.product
JOIN account ON account.number = agreement.customer
LEFT JOIN agreement_life AS life ON life.number = agreement.number;

-- Records that were answered 200 and not recorded: the latest refusal under each key, by what was
-- sent, since the customer may be unknown. Only the newest numbers are kept. license is a LicenseArn,
-- or empty; quantity in millionths, instants in microseconds.
CREATE TABLE refused_usage (
  number INTEGER PRIMARY KEY,
  product INTEGER NOT NULL,
  hour INTEGER NOT NULL,
  region TEXT NOT NULL,
  customer TEXT NOT NULL,
  license TEXT NOT NULL,
  dimension INTEGER NOT NULL,
  status TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  timestamp INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  UNIQUE (product, hour, region, customer, license, dimension)
) STRICT;
