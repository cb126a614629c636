"""Identity-based IAM policies: what they allow and deny, and which statement decided.

Reads documents already decoded from JSON or YAML and decides on one action and resource at a time.
It knows no principals, no resource-based policies, permissions boundaries or session policies, and
not which actions and resources exist. Section names cited here are those of the IAM User Guide.
"""

import enum
import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from math import isfinite
from types import MappingProxyType
from typing import NoReturn, cast

from msgspec import Struct

from waag.domain.policy_conditions import OPERATORS, Condition
from waag.domain.policy_patterns import (
    ContextValue,
    RequestContext,
    Selector,
    Template,
    compile_patterns,
    parse_template,
)
from waag.domain.refusals import Refusal

_VERSIONS = {"2012-10-17": True, "2008-10-17": False}  # whether the version knows variables
_DOCUMENT_MEMBERS = ("Version", "Id", "Statement")
_ACTION_MEMBERS = ("Action", "NotAction")
_RESOURCE_MEMBERS = ("Resource", "NotResource")
_STATEMENT_MEMBERS = ("Sid", "Effect", *_ACTION_MEMBERS, *_RESOURCE_MEMBERS, "Condition")
_SID = re.compile(r"[0-9A-Za-z]*")
_ACTION = re.compile(r"\*|[0-9A-Za-z*?-]+:[0-9A-Za-z*?_-]+")
_ARN_START = re.compile(r"arn:[^:]+:[^:]+")
_ARN_COLONS = 5
_VARIABLE = re.compile(r"\$\{[^}]*\}")
_EXPECTED = {
    "Action": 'an action such as s3:GetObject, with wildcards or without, or "*"',
    "Resource": 'an ARN, with wildcards, ${prefix:key} and ${*} or without, or "*"',
}


class PolicyMalformed(Refusal):
    """A policy document that IAM's grammar, or this project's reading of it, does not admit.

    Attributes:
        path: where in the document, such as `Statement[0].Condition.StringEquals`; empty for the
            document itself.
        expected: what would have passed.
    """

    rule = "policy.malformed"

    def __init__(self, why: str, *, path: str, expected: str) -> None:
        super().__init__(why)
        self.path = path
        self.expected = expected


class Outcome(enum.Enum):
    """What a principal's policies say together.

    Source: "Policy evaluation logic".
    """

    ALLOWED = "allowed"
    EXPLICITLY_DENIED = "explicitly denied"
    NOT_ALLOWED = "not allowed"


class Decision(Struct, frozen=True):
    """An outcome and the policy and statement it is due to; nobody's if nothing applied."""

    outcome: Outcome
    decided_by: str = ""


class Statement(Struct, frozen=True):
    """One statement and the decision it leads to where it applies."""

    decision: Decision
    action: Selector
    resource: Selector
    conditions: tuple[Condition, ...]

    def applies(self, action: str, resource: str, context: RequestContext) -> bool:
        """Whether action (in lower case), resource and every condition are met."""
        return (
            self.action.selects(action, context)
            and self.resource.selects(resource, context)
            and all(condition.holds(context) for condition in self.conditions)
        )


class Policy(Struct, frozen=True):
    """A policy document, ready to decide: its Deny and its Allow statements."""

    name: str
    denying: tuple[Statement, ...]
    allowing: tuple[Statement, ...]


_NOT_ALLOWED = Decision(Outcome.NOT_ALLOWED)
_EFFECTS = {"Allow": Outcome.ALLOWED, "Deny": Outcome.EXPLICITLY_DENIED}


def decide(
    policies: Sequence[Policy],
    action: str,
    resource: str,
    context: Callable[[], Mapping[str, ContextValue]],
) -> Decision:
    """What identity-based policies of one principal say together.

    Any Deny that applies wins over every Allow; without either nothing is allowed. Among several
    statements of equal effect the first decides.

    Args:
        policies: the principal's policies, in any order.
        action: such as `aws-marketplace:MeterUsage`, in any case.
        resource: the ARN acted on, or `*` for actions that have none.
        context: builds the request's context, keys in any case; called once, and only when a
            condition or variable asks for it.

    Source: "Policy evaluation logic".
    """
    action = action.lower()
    request = RequestContext(context)
    for policy in policies:
        for statement in policy.denying:
            if statement.applies(action, resource, request):
                return statement.decision
    for policy in policies:
        for statement in policy.allowing:
            if statement.applies(action, resource, request):
                return statement.decision
    return _NOT_ALLOWED


