"""Every condition operator, with each prefix and suffix."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from waag.domain.policy_conditions import OPERATORS
from waag.domain.policy_patterns import ContextValue, RequestContext

TOPIC = "arn:aws:sns:us-east-1:111122223333:topic"
QUEUE = "arn:aws:sqs:us-east-1:111122223333:queue"


class Sample(Struct, frozen=True):
    """Policy values, a request value that meets the operator and one that does not."""

    operator: str
    policy: Sequence[str]
    meets: str
    fails: str
    negated: bool = False


SAMPLES = [
    Sample("StringEquals", ["bob", "ann"], "ann", "Ann"),
    Sample("StringNotEquals", ["bob", "ann"], "Ann", "ann", negated=True),
    Sample("StringEqualsIgnoreCase", ["bob", "ann"], "ANN", "eve"),
    Sample("StringNotEqualsIgnoreCase", ["bob", "ann"], "eve", "ANN", negated=True),
    Sample("StringLike", ["b?b", "a*"], "ann", "eve"),
    Sample("StringNotLike", ["b?b", "a*"], "eve", "ann", negated=True),
    Sample("ArnEquals", [TOPIC, "arn:aws:sqs:*:*:*"], QUEUE, "arn:aws:s3:::bucket"),
    Sample("ArnLike", [TOPIC, "arn:aws:sqs:*:*:*"], QUEUE, "arn:aws:s3:::bucket"),
    Sample("ArnNotEquals", [TOPIC, "arn:aws:sqs:*:*:*"], "arn:aws:s3:::b", QUEUE, negated=True),
    Sample("ArnNotLike", [TOPIC, "arn:aws:sqs:*:*:*"], "arn:aws:s3:::b", QUEUE, negated=True),
    Sample("NumericEquals", ["10", "20"], "20.0", "15"),
    Sample("NumericNotEquals", ["10", "20"], "15", "20.0", negated=True),
    Sample("NumericLessThan", ["10", "5"], "9.9", "10"),
    Sample("NumericLessThanEquals", ["10", "5"], "10", "10.1"),
    Sample("NumericGreaterThan", ["10", "20"], "10.1", "10"),
    Sample("NumericGreaterThanEquals", ["10", "20"], "10", "9.9"),
    Sample("DateEquals", ["2026-01-01", "2027-01-01"], "1767225600", "1767225601"),
    Sample("DateNotEquals", ["2026-01-01"], "1767225601", "1767225600", negated=True),
    Sample("DateLessThan", ["2026-01-01"], "2025-12-31T23:59:59.999Z", "2026-01-01T00:00:00Z"),
    Sample("DateLessThanEquals", ["2026-01-01"], "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"),
    Sample("DateGreaterThan", ["2026-01-01"], "2026-01-01T00:00:01Z", "2026-01-01T00:00:00Z"),
    Sample("DateGreaterThanEquals", ["2026-01-01"], "2026-01-01T00:00:00Z", "2025-12-31"),
    Sample("Bool", ["true"], "True", "false"),
    Sample("BinaryEquals", ["d2FhZw==", "c2NhbGU="], "c2NhbGU=", "c2NhbA=="),
    Sample("IpAddress", ["203.0.113.0/24", "2001:DB8::/32"], "203.0.113.9", "198.51.100.1"),
    Sample("NotIpAddress", ["203.0.113.0/24"], "198.51.100.1", "203.0.113.9", negated=True),
]
each_sample = pytest.mark.parametrize(
    "sample", SAMPLES, ids=[sample.operator for sample in SAMPLES]
)


def holds(operator_name: str, policy: Sequence[str], context: Mapping[str, ContextValue]) -> bool:
    """Whether `operator_name` on the key test:Key holds of the context."""
    operator = OPERATORS[operator_name]
    values = [operator.read(text, variables=True) for text in policy]
    assert None not in values
    return operator.condition("test:Key", values).holds(RequestContext(lambda: context))


def test_samples_are_complete():
    """The samples cover every operator, so that each test over them does."""
    bare = {name for name in OPERATORS if ":" not in name and not name.endswith("IfExists")}
    assert {sample.operator for sample in SAMPLES} | {"Null"} == bare


@each_sample
def test_value_that_meets(sample: Sample):
    """A request value that one policy value allows for meets the operator."""
    assert holds(sample.operator, sample.policy, {"test:Key": sample.meets})


@each_sample
def test_value_that_fails(sample: Sample):
    """A request value that no policy value allows for fails the operator."""
    assert not holds(sample.operator, sample.policy, {"test:Key": sample.fails})


@each_sample
def test_key_of_other_case(sample: Sample):
    """Context keys have no case."""
    assert holds(sample.operator, sample.policy, {"TEST:kEY": sample.meets})


@each_sample
def test_missing_key(sample: Sample):
    """A missing key meets negated operators only."""
    assert holds(sample.operator, sample.policy, {}) is sample.negated


@each_sample
def test_key_with_no_values(sample: Sample):
    """A multivalued key without values is a missing one."""
    assert holds(sample.operator, sample.policy, {"test:Key": []}) is sample.negated


@each_sample
def test_if_exists_with_missing_key(sample: Sample):
    """A missing key meets every IfExists operator."""
    assert holds(f"{sample.operator}IfExists", sample.policy, {})


@each_sample
def test_if_exists_with_value_that_meets(sample: Sample):
    """With the key present IfExists changes nothing for a value that meets."""
    assert holds(f"{sample.operator}IfExists", sample.policy, {"test:Key": sample.meets})


@each_sample
def test_if_exists_with_value_that_fails(sample: Sample):
    """With the key present IfExists changes nothing for a value that fails."""
    assert not holds(f"{sample.operator}IfExists", sample.policy, {"test:Key": sample.fails})


@each_sample
@pytest.mark.parametrize(
    ("prefix", "given_values", "expected"),
    [
        ("ForAllValues", ["meets"], True),
        ("ForAllValues", ["meets", "meets"], True),
        ("ForAllValues", ["meets", "fails"], False),
        ("ForAllValues", ["fails"], False),
        ("ForAllValues", [], True),
        ("ForAllValues", None, True),
        ("ForAnyValue", ["meets"], True),
        ("ForAnyValue", ["fails", "meets"], True),
        ("ForAnyValue", ["fails"], False),
        ("ForAnyValue", [], False),
        ("ForAnyValue", None, False),
    ],
    ids=str,
)
@pytest.mark.parametrize("suffix", ["", "IfExists"], ids=["plain", "IfExists"])
def test_set_operator(
    sample: Sample,
    prefix: str,
    given_values: Sequence[str] | None,
    suffix: str,
    *,
    expected: bool,
):
    """ForAllValues asks every request value, ForAnyValue one, and IfExists adds nothing to them."""
    values = {"meets": sample.meets, "fails": sample.fails}
    context = {} if given_values is None else {"test:Key": [values[each] for each in given_values]}
    assert holds(f"{prefix}:{sample.operator}{suffix}", sample.policy, context) is expected


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("ForAllValues:StringEquals", "", True),
        ("ForAllValues:StringEquals", [""], True),
        ("ForAllValues:StringEquals", ["", "other"], False),
        ("ForAnyValue:StringEquals", "", False),
        ("ForAnyValue:StringNotEquals", [""], False),
        ("StringEquals", "", False),
        ("StringNotEquals", "", True),
        ("StringEqualsIfExists", "", False),
    ],
)
def test_empty_text_is_no_value_of_a_set(operator: str, value: ContextValue, *, expected: bool):
    """An empty text is a value to plain operators and none to set operators."""
    assert holds(operator, ["bob"], {"test:Key": value}) is expected


def test_empty_text_equals_itself():
    """A plain operator may ask for the empty text."""
    assert holds("StringLike", ["", "home/"], {"test:Key": ""})


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("StringEquals", ["bob", "eve"], True),
        ("StringEquals", ["eve", "mallory"], False),
        ("StringNotEquals", ["bob", "eve"], False),
        ("StringNotEquals", ["eve", "mallory"], True),
    ],
    ids=str,
)
def test_several_request_values_without_set_operator(
    operator: str, value: Sequence[str], *, expected: bool
):
    """Without a set operator several request values are alternatives, negated none may match."""
    assert holds(operator, ["bob", "ann"], {"test:Key": value}) is expected


@pytest.mark.parametrize(
    ("policy", "context", "expected"),
    [
        (["true"], {}, True),
        (["true"], {"test:Key": "x"}, False),
        (["true"], {"test:Key": ""}, True),
        (["true"], {"test:Key": []}, True),
        (["true"], {"test:Key": ["", ""]}, True),
        (["true"], {"test:Key": ["", "x"]}, False),
        (["false"], {}, False),
        (["false"], {"TEST:KEY": "x"}, True),
        (["false"], {"test:Key": ""}, False),
        (["True", "FALSE"], {}, True),
        (["True", "FALSE"], {"test:Key": "x"}, True),
    ],
    ids=str,
)
def test_null(policy: Sequence[str], context: Mapping[str, ContextValue], *, expected: bool):
    """Null asks whether a key is absent, and empty values are absent ones."""
    assert holds("Null", policy, context) is expected


@pytest.mark.parametrize("name", ["NullIfExists", "ForAllValues:Null", "ForAnyValue:Null"])
def test_null_stands_alone(name: str):
    """Null takes neither prefix nor suffix."""
    assert name not in OPERATORS


@pytest.mark.parametrize(
    ("operator", "policy", "value", "expected"),
    [
        ("StringEquals", "b*b", "bob", False),
        ("StringEquals", "b*b", "b*b", True),
        ("StringLike", "b*b", "bob", True),
        ("StringLike", "B*b", "bob", False),
        ("StringEqualsIgnoreCase", "STRASSE", "straße", True),
        ("ArnEquals", "arn:aws:sns:*:111122223333:*", TOPIC, True),
        ("ArnLike", "arn:aws:sns:*:topic:*", TOPIC, False),
        ("ArnEquals", TOPIC, "topic", False),
        ("ArnNotEquals", TOPIC, "topic", True),
        ("NumericEquals", "-0.50", "-.5", False),
        ("NumericEquals", "-0.50", "-0.5", True),
        ("NumericEquals", "+10", "10", True),
        ("NumericEquals", "0.1", "0.1000000000000000055511151231257827", False),
        ("NumericEquals", "10", "1e1", False),
        ("NumericEquals", "10", "ten", False),
        ("NumericNotEquals", "10", "ten", True),
        ("NumericLessThan", "10", "", False),
        ("DateEquals", "2026", "2026-01-01T00:00Z", True),
        ("DateEquals", "2026-02", "2026-02-01", True),
        ("DateEquals", "2026-01-01T12:00:00+02:00", "2026-01-01T10:00:00Z", True),
        ("DateEquals", "2026-01-01T12:00:00.25Z", "2026-01-01T12:00:00.250000Z", True),
        ("DateEquals", "1767225600", "2026-01-01T00:00:00Z", True),
        ("DateEquals", "2026-01-01", "1767225600000", False),
        ("DateEquals", "2026-01-01", "today", False),
        ("DateNotEquals", "2026-01-01", "today", True),
        ("Bool", "TRUE", "true", True),
        ("Bool", "false", "0", False),
        ("BinaryEquals", "AA==", "AA==", True),
        ("BinaryEquals", "AA==", "!", False),
        ("BinaryEquals", "", "", True),
        ("IpAddress", "203.0.113.9", "203.0.113.9", True),
        ("IpAddress", "203.0.113.9", "203.0.113.8", False),
        ("IpAddress", "203.0.113.9/24", "203.0.113.1", True),
        ("IpAddress", "2001:DB8:1234:5678::/64", "2001:db8:1234:5678::1", True),
        ("IpAddress", "2001:DB8:1234:5678::/64", "2001:db8:1234:5679::1", False),
        ("IpAddress", "2001:db8::1", "2001:db8:0::1", True),
        ("IpAddress", "0.0.0.0/0", "2001:db8::1", False),
        ("NotIpAddress", "0.0.0.0/0", "2001:db8::1", True),
        ("IpAddress", "0.0.0.0/0", "localhost", False),
        ("NotIpAddress", "0.0.0.0/0", "localhost", True),
    ],
)
def test_comparison(operator: str, policy: str, value: str, *, expected: bool):
    """Each family compares values by their kind, and what is not of the kind matches nothing."""
    assert holds(operator, [policy], {"test:Key": value}) is expected


@pytest.mark.parametrize(
    ("operator", "policy"),
    [
        ("ArnLike", "*"),
        ("ArnEquals", "arn:aws:sqs"),
        ("StringEquals", "${username}"),
        ("StringLike", "${aws:username"),
        ("NumericEquals", "ten"),
        ("NumericEquals", "NaN"),
        ("NumericEquals", "1_000"),
        ("NumericEquals", "٣"),
        ("NumericEquals", ""),
        ("NumericEquals", "${aws:username}"),
        ("DateEquals", "2026-1-1"),
        ("DateEquals", "2026-13-01"),
        ("DateEquals", "2026-01-01T12:00:00"),
        ("DateEquals", "2026-01-01 12:00:00Z"),
        ("DateEquals", "1767225600000"),
        ("DateEquals", "-1"),
        ("DateEquals", "${aws:CurrentTime}"),
        ("Bool", "yes"),
        ("Bool", "${aws:SecureTransport}"),
        ("Null", ""),
        ("BinaryEquals", "not base64"),
        ("BinaryEquals", "AA="),
        ("IpAddress", "203.0.113.0/33"),
        ("IpAddress", "203.0.113.0/255.255.255.0"),
        ("IpAddress", "203.0.113.0/"),
        ("IpAddress", "203.0.113"),
        ("IpAddress", "${aws:SourceIp}"),
    ],
)
def test_unfit_policy_value(operator: str, policy: str):
    """What an operator cannot compare it does not read."""
    assert OPERATORS[operator].read(policy, variables=True) is None


@pytest.mark.parametrize(
    ("operator", "policy", "context", "expected"),
    [
        ("StringEquals", "${aws:username}", {"test:Key": "bob", "aws:username": "bob"}, True),
        ("StringEquals", "${aws:username}", {"test:Key": "eve", "aws:username": "bob"}, False),
        ("StringEquals", "${aws:username}", {"test:Key": "bob"}, False),
        ("StringNotEquals", "${aws:username}", {"test:Key": "bob", "aws:username": "bob"}, False),
        ("StringNotEquals", "${aws:username}", {"test:Key": "bob"}, True),
        ("StringEquals", "${aws:username, 'bob'}", {"test:Key": "bob"}, True),
        ("StringLike", "${aws:username}/*", {"test:Key": "b/x", "aws:username": "b"}, True),
        ("StringLike", "${aws:username}", {"test:Key": "b/x", "aws:username": "*"}, False),
        ("StringEqualsIgnoreCase", "${aws:username}", {"test:Key": "b", "aws:username": "B"}, True),
        (
            "ArnLike",
            "arn:aws:iam::${aws:PrincipalAccount}:user/*",
            {"test:Key": "arn:aws:iam::1:user/b", "aws:PrincipalAccount": "1"},
            True,
        ),
        ("ArnEquals", "${aws:SourceArn}", {"test:Key": TOPIC, "aws:SourceArn": TOPIC}, True),
        ("ArnEquals", "${aws:SourceArn}", {"test:Key": "x", "aws:SourceArn": "x"}, False),
        ("ArnNotEquals", "${aws:SourceArn}", {"test:Key": "x", "aws:SourceArn": "x"}, True),
    ],
    ids=str,
)
def test_variable_in_policy_value(
    operator: str, policy: str, context: Mapping[str, ContextValue], *, expected: bool
):
    """A variable compares as its value; without one only negated operators are met."""
    assert holds(operator, [policy], context) is expected


@given(
    name=st.sampled_from(
        [
            ("StringEquals", "StringNotEquals"),
            ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
            ("StringLike", "StringNotLike"),
        ]
    ),
    policy=st.lists(st.text("abA*?", max_size=4), min_size=1, max_size=3),
    value=st.text("abA", max_size=4),
)
@settings(deadline=None)
def test_negation_is_the_opposite(name: tuple[str, str], policy: Sequence[str], value: str):
    """Of a key that is present, an operator holds exactly where its negation does not."""
    affirmative, negated = name
    context = {"test:Key": value}
    assert holds(affirmative, policy, context) is not holds(negated, policy, context)
