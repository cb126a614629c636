"""Objects that are uploaded in parts, and become one in one step."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from waag.domain.objects import Part, StoredObject, Upload
from waag.exchange import Reply
from waag.ports import Clock, RandomBytes
from waag.sandbox.protocols import NAMESPACES, xml_reply
from waag.sandbox.refusals import InputInvalid, NotFound
from waag.sandbox.s3_checksums import check_md5, given_checksums, verified
from waag.sandbox.s3_desk import S3Desk, kept_headers
from waag.sandbox.s3_objects import ObjectOperations, admission
from waag.sandbox.s3_requests import S3Request, empty_reply, read_xml, text_of
from waag.sandbox.xml import Content, Element, document
from waag.sandbox.xml_instants import shown_instant

PARTS_MAX = 10_000
PART_BYTES_MIN = 5 * 1024 * 1024
"""Of every part but the last."""

_CHUNK = 1024 * 1024


class UploadOperations:
    """What is done to uploads.

    Args:
        desk: see there.
        objects: reads what a part is copied from.
        clock: when uploads begin and objects are made of them.
        random_bytes: for the ids of uploads.
    """

    def __init__(
        self, desk: S3Desk, objects: ObjectOperations, clock: Clock, random_bytes: RandomBytes
    ) -> None:
        self._desk = desk
        self._objects = objects
        self._clock = clock
        self._random_bytes = random_bytes

    def create(self, asked: S3Request) -> Reply:
        """Begin an upload."""
        bucket = self._desk.allowed(asked, "PutObject", asked.key)
        upload_id = self._random_bytes(32).hex()
        headers = kept_headers(asked)
        self._desk.objects.begin_upload(
            Upload(upload_id, bucket.name, asked.key, self._clock.now(), headers)
        )
        result: Content = [("Bucket", bucket.name), ("Key", asked.key), ("UploadId", upload_id)]
        reply = _document(asked, "InitiateMultipartUploadResult", result)
        algorithm = asked.headers.get("x-amz-checksum-algorithm")
        told = () if algorithm is None else (("x-amz-checksum-algorithm", algorithm),)
        return Reply(reply.status, (*reply.headers, *told), reply.body)

    def put_part(self, asked: S3Request) -> Reply:
        """Store a part."""
        self._desk.allowed(asked, "PutObject", asked.key)
        upload, draft = self._upload(asked), self._draft(asked)
        checksums = given_checksums(asked.headers)
        check_md5(asked.headers, asked.body)
        part = self._desk.objects.put_part(upload, draft, verified([asked.body], checksums))
        return empty_reply(asked.call, headers={"etag": f'"{part.etag}"', **checksums})

    def copy_part(self, asked: S3Request) -> Reply:
        """Store a part that is another object, or a range of one."""
        self._desk.allowed(asked, "PutObject", asked.key)
        upload, draft = self._upload(asked), self._draft(asked)
        _, found, file = self._objects.source(asked)
        first, _, last = (
            asked.headers.get("x-amz-copy-source-range", f"bytes=0-{found.size - 1}")
            .removeprefix("bytes=")
            .partition("-")
        )
        with file:
            if not (
                first.isdecimal() and last.isdecimal() and int(first) <= int(last) < found.size
            ):
                raise InputInvalid(
                    "InvalidArgument", "The x-amz-copy-source-range value must be bytes=first-last"
                )
            chunks = _stretch(file, int(first), int(last) + 1)
            part = self._desk.objects.put_part(upload, draft, chunks)
        result: Content = [
            ("LastModified", shown_instant(part.modified)),
            ("ETag", f'"{part.etag}"'),
        ]
        return _document(asked, "CopyPartResult", result)

    def complete(self, asked: S3Request) -> Reply:
        """Make an object of the parts that are named."""
        bucket = self._desk.allowed(asked, "PutObject", asked.key)
        upload = self._upload(asked)
        parts = _chosen(asked, self._desk.objects.parts(upload.id))
        digests = b"".join(bytes.fromhex(part.etag) for part in parts)
        etag = hashlib.md5(digests, usedforsecurity=False).hexdigest()
        whole = asked.headers.get("x-amz-checksum-type") == "FULL_OBJECT"
        checksums = given_checksums(asked.headers) if whole else {}
        draft = StoredObject(
            upload.key, 0, f"{etag}-{len(parts)}", self._clock.now(), upload.headers, checksums
        )
        chunks = self._desk.objects.chunks_of_parts(upload.id, [part.number for part in parts])
        stored = self._desk.objects.put(
            bucket, draft, verified(chunks, checksums), admission(asked), upload.id
        )
        if stored is None:
            raise NotFound("NoSuchBucket", "The specified bucket does not exist")
        result: Content = [
            ("Location", f"/{bucket.name}/{asked.key}"),
            ("Bucket", bucket.name),
            ("Key", asked.key),
            ("ETag", f'"{stored.etag}"'),
        ]
        return _document(asked, "CompleteMultipartUploadResult", result)

    def abort(self, asked: S3Request) -> Reply:
        """Let go of an upload."""
        self._desk.allowed(asked, "AbortMultipartUpload", asked.key)
        self._desk.objects.abort_upload(self._upload(asked).id)
        return empty_reply(asked.call, 204)

    def list_parts(self, asked: S3Request) -> Reply:
        """The parts that are stored, whole."""
        bucket = self._desk.allowed(asked, "ListMultipartUploadParts", asked.key)
        upload = self._upload(asked)
        parts: list[Element] = [
            (
                "Part",
                [
                    ("PartNumber", str(part.number)),
                    ("LastModified", shown_instant(part.modified)),
                    ("ETag", f'"{part.etag}"'),
                    ("Size", str(part.size)),
                ],
            )
            for part in self._desk.objects.parts(upload.id)
        ]
        head: list[Element] = [
            ("Bucket", bucket.name),
            ("Key", upload.key),
            ("UploadId", upload.id),
            ("MaxParts", str(PARTS_MAX)),
            ("IsTruncated", "false"),
        ]
        return _document(asked, "ListPartsResult", [*head, *parts])

    def list_uploads(self, asked: S3Request) -> Reply:
        """A bucket's uploads that are under way, whole."""
        bucket = self._desk.allowed(asked, "ListBucketMultipartUploads")
        prefix = asked.query.get("prefix", "")
        uploads: list[Element] = [
            (
                "Upload",
                [
                    ("Key", each.key),
                    ("UploadId", each.id),
                    ("Initiated", shown_instant(each.started)),
                ],
            )
            for each in self._desk.objects.uploads(bucket.name)
            if each.key.startswith(prefix)
        ]
        head: list[Element] = [
            ("Bucket", bucket.name),
            ("Prefix", prefix),
            ("IsTruncated", "false"),
        ]
        return _document(asked, "ListMultipartUploadsResult", [*head, *uploads])

    def _upload(self, asked: S3Request) -> Upload:
        upload = self._desk.objects.upload(asked.query["uploadId"])
        if upload is None or (upload.bucket, upload.key) != (asked.bucket, asked.key):
            raise NotFound(
                "NoSuchUpload",
                "The specified upload does not exist. The upload ID may be invalid, or the upload "
                "may have been aborted or completed.",
            )
        return upload

    def _draft(self, asked: S3Request) -> Part:
        number = asked.number("partNumber", 0, PARTS_MAX + 1)
        if not 1 <= number <= PARTS_MAX:
            raise InputInvalid(
                "InvalidArgument",
                f"Part number must be an integer between 1 and {PARTS_MAX}, inclusive",
            )
        return Part(number, 0, "", self._clock.now())


