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

-- put_refused_usage: the latest refusal takes the place of the one before.
INSERT OR REPLACE INTO refused_usage (
  product, hour, region, customer, license, dimension, status, quantity, timestamp, received_at
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- forget_refused_usage: all but the newest numbers.
DELETE FROM refused_usage WHERE number <= (SELECT max(number) FROM refused_usage) - ?;

-- unrecorded_usage: refusals that nothing made good, by product and hour. What stands under the key
-- makes good what was refused for another reason than what stands there.
SELECT product.code, ifnull(account.id, refused.customer), dimension.key, refused.status,
  refused.quantity, refused.timestamp, refused.region, standing.quantity
FROM refused_usage AS refused
JOIN product ON product.number = refused.product
JOIN dimension ON dimension.number = refused.dimension
LEFT JOIN agreement AS licensed ON licensed.license_arn = refused.license
LEFT JOIN account ON account.number = coalesce(
  licensed.customer,
  (SELECT number FROM account WHERE id = refused.customer),
  (SELECT customer FROM agreement
   WHERE product = refused.product AND customer_identifier = refused.customer LIMIT 1)
)
LEFT JOIN usage_record AS standing
  ON standing.product = refused.product AND standing.hour = refused.hour
  AND standing.region = refused.region AND standing.customer = account.number
  AND standing.license = ifnull(licensed.number, 0) AND standing.dimension = refused.dimension
  AND standing.resource = ''
WHERE (:product IS NULL OR refused.product = :product)
  AND refused.timestamp >= :since AND refused.timestamp < :until
  AND (
    standing.record_id IS NULL
    OR (refused.status = 'DuplicateRecord' AND standing.quantity <> refused.quantity)
  )
ORDER BY refused.product, refused.hour, refused.number
LIMIT :limit;
