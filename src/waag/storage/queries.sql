-- Every statement the store runs, each under a name.

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

-- principal: whose access key it is.
SELECT account.id, arn, access_key_id, secret, policy_documents, platform, region
FROM principal JOIN account ON account.number = principal.account
WHERE access_key_id = ?;

-- account: one account, a row for each of those who sign for it, as listed; one, if nobody does.
SELECT account.number, name, kind, address, email_domain,
  account.id, arn, access_key_id, secret, policy_documents, platform, region
FROM account LEFT JOIN principal ON principal.account = account.number
WHERE account.id = ?
ORDER BY place;

-- product: by its id.
SELECT * FROM product_in_full WHERE id = ? ORDER BY dimension;

-- product_by_code: by its product code.
SELECT * FROM product_in_full WHERE code = ? ORDER BY dimension;

-- agreement: by its id.
SELECT * FROM agreement_in_full WHERE id = ?;

-- agreement_by_license_arn: by the license it granted.
SELECT * FROM agreement_in_full WHERE license_arn = ?;

-- agreements_of: of a buyer to a product.
SELECT * FROM agreement_in_full WHERE product_id = ? AND buyer_id = ? ORDER BY number;

-- agreements_of_customer: to a product under a customer identifier.
SELECT * FROM agreement_in_full WHERE product_id = ? AND customer_identifier = ? ORDER BY number;

-- agreements_by_identifier: to any product under a customer identifier.
SELECT * FROM agreement_in_full WHERE customer_identifier = ? ORDER BY number;

-- entitled_agreements: to a product, that grant something, after a number.
SELECT * FROM agreement_in_full
WHERE product_id = ? AND number > ? AND entitlements <> '[]'
ORDER BY number LIMIT ?;

-- agreements_page: by number, after one.
SELECT * FROM agreement_in_full WHERE number > :after ORDER BY number LIMIT :limit;

-- agreements_page_of_product: the same, to a product.
SELECT * FROM agreement_in_full
WHERE product_id = :product AND number > :after ORDER BY number LIMIT :limit;

-- agreements_page_of_buyer: the same, of a buyer.
SELECT * FROM agreement_in_full
WHERE buyer_id = :buyer AND (:product IS NULL OR product_id = :product) AND number > :after
ORDER BY number LIMIT :limit;

-- agreements_expiring: those that the clock has to end, in the order in which they end.
SELECT agreement.id FROM agreement_life JOIN agreement USING (number)
WHERE expires <= ? ORDER BY expires, number LIMIT ?;

-- next_instant: when the next agreement expires, and the next event falls due.
SELECT
  (SELECT min(expires) FROM agreement_life WHERE expires IS NOT NULL),
  (SELECT min(due) FROM event WHERE status = 'pending');

-- events: in order of due time, after a place.
SELECT * FROM event_in_full
WHERE (due, number) > (:due, :number)
  AND (:product IS NULL OR product_id = :product) AND (:status IS NULL OR status = :status)
ORDER BY due, number LIMIT :limit;

-- events_of_agreement: the same, of one agreement.
SELECT * FROM event_in_full
WHERE agreement = (SELECT number FROM agreement WHERE id = :agreement)
  AND (due, number) > (:due, :number)
  AND (:product IS NULL OR product_id = :product) AND (:status IS NULL OR status = :status)
ORDER BY due, number LIMIT :limit;

-- oldest_due_event: the one to be delivered next.
SELECT * FROM event_in_full WHERE status = 'due' ORDER BY due, number LIMIT 1;

-- deal: by its type and id.
SELECT definition FROM deal WHERE type = ? AND id = ?;

-- enrollment: of a seller.
SELECT definition FROM enrollment WHERE seller = ?;

-- numbers_taken: the highest of each kind.
SELECT
  (SELECT ifnull(max(number), 0) FROM account),
  (SELECT ifnull(max(number), 0) FROM product),
  (SELECT ifnull(max(number), 0) FROM dimension),
  (SELECT ifnull(max(number), 0) FROM agreement);

-- first_secret: one that the secret key has to open.
SELECT secret, access_key_id FROM principal ORDER BY account, place LIMIT 1;

-- put_account: add or change.
INSERT INTO account VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (number) DO UPDATE SET
  name = excluded.name, address = excluded.address, email_domain = excluded.email_domain;