def _chosen(asked: S3Request, stored: Sequence[Part]) -> Sequence[Part]:
    """The parts that a request to complete names, judged."""
    by_number = {part.number: part for part in stored}
    chosen: list[Part] = []
    for each in read_xml(asked.body).findall("Part"):
        number = text_of(each, "PartNumber")
        part = by_number.get(int(number)) if number.isdecimal() else None
        if part is None or text_of(each, "ETag").strip('"') != part.etag:
            raise InputInvalid(
                "InvalidPart",
                "One or more of the specified parts could not be found. The part may not have "
                "been uploaded, or the specified entity tag may not match the part's entity tag.",
            )
        if chosen and chosen[-1].number >= part.number:
            raise InputInvalid("InvalidPartOrder", "The list of parts was not in ascending order.")
        chosen.append(part)
    if not chosen:
        raise InputInvalid("MalformedXML", "You must specify at least one part")
    if any(part.size < PART_BYTES_MIN for part in chosen[:-1]):
        raise InputInvalid(
            "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size"
        )
    return chosen


def _stretch(file: BinaryIO, start: int, stop: int) -> Iterable[bytes]:
    file.seek(start)
    left = stop - start
    while left > 0 and (chunk := file.read(min(left, _CHUNK))):
        left -= len(chunk)
        yield chunk


def _document(asked: S3Request, name: str, content: Content) -> Reply:
    return xml_reply(200, document(name, content, NAMESPACES["s3"]), asked.call.request_id)
