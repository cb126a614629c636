"""Sellers enrolled as AWS's wizard does, in the embedded AWS, and their enrollments checked."""

import json

import pytest
from asking import ask
from embedded import DIJK_ACCOUNT, POLDER_ACCOUNT

from built_data_sets import DAILY, data_sets
from server import DIJK, POLDER, live_server
from waag.config import Settings

ROLE_NAME = "MarketplaceCommerceAnalyticsRole"
POLICY_NAME = "oneClick_MarketplaceCommerceAnalyticsRole"
ROLE = f"arn:aws:iam::{DIJK_ACCOUNT}:role/{ROLE_NAME}"
BUCKET = f"marketplace-reports-{DIJK_ACCOUNT}"
TOPIC = f"arn:aws:sns:us-east-1:{DIJK_ACCOUNT}:marketplace-reports-ready"
CHECK = f"GET /enrollments/{DIJK_ACCOUNT}/findings"
ALL_MADE = ["bucket", "role", "policy", "topic"]


@pytest.fixture
def server(tmp_path):
    """A server of this test's own, with the demo market."""
    with live_server(Settings(data=tmp_path / "data")) as running:
        yield running


def enroll(server, **names):
    """What an enrolment of the second seller of the demo market is answered."""
    return ask(server, "POST /enrollments", {"seller": DIJK_ACCOUNT, **names})


def findings(server):
    """What is not as it has to be, by permission."""
    found = ask(server, CHECK).body["findings"]
    return {each["permission"]: each["why"] for each in found if each["found"] != "ok"}


def statements(*left_out):
    """The role's policy without some actions."""
    allowed = (
        ("s3:GetBucketLocation", f"arn:aws:s3:::{BUCKET}"),
        ("s3:PutObject", f"arn:aws:s3:::{BUCKET}/*"),
        ("sns:Publish", TOPIC),
        ("sns:GetTopicAttributes", TOPIC),
        ("iam:GetRolePolicy", ROLE),
    )
    return [
        {"Effect": "Allow", "Action": action, "Resource": resource}
        for action, resource in allowed
        if action not in left_out
    ]


def test_all_is_made(server):
    """Under the usual names; the market has the enrollment, and nothing is missing."""
    enrolled = enroll(server).body
    shown = ask(server, f"GET /enrollments/{DIJK_ACCOUNT}").body
    assert enrolled == {"enrollment": shown, "made": ALL_MADE, "commands": []}
    assert shown == {
        "seller": DIJK_ACCOUNT,
        "role": ROLE,
        "external_id": shown["external_id"],
        "policy": POLICY_NAME,
        "bucket": BUCKET,
        "prefix": None,
        "topic": TOPIC,
    }
    assert findings(server) == {}


def test_other_names(server):
    """Each as it was given."""
    names = {"bucket": "dijk", "topic": "told", "role": "Delivers", "prefix": "sets/a"}
    shown = enroll(server, **names).body["enrollment"]
    assert (shown["bucket"], shown["prefix"]) == ("dijk", "sets/a")
    assert shown["role"].endswith(":role/Delivers")
    assert shown["topic"].endswith(":told")
    assert findings(server) == {}


def test_a_prefix_is_all_that_the_role_may_write_to(tmp_path):
    """What the operator has delivered goes there; a request for another place is refused."""
    with live_server(Settings(data=tmp_path / "data"), data_sets()) as server:
        server.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-05-14T10:20:30Z"})
        enroll(server, prefix="sets")
        body = {"type": DAILY, "date": "2026-05-13", "seller": DIJK_ACCOUNT}
        taken = ask(server, "POST /data-set-requests", body)
        elsewhere = ask(server, "POST /data-set-requests", body | {"prefix": "others"})
    assert taken.body["key"] == f"sets/{DAILY}_2026-05-13.csv"
    assert "s3:PutObject on" in elsewhere.error["message"]


def test_again(server):
    """Nothing is made that is there; what was removed is made again."""
    enroll(server)
    assert enroll(server, bucket=BUCKET).body["made"] == []
    server.client(DIJK, "s3").delete_bucket(Bucket=BUCKET)
    server.client(DIJK, "sns").delete_topic(TopicArn=TOPIC)
    iam = server.client(DIJK, "iam")
    iam.delete_role_policy(RoleName=ROLE_NAME, PolicyName=POLICY_NAME)
    assert enroll(server).body["made"] == ["bucket", "policy", "topic"]
    assert findings(server) == {}


