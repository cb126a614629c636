"""Condition operators: how one key of a request is compared with a policy's values.

Section names cited here are those of the IAM User Guide. This module decides nothing about access
and reads no documents: `waag.domain.policies` does both, and says where a document is malformed.
"""

import base64
import binascii
import enum
import ipaddress
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from waag.domain.instants import Instant, from_epoch_seconds, parse_instant
from waag.domain.policy_patterns import (
    RequestContext,
    Template,
    compile_arn,
    compile_pattern,
    parse_template,
)

_DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_EPOCH_SECONDS = re.compile(r"[0-9]{1,12}")  # milliseconds written by mistake have 13 digits
_DATE = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:T([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)(Z|[+-][0-9]{2}:[0-9]{2}))?)?)?"
)


class Quantifier(enum.Enum):
    """What is asked of a key's values: the operator's prefix."""

    NONE = ""
    FOR_ALL_VALUES = "ForAllValues:"
    FOR_ANY_VALUE = "ForAnyValue:"


class ConditionOperator(Struct, frozen=True):
    """A way to compare a request's value with a policy's.

    Attributes:
        expected: what a policy value must be, for a person.
        policy_value: reads the policy's text; None if it is unfit.
        request_value: reads the request's text; None if it is unfit and so matches nothing.
        matches: compares both, the request's value first.
        variables: whether policy variables may stand in the policy's text.
        wildcards: whether the policy's text reaches `policy_value` as an escaped pattern.
    """

    expected: str
    policy_value: Callable[[str], Any]
    request_value: Callable[[str], Any]
    matches: Callable[[Any, Any], bool]
    variables: bool = False
    wildcards: bool = False
    negated: bool = False
    quantifier: Quantifier = Quantifier.NONE
    if_exists: bool = False

    def read(self, text: str, *, variables: bool) -> Any:
        """What the policy's text stands for: a value, a `Template`, or None if it is unfit.

        Args:
            text: one of the policy's values.
            variables: whether the policy's version knows variables.
        """
        template = parse_template(
            text, variables=variables and self.variables, wildcards=self.wildcards
        )
        if template is None or template.fixed is None:
            return template
        return self.policy_value(template.fixed)

    def condition(self, key: str, values: Sequence[Any]) -> "Comparison":
        """This operator on a key, in any case, with what `read` made of the policy's values."""
        return Comparison(key.lower(), self, tuple(values))


class Comparison(Struct, frozen=True):
    """One operator on one key, given in lower case, with what it read of the policy's values."""

    key: str
    operator: ConditionOperator
    values: tuple[Any, ...]

    def holds(self, context: RequestContext) -> bool:
        """Whether the request meets this condition.

        Several policy values are alternatives, and a negated operator asks that none of them
        matches. A key without values fails a positive operator and meets a negated one or
        IfExists. For a set operator an empty string is no value, no values meet ForAllValues but
        not ForAnyValue, and so nothing is left for IfExists to decide. Several request values
        without a set operator, which AWS leaves undefined, are alternatives too.

        Source: "IAM JSON policy elements: Condition operators"; "Conditions with multiple context
        keys or values", Evaluation logic for negated matching condition operators;
        "Single-valued vs. multivalued context keys", Set operators for multivalued context keys.
        """
        given = context.values(self.key)
        policy_values = [self._resolve(value, context) for value in self.values]
        negated = self.operator.negated
        if self.operator.quantifier is Quantifier.NONE:
            if not given:
                return negated or self.operator.if_exists
            return any(self._matches(text, policy_values) for text in given) != negated
        met = (self._matches(text, policy_values) != negated for text in given if text)
        return all(met) if self.operator.quantifier is Quantifier.FOR_ALL_VALUES else any(met)

    def _resolve(self, value: Any, context: RequestContext) -> Any:
        if not isinstance(value, Template):
            return value
        text = value.resolve(context)
        return None if text is None else self.operator.policy_value(text)

    def _matches(self, text: str, policy_values: Sequence[Any]) -> bool:
        value = self.operator.request_value(text)
        if value is None:
            return False
        matches = self.operator.matches
        return any(matches(value, each) for each in policy_values if each is not None)


class Presence(Struct, frozen=True):
    """The Null operator on one key, given in lower case: `absent` lists what may be true of it."""

    key: str
    absent: tuple[bool, ...]

    def holds(self, context: RequestContext) -> bool:
        """Whether the key's absence is as asked; empty values are absent ones.

        Source: "IAM JSON policy elements: Condition operators", Condition operator to check
        existence of condition keys.
        """
        return (not any(context.values(self.key))) in self.absent


