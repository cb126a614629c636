"""Buckets: made, listed, removed; their policies; the lists of their keys."""

import re
from base64 import b64decode, urlsafe_b64encode
from urllib.parse import quote

from waag.domain.objects import Bucket
from waag.domain.policies import PolicyMalformed
from waag.domain.resource_policies import parse_resource_policy
from waag.exchange import Reply
from waag.ports import Clock
from waag.sandbox.access import Target, authorize
from waag.sandbox.protocols import NAMESPACES, xml_reply
from waag.sandbox.refusals import Conflict, InputInvalid, NotFound
from waag.sandbox.s3_desk import S3Desk
from waag.sandbox.s3_listing import Page, list_page
from waag.sandbox.s3_requests import S3Request, empty_reply, read_xml, text_of
from waag.sandbox.xml import Content, Element, document
from waag.sandbox.xml_instants import shown_instant

KEYS_MAX = 1000
_POLICY_BYTES_MAX = 20 * 1024
_NAME = re.compile(r"(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class BucketOperations:
    """What is done to buckets.

    Args:
        desk: see there.
        clock: when buckets are made.
    """

    def __init__(self, desk: S3Desk, clock: Clock) -> None:
        self._desk = desk
        self._clock = clock

    def list_buckets(self, asked: S3Request) -> Reply:
        """The caller's account's buckets, whole."""
        signed = asked.call.caller
        authorize(signed, "s3:ListAllMyBuckets", Target("arn:aws:s3:::*"))
        account_id = signed.principal.account_id
        buckets: Content = [
            ("Bucket", [("Name", each.name), ("CreationDate", shown_instant(each.created))])
            for each in self._desk.objects.buckets(account_id)
        ]
        owner: Content = [("ID", account_id), ("DisplayName", account_id)]
        return _document(asked, "ListAllMyBucketsResult", [("Owner", owner), ("Buckets", buckets)])

    def create(self, asked: S3Request) -> Reply:
        """Make a bucket; one's own again is no mistake, as in us-east-1."""
        signed, name = asked.call.caller, asked.bucket
        authorize(signed, "s3:CreateBucket", Target(f"arn:aws:s3:::{name}"))
        if not _NAME.fullmatch(name):
            raise InputInvalid("InvalidBucketName", "The specified bucket is not valid.")
        region = signed.region
        if asked.body:
            region = text_of(read_xml(asked.body), "LocationConstraint") or region
        account_id = signed.principal.account_id
        draft = Bucket(name, account_id, region, self._clock.now())
        made = self._desk.objects.put_bucket(draft)
        if made.account_id != account_id:
            raise Conflict(
                "BucketAlreadyExists",
                "The requested bucket name is not available. The bucket namespace is shared by "
                "all users of the system. Please select a different name and try again.",
            )
        return empty_reply(asked.call, headers={"location": f"/{name}"})

    def head(self, asked: S3Request) -> Reply:
        """Whether there is a bucket."""
        bucket = self._desk.allowed(asked, "ListBucket")
        return empty_reply(asked.call, headers={"x-amz-bucket-region": bucket.region})

    def delete(self, asked: S3Request) -> Reply:
        """Remove a bucket without objects."""
        bucket = self._desk.allowed(asked, "DeleteBucket")
        if not self._desk.objects.remove_bucket(bucket):
            raise Conflict("BucketNotEmpty", "The bucket you tried to delete is not empty")
        return empty_reply(asked.call, 204)

    def location(self, asked: S3Request) -> Reply:
        """A bucket's Region; empty for us-east-1, as S3 has it."""
        region = self._desk.allowed(asked, "GetBucketLocation").region
        return _document(asked, "LocationConstraint", "" if region == "us-east-1" else region)

    def get_policy(self, asked: S3Request) -> Reply:
        """A bucket's policy, as it was given."""
        policy = self._desk.allowed(asked, "GetBucketPolicy").policy
        if policy is None:
            raise NotFound("NoSuchBucketPolicy", "The bucket policy does not exist")
        headers = (
            ("content-type", "application/json"),
            ("x-amz-request-id", asked.call.request_id),
        )
        return Reply(200, headers, policy.encode())

    def put_policy(self, asked: S3Request) -> Reply:
        """Give a bucket a policy."""
        bucket = self._desk.allowed(asked, "PutBucketPolicy")
        if len(asked.body) > _POLICY_BYTES_MAX:
            raise InputInvalid("PolicyTooLarge", "A bucket policy has at most 20 KB.")
        try:
            parse_resource_policy(asked.body, "bucket policy", "")
        except PolicyMalformed as refused:
            raise InputInvalid("MalformedPolicy", refused.why) from refused
        self._desk.objects.set_policy(bucket.name, asked.body.decode())
        return empty_reply(asked.call, 204)

    def delete_policy(self, asked: S3Request) -> Reply:
        """Take a bucket's policy away."""
        bucket = self._desk.allowed(asked, "DeleteBucketPolicy")
        self._desk.objects.set_policy(bucket.name, None)
        return empty_reply(asked.call, 204)

    def list_objects(self, asked: S3Request) -> Reply:
        """Keys of a bucket: ListObjectsV2, or ListObjects without list-type=2."""
        prefix, delimiter = asked.query.get("prefix", ""), asked.query.get("delimiter", "")
        context = {"s3:prefix": prefix, "s3:delimiter": delimiter}
        limit = asked.number("max-keys", KEYS_MAX, KEYS_MAX)
        context["s3:max-keys"] = str(limit)
        bucket = self._desk.allowed(asked, "ListBucket", context=context)
        second = asked.query.get("list-type") == "2"
        after = _after(asked) if second else asked.query.get("marker", "")
        page = list_page(
            lambda low, high, count: self._desk.objects.list(bucket, low, high, count),
            prefix,
            delimiter,
            after,
            limit,
        )
        encoded = asked.query.get("encoding-type") == "url"

        def shown(text: str) -> str:
            return quote(text, safe="/*-._~") if encoded else text

        head: list[Element] = [
            ("Name", bucket.name),
            ("Prefix", shown(prefix)),
            ("MaxKeys", str(limit)),
            ("IsTruncated", str(page.last is not None).lower()),
        ]
        if delimiter:
            head.append(("Delimiter", shown(delimiter)))
        if encoded:
            head.append(("EncodingType", "url"))
        head += _place_v2(asked, page) if second else [("Marker", shown(after))]
        if not second and page.last is not None:
            head.append(("NextMarker", shown(page.last)))
        contents: list[Element] = [
            (
                "Contents",
                [
                    ("Key", shown(each.key)),
                    ("LastModified", shown_instant(each.modified)),
                    ("ETag", f'"{each.etag}"'),
                    ("Size", str(each.size)),
                    ("StorageClass", "STANDARD"),
                ],
            )
            for each in page.objects
        ]
        prefixes: list[Element] = [
            ("CommonPrefixes", [("Prefix", shown(each))]) for each in page.prefixes
        ]
        return _document(asked, "ListBucketResult", [*head, *contents, *prefixes])


def _place_v2(asked: S3Request, page: Page) -> list[Element]:
    """What the second version says of where it is."""
    place: list[Element] = [("KeyCount", str(len(page.objects) + len(page.prefixes)))]
    place += [
        (element, asked.query[name])
        for name, element in (
            ("continuation-token", "ContinuationToken"),
            ("start-after", "StartAfter"),
        )
        if name in asked.query
    ]
    if page.last is not None:
        token = urlsafe_b64encode(page.last.encode()).decode()
        place.append(("NextContinuationToken", token))
    return place


def _after(asked: S3Request) -> str:
    token = asked.query.get("continuation-token")
    if token is None:
        return asked.query.get("start-after", "")
    try:
        return b64decode(token, altchars=b"-_", validate=True).decode()
    except ValueError:
        raise InputInvalid(
            "InvalidArgument", "The continuation token provided is incorrect"
        ) from None


def _document(asked: S3Request, name: str, content: Content) -> Reply:
    return xml_reply(200, document(name, content, NAMESPACES["s3"]), asked.call.request_id)
