-- Buckets and objects of the embedded S3.

-- bucket: by its name.
SELECT name, account, region, created, policy FROM bucket WHERE name = ?;

-- buckets: of an account.
SELECT name, account, region, created, policy FROM bucket WHERE account = ? ORDER BY name;

-- put_bucket: add.
INSERT INTO bucket VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING;

-- set_bucket_policy: or none.
UPDATE bucket SET policy = ? WHERE name = ?;

-- remove_bucket: one without objects.
DELETE FROM bucket WHERE name = ?1 AND NOT EXISTS (SELECT 1 FROM object WHERE bucket = ?1);

-- object: by bucket and key.
SELECT key, size, stamp, etag, modified, headers, checksums FROM object
WHERE bucket = ? AND key = ?;

-- objects: of a bucket, above one key and below another, in order.
SELECT key, size, stamp, etag, modified, headers, checksums FROM object
WHERE bucket = ? AND key > ? AND key < ? ORDER BY key LIMIT ?;

-- put_object: add or change.
INSERT INTO object VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (bucket, key) DO UPDATE SET
  size = excluded.size, stamp = excluded.stamp, etag = excluded.etag,
  modified = excluded.modified, headers = excluded.headers, checksums = excluded.checksums;

-- remove_object: by bucket and key.
DELETE FROM object WHERE bucket = ? AND key = ?;

-- upload: by its id.
SELECT id, bucket, key, started, headers FROM upload WHERE id = ?;

-- uploads: of a bucket.
SELECT id, bucket, key, started, headers FROM upload WHERE bucket = ? ORDER BY key, started, id;

-- put_upload: add.
INSERT INTO upload VALUES (?, ?, ?, ?, ?);

-- remove_upload: by its id.
DELETE FROM upload WHERE id = ?;

-- remove_uploads_of: those of a bucket.
DELETE FROM upload WHERE bucket = ?;

-- remove_parts_of: those of a bucket's uploads.
DELETE FROM upload_part WHERE upload IN (SELECT id FROM upload WHERE bucket = ?);

-- parts: of an upload, in order.
SELECT number, size, etag, modified FROM upload_part WHERE upload = ? ORDER BY number;

-- put_part: add or change.
INSERT INTO upload_part VALUES (?, ?, ?, ?, ?)
ON CONFLICT (upload, number) DO UPDATE SET
  size = excluded.size, etag = excluded.etag, modified = excluded.modified;

-- remove_parts: of an upload.
DELETE FROM upload_part WHERE upload = ?;
