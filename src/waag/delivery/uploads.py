"""Objects of any size put into a bucket: whole, or in parts as they come."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

PART_BYTES = 8 * 1024 * 1024
"""The size of all parts but the last; S3 takes 10,000, so 78 GiB. Source: S3, multipart upload."""


def put_object(
    client: Any, bucket: str, key: str, content_type: str, parts: Iterator[bytes]
) -> None:
    """Put an object in place of what is there; nothing is there before all of it is.

    Args:
        client: botocore's, of S3.
        bucket: the bucket's name.
        key: the object's.
        content_type: its media type.
        parts: the content as `in_parts` gives it.

    Raises:
        ClientError: S3 refused; and whatever `parts` raises. An upload that was begun is aborted,
            if the role may do that.
    """
    named = {"Bucket": bucket, "Key": key}
    first = next(parts)
    second = next(parts, None)
    if second is None:
        client.put_object(**named, Body=first, ContentType=content_type)
        return
    upload = client.create_multipart_upload(**named, ContentType=content_type)["UploadId"]
    try:
        done: list[dict[str, Any]] = []
        for number, part in enumerate(_chained(first, second, parts), 1):
            answer = client.upload_part(**named, UploadId=upload, PartNumber=number, Body=part)
            done.append({"ETag": answer["ETag"], "PartNumber": number})
        client.complete_multipart_upload(**named, UploadId=upload, MultipartUpload={"Parts": done})
    except BaseException:
        # None of the five actions of the role allows it; where it is denied, parts stay behind.
        with suppress(Exception):
            client.abort_multipart_upload(**named, UploadId=upload)
        raise


def in_parts(content: Iterator[bytes], size: int = PART_BYTES) -> Iterator[bytes]:
    """Content cut to parts of a size; the last is smaller, and the only one may be empty."""
    held = bytearray()
    cut = False
    for piece in content:
        held += piece
        while len(held) >= size:
            cut = True
            yield bytes(held[:size])
            del held[:size]
    if held or not cut:
        yield bytes(held)


def _chained(first: bytes, second: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield second
    yield from rest
