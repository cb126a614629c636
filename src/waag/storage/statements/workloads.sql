-- Workloads, what they call their requests, and the keys they register with.

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
