"""Policies of resources (buckets, topics, queues, roles' trust), and how they join identities'.

Not evaluated: NotPrincipal, permissions boundaries, session and organization policies.
Source: IAM User Guide, "Policy evaluation logic" and "Cross-account policy evaluation logic".
"""

import re
from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from typing import Any, cast

import msgspec

from waag.domain.market import Principal
from waag.domain.policies import Outcome, Policy, PolicyMalformed, decide, parse_policy
from waag.domain.policy_patterns import ContextValue

_ACCOUNT = re.compile(r"(?:arn:aws:iam::)?([0-9]{12})(?::root)?")

Context = Callable[[], Mapping[str, ContextValue]]


class Grant(IntEnum):
    """What a resource's policy says to one who asks; the greater says more."""

    NOTHING = 0
    TO_ACCOUNT = 1
    """To the account, which hands it on by its own policies."""
    TO_PRINCIPAL = 2
    """To this very principal, or to everybody."""
    DENIAL = 3


class _Statement(msgspec.Struct, frozen=True):
    policy: Policy
    everybody: bool
    accounts: frozenset[str]
    arns: frozenset[str]
    services: frozenset[str]


class ResourcePolicy(msgspec.Struct, frozen=True):
    """A resource's policy, ready to decide."""

    statements: tuple[_Statement, ...]

    def says(self, principal: Principal, action: str, resource: str, context: Context) -> Grant:
        """What it says to a principal.

        Args:
            principal: who asks.
            action: such as s3:PutObject.
            resource: the ARN acted on.
            context: condition keys and their values.
        """
        said = Grant.NOTHING
        for statement in self.statements:
            named = _named(statement, principal)
            if named is Grant.NOTHING:
                continue
            outcome = decide((statement.policy,), action, resource, context).outcome
            if outcome is Outcome.EXPLICITLY_DENIED:
                return Grant.DENIAL
            if outcome is Outcome.ALLOWED:
                said = max(said, named)
        return said


def parse_resource_policy(document: str | bytes, name: str, resource: str) -> ResourcePolicy:
    """Read a document whose statements name principals.

    Args:
        document: JSON.
        name: by which refusals tell it from others.
        resource: what a statement without Resource is about; empty where each has to say.

    Raises:
        PolicyMalformed: the document, or anything in it, is not as the grammar has it.
    """
    try:
        decoded: object = msgspec.json.decode(document)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _malformed(name, f"is no JSON ({error})", "a JSON document") from error
    if not isinstance(decoded, dict):
        raise _malformed(name, "is no object", "an object with members")
    members = cast("dict[str, Any]", decoded)
    listed = members.get("Statement")
    bodies = cast("list[Any]", listed if isinstance(listed, list) else [listed])
    others = {key: value for key, value in members.items() if key != "Statement"}
    return ResourcePolicy(
        tuple(
            _statement(body, others, f"{name}, statement {place}", resource)
            for place, body in enumerate(bodies)
        )
    )


def allows(identity: Outcome, resource: Grant, *, same_account: bool, trusts: bool = False) -> bool:
    """Whether an action is allowed by what both sides say.

    Args:
        identity: what the principal's own policies say.
        resource: what the resource's policy says to it.
        same_account: whether the resource is of the principal's account.
        trusts: whether the resource has to say so in any case, as a role that is assumed.
    """
    if identity is Outcome.EXPLICITLY_DENIED or resource is Grant.DENIAL:
        return False
    if not same_account:
        return identity is Outcome.ALLOWED and resource is not Grant.NOTHING
    if resource is Grant.TO_PRINCIPAL:
        return True
    return identity is Outcome.ALLOWED and (not trusts or resource is not Grant.NOTHING)


def _statement(body: object, others: Mapping[str, Any], name: str, resource: str) -> _Statement:
    if not isinstance(body, dict):
        raise _malformed(name, "is no object", "an object with members")
    members = cast("dict[str, Any]", body)
    if "Principal" not in members:
        raise _malformed(name, "names no Principal", 'a member Principal such as {"AWS": "*"}')
    # A Sid may be any text here, unlike in a policy of an identity.
    inner = {key: value for key, value in members.items() if key not in ("Principal", "Sid")}
    if resource:
        inner.setdefault("Resource", resource)
    policy = parse_policy({**others, "Statement": [inner]}, name)
    named = _principals(members["Principal"], name)
    accounts = {found[1] for each in named["AWS"] if (found := _ACCOUNT.fullmatch(each))}
    return _Statement(
        policy,
        "*" in named["AWS"],
        frozenset(accounts),
        frozenset(named["AWS"]),
        frozenset(named["Service"]),
    )


def _principals(given: object, name: str) -> Mapping[str, Sequence[str]]:
    named: dict[str, list[str]] = {"AWS": [], "Service": [], "Federated": [], "CanonicalUser": []}
    if given == "*":
        named["AWS"].append("*")
        return named
    expected = '"*" or an object with AWS or Service'
    if not isinstance(given, dict) or not given:
        raise _malformed(name, "has a Principal of another form", expected)
    for kind, values in cast("dict[str, Any]", given).items():
        listed = cast("list[Any]", values if isinstance(values, list) else [values])
        if kind not in named or not all(isinstance(each, str) for each in listed):
            raise _malformed(name, f"has {kind!r:.80} in its Principal", expected)
        named[kind] += listed
    return named


def _named(statement: _Statement, principal: Principal) -> Grant:
    if statement.everybody:
        return Grant.TO_PRINCIPAL
    names = {principal.arn, principal.context["aws:PrincipalArn"]}
    if names & statement.arns:
        return Grant.TO_PRINCIPAL
    if principal.account_id in statement.accounts:
        return Grant.TO_ACCOUNT
    return Grant.NOTHING


def _malformed(name: str, found: str, expected: str) -> PolicyMalformed:
    return PolicyMalformed(f"{name} {found}; expected {expected}.", path="", expected=expected)
