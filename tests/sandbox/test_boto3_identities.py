"""Identities made over the embedded IAM, and what they may do then."""

import json

import pytest
from botocore.exceptions import ClientError

from server import DIJK, POLDER, RESOLVER

POLDER_ACCOUNT, DIJK_ACCOUNT = "120000000001", "120000000002"
METERS = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Action": "aws-marketplace:BatchMeterUsage",
        "Resource": "*",
    },
}


def refused(call, **given):
    """The error code that a call is refused with; None if it is not."""
    try:
        call(**given)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def trusting(*arns, **condition):
    """A trust policy for these, under a condition on strings."""
    statement = {"Effect": "Allow", "Principal": {"AWS": list(arns)}, "Action": "sts:AssumeRole"}
    if condition:
        statement["Condition"] = {"StringEquals": condition}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def policy(action, resource="*", effect="Allow"):
    """A policy of one statement."""
    statement = {"Effect": effect, "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def iam(server):
    """The IAM of the account that Polder has."""
    return server.client(POLDER, "iam")


def new_user(iam, name="meter", **policies):
    """A user of these policies: what it signs with."""
    iam.create_user(UserName=name)
    for policy_name, document in policies.items():
        iam.put_user_policy(UserName=name, PolicyName=policy_name, PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


def test_a_user_made_here_meters(server, iam):
    """A user of the embedded IAM signs a Marketplace request that its policy allows."""
    user = new_user(iam, meters=json.dumps(METERS))
    answered = server.client(user).batch_meter_usage(
        ProductCode="1poldertab2lytics3legacy4", UsageRecords=[]
    )
    assert answered["Results"] == []


def test_a_policy_counts_at_once(server, iam):
    """What was allowed before a policy is deleted is refused right after."""
    user = new_user(iam, meters=json.dumps(METERS))
    client = server.client(user)
    given = {"ProductCode": "1poldertab2lytics3legacy4", "UsageRecords": []}
    client.batch_meter_usage(**given)
    iam.delete_user_policy(UserName="meter", PolicyName="meters")
    assert refused(client.batch_meter_usage, **given) == "AccessDeniedException"


def test_a_user_of_the_market_file_is_given_more(server, iam):
    """A policy put on a user of the market file counts for the keys that file lists."""
    iam.put_user_policy(
        UserName="polder-resolver", PolicyName="list", PolicyDocument=policy("iam:ListUsers")
    )
    users = server.client(RESOLVER, "iam").list_users()["Users"]
    assert [user["UserName"] for user in users] == ["polder-ci", "polder-resolver"]


def assume(server, credentials, role, **given):
    """Assume a role: what its session signs with."""
    answered = server.client(credentials, "sts").assume_role(
        RoleArn=role["Arn"], RoleSessionName="s1", **given
    )["Credentials"]
    return answered["AccessKeyId"], answered["SecretAccessKey"], answered["SessionToken"]


def new_role(iam, trust, name="deliverer"):
    """A role that trusts so."""
    return iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]


def test_a_session_is_who_its_role_is(server, iam):
    """The session of an assumed role tells its ARN."""
    role = new_role(iam, trusting(f"arn:aws:iam::{POLDER_ACCOUNT}:user/polder-ci"))
    session = assume(server, POLDER, role)
    identity = server.client(session, "sts").get_caller_identity()
    assert identity["Arn"] == f"arn:aws:sts::{POLDER_ACCOUNT}:assumed-role/deliverer/s1"


@pytest.mark.parametrize(
    ("external_id", "expected"),
    [("right", None), ("wrong", "AccessDenied"), (None, "AccessDenied")],
)
def test_the_external_id_decides(server, iam, external_id, expected):
    """A role whose trust asks for an external id is assumed with that one alone."""
    arn = f"arn:aws:iam::{POLDER_ACCOUNT}:user/polder-ci"
    role = new_role(iam, trusting(arn, **{"sts:ExternalId": "right"}))
    given = {} if external_id is None else {"ExternalId": external_id}
    assert refused(assume, server=server, credentials=POLDER, role=role, **given) == expected


@pytest.mark.parametrize(
    ("own", "expected"), [(policy("sts:AssumeRole"), None), (policy("s3:*"), "AccessDenied")]
)
def test_another_account_needs_both(server, iam, own, expected):
    """A role that trusts another account is assumed by those there whose own policies allow it."""
    role = new_role(iam, trusting(f"arn:aws:iam::{DIJK_ACCOUNT}:root"))
    there = new_user(server.client(DIJK, "iam"), own=own)
    assert refused(assume, server=server, credentials=there, role=role) == expected


def test_a_session_ends_by_the_clock(server, iam):
    """Once the clock has passed a session's end its key is refused."""
    role = new_role(iam, trusting(f"arn:aws:iam::{POLDER_ACCOUNT}:user/polder-ci"))
    session = server.client(assume(server, POLDER, role), "sts")
    server.ask("POST", "/clock/advance", {"seconds": 3601})
    assert refused(session.get_caller_identity) == "ExpiredToken"
