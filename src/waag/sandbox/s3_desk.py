"""What the operations of the embedded S3 have in common: buckets, and who may do what to them."""

from collections.abc import Mapping
from functools import lru_cache

from waag.domain.objects import Bucket
from waag.domain.refusals import AccessDenied
from waag.domain.resource_policies import ResourcePolicy, parse_resource_policy
from waag.sandbox.access import Target, authorize
from waag.sandbox.refusals import InputInvalid, NotFound
from waag.sandbox.s3_requests import S3Request
from waag.sandbox.stores import Objects

_ACLS = ("private", "bucket-owner-full-control")
_KEPT_HEADERS = (
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "expires",
)
_METADATA = "x-amz-meta-"
_METADATA_BYTES_MAX = 2048


class S3Desk:
    """Finds buckets, for those who may see to them.

    Args:
        objects: where they are kept.
    """

    def __init__(self, objects: Objects) -> None:
        self.objects = objects

    def allowed(
        self,
        asked: S3Request,
        action: str,
        key: str | None = None,
        context: Mapping[str, str] | None = None,
    ) -> Bucket:
        """The bucket that is asked, for a caller who may do this to it.

        Args:
            asked: names the bucket.
            action: without its prefix.
            key: of an object; None for an action on the bucket.
            context: condition keys of the action.

        Raises:
            AccessDenied: the caller may not, or takes the bucket to be another account's.
            NotFound: there is no such bucket.
        """
        return self.allowed_in(asked, asked.bucket, action, key, context)

    def allowed_in(
        self,
        asked: S3Request,
        name: str,
        action: str,
        key: str | None = None,
        context: Mapping[str, str] | None = None,
    ) -> Bucket:
        """The same for a bucket that is named otherwise."""
        bucket = self.objects.bucket(name)
        arn = f"arn:aws:s3:::{name}" if key is None else f"arn:aws:s3:::{name}/{key}"
        owner = "" if bucket is None else bucket.account_id
        policy = None if bucket is None or bucket.policy is None else _policy(bucket.policy)
        target = Target(arn, owner, policy, context or {})
        authorize(asked.call.caller, f"s3:{action}", target)
        if bucket is None:
            raise NotFound("NoSuchBucket", "The specified bucket does not exist")
        expected = asked.headers.get("x-amz-expected-bucket-owner", bucket.account_id)
        if expected != bucket.account_id:
            raise AccessDenied(f"Access Denied: the bucket {name} is not of account {expected}")
        return bucket


@lru_cache(256)
def _policy(document: str) -> ResourcePolicy:
    return parse_resource_policy(document, "bucket policy", "")


def kept_headers(asked: S3Request) -> dict[str, str]:
    """What is to be sent with an object.

    Raises:
        InputInvalid: more metadata than an object may have, or an ACL, which buckets do not take.
    """
    acl = asked.headers.get("x-amz-acl", "private")
    if acl not in _ACLS or any(name.startswith("x-amz-grant-") for name in asked.headers):
        raise InputInvalid("AccessControlListNotSupported", "The bucket does not allow ACLs")
    kept = {
        name: value
        for name, value in asked.headers.items()
        if name in _KEPT_HEADERS or name.startswith(_METADATA)
    }
    encodings = [each.strip() for each in kept.pop("content-encoding", "").split(",")]
    encodings = [each for each in encodings if each not in ("", "aws-chunked")]
    if encodings:
        kept["content-encoding"] = ",".join(encodings)
    kept.setdefault("content-type", "binary/octet-stream")
    metadata = sum(len(name) + len(kept[name]) for name in kept if name.startswith(_METADATA))
    if metadata > _METADATA_BYTES_MAX:
        raise InputInvalid(
            "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size"
        )
    return kept
