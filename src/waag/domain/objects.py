"""Buckets and objects of the embedded S3, as values."""

from collections.abc import Mapping

import msgspec

from waag.domain.instants import Instant


class Bucket(msgspec.Struct, frozen=True):
    """A bucket; its name is unique over all accounts.

    Attributes:
        account_id: its owner.
        policy: its policy's document, as given.
    """

    name: str
    account_id: str
    region: str
    created: Instant
    policy: str | None = None


class StoredObject(msgspec.Struct, frozen=True):
    """What is known of an object beside its bytes.

    Attributes:
        etag: without quotes; empty as long as it is to be computed.
        headers: those that were given to be sent with it, names in lower case.
        checksums: of the whole object, in base64, by the header they are sent in.
    """

    key: str
    size: int
    etag: str
    modified: Instant
    headers: Mapping[str, str]
    checksums: Mapping[str, str]


class Upload(msgspec.Struct, frozen=True):
    """An upload in parts that was begun.

    Attributes:
        headers: as of the object that it is to become.
    """

    id: str
    bucket: str
    key: str
    started: Instant
    headers: Mapping[str, str]


class Part(msgspec.Struct, frozen=True):
    """A part of an upload, 1 to 10000."""

    number: int
    size: int
    etag: str
    modified: Instant
