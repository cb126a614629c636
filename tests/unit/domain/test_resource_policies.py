"""What a resource's policy says, and how it joins what the caller's own policies say."""

import json

import pytest

from builders import OTHER_SELLER, SELLER, principal, refusal_of
from waag.domain.policies import Outcome, PolicyMalformed
from waag.domain.resource_policies import Grant, allows, parse_resource_policy

BUCKET = "arn:aws:s3:::reports"
USER = f"arn:aws:iam::{SELLER}:user/ci"
SESSION = principal(arn=f"arn:aws:sts::{SELLER}:assumed-role/put/s1", session_token="token")


def document(given, effect="Allow", **more):
    """A policy of one statement for a principal."""
    statement = {"Effect": effect, "Principal": given, "Action": "s3:*", "Resource": "*", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def said(text, asking, context=None):
    """What a policy says of s3:GetObject to one who asks."""
    policy = parse_resource_policy(text, "bucket policy", "")
    return policy.says(asking, "s3:GetObject", f"{BUCKET}/k", lambda: context or {})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("*", Grant.TO_PRINCIPAL),
        ({"AWS": "*"}, Grant.TO_PRINCIPAL),
        ({"AWS": USER}, Grant.TO_PRINCIPAL),
        ({"AWS": [f"arn:aws:iam::{OTHER_SELLER}:root", USER]}, Grant.TO_PRINCIPAL),
        ({"AWS": f"arn:aws:iam::{SELLER}:root"}, Grant.TO_ACCOUNT),
        ({"AWS": SELLER}, Grant.TO_ACCOUNT),
        ({"AWS": OTHER_SELLER}, Grant.NOTHING),
        ({"AWS": f"{USER}2"}, Grant.NOTHING),
        ({"Service": "sns.amazonaws.com"}, Grant.NOTHING),
    ],
    ids=str,
)
def test_whom_a_statement_names(given, expected):
    """A statement says something to the principals and accounts that it names."""
    assert said(document(given), principal()) is expected


@pytest.mark.parametrize(
    "arn", [f"arn:aws:iam::{SELLER}:role/put", f"arn:aws:sts::{SELLER}:assumed-role/put/s1"]
)
def test_a_session_is_named_by_its_role_too(arn):
    """A role's session is meant by the role's ARN and by its own."""
    assert said(document({"AWS": arn}), SESSION) is Grant.TO_PRINCIPAL


def test_a_denial_wins():
    """A statement that denies wins over one that allows, and needs no more than the account."""
    allow, deny = (json.loads(document({"AWS": SELLER}, each)) for each in ("Allow", "Deny"))
    both = {"Statement": allow["Statement"] + deny["Statement"]}
    assert said(json.dumps(both), principal()) is Grant.DENIAL


@pytest.mark.parametrize(("value", "expected"), [("x", Grant.TO_PRINCIPAL), ("y", Grant.NOTHING)])
def test_conditions_count(value, expected):
    """A statement counts where its condition holds."""
    text = document("*", Condition={"StringEquals": {"sts:ExternalId": "x"}})
    assert said(text, principal(), {"sts:ExternalId": value}) is expected


ALLOWED, DENIED, NOT = Outcome.ALLOWED, Outcome.EXPLICITLY_DENIED, Outcome.NOT_ALLOWED


@pytest.mark.parametrize(
    ("identity", "resource", "same_account", "expected"),
    [
        (ALLOWED, Grant.NOTHING, True, True),
        (NOT, Grant.NOTHING, True, False),
        (NOT, Grant.TO_ACCOUNT, True, False),
        (NOT, Grant.TO_PRINCIPAL, True, True),
        (DENIED, Grant.TO_PRINCIPAL, True, False),
        (ALLOWED, Grant.DENIAL, True, False),
        (ALLOWED, Grant.NOTHING, False, False),
        (ALLOWED, Grant.TO_ACCOUNT, False, True),
        (NOT, Grant.TO_PRINCIPAL, False, False),
        (ALLOWED, Grant.TO_PRINCIPAL, False, True),
    ],
)
def test_both_sides_are_joined(identity, resource, same_account, expected):
    """Within an account either side is enough, between accounts it takes both; a denial wins."""
    assert allows(identity, resource, same_account=same_account) is expected


@pytest.mark.parametrize(
    ("identity", "resource", "expected"),
    [
        (ALLOWED, Grant.NOTHING, False),
        (ALLOWED, Grant.TO_ACCOUNT, True),
        (NOT, Grant.TO_ACCOUNT, False),
        (NOT, Grant.TO_PRINCIPAL, True),
    ],
)
def test_a_role_has_to_trust(identity, resource, expected):
    """A role is assumed by nobody whom its own policy does not name, in its own account too."""
    assert allows(identity, resource, same_account=True, trusts=True) is expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "bucket policy is no JSON (Input data was truncated); expected a JSON document."),
        ("[]", "bucket policy is no object; expected an object with members."),
        (
            '{"Statement": [1]}',
            "bucket policy, statement 0 is no object; expected an object with members.",
        ),
        (
            '{"Statement": {"Effect": "Allow"}}',
            "bucket policy, statement 0 names no Principal; expected a member Principal such as "
            '{"AWS": "*"}.',
        ),
        (
            document({"Nobody": "*"}),
            "bucket policy, statement 0 has 'Nobody' in its Principal; expected \"*\" or an "
            "object with AWS or Service.",
        ),
        (
            document([]),
            'bucket policy, statement 0 has a Principal of another form; expected "*" or an '
            "object with AWS or Service.",
        ),
    ],
)
def test_what_is_no_policy_is_refused(text, why):
    """A document that cannot be evaluated is refused with what was found and expected."""
    assert refusal_of(parse_resource_policy, text, "bucket policy", "") == (PolicyMalformed, why)
