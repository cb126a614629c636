"""Buckets and objects over boto3, on a real socket."""

import hashlib
import io
import json
from functools import partial

import pytest
import urllib3
from boto3.s3.transfer import TransferConfig
from embedded import (
    DIJK_ACCOUNT,
    POLDER_ACCOUNT,
    POLDER_USER,
    assume,
    new_role,
    new_user,
    policy,
    refused,
    trusting,
)

from server import DIJK, POLDER, live_server
from waag.config import Settings

MIB = 1024 * 1024
md5 = partial(hashlib.md5, usedforsecurity=False)


@pytest.fixture
def s3(server):
    """The S3 of the account that Polder has, with one bucket."""
    client = server.client(POLDER, "s3")
    client.create_bucket(Bucket="reports")
    return client


def etag(content):
    """What an object that was put in one piece is told apart by."""
    return f'"{md5(content).hexdigest()}"'


def keys(client, **given):
    """The keys of a bucket."""
    return [each["Key"] for each in client.list_objects_v2(**given).get("Contents", [])]


@pytest.mark.parametrize(
    "key",
    ["a", "a/b", "a//b/../c", "ünï cødé", "100%/+&=?#", "-~._!*'()", "x" * 1024, ".hidden", " "],
)
def test_an_object_comes_back(s3, key):
    """What was put under a key, of whatever characters, is got from it."""
    s3.put_object(Bucket="reports", Key=key, Body=b"content")
    assert s3.get_object(Bucket="reports", Key=key)["Body"].read() == b"content"
    assert keys(s3, Bucket="reports") == [key]


def test_what_was_said_of_an_object_comes_back(s3):
    """Content type and metadata are sent with an object, and its ETag is its MD5."""
    s3.put_object(
        Bucket="reports", Key="k", Body=b"a,b\n", ContentType="text/csv", Metadata={"Set": "x"}
    )
    found = s3.head_object(Bucket="reports", Key="k")
    assert (found["ContentType"], found["Metadata"], found["ContentLength"], found["ETag"]) == (
        "text/csv",
        {"set": "x"},
        4,
        etag(b"a,b\n"),
    )


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("bytes=2-4", b"234"), ("bytes=7-", b"789"), ("bytes=-2", b"89"), ("bytes=8-99", b"89")],
)
def test_a_range_is_sent(s3, asked, expected):
    """Of an object those bytes are sent that are asked for."""
    s3.put_object(Bucket="reports", Key="k", Body=b"0123456789")
    found = s3.get_object(Bucket="reports", Key="k", Range=asked)
    assert (found["Body"].read(), found["ResponseMetadata"]["HTTPStatusCode"]) == (expected, 206)


def test_a_range_beyond_the_end_is_refused(s3):
    """A range that begins beyond the end of an object is refused."""
    s3.put_object(Bucket="reports", Key="k", Body=b"0123456789")
    assert refused(s3.get_object, Bucket="reports", Key="k", Range="bytes=10-") == "InvalidRange"


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"])
def test_checksums_are_verified_and_kept(s3, algorithm):
    """A checksum of each kind is verified, and sent with the object when that is asked for."""
    put = s3.put_object(Bucket="reports", Key="k", Body=b"abc", ChecksumAlgorithm=algorithm)
    got = s3.get_object(Bucket="reports", Key="k", ChecksumMode="ENABLED")
    assert got["Body"].read() == b"abc"
    assert got[f"Checksum{algorithm}"] == put[f"Checksum{algorithm}"]


def test_a_wrong_checksum_is_refused(s3):
    """An object whose checksum is not as stated is refused, and not stored."""
    wrong = {"Bucket": "reports", "Key": "k", "Body": b"abc", "ChecksumCRC32": "AAAAAA=="}
    assert refused(s3.put_object, **wrong) == "BadDigest"
    assert keys(s3, Bucket="reports") == []


def test_a_key_is_taken_once(s3):
    """If-None-Match keeps what stands under a key."""
    s3.put_object(Bucket="reports", Key="k", Body=b"1", IfNoneMatch="*")
    again = {"Bucket": "reports", "Key": "k", "Body": b"2", "IfNoneMatch": "*"}
    assert refused(s3.put_object, **again) == "PreconditionFailed"
    assert s3.get_object(Bucket="reports", Key="k")["Body"].read() == b"1"


def test_keys_are_listed_by_folder(s3):
    """A delimiter gathers keys; pages go on where the last ended."""
    for key in ("a/1", "a/2", "b", "c/1", "c/2/3", "d"):
        s3.put_object(Bucket="reports", Key=key, Body=b"")
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket="reports", Delimiter="/", PaginationConfig={"PageSize": 1}
    )
    found = [
        [each["Key"] for each in page.get("Contents", [])]
        + [each["Prefix"] for each in page.get("CommonPrefixes", [])]
        for page in pages
    ]
    assert found == [["a/"], ["b"], ["c/"], ["d"]]
    assert keys(s3, Bucket="reports", Prefix="c/") == ["c/1", "c/2/3"]
    old = s3.list_objects(Bucket="reports", Marker="b", MaxKeys=2)
    assert [each["Key"] for each in old["Contents"]] == ["c/1", "c/2/3"]


