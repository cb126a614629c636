"""What policies decide, and which statement decided."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waag.domain.policies import (
    BUILT_IN_POLICIES,
    Decision,
    Outcome,
    Policy,
    decide,
    parse_policy,
)
from waag.domain.policy_patterns import ContextValue

ALLOWED = Outcome.ALLOWED
DENIED = Outcome.EXPLICITLY_DENIED
NOT_ALLOWED = Outcome.NOT_ALLOWED

ALLOW_ALL: Mapping[str, object] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
DENY_ALL: Mapping[str, object] = {"Effect": "Deny", "Action": "*", "Resource": "*"}


def policy(*statements: object, name: str = "Tested", version: str = "2012-10-17") -> Policy:
    """A policy of these statements."""
    return parse_policy({"Version": version, "Statement": list(statements)}, name)


def outcome(
    tested: Policy | Sequence[Policy],
    action: str = "s3:GetObject",
    resource: str = "*",
    context: Mapping[str, ContextValue] | None = None,
) -> Outcome:
    """What one policy or several say of an action on a resource."""
    policies = [tested] if isinstance(tested, Policy) else tested
    return decide(policies, action, resource, lambda: context or {}).outcome


def test_no_policy_allows_nothing():
    """Without policies nothing is allowed, and no statement is named."""
    assert decide([], "s3:GetObject", "*", dict) == Decision(NOT_ALLOWED, "")


@pytest.mark.parametrize(
    ("pattern", "action", "expected"),
    [
        ("*", "s3:GetObject", ALLOWED),
        ("s3:*", "s3:GetObject", ALLOWED),
        ("s3:*", "s3x:GetObject", NOT_ALLOWED),
        ("s3:Get*", "s3:GetObject", ALLOWED),
        ("s3:Get*", "s3:PutObject", NOT_ALLOWED),
        ("s3:?etObject", "s3:GetObject", ALLOWED),
        ("s3:?GetObject", "s3:GetObject", NOT_ALLOWED),
        ("S3:getobject", "s3:GetObject", ALLOWED),
        ("s3:GetObject", "S3:GETOBJECT", ALLOWED),
        ("*:*", "s3:GetObject", ALLOWED),
        ("aws-marketplace:MeterUsage", "aws-marketplace:MeterUsage", ALLOWED),
        ("aws-marketplace:MeterUsage", "aws-marketplace:BatchMeterUsage", NOT_ALLOWED),
    ],
)
def test_action(pattern: str, action: str, expected: Outcome):
    """Actions are compared without case, with wildcards."""
    tested = policy({"Effect": "Allow", "Action": pattern, "Resource": "*"})
    assert outcome(tested, action) is expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [("s3:GetObject", ALLOWED), ("sqs:SendMessage", ALLOWED), ("sns:Publish", NOT_ALLOWED)],
)
def test_several_actions(action: str, expected: Outcome):
    """Any action of a list is enough."""
    tested = policy({"Effect": "Allow", "Action": ["s3:*", "sqs:Send*"], "Resource": "*"})
    assert outcome(tested, action) is expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [("s3:GetObject", NOT_ALLOWED), ("sqs:SendMessage", NOT_ALLOWED), ("sns:Publish", ALLOWED)],
)
def test_not_action(action: str, expected: Outcome):
    """NotAction covers every action but those listed."""
    tested = policy({"Effect": "Allow", "NotAction": ["S3:*", "sqs:Send*"], "Resource": "*"})
    assert outcome(tested, action) is expected


@pytest.mark.parametrize(
    ("pattern", "resource", "expected"),
    [
        ("*", "*", ALLOWED),
        ("*", "arn:aws:s3:::bucket/key", ALLOWED),
        ("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/a/b", ALLOWED),
        ("arn:aws:s3:::bucket/*", "arn:aws:s3:::Bucket/a/b", NOT_ALLOWED),
        ("arn:aws:s3:::bucket/?", "arn:aws:s3:::bucket/ab", NOT_ALLOWED),
        ("arn:aws:s3:::bucket", "arn:aws:s3:::bucket/a", NOT_ALLOWED),
        ("arn:aws:s3:::bucket", "*", NOT_ALLOWED),
        ("arn:aws:sqs", "arn:aws:sqs:us-east-1:1:queue", ALLOWED),
        ("arn:aws:sqs:us-east-1", "arn:aws:sqs:us-east-1:1:queue", ALLOWED),
        ("arn:aws:sqs:us-east-1", "arn:aws:sqs:us-west-2:1:queue", NOT_ALLOWED),
    ],
)
def test_resource(pattern: str, resource: str, expected: Outcome):
    """Resources are compared with case and wildcards; ARNs of too few parts are completed."""
    tested = policy({"Effect": "Allow", "Action": "*", "Resource": pattern})
    assert outcome(tested, resource=resource) is expected


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("arn:aws:s3:::a", NOT_ALLOWED),
        ("arn:aws:s3:::b", NOT_ALLOWED),
        ("arn:aws:s3:::c", ALLOWED),
        ("*", ALLOWED),
    ],
)
def test_not_resource(resource: str, expected: Outcome):
    """NotResource covers every resource but those listed."""
    listed = ["arn:aws:s3:::a", "arn:aws:s3:::b"]
    tested = policy({"Effect": "Allow", "Action": "*", "NotResource": listed})
    assert outcome(tested, resource=resource) is expected


@pytest.mark.parametrize(
    ("element", "context", "expected"),
    [
        ("Resource", {"aws:username": "bob"}, ALLOWED),
        ("Resource", {"AWS:USERNAME": "bob"}, ALLOWED),
        ("Resource", {"aws:username": "eve"}, NOT_ALLOWED),
        ("Resource", {"aws:username": "*"}, NOT_ALLOWED),
        ("Resource", {}, NOT_ALLOWED),
        ("NotResource", {"aws:username": "bob"}, NOT_ALLOWED),
        ("NotResource", {"aws:username": "eve"}, ALLOWED),
        ("NotResource", {}, ALLOWED),
    ],
    ids=str,
)
def test_variable_in_resource(element: str, context: Mapping[str, ContextValue], expected: Outcome):
    """A variable in a resource is its value; without one the entry matches no resource."""
    tested = policy(
        {"Effect": "Allow", "Action": "*", element: "arn:aws:s3:::home/${aws:username}/*"}
    )
    assert outcome(tested, resource="arn:aws:s3:::home/bob/x", context=context) is expected


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("arn:aws:sqs:us-east-1:111122223333:a*?$", ALLOWED),
        ("arn:aws:sqs:us-east-1:111122223333:abc$", NOT_ALLOWED),
        ("arn:aws:sqs:us-east-1:444455556666:a*?$", NOT_ALLOWED),
    ],
)
def test_special_characters_in_resource(resource: str, expected: Outcome):
    """Special variables stand for characters that would be wildcards."""
    pattern = "arn:aws:sqs:*:${aws:PrincipalAccount}:a${*}${?}${$}"
    tested = policy({"Effect": "Allow", "Action": "*", "Resource": pattern})
    context = {"aws:PrincipalAccount": "111122223333"}
    assert outcome(tested, resource=resource, context=context) is expected


@pytest.mark.parametrize(
    ("version", "resource", "expected"),
    [
        ("2012-10-17", "arn:aws:s3:::bob", ALLOWED),
        ("2012-10-17", "arn:aws:s3:::${aws:username}", NOT_ALLOWED),
        ("2008-10-17", "arn:aws:s3:::bob", NOT_ALLOWED),
        ("2008-10-17", "arn:aws:s3:::${aws:username}", ALLOWED),
    ],
)
def test_variables_need_their_version(version: str, resource: str, expected: Outcome):
    """Before version 2012-10-17 a variable is ordinary text."""
    tested = policy(
        {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::${aws:username}"},
        version=version,
    )
    assert outcome(tested, resource=resource, context={"aws:username": "bob"}) is expected


def test_absent_version_is_the_earlier_one():
    """A document without Version knows no variables."""
    condition = {"StringEquals": {"aws:username": "${aws:username}"}}
    tested = parse_policy({"Statement": {**ALLOW_ALL, "Condition": condition}}, "Tested")
    assert outcome(tested, context={"aws:username": "${aws:username}"}) is ALLOWED


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ({"aws:username": "bob", "aws:SourceIp": "203.0.113.9"}, ALLOWED),
        ({"aws:username": "bob", "aws:SourceIp": "203.0.113.9", "s3:max-keys": "10"}, ALLOWED),
        ({"aws:username": "bob", "aws:SourceIp": "203.0.113.9", "s3:max-keys": "11"}, NOT_ALLOWED),
        ({"aws:username": "eve", "aws:SourceIp": "203.0.113.9"}, NOT_ALLOWED),
        ({"aws:username": "bob", "aws:SourceIp": "198.51.100.1"}, NOT_ALLOWED),
        ({"aws:username": "bob"}, NOT_ALLOWED),
        ({"aws:username": "bob", "aws:SourceIp": "203.0.113.9", "aws:userid": "X"}, NOT_ALLOWED),
    ],
    ids=str,
)
def test_conditions_hold_together(context: Mapping[str, ContextValue], expected: Outcome):
    """Every operator and every key of one operator must hold."""
    condition = {
        "StringEquals": {"aws:username": ["ann", "bob"]},
        "IpAddress": {"aws:SourceIp": "203.0.113.0/24"},
        "NumericLessThanEqualsIfExists": {"s3:max-keys": 10},
        "Null": {"aws:userid": True, "AWS:USERNAME": "false"},
    }
    tested = policy({**ALLOW_ALL, "Condition": condition})
    assert outcome(tested, context=context) is expected


@pytest.mark.parametrize(
    ("value", "given"),
    [(10, "10"), (0.00001, "0.00001"), (-1.5, "-1.5"), (True, "true"), (False, "false")],
)
def test_unquoted_condition_value(value: object, given: str):
    """Numbers and Booleans without quotation marks are the texts that they are written as."""
    tested = policy({**ALLOW_ALL, "Condition": {"StringEquals": {"aws:username": value}}})
    assert outcome(tested, context={"aws:username": given}) is ALLOWED


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([ALLOW_ALL], ALLOWED),
        ([DENY_ALL], DENIED),
        ([ALLOW_ALL, DENY_ALL], DENIED),
        ([DENY_ALL, ALLOW_ALL], DENIED),
        ([ALLOW_ALL, {**DENY_ALL, "Action": "s3:Put*"}], ALLOWED),
        ([ALLOW_ALL, {**DENY_ALL, "Resource": "arn:aws:s3:::other"}], ALLOWED),
        ([ALLOW_ALL, {**DENY_ALL, "Condition": {"Null": {"aws:username": "false"}}}], ALLOWED),
        ([ALLOW_ALL, {**DENY_ALL, "Condition": {"Null": {"aws:username": "true"}}}], DENIED),
        ([{**DENY_ALL, "Action": "s3:Put*"}], NOT_ALLOWED),
    ],
    ids=range(9),
)
def test_deny_wins(statements: Sequence[object], expected: Outcome):
    """A Deny that applies wins over every Allow, wherever it stands; one that does not is none."""
    assert outcome(policy(*statements)) is expected


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        ([policy(ALLOW_ALL, name="A"), policy(DENY_ALL, name="D")], DENIED),
        ([policy(DENY_ALL, name="D"), policy(ALLOW_ALL, name="A")], DENIED),
        ([policy({**ALLOW_ALL, "Action": "sns:*"}), policy(ALLOW_ALL, name="A")], ALLOWED),
    ],
    ids=["allow-deny", "deny-allow", "other-allow"],
)
def test_several_policies(policies: Sequence[Policy], expected: Outcome):
    """Policies count together, as if their statements stood in one."""
    assert outcome(policies) is expected


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        ([policy(ALLOW_ALL, name="Seller")], "policy Seller, statement 0"),
        ([policy({**ALLOW_ALL, "Sid": "All"})], "policy Tested, statement All"),
        ([policy({**ALLOW_ALL, "Sid": ""})], "policy Tested, statement 0"),
        ([policy({**ALLOW_ALL, "Action": "sns:*"}, ALLOW_ALL)], "policy Tested, statement 1"),
        ([policy(ALLOW_ALL, DENY_ALL), policy(DENY_ALL)], "policy Tested, statement 1"),
        ([policy(ALLOW_ALL, name="A"), policy(DENY_ALL, name="D")], "policy D, statement 0"),
        ([policy(ALLOW_ALL, name="A"), policy(ALLOW_ALL, name="B")], "policy A, statement 0"),
        ([policy({**ALLOW_ALL, "Action": "sns:*"})], ""),
    ],
    ids=range(8),
)
def test_decided_by(policies: Sequence[Policy], expected: str):
    """A decision names the policy and the statement, by Sid or else by place, that decided."""
    assert decide(policies, "s3:GetObject", "*", dict).decided_by == expected


def no_context() -> Mapping[str, ContextValue]:
    """A context that must not be asked for."""
    pytest.fail("the context was built")


def test_context_is_not_built_needlessly():
    """Statements without conditions and variables do not ask for a context."""
    tested = policy(ALLOW_ALL, {**DENY_ALL, "Resource": "arn:aws:s3:::other"})
    assert decide([tested], "s3:GetObject", "*", no_context).outcome is ALLOWED


def test_context_is_not_built_for_other_actions():
    """A condition does not ask for a context where its statement's action is another."""
    conditional = {**DENY_ALL, "Action": "sns:*", "Condition": {"Bool": {"aws:x": "true"}}}
    assert decide([policy(conditional, ALLOW_ALL)], "s3:Get", "*", no_context).outcome is ALLOWED


