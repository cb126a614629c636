"""Everything that is wrong with a value, told at once and in AWS's words."""

from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waag.wire.examination import (
    COUNTED,
    REPORTED_MISMATCHES,
    Unreadable,
    examine,
    refusal,
)
from waag.wire.generated.metering import BatchMeterUsageRequest
from waag.wire.shapes import OneOf, Shape, Timestamp, whole_match
from waag.wire.violations import (
    REPORTED,
    MapKey,
    NotSerializable,
    ShapeViolated,
    Violation,
    coral_message,
    coral_path,
    plain_path,
)

Percent = Annotated[str, msgspec.Meta(pattern=whole_match(r"\d{1,3}(\.\d{1,2})?"))]
Day = Annotated[str, msgspec.Meta(pattern=whole_match(r"\d{4}-\d{2}-\d{2}"))]
Account = Annotated[str, msgspec.Meta(pattern=whole_match("[0-9]{12}"), extra={"sensitive": True})]
Name = Annotated[str, msgspec.Meta(min_length=2, max_length=4)]
Key = Literal["ONE", "TWO"]


class Part(Shape, frozen=True, kw_only=True):
    """A structure in a list."""

    quantity: Annotated[int, msgspec.Meta(ge=0, le=9)] = msgspec.field(name="Quantity")
    account: Account | None = msgspec.field(default=None, name="Account")


class Choice(OneOf, frozen=True, kw_only=True):
    """A union."""

    this: str | None = None
    that: int | None = None


class Whole(Shape, frozen=True, kw_only=True):
    """Every constraint there is."""

    kind: Literal["A", "B"] = msgspec.field(name="Kind")
    name: Name | None = msgspec.field(default=None, name="Name")
    percent: Percent | None = msgspec.field(default=None, name="Percent")
    day: Day | None = msgspec.field(default=None, name="Day")
    share: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = msgspec.field(
        default=None, name="Share"
    )
    blob: Annotated[bytes, msgspec.Meta(max_length=2)] | None = msgspec.field(
        default=None, name="Blob"
    )
    when: Timestamp | None = msgspec.field(default=None, name="When")
    parts: Annotated[list[Part], msgspec.Meta(min_length=1, max_length=2)] | None = msgspec.field(
        default=None, name="Parts"
    )
    names: list[Name] | None = msgspec.field(default=None, name="Names")
    filters: Annotated[dict[Key, list[Name]], msgspec.Meta(max_length=2)] | None = msgspec.field(
        default=None, name="Filters"
    )
    document: Any = msgspec.field(default=None, name="Document")
    choice: Choice | None = msgspec.field(default=None, name="Choice")


def violations(**members):
    """What is violated by a `Whole` with `members`."""
    return examine({"Kind": "A", **members}, Whole).violations


@pytest.mark.parametrize(
    ("members", "code", "constraint"),
    [
        ({"Kind": None}, "REQUIRED_FIELD_MISSING", "Member must not be null"),
        ({"Kind": "C"}, "INVALID_ENUM_VALUE", "Member must satisfy enum value set: [A, B]"),
        (
            {"Name": "n"},
            "INVALID_STRING_LENGTH",
            "Member must have length greater than or equal to 2",
        ),
        (
            {"Name": "names"},
            "INVALID_STRING_LENGTH",
            "Member must have length less than or equal to 4",
        ),
        (
            {"Percent": "15,5"},
            "INVALID_NUMBER_FORMAT",
            r"Member must satisfy regular expression pattern: \d{1,3}(\.\d{1,2})?",
        ),
        (
            {"Day": "today"},
            "INVALID_STRING_FORMAT",
            r"Member must satisfy regular expression pattern: \d{4}-\d{2}-\d{2}",
        ),
        (
            {"Parts": [{"Quantity": -1}]},
            "INVALID_VALUE",
            "Member must have value greater than or equal to 0",
        ),
        (
            {"Parts": [{"Quantity": 10}]},
            "INVALID_VALUE",
            "Member must have value less than or equal to 9",
        ),
        ({"Parts": [None]}, "INVALID_VALUE", "Member must not be null"),
        ({"Parts": []}, "INVALID_VALUE", "Member must have length greater than or equal to 1"),
        (
            {"Parts": [{"Quantity": 1}] * 3},
            "TOO_MANY_VALUES",
            "Member must have length less than or equal to 2",
        ),
        ({"Share": 1.5}, "INVALID_VALUE", "Member must have value less than or equal to 1"),
        ({"Blob": b"abc"}, "INVALID_VALUE", "Member must have length less than or equal to 2"),
        (
            {"Filters": {"SIX": []}},
            "INVALID_ENUM_VALUE",
            "Map keys must satisfy constraint: [Member must satisfy enum value set: [ONE, TWO]]",
        ),
        ({"Filters": {"ONE": None}}, "INVALID_VALUE", "Member must not be null"),
    ],
)
def test_a_violation(members, code, constraint):
    """A broken constraint has its code and AWS's words."""
    assert [(found.code, found.constraint) for found in violations(**members)] == [
        (code, constraint)
    ]


