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
