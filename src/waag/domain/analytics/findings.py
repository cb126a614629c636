"""What a look at a destination finds: a permission that is there, or what has to be done for it."""

from enum import Enum

import msgspec

PERMISSIONS = (
    "sts:AssumeRole",
    "sts:ExternalId",
    "s3:GetBucketLocation",
    "s3:PutObject",
    "sns:GetTopicAttributes",
    "sns:Publish",
    "iam:GetRolePolicy",
)
"""What a delivery takes; `sts:ExternalId` is the trust policy's condition on it."""


class Found(Enum):
    """How it is."""

    OK = "ok"
    MISSING = "missing"
    UNKNOWN = "unknown"
    """It could not be asked."""


class Finding(msgspec.Struct, frozen=True):
    """One permission.

    Attributes:
        permission: one of `PERMISSIONS`.
        why: what is missing and how to fix it, or why nobody knows; empty if it is there.
    """

    permission: str
    found: Found = Found.OK
    why: str = ""