@pytest.mark.parametrize(
    ("members", "value"),
    [
        ({"Kind": None}, "null"),
        ({"Kind": ""}, "''"),
        ({"Name": "n" * 65}, f"'{'n' * 64}...'"),
        ({"Parts": [{"Quantity": 10}]}, "'10'"),
        ({"Parts": [{"Quantity": 1}] * 3}, "'[3 items]'"),
        ({"Filters": {"ONE": ["abc"], "TWO": [], "SIX": []}}, "'{3 entries}'"),
        ({"Blob": b"abc"}, "'<3 bytes>'"),
        ({"Parts": [{"Quantity": 1, "Account": "x"}]}, "'***sensitiveInformation***'"),
    ],
)
def test_the_value_in_a_violation(members, value):
    """The offending value is quoted and shortened, and hidden where it is sensitive."""
    assert violations(**members)[0].value == value


PATHS = [
    (
        ("UsageRecords", 0, "Dimension"),
        "usageRecords.1.member.dimension",
        "UsageRecords[0].Dimension",
    ),
    (("UsageRecords",), "usageRecords", "UsageRecords"),
    (("CustomerAWSAccountId",), "customerAWSAccountId", "CustomerAWSAccountId"),
    (("TagKeys", 2), "tagKeys.3.member", "TagKeys[2]"),
    (("Filter", MapKey("ONE"), 1), "filter.ONE.member.2.member", 'Filter["ONE"][1]'),
    ((), "", ""),
]


@pytest.mark.parametrize(("path", "coral"), [(path, coral) for path, coral, _ in PATHS])
def test_a_path_as_the_json_services_write_it(path, coral):
    """Names start in lower case, indexes at 1, and what lists and maps hold is a member."""
    assert coral_path(path) == coral


@pytest.mark.parametrize(("path", "plain"), [(path, plain) for path, _, plain in PATHS])
def test_a_path_as_code_writes_it(path, plain):
    """Names stand as on the wire, indexes and keys in brackets."""
    assert plain_path(path) == plain


@pytest.mark.parametrize(
    ("members", "path"),
    [
        ({"Names": ["abc", "a"]}, ("Names", 1)),
        ({"Parts": [{"Quantity": 1}, {}]}, ("Parts", 1, "Quantity")),
        ({"Filters": {"ONE": ["abc", "a"]}}, ("Filters", MapKey("ONE"), 1)),
        ({"Filters": {"SIX": []}}, ("Filters",)),
    ],
)
def test_where_a_violation_is(members, path):
    """A violation knows its place in structures, lists and maps."""
    assert [found.path for found in violations(**members)] == [path]


def test_everything_is_told_in_order():
    """All violations are told, in the order of the structure's members."""
    value = {"Parts": [{"Quantity": 10}, {"Quantity": -1}], "Name": "n"}
    paths = [plain_path(found.path) for found in examine(value, Whole).violations]
    assert paths == ["Kind", "Name", "Parts[0].Quantity", "Parts[1].Quantity"]


def test_one_violation_as_a_message():
    """One violation is told in the singular."""
    assert examine({}, Whole).why == (
        "1 validation error detected: Value null at 'kind' failed to satisfy constraint: "
        "Member must not be null"
    )


def test_several_violations_as_a_message():
    """Several violations are joined by semicolons."""
    assert examine({"Kind": "C", "Parts": [{"Quantity": 10}]}, Whole).why == (
        "2 validation errors detected: Value 'C' at 'kind' failed to satisfy constraint: "
        "Member must satisfy enum value set: [A, B]; Value '10' at 'parts.1.member.quantity' "
        "failed to satisfy constraint: Member must have value less than or equal to 9"
    )


def test_a_message_counts_what_it_does_not_tell():
    """Violations beyond those told are counted."""
    violation = Violation(("A",), "INVALID_VALUE", "Member must not be null", "null")
    sentence = "Value null at 'a' failed to satisfy constraint: Member must not be null; "
    assert coral_message([violation] * (REPORTED + 2)) == (
        f"{REPORTED + 2} validation errors detected: {sentence * REPORTED}and 2 more"
    )


def test_violations_are_all_kept():
    """Those that a message only counts are there for who lists them."""
    found = examine({"Kind": "A", "Names": [None] * (REPORTED + 5)}, Whole)
    assert len(found.violations) == REPORTED + 5


def test_the_walk_ends():
    """The walk ends when it has found more than anyone asks for."""
    found = examine({"Kind": "A", "Names": [""] * (10 * COUNTED)}, Whole)
    assert len(found.violations) == COUNTED


def test_what_lies_beyond_a_lists_length_is_not_examined():
    """A list that is too long is told as such, not for what lies beyond."""
    found = violations(Parts=[{"Quantity": 1}, {"Quantity": 2}, {"Quantity": 10}])
    assert [violation.code for violation in found] == ["TOO_MANY_VALUES"]


