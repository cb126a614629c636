"""Where a malformed policy document is refused, and in what words."""

import datetime as dt
from collections.abc import Mapping

import pytest

from waag.domain.policies import PolicyMalformed, parse_policy

ALLOW_ALL: Mapping[str, object] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
DENY_ALL: Mapping[str, object] = {"Effect": "Deny", "Action": "*", "Resource": "*"}


def allow(**members: object) -> Mapping[str, object]:
    """A document with one statement, which allows all but for these members."""
    return {"Statement": [{**ALLOW_ALL, **members}]}


def condition(operator: str, tests: object) -> Mapping[str, object]:
    """A document with one statement under one condition."""
    return allow(Condition={operator: tests})


MALFORMED: list[tuple[object, str]] = [
    ([], ""),
    ("{}", ""),
    ({}, ""),
    ({1: "x"}, ""),
    ({"Version": "2012-10-17"}, "Statement"),
    ({"Version": "2012-10-18", "Statement": ALLOW_ALL}, "Version"),
    ({"Version": dt.date(2012, 10, 17), "Statement": ALLOW_ALL}, "Version"),
    ({"Id": 1, "Statement": ALLOW_ALL}, "Id"),
    ({"Statements": [ALLOW_ALL]}, "Statements"),
    ({"statement": [ALLOW_ALL]}, "statement"),
    ({"Statement": []}, "Statement"),
    ({"Statement": {}}, "Statement"),
    ({"Statement": "Allow"}, "Statement"),
    ({"Statement": [ALLOW_ALL, None]}, "Statement[1]"),
    ({"Statement": {**ALLOW_ALL, "Effect": "allow"}}, "Statement.Effect"),
    (allow(Sid=1), "Statement[0].Sid"),
    (allow(Sid="has space"), "Statement[0].Sid"),
    ({"Statement": [{**ALLOW_ALL, "Sid": "S"}, {**DENY_ALL, "Sid": "S"}]}, "Statement[1].Sid"),
    ({"Statement": [{"Action": "*", "Resource": "*"}]}, "Statement[0].Effect"),
    (allow(Effect="Permit"), "Statement[0].Effect"),
    (allow(Effect=["Allow"]), "Statement[0].Effect"),
    (allow(Principal="*"), "Statement[0].Principal"),
    (allow(NotPrincipal={"AWS": "*"}), "Statement[0].NotPrincipal"),
    (allow(Conditions={}), "Statement[0].Conditions"),
    (allow(effect="Allow"), "Statement[0].effect"),
    ({"Statement": [{"Effect": "Allow", "Resource": "*"}]}, "Statement[0]"),
    (allow(NotAction="*"), "Statement[0]"),
    (allow(Action=None), "Statement[0].Action"),
    (allow(Action=[]), "Statement[0].Action"),
    (allow(Action={"s3": "*"}), "Statement[0].Action"),
    (allow(Action=b"s3:*"), "Statement[0].Action"),
    (allow(Action="GetObject"), "Statement[0].Action"),
    (allow(Action="s3:"), "Statement[0].Action"),
    (allow(Action=""), "Statement[0].Action"),
    (allow(Action="s3:Get:Object"), "Statement[0].Action"),
    (allow(Action="s3:${aws:username}"), "Statement[0].Action"),
    (allow(Action=["s3:*", "s3 :*"]), "Statement[0].Action[1]"),
    (allow(Action=["s3:*", 3]), "Statement[0].Action[1]"),
    (
        {"Statement": [{"Effect": "Deny", "NotAction": ["x"], "Resource": "*"}]},
        "Statement[0].NotAction[0]",
    ),
    ({"Statement": [{"Effect": "Allow", "Action": "*"}]}, "Statement[0]"),
    (allow(NotResource="*"), "Statement[0]"),
    (allow(Resource=7), "Statement[0].Resource"),
    (allow(Resource=[]), "Statement[0].Resource"),
    (allow(Resource="bucket"), "Statement[0].Resource"),
    (allow(Resource="arn:aws"), "Statement[0].Resource"),
    (allow(Resource=["*", ""]), "Statement[0].Resource[1]"),
    (
        {"Version": "2012-10-17", **allow(Resource="arn:aws:s3:::${username}")},
        "Statement[0].Resource",
    ),
    (
        {"Version": "2012-10-17", **allow(Resource="arn:aws:s3:::${aws:username")},
        "Statement[0].Resource",
    ),
    (
        {"Statement": [{"Effect": "Deny", "Action": "*", "NotResource": ["x"]}]},
        "Statement[0].NotResource[0]",
    ),
    (allow(Condition={}), "Statement[0].Condition"),
    (allow(Condition=[{"Bool": {"aws:x": "true"}}]), "Statement[0].Condition"),
    (condition("StringEqual", {"aws:x": "y"}), "Statement[0].Condition.StringEqual"),
    (condition("stringequals", {"aws:x": "y"}), "Statement[0].Condition.stringequals"),
    (condition("NullIfExists", {"aws:x": "true"}), "Statement[0].Condition.NullIfExists"),
    (condition("ForAllValues:Null", {"aws:x": "true"}), "Statement[0].Condition.ForAllValues:Null"),
    (condition("ForEach:Bool", {"aws:x": "true"}), "Statement[0].Condition.ForEach:Bool"),
    (condition("StringEquals", {}), "Statement[0].Condition.StringEquals"),
    (condition("StringEquals", "y"), "Statement[0].Condition.StringEquals"),
    (condition("StringEquals", {3: "y"}), "Statement[0].Condition.StringEquals"),
    (condition("StringEquals", {"x": "y"}), "Statement[0].Condition.StringEquals.x"),
    (condition("StringEquals", {"aws:": "y"}), "Statement[0].Condition.StringEquals.aws:"),
    (condition("StringEquals", {"aws:x": None}), "Statement[0].Condition.StringEquals.aws:x"),
    (condition("StringEquals", {"aws:x": []}), "Statement[0].Condition.StringEquals.aws:x"),
    (condition("StringEquals", {"aws:x": {}}), "Statement[0].Condition.StringEquals.aws:x"),
    (
        condition("StringEquals", {"aws:x": ["y", ["z"]]}),
        "Statement[0].Condition.StringEquals.aws:x[1]",
    ),
    (
        condition("NumericEquals", {"aws:x": float("nan")}),
        "Statement[0].Condition.NumericEquals.aws:x",
    ),
    (
        condition("NumericEquals", {"aws:x": [1, True]}),
        "Statement[0].Condition.NumericEquals.aws:x[1]",
    ),
    (condition("DateEquals", {"aws:x": "today"}), "Statement[0].Condition.DateEquals.aws:x"),
    (condition("Bool", {"aws:x": 1}), "Statement[0].Condition.Bool.aws:x"),
    (condition("Null", {"aws:x": "no"}), "Statement[0].Condition.Null.aws:x"),
    (condition("BinaryEquals", {"aws:x": "?"}), "Statement[0].Condition.BinaryEquals.aws:x"),
    (condition("ArnLike", {"aws:x": "*"}), "Statement[0].Condition.ArnLike.aws:x"),
    (
        condition("ForAnyValue:IpAddressIfExists", {"aws:x": ["::/0", "1.2.3"]}),
        "Statement[0].Condition.ForAnyValue:IpAddressIfExists.aws:x[1]",
    ),
    (
        {"Version": "2012-10-17", **condition("StringEquals", {"aws:x": "${y}"})},
        "Statement[0].Condition.StringEquals.aws:x",
    ),
]


