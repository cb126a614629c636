-- Marketplace revenue shares with their revisions, and the allocations of each.

-- revenue_share: as of its latest revision.
SELECT s.product, s.created, s.revision, v.revision, v.modified, v.active, v.total
FROM revenue_share AS s
JOIN revenue_share_version AS v USING (account, catalog, product, revision)
WHERE s.account = :account AND s.catalog = :catalog AND s.product = :product;

-- revenue_share_at: as of a revision.
SELECT s.product, s.created, s.revision, v.revision, v.modified, v.active, v.total
FROM revenue_share AS s
JOIN revenue_share_version AS v USING (account, catalog, product)
WHERE s.account = :account AND s.catalog = :catalog AND s.product = :product
  AND v.revision = :revision;

-- revenue_share_moment: how many changes the shares of a scope have seen.
SELECT ifnull(max(change), 0) FROM revenue_share WHERE account = :account AND catalog = :catalog;

-- revenue_shares_ascending: those of a scope as they were at a moment, after a place. Most are as they were;
-- of the few that were changed since, the revision that they had counts.
SELECT s.product AS product, s.created, s.revision, s.revision, s.modified AS modified, v.active,
  v.total
FROM revenue_share AS s
JOIN revenue_share_version AS v USING (account, catalog, product, revision)
WHERE s.account = :account AND s.catalog = :catalog AND s.change <= :moment
  AND (s.modified, s.product) > (:modified, :after)
  AND (:products IS NULL OR s.product IN (SELECT value FROM json_each(:products)))
  AND (:created_from IS NULL OR s.created >= :created_from)
  AND (:created_until IS NULL OR s.created <= :created_until)
UNION ALL
SELECT s.product, s.created, v.revision, v.revision, v.modified, v.active, v.total
FROM revenue_share AS s
JOIN revenue_share_version AS v USING (account, catalog, product)
WHERE s.account = :account AND s.catalog = :catalog AND s.change > :moment
  AND v.revision = (
    SELECT revision FROM revenue_share_version AS by_then
    WHERE by_then.account = s.account AND by_then.catalog = s.catalog
      AND by_then.product = s.product AND by_then.change <= :moment
    ORDER BY by_then.revision DESC LIMIT 1
  )
  AND (v.modified, s.product) > (:modified, :after)
  AND (:products IS NULL OR s.product IN (SELECT value FROM json_each(:products)))
  AND (:created_from IS NULL OR s.created >= :created_from)
  AND (:created_until IS NULL OR s.created <= :created_until)
ORDER BY modified, product LIMIT :limit;

-- revenue_shares_descending: the same the other way.
SELECT s.product AS product, s.created, s.revision, s.revision, s.modified AS modified, v.active,
  v.total
FROM revenue_share AS s
JOIN revenue_share_version AS v USING (account, catalog, product, revision)
WHERE s.account = :account AND s.catalog = :catalog AND s.change <= :moment
  AND (s.modified, s.product) < (:modified, :after)
  AND (:products IS NULL OR s.product IN (SELECT value FROM json_each(:products)))
  AND (:created_from IS NULL OR s.created >= :created_from)
  AND (:created_until IS NULL OR s.created <= :created_until)
UNION ALL
SELECT s.product, s.created, v.revision, v.revision, v.modified, v.active, v.total
FROM revenue_share AS s
JOIN revenue_share_version AS v USING (account, catalog, product)
WHERE s.account = :account AND s.catalog = :catalog AND s.change > :moment
  AND v.revision = (
    SELECT revision FROM revenue_share_version AS by_then
    WHERE by_then.account = s.account AND by_then.catalog = s.catalog
      AND by_then.product = s.product AND by_then.change <= :moment
    ORDER BY by_then.revision DESC LIMIT 1
  )
  AND (v.modified, s.product) < (:modified, :after)
  AND (:products IS NULL OR s.product IN (SELECT value FROM json_each(:products)))
  AND (:created_from IS NULL OR s.created >= :created_from)
  AND (:created_until IS NULL OR s.created <= :created_until)
ORDER BY modified DESC, product DESC LIMIT :limit;

-- put_revenue_share: the unique key decides; answers a row only if it is put.
INSERT INTO revenue_share
VALUES (:account, :catalog, :product, :created, :revision, :modified, :change)
ON CONFLICT DO NOTHING RETURNING product;

-- advance_revenue_share: the latest revision decides; answers a row only if it is the one before.
UPDATE revenue_share SET revision = :revision, modified = :modified, change = :change
WHERE account = :account AND catalog = :catalog AND product = :product
  AND revision = :revision - 1
RETURNING revision;

-- put_revenue_share_version: what a revision says.
INSERT INTO revenue_share_version
VALUES (:account, :catalog, :product, :revision, :modified, :change, :active, :total);

-- revenue_share_allocation: as of a revision of its share.
SELECT id, effective_from, effective_until, percent, status, created, modified, revision
FROM revenue_share_allocation
WHERE account = :account AND catalog = :catalog AND product = :product AND id = :id
  AND revision <= :revision
ORDER BY revision DESC LIMIT 1;

-- active_revenue_share_allocations: as of a revision.
SELECT id, effective_from, effective_until, percent, status, created, modified, revision
FROM revenue_share_allocation AS made
WHERE account = :account AND catalog = :catalog AND product = :product
  AND status = 'ACTIVE' AND revision <= :revision
  AND NOT EXISTS (
    SELECT 1 FROM revenue_share_allocation AS later
    WHERE later.account = made.account AND later.catalog = made.catalog
      AND later.product = made.product AND later.id = made.id
      AND later.revision > made.revision AND later.revision <= :revision
  )
ORDER BY effective_from;

-- revenue_share_allocations_ascending: as of a revision, after a place.
SELECT id, effective_from, effective_until, percent, status, created, modified, revision
FROM revenue_share_allocation AS made
WHERE account = :account AND catalog = :catalog AND product = :product
  AND revision <= :revision
  AND (effective_from, id) > (:after_from, :after)
  AND effective_from >= :begins_from AND effective_from < :begins_before
  AND (:status IS NULL OR status = :status)
  AND NOT EXISTS (
    SELECT 1 FROM revenue_share_allocation AS later
    WHERE later.account = made.account AND later.catalog = made.catalog
      AND later.product = made.product AND later.id = made.id
      AND later.revision > made.revision AND later.revision <= :revision
  )
ORDER BY effective_from, id LIMIT :limit;

-- revenue_share_allocations_descending: the same the other way.
SELECT id, effective_from, effective_until, percent, status, created, modified, revision
FROM revenue_share_allocation AS made
WHERE account = :account AND catalog = :catalog AND product = :product
  AND revision <= :revision
  AND (effective_from, id) < (:after_from, :after)
  AND effective_from >= :begins_from AND effective_from < :begins_before
  AND (:status IS NULL OR status = :status)
  AND NOT EXISTS (
    SELECT 1 FROM revenue_share_allocation AS later
    WHERE later.account = made.account AND later.catalog = made.catalog
      AND later.product = made.product AND later.id = made.id
      AND later.revision > made.revision AND later.revision <= :revision
  )
ORDER BY effective_from DESC, id DESC LIMIT :limit;

-- put_revenue_share_allocation: what a revision says of one.
INSERT INTO revenue_share_allocation VALUES (
  :account, :catalog, :product, :id, :revision, :percent, :effective_from, :effective_until,
  :status, :created, :modified
);
