-- Allocations of attributions, every version of them, and the tasks that write these.

-- allocation_at: as of a revision.
SELECT id, revision, entity_type, entity, customer, percent, hundredths, effective_from,
  effective_until, status, created, modified
FROM attribution_allocation
WHERE account = :account AND catalog = :catalog AND attribution = :attribution AND id = :id
  AND revision <= :revision
ORDER BY revision DESC LIMIT 1;

-- allocations_touched: those that there are of some days, or with some ids.
SELECT id, revision, entity_type, entity, customer, percent, hundredths, effective_from,
  effective_until, status, created, modified
FROM attribution_allocation
WHERE account = :account AND catalog = :catalog AND attribution = :attribution
  AND replaced IS NULL
  AND (effective_until >= :begins AND effective_from <= :ends
    OR id IN (SELECT value FROM json_each(:ids)));

-- allocations_ascending: as of a revision, after a place.
SELECT id, revision, entity_type, entity, customer, percent, hundredths, effective_from,
  effective_until, status, created, modified
FROM attribution_allocation
WHERE account = :account AND catalog = :catalog AND attribution = :attribution
  AND revision <= :revision AND (replaced IS NULL OR replaced > :revision)
  AND (effective_from, id) > (:after_day, :after_id)
  AND effective_from >= :from_since AND effective_from < :from_before
  AND effective_until >= :until_since AND effective_until < :until_before
  AND (:entity_types IS NULL OR entity_type IN (SELECT value FROM json_each(:entity_types)))
  AND (:entities IS NULL OR entity IN (SELECT value FROM json_each(:entities)))
  AND (:customers IS NULL OR customer IN (SELECT value FROM json_each(:customers)))
  AND (:status IS NULL OR status = :status)
ORDER BY effective_from, id LIMIT :limit;

-- allocations_descending: the same the other way.
SELECT id, revision, entity_type, entity, customer, percent, hundredths, effective_from,
  effective_until, status, created, modified
FROM attribution_allocation
WHERE account = :account AND catalog = :catalog AND attribution = :attribution
  AND revision <= :revision AND (replaced IS NULL OR replaced > :revision)
  AND (effective_from, id) < (:after_day, :after_id)
  AND effective_from >= :from_since AND effective_from < :from_before
  AND effective_until >= :until_since AND effective_until < :until_before
  AND (:entity_types IS NULL OR entity_type IN (SELECT value FROM json_each(:entity_types)))
  AND (:entities IS NULL OR entity IN (SELECT value FROM json_each(:entities)))
  AND (:customers IS NULL OR customer IN (SELECT value FROM json_each(:customers)))
  AND (:status IS NULL OR status = :status)
ORDER BY effective_from DESC, id DESC LIMIT :limit;

-- replace_allocation: another version takes the place of the one that there is.
UPDATE attribution_allocation SET replaced = ?
WHERE account = ? AND catalog = ? AND attribution = ? AND id = ? AND replaced IS NULL;

-- put_allocation: a version.
INSERT INTO attribution_allocation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL);

-- allocations_counted: the days of the active ones, how many these are, and how many there are.
SELECT min(effective_from) FILTER (WHERE status = 'ACTIVE'),
  max(effective_until) FILTER (WHERE status = 'ACTIVE'),
  count(*) FILTER (WHERE status = 'ACTIVE'), count(*)
FROM attribution_allocation
WHERE account = :account AND catalog = :catalog AND attribution = :attribution
  AND replaced IS NULL;

-- start_task: unless the attribution has one in progress; answers a row only if it is kept.
INSERT INTO attribution_task
SELECT :account, :catalog, :attribution,
  ifnull((
    SELECT max(number) FROM attribution_task
    WHERE account = :account AND catalog = :catalog AND attribution = :attribution
  ), 0) + 1,
  :id, 'IN_PROGRESS', :description, :caller, :submitted, :records, :total, :started, :due,
  NULL, NULL, NULL
WHERE true
ON CONFLICT (account, catalog, attribution) WHERE status = 'IN_PROGRESS' DO NOTHING
RETURNING number;

-- latest_task: of an attribution.
SELECT account, catalog, attribution, number, id, description, submitted, records, started, due,
  ended, committed, errors
FROM attribution_task
WHERE account = :account AND catalog = :catalog AND attribution = :attribution
ORDER BY number DESC LIMIT 1;

-- task: by its id.
SELECT account, catalog, attribution, number, id, description, submitted, records, started, due,
  ended, committed, errors
FROM attribution_task WHERE id = ?;

-- due_tasks: to be carried out by now, in the order in which they fell due.
SELECT account, catalog, attribution, number, submitted, records, total, started
FROM attribution_task
WHERE status = 'IN_PROGRESS' AND due <= ?
ORDER BY due, account, catalog, attribution LIMIT ?;

-- next_due_task: when the next one is to be carried out.
SELECT min(due) FROM attribution_task WHERE status = 'IN_PROGRESS';

-- end_task: its status decides; answers a row only if it was in progress.
UPDATE attribution_task
SET status = :status, ended = :ended, committed = :committed, errors = :errors
WHERE account = :account AND catalog = :catalog AND attribution = :attribution
  AND number = :number AND status = 'IN_PROGRESS'
RETURNING number;

-- deals_named: of those with a type and id in a list of pairs, what there are.
SELECT deal.definition FROM json_each(:names) AS named
JOIN deal ON deal.type = json_extract(named.value, '$[0]')
  AND deal.id = json_extract(named.value, '$[1]');

-- accounts_named: of those in a list, which there are.
SELECT id FROM account WHERE id IN (SELECT value FROM json_each(:ids));

-- attribution_by_id: whosever it is, as of its latest revision.
SELECT a.account, a.catalog, a.id, a.name, a.tenancy_model, a.product, a.created, a.revision,
  v.revision, v.modified, v.description, v.effective_from, v.effective_until, v.active, v.total
FROM attribution AS a
JOIN attribution_version AS v
  ON v.account = a.account AND v.catalog = a.catalog AND v.attribution = a.id
  AND v.revision = a.revision
WHERE a.id = ?;

-- attributions_of_all: after an account, catalog and id, in that order.
SELECT a.account, a.catalog, a.id, a.name, a.tenancy_model, a.product, a.created, a.revision,
  v.revision, v.modified, v.description, v.effective_from, v.effective_until, v.active, v.total
FROM attribution AS a
JOIN attribution_version AS v
  ON v.account = a.account AND v.catalog = a.catalog AND v.attribution = a.id
  AND v.revision = a.revision
WHERE (a.account, a.catalog, a.id) > (:account, :catalog, :id)
  AND (:only IS NULL OR a.account = :only)
ORDER BY a.account, a.catalog, a.id LIMIT :limit;