class _Place(Struct, frozen=True):
    """Where in which policy's document a value stands."""

    policy: str
    path: str = ""

    def member(self, name: str) -> "_Place":
        return _Place(self.policy, f"{self.path}.{name}" if self.path else name)

    def item(self, index: int) -> "_Place":
        return _Place(self.policy, f"{self.path}[{index}]")

    def refuse(self, found: str, expected: str) -> NoReturn:
        what = f"{self.path} of policy {self.policy}" if self.path else f"Policy {self.policy}"
        raise PolicyMalformed(
            f"{what} is {found}; expected {expected}.", path=self.path, expected=expected
        )


def parse_policy(document: Mapping[str, object], name: str) -> Policy:
    """Read an identity-based policy document.

    Stricter than IAM in one way: empty lists and objects, to which IAM gives no effect, are
    refused. A document without Version is of version 2008-10-17.

    Args:
        document: the document as decoded from JSON or YAML.
        name: the policy's name, by which decisions and refusals tell it from others.

    Raises:
        PolicyMalformed: the document, or anything in it, is not as the grammar has it.

    Source: "Grammar of the IAM JSON policy language".
    """
    root = _Place(name)
    members = _members(document, root, _DOCUMENT_MEMBERS)
    version = members.get("Version", "2008-10-17")
    if not isinstance(version, str) or version not in _VERSIONS:
        expected = '"2012-10-17" or "2008-10-17", which YAML wants quoted'
        root.member("Version").refuse(f"{version!r:.200}", expected)
    if not isinstance(members.get("Id", ""), str):
        root.member("Id").refuse(f"{members['Id']!r:.200}", "text")
    statements: list[Statement] = []
    sids: set[str] = set()
    for place, body in _items(members, "Statement", root):
        inner = _members(body, place, _STATEMENT_MEMBERS)
        sid = _sid(inner, place)
        if sid in sids:
            place.member("Sid").refuse(f"{sid!r} once more", "a Sid no other statement has")
        if sid:
            sids.add(sid)
        label = f"policy {name}, statement {sid or len(statements)}"
        statements.append(_statement(inner, place, label, variables=_VERSIONS[version]))
    by_outcome = {
        outcome: tuple(each for each in statements if each.decision.outcome is outcome)
        for outcome in Outcome
    }
    return Policy(name, by_outcome[Outcome.EXPLICITLY_DENIED], by_outcome[Outcome.ALLOWED])


def _statement(
    members: Mapping[str, object], place: _Place, label: str, *, variables: bool
) -> Statement:
    effect = members.get("Effect")
    outcome = _EFFECTS.get(effect) if isinstance(effect, str) else None
    if outcome is None:
        found = f"{effect!r:.200}" if "Effect" in members else "missing"
        place.member("Effect").refuse(found, '"Allow" or "Deny"')
    read_resource = functools.partial(_read_resource, variables=variables)
    return Statement(
        Decision(outcome, label),
        _selector(members, place, _ACTION_MEMBERS, _read_action),
        _selector(members, place, _RESOURCE_MEMBERS, read_resource),
        tuple(_conditions(members, place, variables=variables)),
    )


def _sid(members: Mapping[str, object], place: _Place) -> str:
    sid = members.get("Sid", "")
    if not isinstance(sid, str) or not _SID.fullmatch(sid):
        place.member("Sid").refuse(f"{sid!r:.200}", "text of the letters A-Z, a-z and digits")
    return sid


def _selector(
    members: Mapping[str, object],
    place: _Place,
    elements: tuple[str, str],
    read: Callable[[str], Template | None],
) -> Selector:
    element, inverse = elements
    named = [name for name in elements if name in members]
    if len(named) != 1:
        place.refuse("with both" if named else "without either", f"one of {element} and {inverse}")
    templates: list[Template] = []
    for at, text in _items(members, named[0], place):
        template = read(text) if isinstance(text, str) else None
        if template is None:
            at.refuse(f"{text!r:.200}", _EXPECTED[element])
        templates.append(template)
    return Selector(
        compile_patterns(each.fixed for each in templates if each.fixed is not None),
        tuple(each for each in templates if each.fixed is None),
        inverted=named[0] == inverse,
    )


def _read_action(text: str) -> Template | None:
    """Source: "IAM JSON policy elements: Action"."""
    if not _ACTION.fullmatch(text):
        return None
    return parse_template(text.lower(), variables=False, wildcards=True)


def _read_resource(text: str, *, variables: bool) -> Template | None:
    """An ARN of fewer than six parts is completed with wildcards.

    Source: "IAM JSON policy elements: Resource"; "IAM identifiers", IAM ARNs.
    """
    if text != "*" and not _ARN_START.match(text):
        return None
    missing = _ARN_COLONS - _VARIABLE.sub("", text).count(":")
    completed = text if text == "*" else text + ":*" * missing
    return parse_template(completed, variables=variables, wildcards=True)