def test_document_with_all_members():
    """Id, Sid and a statement that is no list are read."""
    statement = {**DENY_ALL, "Sid": "S1"}
    tested = parse_policy({"Version": "2008-10-17", "Id": "any", "Statement": statement}, "Tested")
    assert outcome(tested) is DENIED


@pytest.mark.parametrize(
    ("name", "action", "expected"),
    [
        ("MarketplaceSeller", "aws-marketplace:BatchMeterUsage", ALLOWED),
        ("MarketplaceSeller", "aws-marketplace:StartChangeSet", ALLOWED),
        ("MarketplaceSeller", "marketplacecommerceanalytics:GenerateDataSet", ALLOWED),
        ("MarketplaceSeller", "partnercentral:CreateOpportunity", ALLOWED),
        ("MarketplaceSeller", "s3:GetObject", ALLOWED),
        ("MarketplaceSeller", "sns:Publish", ALLOWED),
        ("MarketplaceSeller", "sqs:SendMessage", ALLOWED),
        ("MarketplaceSeller", "events:PutRule", ALLOWED),
        ("MarketplaceSeller", "iam:CreateRole", ALLOWED),
        ("MarketplaceSeller", "sts:AssumeRole", NOT_ALLOWED),
        ("MarketplaceMeteredWorkload", "aws-marketplace:MeterUsage", ALLOWED),
        ("MarketplaceMeteredWorkload", "aws-marketplace:RegisterUsage", ALLOWED),
        ("MarketplaceMeteredWorkload", "aws-marketplace:BatchMeterUsage", NOT_ALLOWED),
        ("MarketplaceMeteredWorkload", "s3:GetObject", NOT_ALLOWED),
    ],
)
def test_built_in_policy(name: str, action: str, expected: Outcome):
    """Each built-in policy allows its services or actions and nothing else."""
    assert outcome(BUILT_IN_POLICIES[name], action) is expected


