"""Data sets asked for by an unmodified boto3 lie in a bucket, and the seller is told."""

import json
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from built_data_sets import DAILY, HUGE, HUGE_ROWS, data_sets
from sellers_aws import FIVE_ACTIONS, POLICY, SELLER, sellers_aws
from server import live_server
from waag.config import Settings

NOW = "2026-05-14T10:20:30Z"
DAY = datetime(2026, 5, 13, 17, 0, 1, tzinfo=UTC)
NAME = f"{DAILY}_2026-05-13"


@pytest.fixture(scope="module")
def aws():
    """One AWS for all, each test with a role, bucket and topic of its own."""
    with sellers_aws() as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory, aws):
    """A Waag that delivers there, its clock standing still."""
    settings = Settings(data=tmp_path_factory.mktemp("data") / "data", aws_endpoint=aws.endpoint)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", aws.own[0])
        patch.setenv("AWS_SECRET_ACCESS_KEY", aws.own[1])
        with live_server(settings, data_sets()) as running:
            running.ask("PUT", "/clock", {"mode": "frozen", "now": NOW})
            running.ask("PUT", "/market", aws.enrolled().market())
            yield running


@pytest.fixture(scope="module")
def where(aws):
    """A role, bucket and topic that nothing is taken from."""
    return aws.enrolled()


def client(server):
    """A client of the service."""
    return server.client(service="marketplacecommerceanalytics")


def generate(server, where, data_set=DAILY, **more):
    """One request: its id."""
    answer = client(server).generate_data_set(
        dataSetType=data_set, dataSetPublicationDate=DAY, **where.request(**more)
    )
    return answer["dataSetRequestId"]


def refusal(server, where, **more):
    """What a request is refused with: code, status and message."""
    with pytest.raises(ClientError) as refused:
        generate(server, where, **more)
    response = refused.value.response
    return (
        response["Error"]["Code"],
        response["ResponseMetadata"]["HTTPStatusCode"],
        response["Error"]["Message"],
    )


def test_a_data_set_is_delivered(aws, server, where):
    """Rows and the file beside them, under the prefix."""
    request = generate(server, where, destinationS3Prefix="daily/reports")
    notice = aws.notice(where)
    assert notice == {
        "dataSetS3Location": {"bucketName": where.bucket, "key": f"daily/reports/{NAME}.csv"},
        "dataSetMetaDataS3Location": {
            "bucketName": where.bucket,
            "key": f"daily/reports/{NAME}.meta.json",
        },
        "dataSetRequestId": request,
        "success": True,
    }
    assert aws.content(where, f"daily/reports/{NAME}.csv") == (
        b'"Product Title","Product Code"\n'
        b'"Polder ""Analytics"", ltd","=1+1"\n'
        b'"two\nlines","\xe2\x82\xac \xf0\x9f\x8c\xb7"\n'
    )


def test_the_file_beside_it(aws, server, where):
    """Says what was asked for, and which time it covers."""
    request = generate(server, where, customerDefinedValues={"run": "7"})
    notice = aws.notice(where)
    assert json.loads(aws.content(where, f"{NAME}.meta.json")) == {
        "dataSetRequestId": request,
        "dataSetCoverageRange": {
            "startDateTime": "2026-05-12T00:00:00.000Z",
            "endDateTime": "2026-05-12T23:59:59.000Z",
        },
        "dataSetRequestParameters": {
            "sellerAccountId": SELLER,
            "dataSetType": DAILY,
            "dataSetPublicationDate": "2026-05-13T00:00:00.000Z",
            "roleNameArn": where.role,
            "destinationS3BucketName": where.bucket,
            "snsTopicArn": where.topic,
            "customerDefinedValues": {"run": "7"},
        },
        "dataSetS3Location": {"bucketName": where.bucket, "key": f"{NAME}.csv"},
        "dataSetMetaDataS3Location": {"bucketName": where.bucket, "key": f"{NAME}.meta.json"},
    }
    assert notice["customerDefinedValues"] == {"run": "7"}


