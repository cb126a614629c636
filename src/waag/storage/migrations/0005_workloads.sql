-- Software that reports itself from a buyer's account, and the keys that its registrations are
-- signed with.

-- A product knows a workload from its first accepted call on; session is the EC2 instance, ECS
-- task or EKS pod.
CREATE TABLE workload (
  product INTEGER NOT NULL REFERENCES product (number),
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  session TEXT NOT NULL,
  first_call INTEGER NOT NULL,
  PRIMARY KEY (product, account, region, session)
) STRICT, WITHOUT ROWID;

-- What a ClientToken stands for: digest is of the parameters that it was first sent with.
CREATE TABLE client_token (
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  token TEXT NOT NULL,
  digest BLOB NOT NULL,
  record_id BLOB NOT NULL,
  used_at INTEGER NOT NULL,
  PRIMARY KEY (account, region, token)
) STRICT, WITHOUT ROWID;

-- Key pairs of container products; private_key is encrypted.
CREATE TABLE signing_key (
  product INTEGER NOT NULL REFERENCES product (number),
  version INTEGER NOT NULL,
  private_key BLOB NOT NULL,
  public_key TEXT NOT NULL,
  made INTEGER NOT NULL,
  PRIMARY KEY (product, version)
) STRICT, WITHOUT ROWID;