def test_built_in_policy_goes_by_its_name():
    """A decision by a built-in policy names it."""
    built_in = BUILT_IN_POLICIES["MarketplaceSeller"]
    decision = decide([built_in], "s3:GetObject", "*", no_context)
    assert decision.decided_by == "policy MarketplaceSeller, statement 0"


a_statement = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Action": st.sampled_from(["*", "s3:*", "s3:Get*", "sns:Publish"]),
        "Resource": st.sampled_from(["*", "arn:aws:s3:::a", "arn:aws:s3:::${aws:username}"]),
    },
    optional={
        "Condition": st.sampled_from(
            [
                {"StringEquals": {"aws:username": "a"}},
                {"StringNotEquals": {"aws:username": "a"}},
                {"Null": {"aws:username": "true"}},
            ]
        )
    },
)
some_statements = st.lists(a_statement, min_size=1, max_size=4)
a_request = st.tuples(
    st.sampled_from(["s3:GetObject", "s3:PutObject", "sns:Publish"]),
    st.sampled_from(["*", "arn:aws:s3:::a", "arn:aws:s3:::b"]),
    st.sampled_from([{}, {"aws:username": "a"}, {"aws:username": "b"}]),
)
Request = tuple[str, str, Mapping[str, ContextValue]]
Statements = Sequence[Mapping[str, object]]


