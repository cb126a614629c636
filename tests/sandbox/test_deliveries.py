"""Data sets delivered to the embedded AWS, from which boto3 takes them."""

import json
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from built_data_sets import DAILY, data_sets
from server import POLDER, live_server
from waag.config import Settings

ACCOUNT = "120000000001"
ROLE_NAME = "MarketplaceCommerceAnalyticsRole"
POLICY_NAME = "oneClick_MarketplaceCommerceAnalyticsRole"
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:polder-reports-ready"
REQUEST = {
    "dataSetType": DAILY,
    "dataSetPublicationDate": datetime(2026, 5, 13, tzinfo=UTC),
    "roleNameArn": f"arn:aws:iam::{ACCOUNT}:role/{ROLE_NAME}",
    "destinationS3BucketName": "polder-reports",
    "destinationS3Prefix": "daily",
    "snsTopicArn": TOPIC,
}
KEY = f"daily/{DAILY}_2026-05-13.csv"


@pytest.fixture(scope="module")
def delivering(tmp_path_factory):
    """A server that was told of no other AWS, its clock standing still."""
    settings = Settings(data=tmp_path_factory.mktemp("delivering") / "data")
    with live_server(settings, data_sets()) as running:
        running.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-05-14T10:20:30Z"})
        yield running


@pytest.fixture(scope="module")
def queue(delivering):
    """A queue that the topic's messages go to."""
    sqs = delivering.client(POLDER, "sqs")
    url = sqs.create_queue(QueueName="reports-ready")["QueueUrl"]
    arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:reports-ready"
    delivering.client(POLDER, "sns").subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=arn)
    return url


def generate(server):
    """The request made by the seller: its id."""
    service = server.client(POLDER, "marketplacecommerceanalytics")
    return service.generate_data_set(**REQUEST)["dataSetRequestId"]


def next_notice(server, queue):
    """What the queue is told next."""
    answer = server.client(POLDER, "sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=20)
    (message,) = answer["Messages"]
    return json.loads(json.loads(message["Body"])["Message"])


def test_from_the_request_to_the_notice(delivering, queue):
    """The notice comes by the topic's queue, and what it names can be read."""
    request_id = generate(delivering)
    notice = next_notice(delivering, queue)
    assert (notice["dataSetRequestId"], notice["success"]) == (request_id, True)
    where = notice["dataSetS3Location"]
    found = delivering.client(POLDER, "s3").get_object(Bucket=where["bucketName"], Key=where["key"])
    assert found["Body"].read().startswith(b'"Product Title","Product Code"\n')


def test_an_objects_owner_is_the_seller(delivering, queue):
    """The role is the seller's, and so the objects are."""
    generate(delivering)
    next_notice(delivering, queue)
    listed = delivering.client(POLDER, "s3").list_objects_v2(Bucket="polder-reports")
    assert [each["Key"] for each in listed["Contents"]] == [
        KEY,
        KEY.replace(".csv", ".meta.json"),
    ]


def test_a_role_that_may_put_no_objects(delivering):
    """The policy made by the wizard is replaced by one without s3:PutObject."""
    iam = delivering.client(POLDER, "iam")
    named = {"RoleName": ROLE_NAME, "PolicyName": POLICY_NAME}
    document = iam.get_role_policy(**named)["PolicyDocument"]
    kept = [each for each in document["Statement"] if each["Action"] != "s3:PutObject"]
    iam.put_role_policy(**named, PolicyDocument=json.dumps(document | {"Statement": kept}))
    try:
        with pytest.raises(ClientError, match=f"Give role .* s3:PutObject on .*{KEY}"):
            generate(delivering)
    finally:
        iam.put_role_policy(**named, PolicyDocument=json.dumps(document))
