-- Who trades, what is sold, who agreed to what, and the usage that was accepted.
-- Short numbers stand for accounts, products, dimensions and agreements inside the store, so that
-- the key of a usage record stays small; the API's own names are beside them.

CREATE TABLE account (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  address TEXT,
  email_domain TEXT
) STRICT;

-- secret holds the secret access key and the session token, encrypted.
CREATE TABLE principal (
  access_key_id TEXT PRIMARY KEY,
  account INTEGER NOT NULL REFERENCES account (number),
  place INTEGER NOT NULL,
  arn TEXT NOT NULL,
  secret BLOB NOT NULL,
  policy_documents TEXT NOT NULL,
  platform TEXT,
  region TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE product (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  code TEXT NOT NULL UNIQUE,
  seller INTEGER NOT NULL REFERENCES account (number),
  title TEXT NOT NULL,
  type TEXT NOT NULL,
  integration TEXT NOT NULL,
  regions TEXT NOT NULL,
  fulfillment_url TEXT
) STRICT;

CREATE TABLE dimension (
  number INTEGER PRIMARY KEY,
  product INTEGER NOT NULL REFERENCES product (number),
  key TEXT NOT NULL,
  type TEXT NOT NULL,
  unit TEXT NOT NULL,
  price TEXT NOT NULL,
  offered INTEGER NOT NULL,
  UNIQUE (product, key)
) STRICT;

CREATE TABLE agreement (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  product INTEGER NOT NULL REFERENCES product (number),
  customer INTEGER NOT NULL REFERENCES account (number),
  customer_identifier TEXT,
  license_arn TEXT UNIQUE,
  starts INTEGER NOT NULL,
  ends INTEGER,
  entitlements TEXT NOT NULL
) STRICT;

CREATE TABLE deal (
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  definition TEXT NOT NULL,
  PRIMARY KEY (type, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE enrollment (
  seller TEXT PRIMARY KEY,
  definition TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row: the clock's setting. value is in microseconds.
CREATE TABLE clock (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  mode TEXT NOT NULL,
  value INTEGER NOT NULL
) STRICT;

-- Accepted usage, append-only. The key begins with what is billed and the hour, so that records
-- arriving in the order of time are inserted side by side. quantity is in millionths of a unit;
-- hour counts from the epoch; timestamp and received_at are in microseconds since then; license is
-- the agreement's number where the record was sent by LicenseArn, else 0.
CREATE TABLE usage_record (
  product INTEGER NOT NULL,
  hour INTEGER NOT NULL,
  region TEXT NOT NULL,
  customer INTEGER NOT NULL,
  license INTEGER NOT NULL,
  dimension INTEGER NOT NULL,
  resource TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  timestamp INTEGER NOT NULL,
  agreement INTEGER NOT NULL,
  record_id BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  allocations BLOB,
  PRIMARY KEY (product, hour, region, customer, license, dimension, resource)
) STRICT, WITHOUT ROWID;
