"""Where a data set is to be delivered: what can be told from the request alone.

What AWS says to it is the concern of whoever delivers.
"""

import re

import msgspec

from waag.domain.analytics.refusals import DestinationInvalid

KEY_BYTES_MAX = 1024
"""Of an object's key, in UTF-8. Source: S3, object key naming guidelines."""

LONGEST_ENDING = ".meta.json"
"""Of the two files; the name before it is the same."""

_ROLE = re.compile(r"arn:aws[a-z-]*:iam::([0-9]{12}):role/([\w+=,.@/-]+)", re.ASCII)
_TOPIC = re.compile(r"arn:aws[a-z-]*:sns:([a-z0-9-]+):([0-9]{12}):([A-Za-z0-9_-]{1,256})")
_FIFO_TOPIC = re.compile(_TOPIC.pattern + r"\.fifo")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ADDRESS = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Destination(msgspec.Struct, frozen=True):
    """Where a data set goes, and as whom Waag goes there.

    Attributes:
        role: the ARN of the role that is assumed.
        external_id: what the role's trust policy asks for.
        policy: the name of the role's inline policy.
        prefix: None for the bucket's root.
        topic: the ARN of the topic that is told.
    """

    role: str
    external_id: str
    policy: str
    bucket: str
    prefix: str | None
    topic: str

    @property
    def role_name(self) -> str:
        """Without the path."""
        return self.role.rsplit("/", 1)[1]

    @property
    def topic_region(self) -> str:
        """Where the topic is."""
        return self.topic.split(":")[3]

    def key(self, file_name: str) -> str:
        """The key of a file: under the prefix, whose own slash at the end counts."""
        if not self.prefix:
            return file_name
        return f"{self.prefix}{'' if self.prefix.endswith('/') else '/'}{file_name}"


def check_destination(destination: Destination, seller_id: str, file_name: str) -> None:
    """Refuse what cannot be a destination.

    Args:
        destination: as it was asked for.
        seller_id: who asks.
        file_name: of the data set, without its ending.

    Raises:
        DestinationInvalid: which part, and what would have passed.
    """
    _check_role(destination.role, seller_id)
    _check_bucket(destination.bucket)
    _check_prefix(destination, file_name)
    _check_topic(destination.topic)


def _check_role(role: str, seller_id: str) -> None:
    found = _ROLE.fullmatch(role)
    example = f"arn:aws:iam::{seller_id}:role/MarketplaceCommerceAnalyticsRole"
    if found is None:
        raise DestinationInvalid(
            f"roleNameArn {role!r} is not the ARN of a role such as {example}."
        )
    if found[1] != seller_id:
        raise DestinationInvalid(
            f"roleNameArn {role!r} is a role of account {found[1]}; give one of the calling "
            f"account, such as {example}."
        )


def _check_bucket(bucket: str) -> None:
    if bucket.startswith("arn:"):
        name = bucket.rpartition(":")[2].partition("/")[0]
        raise DestinationInvalid(
            f"destinationS3BucketName {bucket!r} is an ARN; give the bucket's name, {name!r}."
        )
    if not _BUCKET.fullmatch(bucket) or ".." in bucket or _ADDRESS.fullmatch(bucket):
        raise DestinationInvalid(
            f"destinationS3BucketName {bucket!r} is no name of a bucket: 3 to 63 lower-case "
            "letters, digits, hyphens and single dots, a letter or digit at both ends, no IP "
            "address."
        )


def _check_prefix(destination: Destination, file_name: str) -> None:
    prefix = destination.prefix
    if not prefix:
        return
    if _CONTROL.search(prefix):
        raise DestinationInvalid(
            f"destinationS3Prefix {prefix!r} has a control character, which no key may hold."
        )
    if not {".", ".."}.isdisjoint(prefix.split("/")):
        raise DestinationInvalid(
            f"destinationS3Prefix {prefix!r} has a segment `.` or `..`, which S3 does not resolve; "
            "give the path itself."
        )
    octets = len(destination.key(file_name + LONGEST_ENDING).encode())
    if octets > KEY_BYTES_MAX:
        left = KEY_BYTES_MAX - (octets - len(prefix.encode()))
        raise DestinationInvalid(
            f"destinationS3Prefix has {len(prefix.encode())} bytes; at most {left} leave room for "
            f"{file_name}{LONGEST_ENDING} in a key of {KEY_BYTES_MAX} bytes."
        )


def _check_topic(topic: str) -> None:
    if _FIFO_TOPIC.fullmatch(topic):
        raise DestinationInvalid(
            f"snsTopicArn {topic!r} is a FIFO topic; give a standard one, since notices have no "
            "message group."
        )
    if not _TOPIC.fullmatch(topic):
        raise DestinationInvalid(
            f"snsTopicArn {topic!r} is not the ARN of a topic such as "
            "arn:aws:sns:us-east-1:111122223333:reports-ready."
        )
