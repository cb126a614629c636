"""Objects: put, read, copied, removed."""

import re
from collections.abc import Callable, Mapping
from email.utils import formatdate, parsedate_to_datetime
from typing import BinaryIO
from urllib.parse import unquote

from waag.domain.instants import SECOND, from_datetime
from waag.domain.objects import Bucket, StoredObject
from waag.domain.refusals import AccessDenied
from waag.exchange import Reply
from waag.ports import Clock
from waag.sandbox.protocols import NAMESPACES, xml_reply
from waag.sandbox.refusals import (
    EmbeddedRefusal,
    InputInvalid,
    NotFound,
    NotServed,
    PreconditionFailed,
)
from waag.sandbox.s3_checksums import check_md5, given_checksums, verified
from waag.sandbox.s3_desk import S3Desk, kept_headers
from waag.sandbox.s3_requests import S3Request, empty_reply, read_xml, text_of
from waag.sandbox.xml import Element, document
from waag.sandbox.xml_instants import shown_instant

REPLY_BYTES_MAX = 512 * 1024 * 1024
"""The most that one reply holds; more is read by ranges, as SDKs' transfers do."""

DELETED_MAX = 1000
_CHUNK = 1024 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)
_OVERRIDES = "response-"


class ObjectOperations:
    """What is done to objects.

    Args:
        desk: see there.
        clock: when objects are put.
    """

    def __init__(self, desk: S3Desk, clock: Clock) -> None:
        self._desk = desk
        self._clock = clock

    def put(self, asked: S3Request) -> Reply:
        """Store an object; on disk before the reply."""
        bucket = self._desk.allowed(asked, "PutObject", asked.key)
        checksums = given_checksums(asked.headers)
        check_md5(asked.headers, asked.body)
        draft = StoredObject(asked.key, 0, "", self._clock.now(), kept_headers(asked), checksums)
        chunks = verified([asked.body], checksums)
        stored = self._desk.objects.put(bucket, draft, chunks, admission(asked))
        if stored is None:
            raise NotFound("NoSuchBucket", "The specified bucket does not exist")
        return empty_reply(asked.call, headers={"etag": f'"{stored.etag}"', **checksums})

    def copy(self, asked: S3Request) -> Reply:
        """Store another object's bytes under a key."""
        bucket = self._desk.allowed(asked, "PutObject", asked.key)
        source_bucket, found, file = self.source(asked)
        replaces = asked.headers.get("x-amz-metadata-directive", "COPY") == "REPLACE"
        same = (source_bucket.name, found.key) == (bucket.name, asked.key)
        if same and not replaces:
            file.close()
            raise InputInvalid(
                "InvalidRequest",
                "This copy request is illegal because it is trying to copy an object to itself "
                "without changing the object's metadata.",
            )
        draft = StoredObject(
            asked.key,
            0,
            "",
            self._clock.now(),
            kept_headers(asked) if replaces else found.headers,
            found.checksums,
        )
        with file:
            chunks = iter(lambda: file.read(_CHUNK), b"")
            stored = self._desk.objects.put(bucket, draft, chunks, admission(asked))
        if stored is None:
            raise NotFound("NoSuchBucket", "The specified bucket does not exist")
        result: list[Element] = [
            ("LastModified", shown_instant(stored.modified)),
            ("ETag", f'"{stored.etag}"'),
        ]
        body = document("CopyObjectResult", result, NAMESPACES["s3"])
        return xml_reply(200, body, asked.call.request_id)

    def source(self, asked: S3Request) -> tuple[Bucket, StoredObject, BinaryIO]:
        """The object that is copied, for a caller who may read it; the file is the caller's."""
        named, _, version = asked.headers["x-amz-copy-source"].partition("?")
        if version:
            raise NotServed("NotImplemented", "Versions of objects are not served.")
        name, _, key = unquote(named).removeprefix("/").partition("/")
        bucket = self._desk.allowed_in(asked, name, "GetObject", key)
        opened = self._desk.objects.open(bucket, key)
        if opened is None:
            raise _no_such_key()
        return bucket, *opened

    def get(self, asked: S3Request) -> Reply:
        """An object, or a range of its bytes."""
        found, file = self._opened(asked)
        with file:
            return self._read(asked, found, file)

    def _read(self, asked: S3Request, found: StoredObject, file: BinaryIO) -> Reply:
        unmodified = _unmodified(asked.headers, found)
        if unmodified:
            return empty_reply(asked.call, 304, {"etag": f'"{found.etag}"'})
        headers = _headers_of(found, asked)
        start, stop = _range(asked.headers.get("range", ""), found.size)
        status = 200
        if (start, stop) != (0, found.size) or "range" in asked.headers:
            status = 206
            headers["content-range"] = f"bytes {start}-{stop - 1}/{found.size}"
        if asked.method == "HEAD":
            return empty_reply(asked.call, status, {**headers, "content-length": str(stop - start)})
        if stop - start > REPLY_BYTES_MAX:
            raise InputInvalid(
                "InvalidRequest",
                f"At most {REPLY_BYTES_MAX} bytes are sent in one reply; ask for ranges.",
            )
        file.seek(start)
        body = file.read(stop - start)
        reply = empty_reply(asked.call, status, headers)
        return Reply(reply.status, reply.headers, body)

    def _opened(self, asked: S3Request) -> tuple[StoredObject, BinaryIO]:
        bucket = self._desk.allowed(asked, "GetObject", asked.key)
        opened = self._desk.objects.open(bucket, asked.key)
        if opened is None:
            # Who may not list does not learn which keys there are.
            self._desk.allowed(asked, "ListBucket", context={"s3:prefix": asked.key})
            raise _no_such_key()
        return opened

    def delete(self, asked: S3Request) -> Reply:
        """Remove an object; one that is not there is no mistake."""
        bucket = self._desk.allowed(asked, "DeleteObject", asked.key)
        self._desk.objects.remove(bucket, asked.key)
        return empty_reply(asked.call, 204)

    def delete_many(self, asked: S3Request) -> Reply:
        """Remove objects, each for itself."""
        check_md5(asked.headers, asked.body)
        for _ in verified([asked.body], given_checksums(asked.headers)):
            pass
        root = read_xml(asked.body)
        keys = [text_of(each, "Key") for each in root.findall("Object")]
        if not 0 < len(keys) <= DELETED_MAX:
            raise InputInvalid("MalformedXML", f"1 to {DELETED_MAX} objects are deleted at once.")
        results: list[Element] = []
        for key in keys:
            error = self._delete_one(asked, key)
            if error is not None:
                results.append(("Error", [("Key", key), *error]))
            elif text_of(root, "Quiet") != "true":
                results.append(("Deleted", [("Key", key)]))
        return xml_reply(
            200, document("DeleteResult", results, NAMESPACES["s3"]), asked.call.request_id
        )

    def _delete_one(self, asked: S3Request, key: str) -> list[Element] | None:
        try:
            bucket = self._desk.allowed(asked, "DeleteObject", key)
        except AccessDenied as denied:
            return [("Code", "AccessDenied"), ("Message", denied.why)]
        self._desk.objects.remove(bucket, key)
        return None


