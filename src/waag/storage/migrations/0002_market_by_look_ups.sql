-- The market is looked up where it lies: an index for each name that an entry is found by and that
-- is not unique, and the entries as look-ups give them, with the ids of what they refer to.

CREATE INDEX principal_by_account ON principal (account, place);
CREATE INDEX agreement_by_parties ON agreement (customer, product);
CREATE INDEX agreement_by_identifier ON agreement (customer_identifier, product)
WHERE customer_identifier IS NOT NULL;

-- A row for each dimension; one without, where a product has none.
CREATE VIEW product_in_full AS
SELECT product.number, product.id, product.code, account.id AS seller_id, product.title,
  product.type, product.integration, product.regions, product.fulfillment_url,
  dimension.number AS dimension, dimension.key, dimension.type AS dimension_type, dimension.unit,
  dimension.price, dimension.offered
FROM product
JOIN account ON account.number = product.seller
LEFT JOIN dimension ON dimension.product = product.number;

CREATE VIEW agreement_in_full AS
SELECT agreement.number, agreement.id, product.id AS product_id, account.id AS buyer_id,
  agreement.customer, agreement.customer_identifier, agreement.license_arn, agreement.starts,
  agreement.ends, agreement.entitlements
FROM agreement
JOIN product ON product.number = agreement.product
JOIN account ON account.number = agreement.customer;
