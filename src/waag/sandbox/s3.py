"""The embedded S3: which operation a request asks for.

Our own on plain files, since no well-kept library does it. Versions, ACLs, tags, encryption,
lifecycles, notifications and object locks are not served; asking for them says so.
"""

from collections.abc import Callable

from waag.exchange import Reply
from waag.ports import Clock, RandomBytes
from waag.sandbox.embedded_aws import Call
from waag.sandbox.refusals import NotServed
from waag.sandbox.s3_buckets import BucketOperations
from waag.sandbox.s3_desk import S3Desk
from waag.sandbox.s3_objects import ObjectOperations
from waag.sandbox.s3_requests import S3Request
from waag.sandbox.s3_uploads import UploadOperations
from waag.sandbox.stores import Objects

_Operation = tuple[str, Callable[[S3Request], Reply]]

_PLAIN = frozenset(
    {
        *("continuation-token", "delimiter", "encoding-type", "fetch-owner", "key-marker"),
        *("list-type", "marker", "max-keys", "max-buckets", "max-parts", "max-uploads"),
        *("part-number-marker", "prefix", "start-after", "upload-id-marker", "x-id"),
        *("bucket-region", "response-cache-control", "response-content-disposition"),
        *("response-content-encoding", "response-content-language", "response-content-type"),
        *("response-expires", "AWSAccessKeyId", "Expires", "Signature", "x-amz-security-token"),
    }
)
"""Parameters that do not tell one operation from another."""


class S3:
    """Answers requests to S3.

    Args:
        objects: where buckets and objects are kept.
        clock: when they are made.
        random_bytes: for the ids of uploads.
    """

    def __init__(self, objects: Objects, clock: Clock, random_bytes: RandomBytes) -> None:
        desk = S3Desk(objects)
        buckets, files = BucketOperations(desk, clock), ObjectOperations(desk, clock)
        uploads = UploadOperations(desk, files, clock, random_bytes)
        # By method, what is asked, and the parameters that tell operations apart.
        self._operations: dict[tuple[str, str, tuple[str, ...]], _Operation] = {
            ("GET", "service", ()): ("ListBuckets", buckets.list_buckets),
            ("PUT", "bucket", ()): ("CreateBucket", buckets.create),
            ("HEAD", "bucket", ()): ("HeadBucket", buckets.head),
            ("DELETE", "bucket", ()): ("DeleteBucket", buckets.delete),
            ("GET", "bucket", ()): ("ListObjects", buckets.list_objects),
            ("GET", "bucket", ("location",)): ("GetBucketLocation", buckets.location),
            ("GET", "bucket", ("policy",)): ("GetBucketPolicy", buckets.get_policy),
            ("PUT", "bucket", ("policy",)): ("PutBucketPolicy", buckets.put_policy),
            ("DELETE", "bucket", ("policy",)): ("DeleteBucketPolicy", buckets.delete_policy),
            ("POST", "bucket", ("delete",)): ("DeleteObjects", files.delete_many),
            ("GET", "bucket", ("uploads",)): ("ListMultipartUploads", uploads.list_uploads),
            ("PUT", "object", ()): ("PutObject", files.put),
            ("PUT", "copy", ()): ("CopyObject", files.copy),
            ("GET", "object", ()): ("GetObject", files.get),
            ("HEAD", "object", ()): ("HeadObject", files.get),
            ("DELETE", "object", ()): ("DeleteObject", files.delete),
            ("POST", "object", ("uploads",)): ("CreateMultipartUpload", uploads.create),
            ("PUT", "object", ("partNumber", "uploadId")): ("UploadPart", uploads.put_part),
            ("PUT", "copy", ("partNumber", "uploadId")): ("UploadPartCopy", uploads.copy_part),
            ("POST", "object", ("uploadId",)): ("CompleteMultipartUpload", uploads.complete),
            ("DELETE", "object", ("uploadId",)): ("AbortMultipartUpload", uploads.abort),
            ("GET", "object", ("uploadId",)): ("ListParts", uploads.list_parts),
        }

    def answer(self, call: Call) -> Reply:
        """Carry out one operation.

        Raises:
            Refusal: it is not carried out.
        """
        asked = S3Request(call)
        telling = tuple(sorted(set(asked.query) - _PLAIN))
        found = self._operations.get((asked.method, _asked_of(asked), telling))
        if found is None:
            raise NotServed(
                "NotImplemented",
                "A header you provided implies functionality that is not implemented",
                why=f"{asked.method} of {_asked_of(asked)} with {', '.join(telling) or 'no'} "
                "parameters is none of the operations that the embedded S3 has.",
            )
        call.operation, operation = found
        return operation(asked)


def _asked_of(asked: S3Request) -> str:
    if not asked.bucket:
        return "service"
    if not asked.key:
        return "bucket"
    return "copy" if "x-amz-copy-source" in asked.headers else "object"