def admission(asked: S3Request) -> Callable[[StoredObject | None], None]:
    """Judges what stands under a key by the conditions that a request to put one there sets."""
    only_new = asked.headers.get("if-none-match")
    match = asked.headers.get("if-match")

    def admit(standing: StoredObject | None) -> None:
        if only_new is not None and only_new != "*":
            raise NotServed("NotImplemented", "If-None-Match takes * alone when an object is put.")
        if only_new is not None and standing is not None:
            raise _failed("If-None-Match")
        if match is None:
            return
        if standing is None:
            raise _no_such_key()
        if match.strip('"') != standing.etag:
            raise _failed("If-Match")

    return admit


def _unmodified(headers: Mapping[str, str], found: StoredObject) -> bool:
    """Whether a reader has this already. Source: RFC 9110, 13.2.2."""
    match, none_match = headers.get("if-match"), headers.get("if-none-match")
    if match is not None and not _names(match, found.etag):
        raise _failed("If-Match")
    if match is None and _changed_since(headers.get("if-unmodified-since"), found) is True:
        raise _failed("If-Unmodified-Since")
    if none_match is not None:
        return _names(none_match, found.etag)
    return _changed_since(headers.get("if-modified-since"), found) is False


def _names(etags: str, etag: str) -> bool:
    return any(each.strip().strip('"') in ("*", etag) for each in etags.split(","))


def _changed_since(date: str | None, found: StoredObject) -> bool | None:
    """None if no date is given, or one that cannot be read."""
    if date is None:
        return None
    try:
        moment = from_datetime(parsedate_to_datetime(date))
    except (ValueError, OverflowError, TypeError):
        return None
    return found.modified // SECOND * SECOND > moment


def _range(text: str, size: int) -> tuple[int, int]:
    """From which byte to before which; a range of another form counts for nothing.

    Raises:
        EmbeddedRefusal: it begins beyond the end.
    """
    found = _RANGE.fullmatch(text)
    if found is None or found[0] == "bytes=-":
        return 0, size
    first, last = found.groups()
    if not first:
        start, stop = max(0, size - int(last)), size
    else:
        start, stop = int(first), min(size, int(last) + 1 if last else size)
    if start >= stop:
        raise EmbeddedRefusal("InvalidRange", "The requested range is not satisfiable", status=416)
    return start, stop


def _headers_of(found: StoredObject, asked: S3Request) -> dict[str, str]:
    headers = {
        **found.headers,
        "etag": f'"{found.etag}"',
        "last-modified": formatdate(found.modified // SECOND, usegmt=True),
        "accept-ranges": "bytes",
    }
    if (
        asked.headers.get("x-amz-checksum-mode", "").upper() == "ENABLED"
        and "range" not in asked.headers
    ):
        headers |= found.checksums
    for name, value in asked.query.items():
        if name.startswith(_OVERRIDES) and value.isprintable():
            headers[name.removeprefix(_OVERRIDES)] = value
    return headers


def _failed(condition: str) -> PreconditionFailed:
    return PreconditionFailed(
        "PreconditionFailed",
        "At least one of the pre-conditions you specified did not hold",
        why=f"The condition {condition} does not hold.",
    )


def _no_such_key() -> NotFound:
    return NotFound("NoSuchKey", "The specified key does not exist.")