-- remove_principals: of one account, before those that it lists now are put.
DELETE FROM principal WHERE account = ?;

-- put_principal: add.
INSERT INTO principal VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- put_product: add or change; id, code and seller do not change.
INSERT INTO product
SELECT ?, ?, ?, number, ?, ?, ?, ?, ? FROM account WHERE id = ?
ON CONFLICT (number) DO UPDATE SET
  title = excluded.title, type = excluded.type, integration = excluded.integration,
  regions = excluded.regions, fulfillment_url = excluded.fulfillment_url;

-- put_dimension: add or change.
INSERT INTO dimension VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (number) DO UPDATE SET
  type = excluded.type, unit = excluded.unit, price = excluded.price, offered = excluded.offered;

-- put_agreement: add or change; who agreed to what, and since when, does not change, but an
-- identifier may be added.
INSERT INTO agreement
SELECT ?, ?, number, ?, ?, ?, ?, ?, ? FROM product WHERE id = ?
ON CONFLICT (number) DO UPDATE SET
  customer_identifier = excluded.customer_identifier, license_arn = excluded.license_arn,
  ends = excluded.ends, entitlements = excluded.entitlements;

-- remove_life: of an agreement, before it is put as it is now.
DELETE FROM agreement_life WHERE number = ?;

-- put_life: add.
INSERT INTO agreement_life VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- put_event: add.
INSERT INTO event (id, agreement, account, due, target, name, topic, content, status, attempts)
SELECT ?, number, ?, ?, ?, ?, ?, ?, 'pending', 0 FROM agreement WHERE id = ?;

-- withdraw_event: those of a name that were to come after an instant.
DELETE FROM event
WHERE agreement = (SELECT number FROM agreement WHERE id = ?) AND name = ? AND due > ?
  AND status = 'pending';

-- fall_due: every event whose time has come.
UPDATE event SET status = 'due' WHERE status = 'pending' AND due <= ?;

-- resend_event: one that was sent or given up is due once more; a row comes back if it was.
UPDATE event SET status = 'due', attempts = 0, last_error = NULL
WHERE id = ? AND status IN ('sent', 'failed') RETURNING number;

-- event: by its id.
SELECT * FROM event_in_full WHERE id = ?;

-- settle_event: what became of an attempt to deliver it.
UPDATE event SET status = ?, attempts = ?, last_error = ? WHERE number = ?;

-- put_deal: add or change.
INSERT INTO deal VALUES (?, ?, ?)
ON CONFLICT (type, id) DO UPDATE SET definition = excluded.definition;

-- put_enrollment: add or change.
INSERT INTO enrollment VALUES (?, ?)
ON CONFLICT (seller) DO UPDATE SET definition = excluded.definition;

-- use_token: a row comes back if it was not used before.
INSERT INTO used_token VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING used_at;

-- token_used: when it was.
SELECT used_at FROM used_token WHERE token = ?;

-- clock: its setting.
SELECT mode, value FROM clock;

-- put_clock: keep its setting.
INSERT INTO clock VALUES (1, ?, ?)
ON CONFLICT (id) DO UPDATE SET mode = excluded.mode, value = excluded.value;

-- workload: whether a product knows it.
SELECT first_call FROM workload WHERE product = ? AND account = ? AND region = ? AND session = ?;

-- put_workload: the first call stays.
INSERT INTO workload VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING;

-- use_client_token: the unique key decides; answers a row only if the token is new.
INSERT INTO client_token VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING token;

-- used_client_token: what it was used for.
SELECT digest, record_id FROM client_token WHERE account = ? AND region = ? AND token = ?;

-- settle_client_token: it stands for a record that was there before.
UPDATE client_token SET record_id = ? WHERE account = ? AND region = ? AND token = ?;

-- insert_workload_usage: like insert_usage; answers a row only if the record is new.
INSERT INTO usage_record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING RETURNING record_id;

-- put_signing_key: a version that is there already stays as it is.
INSERT INTO signing_key VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING;

-- public_keys: of a product, and when each gave way to the next.
SELECT version, public_key, made, lead(made) OVER (ORDER BY version)
FROM signing_key WHERE product = ? ORDER BY version;

-- private_key: of a product and version.
SELECT private_key FROM signing_key WHERE product = ? AND version = ?;
