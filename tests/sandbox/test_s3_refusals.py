"""What the embedded S3 refuses, and bodies in chunks."""

import hashlib
import zlib
from base64 import b64encode

import pytest
import urllib3
from embedded import DIJK_ACCOUNT, policy, refused

from server import POLDER
from waag.exchange import Request
from waag.wire import sigv4
from waag.wire.aws_chunked import ChunkSigner


@pytest.fixture
def s3(server):
    """The S3 of the account that Polder has, with one bucket."""
    client = server.client(POLDER, "s3")
    client.create_bucket(Bucket="reports")
    return client


def etag(content):
    """What an object that was put in one piece is told apart by."""
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'


@pytest.mark.parametrize(
    ("operation", "given", "code"),
    [
        ("get_object", {"Bucket": "none", "Key": "k"}, "NoSuchBucket"),
        ("get_object", {"Key": "none"}, "NoSuchKey"),
        ("head_bucket", {"Bucket": "none"}, "404"),
        ("get_bucket_policy", {}, "NoSuchBucketPolicy"),
        ("put_bucket_policy", {"Policy": "{}"}, "MalformedPolicy"),
        ("create_bucket", {"Bucket": "Upper"}, "InvalidBucketName"),
        ("put_object", {"Key": "k", "ACL": "public-read"}, "AccessControlListNotSupported"),
        ("put_object", {"Key": "k", "Metadata": {"a": "b" * 2048}}, "MetadataTooLarge"),
        ("put_object", {"Key": "x" * 1025}, "KeyTooLongError"),
        ("put_object", {"Key": "k", "ContentMD5": "AAAA"}, "BadDigest"),
        ("put_object", {"Key": "k", "ChecksumSHA256": "%"}, "InvalidRequest"),
        ("put_object", {"Key": "k", "IfMatch": '"none"'}, "NoSuchKey"),
        ("put_object", {"Key": "one", "IfMatch": '"none"'}, "PreconditionFailed"),
        ("put_object", {"Key": "k", "ExpectedBucketOwner": DIJK_ACCOUNT}, "AccessDenied"),
        ("copy_object", {"Key": "one", "CopySource": "reports/one"}, "InvalidRequest"),
        ("copy_object", {"Key": "k", "CopySource": "reports/none"}, "NoSuchKey"),
        ("copy_object", {"Key": "k", "CopySource": "reports/one?versionId=1"}, "NotImplemented"),
        ("list_objects_v2", {"ContinuationToken": "?"}, "InvalidArgument"),
        ("get_object", {"Key": "one", "IfMatch": '"none"'}, "PreconditionFailed"),
        ("get_object", {"Key": "one", "IfNoneMatch": "*"}, "304"),
        ("get_object", {"Key": "one", "IfModifiedSince": "2999-01-01"}, "304"),
        ("get_object", {"Key": "one", "IfUnmodifiedSince": "1999-01-01"}, "PreconditionFailed"),
        ("upload_part", {"Key": "k", "UploadId": "none", "PartNumber": 1}, "NoSuchUpload"),
        ("delete_objects", {"Delete": {"Objects": []}}, "MalformedXML"),
    ],
    ids=[str(number) for number in range(24)],
)
def test_refusals(s3, operation, given, code):
    """What cannot be done is refused with S3's own code."""
    s3.put_object(Bucket="reports", Key="one", Body=b"1")
    assert refused(getattr(s3, operation), **{"Bucket": "reports", **given}) == code


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([(1, "none")], "InvalidPart"),
        ([], "MalformedXML"),
        ([(2, None), (1, None)], "InvalidPartOrder"),
        ([(1, None), (2, None)], "EntityTooSmall"),
    ],
    ids=["etag", "none", "order", "small"],
)
def test_parts_that_are_no_object(s3, parts, code):
    """An upload is completed by its own parts, in order, all but the last of 5 MiB or more."""
    upload = {"Bucket": "reports", "Key": "k"}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    for number in (1, 2):
        s3.upload_part(**upload, PartNumber=number, Body=b"part")
    named = [{"PartNumber": number, "ETag": given or etag(b"part")} for number, given in parts]
    completed = {**upload, "MultipartUpload": {"Parts": named}}
    assert refused(s3.complete_multipart_upload, **completed) == code


