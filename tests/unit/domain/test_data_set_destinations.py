"""Roles, buckets, prefixes and topics that cannot be a destination."""

import pytest

from builders import SELLER, refusal_of
from waag.domain.analytics.destinations import Destination, check_destination
from waag.domain.analytics.refusals import DestinationInvalid

NAME = "daily_business_fees_2026-05-13"
ROOM = 1024 - len(f"/{NAME}.meta.json")


def destination(**given):
    """One that could be."""
    usual = {
        "role": f"arn:aws:iam::{SELLER}:role/MarketplaceCommerceAnalyticsRole",
        "external_id": "id",
        "policy": "policy",
        "bucket": "reports",
        "prefix": None,
        "topic": f"arn:aws:sns:eu-central-1:{SELLER}:ready",
    }
    return Destination(**(usual | given))


def check(**given):
    """Check one."""
    check_destination(destination(**given), SELLER, NAME)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"role": f"arn:aws-cn:iam::{SELLER}:role/path/to/Role+=,.@-_1"},
        {"bucket": "a.b-c"},
        {"bucket": "x" * 63},
        {"prefix": ""},
        {"prefix": "/leading"},
        {"prefix": "a..b/...c"},
        {"prefix": "🌷" * ((ROOM) // 4)},
        {"prefix": "x" * ROOM},
        {"topic": "arn:aws:sns:us-west-2:999999999999:another_accounts-topic"},
    ],
    ids=lambda given: str(given)[:60],
)
def test_what_could_be(given):
    """Is not refused; what AWS says to it is another matter."""
    assert refusal_of(check, **given) is None


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (
            {"role": "fake-arn"},
            "roleNameArn 'fake-arn' is not the ARN of a role such as arn:aws:ia",
        ),
        ({"role": f"arn:aws:iam::{SELLER}:user/x"}, "is not the ARN of a role"),
        ({"role": "arn:aws:iam::999999999999:role/x"}, "is a role of account 999999999999; give"),
        ({"bucket": "arn:aws:s3:::reports"}, "is an ARN; give the bucket's name, 'reports'"),
        ({"bucket": "Reports"}, "destinationS3BucketName 'Reports' is no name of a bucket"),
        ({"bucket": "ab"}, "is no name of a bucket: 3 to 63"),
        ({"bucket": "a..b"}, "is no name of a bucket"),
        ({"bucket": "192.168.0.1"}, "no IP address"),
        ({"prefix": "../other"}, "has a segment `.` or `..`"),
        ({"prefix": "a/./b"}, "has a segment `.` or `..`"),
        ({"prefix": "a/.."}, "has a segment `.` or `..`"),
        ({"prefix": "a\nb"}, r"destinationS3Prefix 'a\\nb' has a control character"),
        ({"prefix": "x" * 1024}, f"has 1024 bytes; at most {ROOM} leave room for {NAME}.meta.json"),
        ({"prefix": "x" * (ROOM + 1)}, f"has {ROOM + 1} bytes; at most {ROOM} leave room"),
        ({"prefix": "🌷" * (ROOM // 4 + 1)}, "bytes; at most"),
        ({"topic": "ready"}, "snsTopicArn 'ready' is not the ARN of a topic such as"),
        ({"topic": f"arn:aws:sns:us-east-1:{SELLER}:a b"}, "is not the ARN of a topic"),
        ({"topic": f"arn:aws:sns:us-east-1:{SELLER}:x.fifo"}, "is a FIFO topic; give a standard"),
    ],
    ids=lambda given: str(given)[:60],
)
def test_what_could_not_be(given, why):
    """Is refused with the part, and what would have passed."""
    with pytest.raises(DestinationInvalid, match=why):
        check(**given)


@pytest.mark.parametrize(
    ("prefix", "key"),
    [(None, "f.csv"), ("", "f.csv"), ("a/b", "a/b/f.csv"), ("a/", "a/f.csv"), ("/a", "/a/f.csv")],
)
def test_keys(prefix, key):
    """The prefix, a slash, the file's name."""
    assert destination(prefix=prefix).key("f.csv") == key
