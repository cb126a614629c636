-- What the embedded AWS keeps: identities, buckets, and how topics, queues and rules came about.

-- document is a role's trust policy or a managed policy's own; created is in microseconds.
CREATE TABLE identity (
  account TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  path TEXT NOT NULL,
  id TEXT NOT NULL,
  created INTEGER NOT NULL,
  document TEXT NOT NULL,
  description TEXT NOT NULL,
  session_seconds_max INTEGER NOT NULL,
  PRIMARY KEY (account, kind, name)
) STRICT, WITHOUT ROWID;

-- Policies of one user or role alone; also of users whom the market file names.
CREATE TABLE identity_policy (
  account TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  policy TEXT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (account, kind, name, policy)
) STRICT, WITHOUT ROWID;

CREATE TABLE identity_attachment (
  account TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  policy_arn TEXT NOT NULL,
  policy_name TEXT NOT NULL,
  PRIMARY KEY (account, kind, name, policy_arn)
) STRICT, WITHOUT ROWID;

CREATE INDEX identity_attachment_by_policy ON identity_attachment (policy_arn);

-- secret holds the secret access key and the session token, encrypted. session is NULL for a
-- long-term key, empty for a session of a user.
CREATE TABLE identity_key (
  access_key_id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  session TEXT,
  active INTEGER NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER,
  secret BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX identity_key_by_owner ON identity_key (account, kind, name, created);
CREATE INDEX identity_key_by_end ON identity_key (expires) WHERE expires IS NOT NULL;

-- What managed policies say to those to whom they are attached: a document, or the name of a
-- built-in policy.
CREATE VIEW attached_policy AS
SELECT held.account, held.kind, held.name, held.policy_arn,
  CASE WHEN held.policy_arn LIKE 'arn:aws:iam::aws:policy/%'
    THEN substr(held.policy_arn, 25) ELSE made.document END AS document
FROM identity_attachment AS held
LEFT JOIN identity AS made
  ON made.account = substr(held.policy_arn, 14, 12) AND made.kind = 'policy'
  AND made.name = held.policy_name;

CREATE TABLE bucket (
  name TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  created INTEGER NOT NULL,
  policy TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX bucket_by_account ON bucket (account, name);

-- What is known of an object beside its file; key in UTF-8, so that the order is S3's. stamp is the
-- file's time of change, by which the row is told to be of this very file.
CREATE TABLE object (
  bucket TEXT NOT NULL,
  key BLOB NOT NULL,
  size INTEGER NOT NULL,
  stamp INTEGER NOT NULL,
  etag TEXT NOT NULL,
  modified INTEGER NOT NULL,
  headers TEXT NOT NULL,
  checksums TEXT NOT NULL,
  PRIMARY KEY (bucket, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE upload (
  id TEXT PRIMARY KEY,
  bucket TEXT NOT NULL,
  key BLOB NOT NULL,
  started INTEGER NOT NULL,
  headers TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX upload_by_bucket ON upload (bucket, key);

CREATE TABLE upload_part (
  upload TEXT NOT NULL,
  number INTEGER NOT NULL,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  modified INTEGER NOT NULL,
  PRIMARY KEY (upload, number)
) STRICT, WITHOUT ROWID;

-- The requests that made topics, queues and rules what they are, in order; seed is what their ids
-- were drawn from, so that these are the same when the requests are made again.
CREATE TABLE configuration_request (
  number INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  service TEXT NOT NULL,
  action TEXT NOT NULL,
  resource TEXT NOT NULL,
  seed INTEGER NOT NULL,
  request BLOB NOT NULL
) STRICT;

CREATE INDEX configuration_request_by_resource ON configuration_request (resource);

-- Enrollments whose role, bucket and topic were made, as they were then.
CREATE TABLE enrolled (
  seller TEXT PRIMARY KEY,
  definition TEXT NOT NULL
) STRICT, WITHOUT ROWID;