def _conditions(
    members: Mapping[str, object], place: _Place, *, variables: bool
) -> Iterator[Condition]:
    """Source: "IAM JSON policy elements: Condition"."""
    if "Condition" not in members:
        return
    block = place.member("Condition")
    for name, tests in _object(members["Condition"], block).items():
        at = block.member(name)
        if name not in OPERATORS:
            at.refuse("unknown", "an operator such as StringEquals or ForAnyValue:ArnLikeIfExists")
        operator = OPERATORS[name]
        keys = _object(tests, at)
        for key in keys:
            if not all(key.partition(":")):
                at.member(key).refuse("no context key", "one such as aws:username")
            values: list[object] = []
            for each, item in _items(keys, key, at):
                value = operator.read(_text(item, each), variables=variables)
                if value is None:
                    each.refuse(f"{item!r:.200}", operator.expected)
                values.append(value)
            yield operator.condition(key, values)


def _text(value: object, place: _Place) -> str:
    """A condition's value as text: the grammar leaves numbers and Booleans unquoted too."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and isfinite(value):
        return f"{Decimal(repr(value)):f}"
    return place.refuse(f"{value!r:.200}", "text, a number or a Boolean")


def _object(value: object, place: _Place) -> Mapping[str, object]:
    if not isinstance(value, Mapping) or not value:
        place.refuse(f"{cast('object', value)!r:.200}", "an object with members")
    members = cast("Mapping[object, object]", value)
    for name in members:
        if not isinstance(name, str):
            place.refuse(f"an object with the member {name!r}", "members named by text")
    return cast("Mapping[str, object]", members)


def _members(value: object, place: _Place, known: Sequence[str]) -> Mapping[str, object]:
    members = _object(value, place)
    for name in members:
        if name in ("Principal", "NotPrincipal"):
            expected = "none: an identity-based policy applies to whom it is attached"
            place.member(name).refuse("present", expected)
        if name not in known:
            place.member(name).refuse("unknown", f"one of {', '.join(known)}")
    return members


def _items(
    members: Mapping[str, object], name: str, place: _Place
) -> Sequence[tuple[_Place, object]]:
    """The member's items and where each stands; anything but a list is its own only item."""
    at = place.member(name)
    if name not in members:
        at.refuse("missing", "one value or a list of values")
    value = members[name]
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        return [(at, value)]
    if not value:
        at.refuse("an empty list", "one value or a list of values")
    items = cast("Sequence[object]", value)
    return [(at.item(index), item) for index, item in enumerate(items)]


def _allowing(name: str, *actions: str) -> Policy:
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    return parse_policy({"Version": "2012-10-17", "Statement": statement}, name)


_SELLER_SERVICES = (
    "aws-marketplace",
    "marketplacecommerceanalytics",
    "partnercentral",
    "s3",
    "sns",
    "sqs",
    "events",
    "iam",
)
_ATTRIBUTION_RECORD_ACTIONS = (
    "partnercentral:CreateRevenueAttribution",
    "partnercentral:GetRevenueAttribution",
    "partnercentral:ListRevenueAttributions",
    "partnercentral:ListTagsForResource",
    "partnercentral:TagResource",
    "partnercentral:UntagResource",
    "partnercentral:UpdateRevenueAttribution",
)
_PARTNER_ACTIONS = (
    *_ATTRIBUTION_RECORD_ACTIONS,
    "partnercentral:*MarketplaceRevenueShare*",
    "partnercentral:*RevenueAttributionAllocation*",
    "partnercentral:GetOpportunity",
    "aws-marketplace:DescribeEntity",
)
_METERED_WORKLOAD_ACTIONS = ("aws-marketplace:MeterUsage", "aws-marketplace:RegisterUsage")

BUILT_IN_POLICIES: Mapping[str, Policy] = MappingProxyType(
    {
        policy.name: policy
        for policy in (
            _allowing("MarketplaceSeller", *(f"{service}:*" for service in _SELLER_SERVICES)),
            _allowing("MarketplaceMeteredWorkload", *_METERED_WORKLOAD_ACTIONS),
            _allowing("AWSPartnerCentralRevenueAttributionManagement", *_PARTNER_ACTIONS),
            _allowing("AWSRevenueAttributionManagement", *_ATTRIBUTION_RECORD_ACTIONS),
        )
    }
)
"""Policies every principal may be given by name, without a document."""
