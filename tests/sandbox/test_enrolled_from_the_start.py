"""What an enrollment of the market names is in the embedded AWS from the start."""

import json

from embedded import POLDER_ACCOUNT, refused

from server import POLDER, live_server
from waag.config import Settings

ROLE = f"arn:aws:iam::{POLDER_ACCOUNT}:role/MarketplaceCommerceAnalyticsRole"
TOPIC = f"arn:aws:sns:us-east-1:{POLDER_ACCOUNT}:polder-reports-ready"


def external_id(server):
    """What the role has to be assumed with."""
    return server.ask("GET", f"/enrollments/{POLDER_ACCOUNT}")["external_id"]


def test_the_bucket_and_the_topic_are_there(server):
    """The bucket and the topic that an enrollment names are its account's own."""
    buckets = server.client(POLDER, "s3").list_buckets()["Buckets"]
    topics = server.client(POLDER, "sns").list_topics()["Topics"]
    assert ([each["Name"] for each in buckets], topics) == (
        ["polder-reports"],
        [{"TopicArn": TOPIC}],
    )


def test_the_role_trusts_the_service_alone(server):
    """The role is assumed by AWS's account with the seller's external id, and by nobody else."""
    embedded = server.keeper.embedded
    service = server.client(embedded.service_account.credentials(), "sts")
    given = {"RoleArn": ROLE, "RoleSessionName": "delivery"}
    known = {"ExternalId": external_id(server)}
    assert refused(service.assume_role, **given, **known) is None
    assert refused(service.assume_role, **given) == "AccessDenied"
    assert refused(server.client(POLDER, "sts").assume_role, **given, **known) == "AccessDenied"


def test_the_role_may_deliver_and_no_more(server):
    """A session of the role puts objects and publishes; it reads no objects."""
    embedded = server.keeper.embedded
    service = server.client(embedded.service_account.credentials(), "sts")
    given = {"RoleArn": ROLE, "RoleSessionName": "delivery"}
    answered = service.assume_role(**given, ExternalId=external_id(server))
    names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
    session = tuple(answered["Credentials"][name] for name in names)
    s3, sns = server.client(session, "s3"), server.client(session, "sns")
    s3.get_bucket_location(Bucket="polder-reports")
    s3.put_object(Bucket="polder-reports", Key="k", Body=b"content")
    sns.publish(TopicArn=TOPIC, Message=json.dumps({"success": True}))
    assert refused(s3.get_object, Bucket="polder-reports", Key="k") == "AccessDenied"


def test_the_roles_documents_can_be_read(server):
    """The embedded IAM shows the role's trust and the policy that the wizard gives it."""
    iam = server.client(POLDER, "iam")
    role = iam.get_role(RoleName="MarketplaceCommerceAnalyticsRole")["Role"]
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"AWS": "arn:aws:iam::452565589796:root"}
    names = iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]
    assert names == ["oneClick_MarketplaceCommerceAnalyticsRole"]


def test_what_is_removed_stays_removed(tmp_path):
    """A bucket of an enrollment that its owner removes is not made again by a restart."""
    settings = Settings(data=tmp_path / "data")
    with live_server(settings) as first:
        first.client(POLDER, "s3").delete_bucket(Bucket="polder-reports")
    with live_server(settings) as second:
        assert second.client(POLDER, "s3").list_buckets()["Buckets"] == []
