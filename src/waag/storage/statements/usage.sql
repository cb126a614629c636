-- Accepted usage.

-- insert_usage: the unique key decides; what stands already is left as it is.
INSERT INTO usage_record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING;

-- standing_usage: what stands under a key.
SELECT record_id, quantity FROM usage_record
WHERE product = ? AND hour = ? AND region = ? AND customer = ? AND license = ? AND dimension = ?
  AND resource = ?;

-- usage_records: one product's records after a key, in key order, with their names in full.
SELECT
  usage.product, usage.hour, usage.region, usage.customer, usage.license, usage.dimension,
  usage.resource, usage.record_id, product.code, agreement.id, account.id,
  agreement.customer_identifier, agreement.license_arn, dimension.key, usage.timestamp,
  usage.quantity, usage.received_at, usage.allocations
FROM usage_record AS usage
JOIN product ON product.number = usage.product
JOIN agreement ON agreement.number = usage.agreement
JOIN account ON account.number = usage.customer
JOIN dimension ON dimension.number = usage.dimension
WHERE usage.product = :product
  AND usage.hour >= :first_hour AND usage.hour <= :last_hour
  AND (usage.hour, usage.region, usage.customer, usage.license, usage.dimension, usage.resource)
    > (:hour, :region, :customer, :license, :dimension, :resource)
  AND usage.timestamp >= :since AND usage.timestamp < :until
  AND (:agreement IS NULL OR usage.agreement = :agreement)
ORDER BY usage.hour, usage.region, usage.customer, usage.license, usage.dimension, usage.resource
LIMIT :limit;

-- product_numbers: every product, in order.
SELECT number FROM product ORDER BY number;