def test_objects_are_removed(s3):
    """Removed objects are gone, one alone and many at once; and so is the bucket then."""
    for key in "abc":
        s3.put_object(Bucket="reports", Key=key, Body=b"")
    s3.delete_object(Bucket="reports", Key="a")
    assert refused(s3.delete_bucket, Bucket="reports") == "BucketNotEmpty"
    s3.delete_objects(Bucket="reports", Delete={"Objects": [{"Key": "b"}, {"Key": "c"}]})
    s3.delete_bucket(Bucket="reports")
    assert "reports" not in [each["Name"] for each in s3.list_buckets()["Buckets"]]


def test_an_object_is_copied(s3):
    """A copy has the bytes and the metadata of what it is copied from."""
    s3.put_object(Bucket="reports", Key="from +", Body=b"bytes", Metadata={"a": "b"})
    s3.copy_object(Bucket="reports", Key="to", CopySource={"Bucket": "reports", "Key": "from +"})
    found = s3.get_object(Bucket="reports", Key="to")
    assert (found["Body"].read(), found["Metadata"]) == (b"bytes", {"a": "b"})


def test_an_upload_in_parts_becomes_one(s3):
    """What is uploaded in parts is one object, with the ETag that S3 gives those."""
    content = bytes(range(256)) * (11 * MIB // 256)
    transfer = TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB)
    s3.upload_fileobj(io.BytesIO(content), "reports", "large", Config=transfer)
    found = io.BytesIO()
    s3.download_fileobj("reports", "large", found)
    assert found.getvalue() == content
    parts = [content[start : start + 5 * MIB] for start in range(0, len(content), 5 * MIB)]
    digest = md5(b"".join(md5(part).digest() for part in parts)).hexdigest()
    assert s3.head_object(Bucket="reports", Key="large")["ETag"] == f'"{digest}-3"'


def test_an_upload_is_let_go_of(s3):
    """An upload that is aborted leaves nothing behind."""
    upload = {"Bucket": "reports", "Key": "k"}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    s3.upload_part(**upload, PartNumber=1, Body=b"part")
    assert [part["Size"] for part in s3.list_parts(**upload)["Parts"]] == [4]
    s3.abort_multipart_upload(**upload)
    assert s3.list_multipart_uploads(Bucket="reports").get("Uploads", []) == []
    assert refused(s3.list_parts, **upload) == "NoSuchUpload"


def test_a_part_is_copied(s3):
    """A part may be a range of another object."""
    s3.put_object(Bucket="reports", Key="from", Body=b"0123456789")
    upload = {"Bucket": "reports", "Key": "k"}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    part = s3.upload_part_copy(
        **upload, PartNumber=1, CopySource="reports/from", CopySourceRange="bytes=2-5"
    )["CopyPartResult"]
    s3.complete_multipart_upload(
        **upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    )
    assert s3.get_object(Bucket="reports", Key="k")["Body"].read() == b"2345"


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_a_presigned_address_is_read_by_anybody(server, s3, version):
    """Who holds a presigned address, of either version, reads the object without credentials."""
    s3.put_object(Bucket="reports", Key="a b/ü.csv", Body=b"content")
    signing = server.client(POLDER, "s3", signature_version=version)
    url = signing.generate_presigned_url("get_object", {"Bucket": "reports", "Key": "a b/ü.csv"})
    assert urllib3.request("GET", url).data == b"content"


@pytest.mark.parametrize(
    ("version", "altered", "code"),
    [
        ("s3v4", ("/k?", "/l?"), b"SignatureDoesNotMatch"),
        ("s3v4", ("X-Amz-Expires=60", "X-Amz-Expires=61"), b"SignatureDoesNotMatch"),
        ("s3v4", ("X-Amz-Expires=60", "X-Amz-Expires=0"), b"AuthorizationHeaderMalformed"),
        ("s3v4", ("X-Amz-Date=2", "X-Amz-Date=1"), b"AccessDenied"),
        ("s3", ("/k?", "/l?"), b"SignatureDoesNotMatch"),
        ("s3", ("&Expires=", "&Expires=1&Was="), b"Request has expired"),
        ("s3", ("&Expires=", "&Expires=none&Was="), b"AuthorizationHeaderMalformed"),
        ("s3", ("AWSAccessKeyId=A", "AWSAccessKeyId=B"), b"InvalidAccessKeyId"),
    ],
    ids=str,
)
def test_a_presigned_address_is_for_what_it_says(server, s3, version, altered, code):
    """A presigned address that was altered is refused."""
    s3.put_object(Bucket="reports", Key="k", Body=b"content")
    signing = server.client(POLDER, "s3", signature_version=version)
    url = signing.generate_presigned_url(
        "get_object", {"Bucket": "reports", "Key": "k"}, ExpiresIn=60
    )
    assert code in urllib3.request("GET", url.replace(*altered)).data


