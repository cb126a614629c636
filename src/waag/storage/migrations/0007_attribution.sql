-- Revenue measurement: attributions with their allocations and tasks, shares with theirs, tags, and
-- client tokens. Every key begins with the account and the catalog, which have nothing in common
-- with others. Instants are in microseconds; days are text, YYYY-MM-DD, and so in their order.

-- What accounts are in Partner Central, where that is not the usual; definition is JSON.
CREATE TABLE partner (
  account INTEGER PRIMARY KEY REFERENCES account (number),
  definition TEXT NOT NULL
) STRICT;

-- What does not change of an attribution, and where it stands: revision counts its own changes,
-- change those of all attributions of the scope, so that a list can be read as it was at a moment.
CREATE TABLE attribution (
  account TEXT NOT NULL,
  catalog TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  tenancy_model TEXT NOT NULL,
  product TEXT,
  created INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  change INTEGER NOT NULL,
  PRIMARY KEY (account, catalog, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX attribution_by_name ON attribution (account, catalog, name);
CREATE INDEX attribution_by_modified ON attribution (account, catalog, modified, id);
CREATE UNIQUE INDEX attribution_by_change ON attribution (account, catalog, change);
CREATE INDEX attribution_by_id ON attribution (id);

-- Append-only: what each revision says. The window and the counts are of the allocations as they
-- stood then.
CREATE TABLE attribution_version (
  account TEXT NOT NULL,
  catalog TEXT NOT NULL,
  attribution TEXT NOT NULL,
  revision INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  change INTEGER NOT NULL,
  description TEXT,
  effective_from TEXT,
  effective_until TEXT,
  active INTEGER NOT NULL,
  total INTEGER NOT NULL,
  PRIMARY KEY (account, catalog, attribution, revision),
  FOREIGN KEY (account, catalog, attribution) REFERENCES attribution (account, catalog, id)
) STRICT, WITHOUT ROWID;

-- What each batch says of an allocation; all that is ever changed of a row is replaced, the revision
-- from which on another one counts. percent is text as submitted, hundredths the same in hundredths
-- of a percent.
CREATE TABLE attribution_allocation (
  account TEXT NOT NULL,
  catalog TEXT NOT NULL,
  attribution TEXT NOT NULL,
  id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  entity_type TEXT NOT NULL,
  entity TEXT NOT NULL,
  customer TEXT NOT NULL,
  percent TEXT NOT NULL,
  hundredths INTEGER NOT NULL,
  effective_from TEXT NOT NULL,
  effective_until TEXT NOT NULL,
  status TEXT NOT NULL,
  created INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  replaced INTEGER,
  PRIMARY KEY (account, catalog, attribution, id, revision),
  FOREIGN KEY (account, catalog, attribution) REFERENCES attribution (account, catalog, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX attribution_allocation_by_start
ON attribution_allocation (account, catalog, attribution, effective_from, id, revision);

-- A batch of changes to an attribution's allocations, and what became of it. number counts an
-- attribution's tasks; submitted is the revision that the batch was made of, committed the one that
-- it made; records and errors are JSON; due is 0 for a task that waits for nothing.
CREATE TABLE attribution_task (
  account TEXT NOT NULL,
  catalog TEXT NOT NULL,
  attribution TEXT NOT NULL,
  number INTEGER NOT NULL,
  id TEXT NOT NULL,
  status TEXT NOT NULL,
  description TEXT,
  caller TEXT NOT NULL,
  submitted INTEGER NOT NULL,
  records TEXT NOT NULL,
  total INTEGER NOT NULL,
  started INTEGER NOT NULL,
  due INTEGER NOT NULL,
  ended INTEGER,
  committed INTEGER,
  errors TEXT,
  PRIMARY KEY (account, catalog, attribution, number),
  FOREIGN KEY (account, catalog, attribution) REFERENCES attribution (account, catalog, id)
) STRICT, WITHOUT ROWID;

-- One at a time for an attribution; and the queue of what is to be carried out.
CREATE UNIQUE INDEX attribution_task_in_progress
ON attribution_task (account, catalog, attribution) WHERE status = 'IN_PROGRESS';
CREATE INDEX attribution_task_due
ON attribution_task (due, account, catalog, attribution) WHERE status = 'IN_PROGRESS';
CREATE INDEX attribution_task_by_id ON attribution_task (id);

-- The share of a product's revenue that is collected through the marketplace; like attribution.
CREATE TABLE revenue_share (
  account TEXT NOT NULL,
  catalog TEXT NOT NULL,
  product TEXT NOT NULL,
  created INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  change INTEGER NOT NULL,
  PRIMARY KEY (account, catalog, product)
) STRICT, WITHOUT ROWID;

CREATE INDEX revenue_share_by_modified ON revenue_share (account, catalog, modified, product);
CREATE UNIQUE INDEX revenue_share_by_change ON revenue_share (account, catalog, change);

-- Append-only: what each revision of a share says.
CREATE TABLE revenue_share_version (
  account TEXT NOT NULL,
  catalog TEXT NOT NULL,
  product TEXT NOT NULL,
  revision INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  change INTEGER NOT NULL,
  active INTEGER NOT NULL,
  total INTEGER NOT NULL,
  PRIMARY KEY (account, catalog, product, revision),
  FOREIGN KEY (account, catalog, product) REFERENCES revenue_share (account, catalog, product)
) STRICT, WITHOUT ROWID;

-- Append-only: what each revision says of an allocation of a share; one without an end is open.
CREATE TABLE revenue_share_allocation (
  account TEXT NOT NULL,
  catalog TEXT NOT NULL,
  product TEXT NOT NULL,
  id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  percent TEXT NOT NULL,
  effective_from TEXT NOT NULL,
  effective_until TEXT,
  status TEXT NOT NULL,
  created INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  PRIMARY KEY (account, catalog, product, id, revision),
  FOREIGN KEY (account, catalog, product) REFERENCES revenue_share (account, catalog, product)
) STRICT, WITHOUT ROWID;

CREATE INDEX revenue_share_allocation_by_start
ON revenue_share_allocation (account, catalog, product, effective_from, id, revision);

-- type is revenue-attribution or marketplace-revenue-share; id is the attribution's, or the
-- product's of the share.
CREATE TABLE attribution_tag (
  account TEXT NOT NULL,
  catalog TEXT NOT NULL,
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (account, catalog, type, id, key)
) STRICT, WITHOUT ROWID;

-- What a ClientToken stands for: the digest of the parameters it succeeded with, and the reply.
CREATE TABLE attribution_client_token (
  account TEXT NOT NULL,
  catalog TEXT NOT NULL,
  operation TEXT NOT NULL,
  token TEXT NOT NULL,
  digest BLOB NOT NULL,
  reply BLOB NOT NULL,
  used INTEGER NOT NULL,
  PRIMARY KEY (account, catalog, operation, token)
) STRICT, WITHOUT ROWID;

CREATE INDEX attribution_client_token_by_age ON attribution_client_token (used);