def test_the_bucket_may_be_anywhere(aws, server):
    """Its Region is found out."""
    where = aws.enrolled(region="eu-central-1")
    generate(server, where)
    assert aws.notice(where)["success"] is True


def test_a_large_data_set_is_put_in_parts(aws, server, where):
    """To the last row."""
    generate(server, where, HUGE)
    aws.notice(where)
    key = f"{HUGE}_2026-05-13.csv"
    head = aws.s3().head_object(Bucket=where.bucket, Key=key, PartNumber=1)
    rows = aws.content(where, key).decode().splitlines()
    assert (head["PartsCount"], len(rows), rows[-1]) == (
        2,
        HUGE_ROWS + 1,
        f'"{"x" * 1000}","{HUGE_ROWS - 1}"',
    )


def test_asked_again_it_takes_the_place_of_itself(aws, server):
    """The same bytes, another request; in the order in which they were asked for."""
    where = aws.enrolled()
    ids = [generate(server, where) for _ in range(2)]
    told = [aws.notice(where)["dataSetRequestId"] for _ in ids]
    metadata = json.loads(aws.content(where, f"{NAME}.meta.json"))
    assert (told, metadata["dataSetRequestId"], aws.keys(where)) == (
        ids,
        ids[1],
        [f"{NAME}.csv", f"{NAME}.meta.json"],
    )


@pytest.mark.parametrize("prefix", ["/leading", "emoji/🌷", "trailing/", "a b/ü+%"])
def test_unusual_prefixes(aws, server, where, prefix):
    """Are kept to the letter; a slash at the end is not doubled."""
    generate(server, where, destinationS3Prefix=prefix)
    key = f"{prefix}{'' if prefix.endswith('/') else '/'}{NAME}.csv"
    told = aws.notice(where)["dataSetS3Location"]["key"]
    assert (told, key in aws.keys(where)) == (key, True)


class TestRefusedAtOnce:
    """What AWS says to the five actions is known before a request is taken."""

    @pytest.mark.parametrize(
        ("lacking", "fix"),
        [
            ("s3:GetBucketLocation", "s3:GetBucketLocation on it"),
            ("sns:GetTopicAttributes", "sns:GetTopicAttributes on it"),
            ("iam:GetRolePolicy", "iam:GetRolePolicy on itself"),
            ("s3:PutObject", "s3:PutObject on arn:aws:s3:::{bucket}/" + f"{NAME}.csv"),
            ("sns:Publish", "sns:Publish on {topic}"),
        ],
    )
    def test_a_role_that_lacks_an_action(self, aws, server, lacking, fix):
        """The message names it."""
        where = aws.enrolled()
        kept = [each for each in FIVE_ACTIONS if each != lacking]
        for name in (POLICY, "reports"):
            aws.allow(where, *kept, name=name)
        code, status, message = refusal(server, where)
        assert (code, status) == ("MarketplaceCommerceAnalyticsException", 400)
        assert fix.format(bucket=where.bucket, topic=where.topic) in message

    def test_a_role_that_may_not_be_assumed(self, aws, server, where):
        """The message has the external id that the trust policy is to ask for."""
        external_id = server.ask("GET", f"/enrollments/{SELLER}")["external_id"]
        aws.let_assume_roles(allowed=False)
        try:
            message = refusal(server, where)[2]
        finally:
            aws.let_assume_roles(allowed=True)
        assert f"where sts:ExternalId is {external_id}" in message

    @pytest.mark.parametrize("part", ["bucket", "topic"])
    def test_a_place_that_is_not_there(self, server, where, part):
        """The message names it."""
        gone = where._replace(**{part: f"{getattr(where, part)}x"})
        assert getattr(gone, part) in refusal(server, gone)[2]

    def test_nothing_of_it_is_kept(self, server, where):
        """No request is left behind."""
        before = server.ask("GET", "/data-set-requests?limit=1")["data_set_requests"]
        refusal(server, where._replace(bucket=f"{where.bucket}x"))
        assert server.ask("GET", "/data-set-requests?limit=1")["data_set_requests"] == before
