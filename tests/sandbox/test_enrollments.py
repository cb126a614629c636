"""What an enrollment of the market names is in the embedded AWS from the start."""

import json

import pytest
from embedded import POLDER_ACCOUNT, refused

from server import POLDER, live_server
from waag.config import Settings

ROLE = f"arn:aws:iam::{POLDER_ACCOUNT}:role/MarketplaceCommerceAnalyticsRole"
TOPIC = f"arn:aws:sns:us-east-1:{POLDER_ACCOUNT}:polder-reports-ready"
ENROLLMENT = {
    "enrollments": [
        {"seller": POLDER_ACCOUNT, "role": ROLE, "bucket": "polder-reports", "topic": TOPIC}
    ]
}


@pytest.fixture
def enrolled(server):
    """A server whose market has an enrollment."""
    assert server.ask("PUT", "/market", ENROLLMENT)["added"] == 1
    return server


def test_the_bucket_and_the_topic_are_there(enrolled):
    """The bucket and the topic that an enrollment names are its account's own."""
    buckets = enrolled.client(POLDER, "s3").list_buckets()["Buckets"]
    topics = enrolled.client(POLDER, "sns").list_topics()["Topics"]
    assert ([each["Name"] for each in buckets], topics) == (
        ["polder-reports"],
        [{"TopicArn": TOPIC}],
    )


def test_the_role_trusts_the_service_alone(enrolled):
    """The role is assumed by AWS's account with the seller's external id, and by nobody else."""
    embedded = enrolled.keeper.embedded
    service = enrolled.client(embedded.service_account.credentials(), "sts")
    given = {"RoleArn": ROLE, "RoleSessionName": "delivery"}
    known = {"ExternalId": embedded.external_id(POLDER_ACCOUNT)}
    assert refused(service.assume_role, **given, **known) is None
    assert refused(service.assume_role, **given) == "AccessDenied"
    assert refused(enrolled.client(POLDER, "sts").assume_role, **given, **known) == "AccessDenied"


def test_the_role_may_deliver_and_no_more(enrolled):
    """A session of the role puts objects and publishes; it reads no objects."""
    embedded = enrolled.keeper.embedded
    service = enrolled.client(embedded.service_account.credentials(), "sts")
    given = {"RoleArn": ROLE, "RoleSessionName": "delivery"}
    answered = service.assume_role(**given, ExternalId=embedded.external_id(POLDER_ACCOUNT))
    names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
    session = tuple(answered["Credentials"][name] for name in names)
    s3, sns = enrolled.client(session, "s3"), enrolled.client(session, "sns")
    s3.get_bucket_location(Bucket="polder-reports")
    s3.put_object(Bucket="polder-reports", Key="k", Body=b"content")
    sns.publish(TopicArn=TOPIC, Message=json.dumps({"success": True}))
    assert refused(s3.get_object, Bucket="polder-reports", Key="k") == "AccessDenied"


def test_the_roles_documents_can_be_read(enrolled):
    """The embedded IAM shows the role's trust and the policy that the wizard gives it."""
    iam = enrolled.client(POLDER, "iam")
    role = iam.get_role(RoleName="MarketplaceCommerceAnalyticsRole")["Role"]
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"AWS": "arn:aws:iam::452565589796:root"}
    names = iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]
    assert names == ["oneClick_MarketplaceCommerceAnalyticsRole"]


def test_what_is_removed_stays_removed(tmp_path):
    """A bucket of an enrollment that its owner removes is not made again by a restart."""
    settings = Settings(data=tmp_path / "data")
    with live_server(settings) as first:
        first.ask("PUT", "/market", ENROLLMENT)
        first.client(POLDER, "s3").delete_bucket(Bucket="polder-reports")
    with live_server(settings) as second:
        assert second.client(POLDER, "s3").list_buckets()["Buckets"] == []