@pytest.mark.parametrize(
    ("names", "status", "rule", "why"),
    [
        (
            {"seller": "210000000001"},
            400,
            "analytics.seller",
            "'210000000001' is no seller's account in this market.",
        ),
        (
            {"seller": POLDER_ACCOUNT, "bucket": "another"},
            409,
            "analytics.enrolled-elsewhere",
            f"Account {POLDER_ACCOUNT} has enrolled with the bucket 'polder-reports', not "
            "'another'. An enrollment is changed by its entry in the market file.",
        ),
        (
            {"bucket": "polder-reports"},
            400,
            "analytics.destination",
            "The bucket 'polder-reports' is another account's; names of buckets are unique over "
            "all accounts, so give another.",
        ),
        (
            {"prefix": "a*"},
            400,
            "analytics.destination",
            "The prefix 'a*' has one of * ? $, which mean something in the role's policy; give "
            "one without.",
        ),
        (
            {"role": "a role"},
            400,
            "analytics.destination",
            f"roleNameArn 'arn:aws:iam::{DIJK_ACCOUNT}:role/a role' is not the ARN of a role such "
            f"as arn:aws:iam::{DIJK_ACCOUNT}:role/MarketplaceCommerceAnalyticsRole.",
        ),
    ],
    ids=["no seller", "elsewhere", "bucket of another", "pattern", "no name"],
)
def test_what_is_refused(server, names, status, rule, why):
    """With the reason; nothing is made."""
    answer = enroll(server, **names)
    assert (answer.status, answer.error["rule"], answer.error["message"]) == (status, rule, why)
    assert server.client(DIJK, "s3").list_buckets()["Buckets"] == []


NEEDS_POLICY = ("s3:PutObject", "sns:Publish")


@pytest.mark.parametrize(
    ("left_out", "missing"),
    [
        (
            "s3:PutObject",
            {
                "s3:PutObject": f"Give role {ROLE} s3:PutObject on arn:aws:s3:::{BUCKET}/"
                f"data_set_2026-01-01.csv: its policy {POLICY_NAME} does not."
            },
        ),
        (
            "sns:Publish",
            {
                "sns:Publish": f"Give role {ROLE} sns:Publish on {TOPIC}: its policy "
                f"{POLICY_NAME} does not."
            },
        ),
        ("s3:GetBucketLocation", {"s3:GetBucketLocation": None}),
        ("sns:GetTopicAttributes", {"sns:GetTopicAttributes": None}),
        ("iam:GetRolePolicy", dict.fromkeys(("iam:GetRolePolicy", *NEEDS_POLICY))),
    ],
)
def test_a_permission_that_is_missing(server, left_out, missing):
    """Is named, with what to do; what depends on it is not known."""
    enroll(server)
    document = {"Version": "2012-10-17", "Statement": statements(left_out)}
    server.client(DIJK, "iam").put_role_policy(
        RoleName=ROLE_NAME, PolicyName=POLICY_NAME, PolicyDocument=json.dumps(document)
    )
    found = findings(server)
    assert found == {name: why or found.get(name) for name, why in missing.items()}
    assert left_out in found[left_out]


def test_a_role_that_anybody_assumes(server):
    """The trust policy has to ask for the external id."""
    enroll(server)
    trust = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::452565589796:root"},
            "Action": "sts:AssumeRole",
        },
    }
    iam = server.client(DIJK, "iam")
    iam.update_assume_role_policy(RoleName=ROLE_NAME, PolicyDocument=json.dumps(trust))
    identifier = ask(server, f"GET /enrollments/{DIJK_ACCOUNT}").body["external_id"]
    assert findings(server) == {
        "sts:ExternalId": f"Let the trust policy of role {ROLE} ask for sts:ExternalId "
        f"{identifier}: it can be assumed without."
    }


def test_a_role_that_is_gone(server):
    """Nothing else can be known, and nothing was left behind."""
    enroll(server)
    iam = server.client(DIJK, "iam")
    iam.delete_role_policy(RoleName=ROLE_NAME, PolicyName=POLICY_NAME)
    iam.delete_role(RoleName=ROLE_NAME)
    found = {each["permission"]: each["found"] for each in ask(server, CHECK).body["findings"]}
    assert found.pop("sts:AssumeRole") == "missing"
    assert (len(found), set(found.values())) == (6, {"unknown"})
    assert server.client(DIJK, "s3").list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0


def test_the_demo_markets_seller(server):
    """Has enrolled by the market file, and misses nothing."""
    found = ask(server, f"GET /enrollments/{POLDER_ACCOUNT}/findings").body["findings"]
    assert {each["found"] for each in found} == {"ok"}
    assert server.client(POLDER, "s3").list_objects_v2(Bucket="polder-reports")["KeyCount"] == 0
