"""The embedded S3's buckets and objects: rows of the ledger, and files beside it.

An object's file is given its name, then its row is committed; both are on disk before the call
returns. If a crash comes in between, the file tells by its time of change that it is not the row's,
and what it holds (something that nobody was promised yet) is described anew.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import BinaryIO

import apsw
import msgspec

from waag.domain.objects import Bucket, Part, StoredObject, Upload
from waag.storage.object_files import ObjectFiles, Written, chunks_of_paths, md5_of
from waag.storage.queries import Row, query
from waag.storage.reader import Reader
from waag.storage.writer import Writer


class FileObjects:
    """Implements the sandbox's store of objects, for any thread.

    Args:
        writer: who owns the connection that writes.
        reader: closed with this.
        files: where the bytes lie.

    Raises:
        StoreUnavailable: from any call; nothing was changed.
    """

    def __init__(self, writer: Writer, reader: Reader, files: ObjectFiles) -> None:
        self._writer = writer
        self._reader = reader
        self._files = files
        # A name and its row are changed together, and looked at together.
        self._naming = threading.Lock()

    def bucket(self, name: str) -> Bucket | None:
        """The bucket of this name, whosever it is."""
        rows = self._reader.rows("bucket", (name,))
        return Bucket(*rows[0]) if rows else None

    def buckets(self, account_id: str) -> Sequence[Bucket]:
        """An account's buckets, by name."""
        return [Bucket(*row) for row in self._reader.rows("buckets", (account_id,))]

    def put_bucket(self, bucket: Bucket) -> Bucket:
        """Add a bucket, unless there is one of this name: the one there is."""
        row = (bucket.name, bucket.account_id, bucket.region, bucket.created, bucket.policy)

        def carry_out(connection: apsw.Connection) -> Bucket:
            query(connection, "put_bucket", row)
            return Bucket(*query(connection, "bucket", (bucket.name,))[0])

        return self._writer.change(carry_out)

    def set_policy(self, bucket: str, policy: str | None) -> None:
        """Give a bucket a policy, or none."""
        self._run("set_bucket_policy", (policy, bucket))

    def remove_bucket(self, bucket: Bucket) -> bool:
        """Remove a bucket and its unfinished uploads; not one that has objects."""

        def carry_out(connection: apsw.Connection) -> list[Row] | None:
            before = connection.total_changes()
            query(connection, "remove_bucket", (bucket.name,))
            if connection.total_changes() == before:
                return None
            uploads = query(connection, "uploads", (bucket.name,))
            query(connection, "remove_parts_of", (bucket.name,))
            query(connection, "remove_uploads_of", (bucket.name,))
            return uploads

        with self._naming:
            uploads = self._writer.change(carry_out)
            if uploads is None:
                return False
            self._files.remove_bucket(bucket.account_id, bucket.name)
        for upload in uploads:
            self._files.remove_parts(upload[0])
        return True

    def put(
        self,
        bucket: Bucket,
        draft: StoredObject,
        chunks: Iterable[bytes],
        admit: Callable[[StoredObject | None], None],
        upload: str | None = None,
    ) -> StoredObject | None:
        """Store an object; None if the bucket is gone.

        Args:
            bucket: where.
            draft: its size is found out; so is its ETag, if that is empty.
            chunks: its bytes.
            admit: is told what stands under the key; what it raises is raised here, and nothing is
                stored.
            upload: one that ends by this.
        """
        written = self._files.write(chunks)
        stored = msgspec.structs.replace(draft, size=written.size, etag=draft.etag or written.md5)
        try:
            with self._naming:
                if self.bucket(bucket.name) is None:
                    return None
                admit(self._find(bucket, draft.key))
                self._files.name_object(written, bucket.account_id, bucket.name, draft.key)
                self._commit(bucket, stored, written, upload)
        finally:
            written.path.unlink(missing_ok=True)
        if upload is not None:
            self._files.remove_parts(upload)
        return stored

    def find(self, bucket: Bucket, key: str) -> StoredObject | None:
        """What is known of an object."""
        with self._naming:
            return self._find(bucket, key)

    def open(self, bucket: Bucket, key: str) -> tuple[StoredObject, BinaryIO] | None:
        """An object and its bytes, which stay these whatever becomes of the key."""
        with self._naming:
            found = self._find(bucket, key)
            if found is None:
                return None
            path = self._files.object(bucket.account_id, bucket.name, key)
            return found, path.open("rb")

    def list(
        self, bucket: Bucket, after: bytes, before: bytes, limit: int
    ) -> Sequence[StoredObject]:
        """At most so many objects between two keys in UTF-8, both left out, in order."""
        rows = self._reader.rows("objects", (bucket.name, after, before, limit))
        return [_to_object(row) for row in rows]

    def remove(self, bucket: Bucket, key: str) -> None:
        """Remove an object, if there is one."""
        with self._naming:
            self._run("remove_object", (bucket.name, key.encode()))
            self._files.object(bucket.account_id, bucket.name, key).unlink(missing_ok=True)

    def begin_upload(self, upload: Upload) -> None:
        """Keep an upload that is begun."""
        row = (upload.id, upload.bucket, upload.key.encode(), upload.started, _json(upload.headers))
        self._run("put_upload", row)

    def upload(self, upload_id: str) -> Upload | None:
        """An upload that is under way."""
        rows = self._reader.rows("upload", (upload_id,))
        return _to_upload(rows[0]) if rows else None

    def uploads(self, bucket: str) -> Sequence[Upload]:
        """A bucket's uploads that are under way, by key."""
        return [_to_upload(row) for row in self._reader.rows("uploads", (bucket,))]

    def put_part(self, upload: Upload, draft: Part, chunks: Iterable[bytes]) -> Part:
        """Store a part; its size and ETag are found out."""
        written = self._files.write(chunks)
        part = msgspec.structs.replace(draft, size=written.size, etag=written.md5)
        with self._naming:
            self._files.name_part(written, upload.id, part.number)
            self._run("put_part", (upload.id, part.number, part.size, part.etag, part.modified))
        return part

    def parts(self, upload_id: str) -> Sequence[Part]:
        """An upload's parts, in order."""
        return [Part(*row) for row in self._reader.rows("parts", (upload_id,))]

    def chunks_of_parts(self, upload_id: str, numbers: Sequence[int]) -> Iterable[bytes]:
        """The bytes of parts, one after another."""
        return chunks_of_paths([self._files.part(upload_id, number) for number in numbers])

    def abort_upload(self, upload_id: str) -> None:
        """Let go of an upload and of its parts."""

        def carry_out(connection: apsw.Connection) -> None:
            query(connection, "remove_parts", (upload_id,))
            query(connection, "remove_upload", (upload_id,))

        self._writer.change(carry_out)
        self._files.remove_parts(upload_id)

    def close(self) -> None:
        """Close the reader."""
        self._reader.close()

    def _run(self, name: str, row: Row) -> None:
        self._writer.change(lambda connection: query(connection, name, row))

    def _commit(
        self, bucket: Bucket, stored: StoredObject, written: Written, upload: str | None
    ) -> None:
        row = (
            bucket.name,
            stored.key.encode(),
            stored.size,
            written.stamp,
            stored.etag,
            stored.modified,
            _json(stored.headers),
            _json(stored.checksums),
        )

        def carry_out(connection: apsw.Connection) -> None:
            query(connection, "put_object", row)
            if upload is not None:
                query(connection, "remove_parts", (upload,))
                query(connection, "remove_upload", (upload,))

        self._writer.change(carry_out)

    def _find(self, bucket: Bucket, key: str) -> StoredObject | None:
        rows = self._reader.rows("object", (bucket.name, key.encode()))
        if not rows:
            return None
        path = self._files.object(bucket.account_id, bucket.name, key)
        try:
            status = path.stat()
        except FileNotFoundError:
            return None
        found, stamp = _to_object(rows[0]), rows[0][2]
        if (status.st_size, status.st_mtime_ns) == (found.size, stamp):
            return found
        return msgspec.structs.replace(
            found,
            size=status.st_size,
            etag=md5_of(path),
            modified=status.st_mtime_ns // 1000,
            checksums={},
        )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _to_object(row: Row) -> StoredObject:
    key, size, _, etag, modified, headers, checksums = row
    return StoredObject(
        key.decode(),
        size,
        etag,
        modified,
        msgspec.json.decode(headers, type=dict[str, str]),
        msgspec.json.decode(checksums, type=dict[str, str]),
    )


def _to_upload(row: Row) -> Upload:
    upload_id, bucket, key, started, headers = row
    decoded = msgspec.json.decode(headers, type=dict[str, str])
    return Upload(upload_id, bucket, key.decode(), started, decoded)
