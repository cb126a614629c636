"""Identities made over the embedded IAM, and what they may do then."""

import json

import pytest
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

from server import DIJK, POLDER, RESOLVER

METERS = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Action": "aws-marketplace:BatchMeterUsage",
        "Resource": "*",
    },
}


@pytest.fixture
def iam(server):
    """The IAM of the account that Polder has."""
    return server.client(POLDER, "iam")


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


def test_a_session_is_who_its_role_is(server, iam):
    """The session of an assumed role tells its ARN."""
    role = new_role(iam, trusting(POLDER_USER))
    session = assume(server, role)
    identity = server.client(session, "sts").get_caller_identity()
    assert identity["Arn"] == f"arn:aws:sts::{POLDER_ACCOUNT}:assumed-role/deliverer/s1"


@pytest.mark.parametrize(
    ("external_id", "expected"),
    [("right", None), ("wrong", "AccessDenied"), (None, "AccessDenied")],
)
def test_the_external_id_decides(server, iam, external_id, expected):
    """A role whose trust asks for an external id is assumed with that one alone."""
    role = new_role(iam, trusting(POLDER_USER, **{"sts:ExternalId": "right"}))
    given = {} if external_id is None else {"ExternalId": external_id}
    assert refused(assume, server=server, role=role, **given) == expected


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
    role = new_role(iam, trusting(POLDER_USER))
    session = server.client(assume(server, role), "sts")
    server.ask("POST", "/clock/advance", {"seconds": 3601})
    assert refused(session.get_caller_identity) == "ExpiredToken"