@given(some_statements, a_statement, a_request)
@settings(deadline=None)
def test_deny_never_widens(statements: Statements, added: Mapping[str, object], request: Request):
    """One Deny more denies where it applies and changes nothing elsewhere."""
    deny = {**added, "Effect": "Deny"}
    before = outcome(policy(*statements), *request)
    expected = DENIED if outcome(policy(deny), *request) is DENIED else before
    assert outcome(policy(*statements, deny), *request) is expected


@given(some_statements, st.permutations(range(4)), a_request)
@settings(deadline=None)
def test_order_of_statements_never_matters(
    statements: Statements, order: Sequence[int], request: Request
):
    """The outcome is the same in whatever order the statements stand."""
    shuffled = [statements[place] for place in order if place < len(statements)]
    assert outcome(policy(*shuffled), *request) is outcome(policy(*statements), *request)


@given(st.lists(some_statements, min_size=1, max_size=3), a_request)
@settings(deadline=None)
def test_order_of_policies_never_matters(documents: Sequence[Statements], request: Request):
    """The outcome is the same in whatever order the policies come, or as one policy."""
    policies = [policy(*statements) for statements in documents]
    together = policy(*(statement for statements in documents for statement in statements))
    expected = outcome(together, *request)
    assert [outcome(policies, *request), outcome(policies[::-1], *request)] == [expected] * 2