def test_a_long_key_is_shortened():
    """A key of a map is repeated no longer than any other text of the caller."""
    found = violations(Filters={"K" * 100: ["a"]})
    assert plain_path(found[1].path) == f'Filters["{"K" * 64}..."][0]'


def test_wrong_types_are_bounded():
    """No more wrong types are told than a person reads; the rest are counted."""
    found = examine({"Kind": "A", "Names": [1] * (REPORTED_MISMATCHES + 5)}, Whole)
    assert found.why.endswith("Names[9]: expected a string, found the number '1'; and 5 more.")


def test_a_sensitive_value_of_the_wrong_type_is_not_repeated():
    """A wrong type at a sensitive member is told without the value."""
    found = examine({"Kind": "A", "Parts": [{"Quantity": 1, "Account": 12}]}, Whole)
    assert found.why == "Parts[0].Account: expected a string, found another."


def test_a_leaf_that_a_codec_could_not_read():
    """What a codec put in place of a leaf is told as a wrong type."""
    found = examine({"Kind": Unreadable("x", "a letter")}, Whole)
    assert found.why == "Kind: expected a letter, found the string 'x'."


def test_any_document_will_do():
    """A document is never wrong."""
    assert examine({"Kind": "A", "Document": [None, {"a": 1}]}, Whole) is None


def test_a_number_beyond_a_double_is_of_the_wrong_type():
    """An integer that no double can hold is no number of that type."""
    assert isinstance(examine({"Kind": "A", "Share": 10**400}, Whole), NotSerializable)


def test_a_fault_that_no_longer_shows_is_told_by_the_decoder():
    """Where the walk finds nothing, the decoder's own words are used."""
    assert refusal({"Kind": "A"}, Whole, "it said so").why == (
        "The body is not what Whole asks for: it said so."
    )


TEXTS = ["", "a", "1", "1\n", "12.5", "1.1234567", "a b", "\u0661", "x" * 256, "x" * 101]
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(TEXTS),
    st.floats(),
    st.sampled_from([-1, 0, 2147483647, 2147483648, 10**13, 10**30]),
    st.just([]),
    st.just({}),
    st.just([None]),
)


def mostly(*usual):
    """One of `usual`, and now and then anything at all."""
    return st.integers(0, 15).flatmap(lambda n: ODD if n == 0 else st.sampled_from(usual))


def mostly_list(items, max_size):
    """A list of `items`, and now and then anything at all."""
    usual = st.lists(items, min_size=1, max_size=max_size)
    return st.integers(0, 15).flatmap(lambda n: ODD if n == 0 else usual)


DECIMALS = mostly("0", "1.5", "9999999999.999999")
TAGS = st.fixed_dictionaries({"Key": mostly("team"), "Value": mostly("a b")})
ALLOCATIONS = st.fixed_dictionaries(
    {},
    optional={
        "AllocatedUsageQuantity": mostly(0, 5, 2147483647),
        "AllocatedUsageQuantityAsDecimal": DECIMALS,
        "Tags": mostly_list(TAGS, 6),
    },
)
RECORDS = st.fixed_dictionaries(
    {"Timestamp": mostly(1795246108, 1795246108.674), "Dimension": mostly("users")},
    optional={
        "CustomerIdentifier": mostly("ifAPi5AcF3", ""),
        "Quantity": mostly(0, 5, 2147483647),
        "QuantityAsDecimal": DECIMALS,
        "UsageAllocations": mostly_list(ALLOCATIONS, 2),
        "CustomerAWSAccountId": mostly("123456789012"),
        "LicenseArn": mostly("arn:aws:license-manager::123456789012:license:l-0"),
        "Unknown": ODD,
    },
)
REQUESTS = st.fixed_dictionaries(
    {"UsageRecords": mostly_list(RECORDS, 3)}, optional={"ProductCode": mostly("abc", "")}
)


@settings(deadline=None, max_examples=500)
@given(REQUESTS | ODD)
def test_the_walk_finds_a_fault_exactly_where_the_decoder_does(value):
    """The slow walk finds something wrong if and only if the fast decoder refuses."""
    assert (examine(value, BatchMeterUsageRequest) is not None) == is_refused(value)


def is_refused(value):
    """Whether msgspec refuses `value`."""
    try:
        msgspec.convert(value, BatchMeterUsageRequest)
    except msgspec.ValidationError:
        return True
    return False


@pytest.mark.parametrize(
    ("value", "kind"),
    [({}, ShapeViolated), ({"UsageRecords": 1}, NotSerializable), (1, NotSerializable)],
)
def test_the_kind_of_a_refusal(value, kind):
    """Wrong types are no serialization; broken constraints violate the shape."""
    assert isinstance(examine(value, BatchMeterUsageRequest), kind)