@pytest.mark.parametrize(("document", "path"), MALFORMED, ids=range(len(MALFORMED)))
def test_malformed(document: Mapping[str, object], path: str):
    """A malformed document is refused and the refusal says where."""
    with pytest.raises(PolicyMalformed) as refused:
        parse_policy(document, "Tested")
    assert refused.value.path == path


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (
            allow(Effect="Permit"),
            'Statement[0].Effect of policy Tested is \'Permit\'; expected "Allow" or "Deny".',
        ),
        (
            {"Statement": [{"Action": "*", "Resource": "*"}]},
            'Statement[0].Effect of policy Tested is missing; expected "Allow" or "Deny".',
        ),
        (
            allow(NotAction="*"),
            "Statement[0] of policy Tested is with both; expected one of Action and NotAction.",
        ),
        ([], "Policy Tested is []; expected an object with members."),
        (
            condition("NumericEquals", {"s3:max-keys": "ten"}),
            (
                "Statement[0].Condition.NumericEquals.s3:max-keys of policy Tested is 'ten'; "
                "expected a number such as 10 or 0.5."
            ),
        ),
    ],
    ids=["effect", "missing", "both", "document", "condition"],
)
def test_malformed_says_why(document: Mapping[str, object], why: str):
    """A refusal names the policy, the place, the offending value and what would have passed."""
    with pytest.raises(PolicyMalformed) as refused:
        parse_policy(document, "Tested")
    assert refused.value.why == why


def test_malformed_carries_what_was_expected():
    """What would have passed is at hand apart from the sentence."""
    with pytest.raises(PolicyMalformed) as refused:
        parse_policy(allow(Effect="Permit"), "Tested")
    assert refused.value.expected == '"Allow" or "Deny"'
