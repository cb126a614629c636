-- Users, roles, managed policies and access keys of the embedded IAM.

-- identity: by its name.
SELECT account, kind, name, path, id, created, document, description, session_seconds_max, 0
FROM identity WHERE account = ? AND kind = ? AND name = ?;

-- market_user: one whom the market file names.
SELECT account.id, 'user', substr(arn, 32), '/', 'AIDA' || upper(substr(hex(arn), -17)), 0, '', '',
  3600, 1
FROM account JOIN principal ON principal.account = account.number
WHERE account.id = ?1 AND arn = 'arn:aws:iam::' || ?1 || ':user/' || ?2 LIMIT 1;

-- identities: of an account and kind, those whom the market file names among them.
SELECT account, kind, name, path, id, created, document, description, session_seconds_max, 0
FROM identity WHERE account = ?1 AND kind = ?2
UNION ALL
SELECT DISTINCT account.id, 'user', substr(arn, 32), '/', 'AIDA' || upper(substr(hex(arn), -17)),
  0, '', '', 3600, 1
FROM account JOIN principal ON principal.account = account.number
WHERE account.id = ?1 AND ?2 = 'user' AND arn LIKE 'arn:aws:iam::%'
ORDER BY 3;

-- put_identity: add or change.
INSERT INTO identity VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (account, kind, name) DO UPDATE SET
  document = excluded.document, description = excluded.description,
  session_seconds_max = excluded.session_seconds_max;

-- remove_identity: by its name.
DELETE FROM identity WHERE account = ? AND kind = ? AND name = ?;

-- inline_policies: of a user or role.
SELECT policy, document FROM identity_policy
WHERE account = ? AND kind = ? AND name = ? ORDER BY policy;

-- put_inline_policy: add or change.
INSERT INTO identity_policy VALUES (?, ?, ?, ?, ?)
ON CONFLICT (account, kind, name, policy) DO UPDATE SET document = excluded.document;

-- remove_inline_policy: by whose it is and its name.
DELETE FROM identity_policy WHERE account = ? AND kind = ? AND name = ? AND policy = ?;

-- attached_policies: to a user or role.
SELECT policy_arn FROM identity_attachment
WHERE account = ? AND kind = ? AND name = ? ORDER BY policy_arn;

-- attachments_of: to how many a policy is attached.
SELECT count(*) FROM identity_attachment WHERE policy_arn = ?;

-- attach_policy: to a user or role.
INSERT INTO identity_attachment VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING;

-- detach_policy: from a user or role.
DELETE FROM identity_attachment WHERE account = ? AND kind = ? AND name = ? AND policy_arn = ?;

-- long_term_keys: of a user, oldest first; the market's own have no time.
SELECT access_key_id, account, kind, name, created, active, session, expires, 0
FROM identity_key
WHERE account = ?1 AND kind = 'user' AND name = ?2 AND session IS NULL
UNION ALL
SELECT access_key_id, ?1, 'user', ?2, 0, 1, NULL, NULL, 1
FROM account JOIN principal ON principal.account = account.number
WHERE account.id = ?1 AND arn = 'arn:aws:iam::' || ?1 || ':user/' || ?2
ORDER BY created, access_key_id;

-- keys_of_identity: everything that its owner signs with.
SELECT access_key_id FROM identity_key WHERE account = ?1 AND kind = ?2 AND name = ?3
UNION ALL
SELECT access_key_id FROM account JOIN principal ON principal.account = account.number
WHERE account.id = ?1 AND ?2 = 'user' AND arn = 'arn:aws:iam::' || ?1 || ':user/' || ?3;

-- put_identity_key: add.
INSERT INTO identity_key VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- set_identity_key: whether it may be used.
UPDATE identity_key SET active = ? WHERE access_key_id = ?;

-- remove_identity_key: by its id.
DELETE FROM identity_key WHERE access_key_id = ?;

-- remove_keys_of_identity: everything that its owner signs with.
DELETE FROM identity_key WHERE account = ? AND kind = ? AND name = ?;

-- remove_ended_sessions: those that ended before.
DELETE FROM identity_key WHERE expires < ?;
