-- Registration tokens that could be used once, and were; each by the nonce it was sealed with. None
-- is ever removed: a clock that is turned back makes an expired token valid again, a used one not.

CREATE TABLE used_token (
  token BLOB PRIMARY KEY,
  used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