class NullOperator(Struct, frozen=True):
    """The Null operator: it has no policy variables, no set operators and no IfExists."""

    expected: str = '"true" or "false"'

    def read(self, text: str, *, variables: bool) -> bool | None:  # noqa: ARG002 - as ConditionOperator
        """What the policy's text stands for, None if it is unfit."""
        return _read_boolean(text)

    def condition(self, key: str, values: Sequence[Any]) -> Presence:
        """This operator on a key, in any case, with what `read` made of the policy's values."""
        return Presence(key.lower(), tuple(values))


Condition: TypeAlias = Comparison | Presence


def _read_boolean(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())


def _read_number(text: str) -> Decimal | None:
    return Decimal(text) if _DECIMAL.fullmatch(text) else None


def _read_instant(text: str) -> Instant | None:
    """The instant of a W3C date or of epoch seconds; four digits are a year."""
    found = _DATE.fullmatch(text)
    if found is None:
        return from_epoch_seconds(int(text)) if _EPOCH_SECONDS.fullmatch(text) else None
    year, month, day, clock, zone = found.groups()
    iso = f"{year}-{month or '01'}-{day or '01'}T{clock or '00:00'}{zone or 'Z'}"
    try:
        return parse_instant(iso)
    except ValueError:
        return None


def _read_octets(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _read_network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    _, slash, prefix = text.partition("/")
    if slash and not (prefix.isascii() and prefix.isdecimal()):
        return None
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _read_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _matches_pattern(value: str, pattern: re.Pattern[str]) -> bool:
    return pattern.fullmatch(value) is not None


def _lies_in(address: Any, network: Any) -> bool:
    return address in network


def _text(
    policy_value: Callable[[str], Any],
    request_value: Callable[[str], Any],
    matches: Callable[[Any, Any], bool],
    expected: str = "text",
) -> ConditionOperator:
    return ConditionOperator(
        f"{expected}, in which variables are written ${{prefix:key}} or ${{prefix:key, 'default'}}",
        policy_value,
        request_value,
        matches,
        variables=True,
        wildcards=matches is _matches_pattern,
    )


def _ordered(
    family: str, read: Callable[[str], Any], expected: str
) -> dict[str, ConditionOperator]:
    comparisons: dict[str, Callable[[Any, Any], bool]] = {
        "Equals": operator.eq,
        "LessThan": operator.lt,
        "LessThanEquals": operator.le,
        "GreaterThan": operator.gt,
        "GreaterThanEquals": operator.ge,
    }
    return {
        f"{family}{name}": ConditionOperator(expected, read, read, matches)
        for name, matches in comparisons.items()
    }


_EQUALS = _text(str, str, operator.eq)
_IGNORE_CASE = _text(str.casefold, str.casefold, operator.eq)
_LIKE = _text(compile_pattern, str, _matches_pattern)
_ARN = _text(compile_arn, str, _matches_pattern, "an ARN of six parts separated by colons")
_ADDRESS = "an IPv4 or IPv6 address or CIDR range"
_NUMBER = "a number such as 10 or 0.5"
_INSTANT = "a date such as 2026-01-31 or 2026-01-31T12:00:00Z, or whole seconds since 1970"

_AFFIRMATIVE = {
    "StringEquals": _EQUALS,
    "StringEqualsIgnoreCase": _IGNORE_CASE,
    "StringLike": _LIKE,
    "ArnEquals": _ARN,
    "ArnLike": _ARN,
    **_ordered("Numeric", _read_number, _NUMBER),
    **_ordered("Date", _read_instant, _INSTANT),
    "Bool": ConditionOperator('"true" or "false"', _read_boolean, _read_boolean, operator.eq),
    "BinaryEquals": ConditionOperator("base64 text", _read_octets, _read_octets, operator.eq),
    "IpAddress": ConditionOperator(_ADDRESS, _read_network, _read_address, _lies_in),
}
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
}
_BASE = _AFFIRMATIVE | {
    name: replace(_AFFIRMATIVE[affirmative], negated=True) for name, affirmative in _NEGATED.items()
}

OPERATORS: Mapping[str, ConditionOperator | NullOperator] = {
    "Null": NullOperator(),
    **{
        f"{quantifier.value}{name}{suffix}": replace(
            base, quantifier=quantifier, if_exists=suffix == "IfExists"
        )
        for name, base in _BASE.items()
        for quantifier in Quantifier
        for suffix in ("", "IfExists")
    },
}
"""Every operator by its name in a policy, prefix and suffix included."""