def test_another_account_does_not_see_it(server, s3):
    """An account sees its own buckets, and gets nothing out of another's."""
    s3.put_object(Bucket="reports", Key="k", Body=b"content")
    other = server.client(DIJK, "s3")
    assert other.list_buckets()["Buckets"] == []
    assert refused(other.get_object, Bucket="reports", Key="k") == "AccessDenied"
    assert refused(other.create_bucket, Bucket="reports") == "BucketAlreadyExists"


def test_a_bucket_policy_lets_another_account_in(server, s3):
    """Another account reads what a bucket's policy lets it read, and no more."""
    s3.put_object(Bucket="reports", Key="k", Body=b"content")
    principal = {"Principal": {"AWS": f"arn:aws:iam::{DIJK_ACCOUNT}:root"}}
    s3.put_bucket_policy(
        Bucket="reports", Policy=policy("s3:GetObject", "arn:aws:s3:::reports/*", **principal)
    )
    other = server.client(DIJK, "s3")
    assert other.get_object(Bucket="reports", Key="k")["Body"].read() == b"content"
    assert refused(other.put_object, Bucket="reports", Key="k", Body=b"") == "AccessDenied"
    assert json.loads(s3.get_bucket_policy(Bucket="reports")["Policy"])["Version"] == "2012-10-17"


def test_a_bucket_policy_denies_its_own_account(s3):
    """What a bucket's policy denies is refused, whatever one's own policies allow."""
    document = policy("s3:PutObject", "arn:aws:s3:::reports/*", "Deny", Principal="*")
    s3.put_bucket_policy(Bucket="reports", Policy=document)
    assert refused(s3.put_object, Bucket="reports", Key="k", Body=b"") == "AccessDenied"


@pytest.mark.usefixtures("s3")
@pytest.mark.parametrize(
    ("action", "expected"), [("s3:PutObject", None), ("s3:GetObject", "AccessDenied")]
)
def test_a_role_does_what_it_may(server, action, expected):
    """A session of a role without s3:PutObject puts nothing."""
    iam = server.client(POLDER, "iam")
    allowed = policy(action, "arn:aws:s3:::reports/*")
    role = new_role(iam, trusting(POLDER_USER), put=allowed)
    client = server.client(assume(server, role), "s3")
    assert refused(client.put_object, Bucket="reports", Key="k", Body=b"x") == expected


@pytest.mark.usefixtures("s3")
def test_who_may_not_list_does_not_learn_what_there_is(server):
    """A key that is not there is Access Denied to one who may not list the bucket."""
    user = new_user(server.client(POLDER, "iam"), read=policy("s3:GetObject"))
    client = server.client(user, "s3")
    assert refused(client.get_object, Bucket="reports", Key="none") == "AccessDenied"


def test_objects_outlive_the_server(tmp_path):
    """A server that is started anew on the same data has the same objects."""
    settings = Settings(data=tmp_path / "data")
    with live_server(settings) as first:
        s3 = first.client(POLDER, "s3")
        s3.create_bucket(Bucket="reports")
        s3.put_object(Bucket="reports", Key="k", Body=b"content")
    with live_server(settings) as second:
        found = second.client(POLDER, "s3").get_object(Bucket="reports", Key="k")
        assert found["Body"].read() == b"content"


def test_objects_are_plain_files(server, s3):
    """An object lies in the data directory as a file of its key's name."""
    s3.put_object(Bucket="reports", Key="2026/november.csv", Body=b"content")
    path = server.data / "objects" / POLDER_ACCOUNT / "reports" / "2026%2Fnovember.csv"
    assert path.read_bytes() == b"content"


def test_a_file_that_is_not_the_rows_is_described_anew(server, s3):
    """An object whose file was replaced, as by a crash, has the ETag of what is there."""
    s3.put_object(Bucket="reports", Key="k", Body=b"before")
    path = server.data / "objects" / POLDER_ACCOUNT / "reports" / "k"
    path.write_bytes(b"afterwards")
    found = s3.get_object(Bucket="reports", Key="k")
    assert found["ETag"] == etag(b"afterwards")
    assert found["Body"].read() == b"afterwards"


def test_too_large_a_body_is_refused(s3):
    """An object of more than 64 MiB in one piece is refused, in S3's own words."""
    body = bytes(64 * MIB + 1)
    assert refused(s3.put_object, Bucket="reports", Key="k", Body=body) == "EntityTooLarge"


def test_what_is_not_served_says_so(s3):
    """An operation that the embedded S3 does not have is refused as such."""
    assert refused(s3.get_bucket_acl, Bucket="reports") == "NotImplemented"