def test_a_bucket_has_a_region(server):
    """A bucket is where it was made; us-east-1 has no name, as S3 has it."""
    s3 = server.client(POLDER, "s3", "eu-west-1")
    there = {"CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
    s3.create_bucket(Bucket="there", **there)
    server.client(POLDER, "s3").create_bucket(Bucket="here")
    places = [
        s3.get_bucket_location(Bucket=name)["LocationConstraint"] for name in ("there", "here")
    ]
    assert places == ["eu-west-1", None]


def test_a_bucket_policy_is_taken_away(s3):
    """A bucket whose policy is deleted has none."""
    s3.put_bucket_policy(
        Bucket="reports", Policy=policy("s3:*", "arn:aws:s3:::reports", Principal="*")
    )
    s3.delete_bucket_policy(Bucket="reports")
    assert refused(s3.get_bucket_policy, Bucket="reports") == "NoSuchBucketPolicy"


@pytest.mark.parametrize("trailer", [False, True])
def test_streamed_bodies_are_taken(server, s3, trailer):
    """A body streamed in signed chunks, with a trailer or without, is stored without them."""
    body, headers = streamed(server, b"content", trailer=trailer)
    answered = urllib3.request("PUT", f"{server.endpoint}/reports/k", body=body, headers=headers)
    assert answered.status == 200, answered.data
    assert s3.get_object(Bucket="reports", Key="k")["Body"].read() == b"content"


def streamed(server, content, *, trailer):
    """A signed request to put an object, its body in chunks."""
    kind = f"STREAMING-AWS4-HMAC-SHA256-PAYLOAD{'-TRAILER' if trailer else ''}"
    moment = server.ask("GET", "/clock")["now"][:19].replace("-", "").replace(":", "") + "Z"
    headers = {
        "host": server.endpoint.removeprefix("http://"),
        "x-amz-content-sha256": kind,
        "x-amz-date": moment,
        "x-amz-decoded-content-length": str(len(content)),
    }
    signed = tuple(sorted(headers))
    asked = Request("PUT", "/reports/k", "", headers, b"", "")
    canonical = sigv4.canonical_request(asked, signed, kind)
    scope = sigv4.Scope(moment[:8], "us-east-1", "s3", "aws4_request")
    key = sigv4.signing_key(POLDER[1], moment[:8], "us-east-1", "s3")
    seed = sigv4.signature(key, sigv4.string_to_sign(sigv4.ALGORITHM, moment, scope, canonical))
    signer = ChunkSigner(key, moment, scope.text, seed)
    body = b""
    for chunk in (content, b""):
        signature = signer.sign_chunk(chunk)
        end = b"\r\n" if chunk else b""
        body += f"{len(chunk):x};chunk-signature={signature}\r\n".encode() + chunk + end
    if trailer:
        checksum = f"x-amz-checksum-crc32:{b64encode(zlib.crc32(content).to_bytes(4)).decode()}"
        signature = signer.sign_trailers(f"{checksum}\n".encode())
        body += f"{checksum}\r\nx-amz-trailer-signature:{signature}\r\n".encode()
    credential = f"Credential={POLDER[0]}/{scope.text}, SignedHeaders={';'.join(signed)}"
    headers["authorization"] = f"{sigv4.ALGORITHM} {credential}, Signature={seed}"
    return body + b"\r\n", headers


def test_a_presigned_address_puts_what_is_sent(server, s3):
    """Who holds an address to put an object may not add a header that makes a copy of it."""
    s3.put_object(Bucket="reports", Key="secret", Body=b"secret")
    signing = server.client(POLDER, "s3", signature_version="s3v4")
    url = signing.generate_presigned_url("put_object", {"Bucket": "reports", "Key": "k"})
    copying = urllib3.request("PUT", url, headers={"x-amz-copy-source": "reports/secret"})
    assert b"headers present in the request which were not signed" in copying.data
    assert urllib3.request("PUT", url, body=b"content").status == 200
    assert s3.get_object(Bucket="reports", Key="k")["Body"].read() == b"content"


@pytest.mark.parametrize(
    ("method", "path", "headers", "code"),
    [
        ("GET", "/reports?X-Amz-Credential=a/b/c/s3/aws4_request", {}, b"AccessDenied"),
        ("GET", "/", {"authorization": "Basic x/s3/aws4_request"}, b"AccessDenied"),
        (
            "GET",
            "/",
            {"authorization": "AWS4-HMAC-SHA256 Credential=a/b/c/s3/aws4_request"},
            b"AuthorizationHeaderMalformed",
        ),
    ],
    ids=["presigned", "scheme", "parts"],
)
def test_signatures_that_are_none(server, method, path, headers, code):
    """What is no signature is refused in S3's own words."""
    answered = urllib3.request(method, f"{server.endpoint}{path}", headers=headers)
    assert code in answered.data
    assert answered.headers["content-type"] == "application/xml"
