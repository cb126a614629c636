-- Attributions with their revisions, tags, and what client tokens stand for.

-- attribution: as of its latest revision.
SELECT a.id, a.name, a.tenancy_model, a.product, a.created, a.revision,
  v.revision, v.modified, v.description, v.effective_from, v.effective_until, v.active, v.total
FROM attribution AS a
JOIN attribution_version AS v USING (account, catalog, revision)
WHERE a.account = :account AND a.catalog = :catalog AND a.id = :id AND v.attribution = :id;

-- attribution_at: as of a revision.
SELECT a.id, a.name, a.tenancy_model, a.product, a.created, a.revision,
  v.revision, v.modified, v.description, v.effective_from, v.effective_until, v.active, v.total
FROM attribution AS a
JOIN attribution_version AS v USING (account, catalog)
WHERE a.account = :account AND a.catalog = :catalog AND a.id = :id AND v.attribution = :id
  AND v.revision = :revision;

-- attribution_moment: how many changes the attributions of a scope have seen.
SELECT ifnull(max(change), 0) FROM attribution WHERE account = :account AND catalog = :catalog;

-- put_attribution: unless its name is taken, or there are as many as there may be; answers a row
-- only if it is put.
INSERT INTO attribution
SELECT :account, :catalog, :id, :name, :tenancy_model, :product, :created, :revision, :modified,
  :change
WHERE (SELECT count(*) FROM attribution WHERE account = :account AND catalog = :catalog) < :most
ON CONFLICT (account, catalog, name) DO NOTHING
RETURNING id;

-- attribution_by_name: its id.
SELECT id FROM attribution WHERE account = :account AND catalog = :catalog AND name = :name;

-- advance_attribution: the latest revision decides; answers a row only if it is the one before.
UPDATE attribution SET revision = :revision, modified = :modified, change = :change
WHERE account = :account AND catalog = :catalog AND id = :id AND revision = :revision - 1
RETURNING revision;

-- put_attribution_version: what a revision says.
INSERT INTO attribution_version VALUES (
  :account, :catalog, :id, :revision, :modified, :change, :description, :effective_from,
  :effective_until, :active, :total
);

-- resource_revenue_attribution: a row if there is such an attribution.
SELECT 1 FROM attribution WHERE account = ? AND catalog = ? AND id = ?;

-- resource_marketplace_revenue_share: a row if there is such a share.
SELECT 1 FROM revenue_share WHERE account = ? AND catalog = ? AND product = ?;

-- attribution_tags: of one resource.
SELECT key, value FROM attribution_tag
WHERE account = ? AND catalog = ? AND type = ? AND id = ? ORDER BY key;

-- put_attribution_tag: add or change.
INSERT INTO attribution_tag VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (account, catalog, type, id, key) DO UPDATE SET value = excluded.value;

-- remove_attribution_tag: if it is there.
DELETE FROM attribution_tag
WHERE account = ? AND catalog = ? AND type = ? AND id = ? AND key = ?;

-- attribution_client_token: what it stands for, unless it has expired.
SELECT digest, reply FROM attribution_client_token
WHERE account = :account AND catalog = :catalog AND operation = :operation AND token = :token
  AND used > :expired;

-- put_attribution_client_token: the unique key decides; one that has expired gives way. Answers a
-- row only if the token stands for this now.
INSERT INTO attribution_client_token
VALUES (:account, :catalog, :operation, :token, :digest, :reply, :used)
ON CONFLICT (account, catalog, operation, token) DO UPDATE SET
  digest = excluded.digest, reply = excluded.reply, used = excluded.used
  WHERE used <= :expired
RETURNING token;

-- forget_attribution_client_tokens: the oldest that have expired, a few at a time.
DELETE FROM attribution_client_token
WHERE (account, catalog, operation, token) IN (
  SELECT account, catalog, operation, token FROM attribution_client_token
  WHERE used <= :expired ORDER BY used LIMIT 4
);

-- attributions_descending: after a place, how they stood at a moment; those that were changed since
-- as they were then. The plus keeps SQLite from the index of changes, so that it goes by the order.
SELECT a.id, a.name, a.tenancy_model, a.product, a.created, v.revision,
  v.revision, a.modified AS modified, v.description, v.effective_from, v.effective_until,
  v.active, v.total
FROM attribution AS a
JOIN attribution_version AS v
  ON v.account = a.account AND v.catalog = a.catalog AND v.attribution = a.id
  AND v.revision = a.revision
WHERE a.account = :account AND a.catalog = :catalog AND +a.change <= :moment
  AND (a.modified, a.id) < (:modified, :id)
  AND a.created >= :created_from AND a.created <= :created_until
  AND (:ids IS NULL OR a.id IN (SELECT value FROM json_each(:ids)))
UNION ALL
SELECT a.id, a.name, a.tenancy_model, a.product, a.created, v.revision,
  v.revision, v.modified, v.description, v.effective_from, v.effective_until, v.active, v.total
FROM attribution AS a
JOIN attribution_version AS v
  ON v.account = a.account AND v.catalog = a.catalog AND v.attribution = a.id
  AND v.revision = (
    SELECT max(revision) FROM attribution_version
    WHERE account = a.account AND catalog = a.catalog AND attribution = a.id AND change <= :moment
  )
WHERE a.account = :account AND a.catalog = :catalog AND a.change > :moment
  AND (v.modified, a.id) < (:modified, :id)
  AND a.created >= :created_from AND a.created <= :created_until
  AND (:ids IS NULL OR a.id IN (SELECT value FROM json_each(:ids)))
ORDER BY modified DESC, id DESC
LIMIT :limit;

-- attributions_ascending: the same the other way.
SELECT a.id, a.name, a.tenancy_model, a.product, a.created, v.revision,
  v.revision, a.modified AS modified, v.description, v.effective_from, v.effective_until,
  v.active, v.total
FROM attribution AS a
JOIN attribution_version AS v
  ON v.account = a.account AND v.catalog = a.catalog AND v.attribution = a.id
  AND v.revision = a.revision
WHERE a.account = :account AND a.catalog = :catalog AND +a.change <= :moment
  AND (a.modified, a.id) > (:modified, :id)
  AND a.created >= :created_from AND a.created <= :created_until
  AND (:ids IS NULL OR a.id IN (SELECT value FROM json_each(:ids)))
UNION ALL
SELECT a.id, a.name, a.tenancy_model, a.product, a.created, v.revision,
  v.revision, v.modified, v.description, v.effective_from, v.effective_until, v.active, v.total
FROM attribution AS a
JOIN attribution_version AS v
  ON v.account = a.account AND v.catalog = a.catalog AND v.attribution = a.id
  AND v.revision = (
    SELECT max(revision) FROM attribution_version
    WHERE account = a.account AND catalog = a.catalog AND attribution = a.id AND change <= :moment
  )
WHERE a.account = :account AND a.catalog = :catalog AND a.change > :moment
  AND (v.modified, a.id) > (:modified, :id)
  AND a.created >= :created_from AND a.created <= :created_until
  AND (:ids IS NULL OR a.id IN (SELECT value FROM json_each(:ids)))
ORDER BY modified, id
LIMIT :limit;
