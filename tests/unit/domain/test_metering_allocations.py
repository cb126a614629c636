"""Allocations of a record: sums, kinds, tags."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import allocation, batch, record, refused
from waag.domain.metering import Allocation
from waag.domain.refusals import AllocationsMismatch, TagInvalid

WHERE = "UsageRecords[1].UsageAllocations"


def allocated(*allocations, quantity="5", is_decimal=False):
    """A good record, then one with allocations."""
    return batch(
        record(), record(quantity=quantity, is_decimal=is_decimal, allocations=allocations)
    )


def decimal(quantity, **tags):
    """An allocation with a decimal quantity."""
    return allocation(quantity, is_decimal=True, **tags)


@pytest.mark.parametrize(
    ("submitted", "expected"),
    [
        pytest.param(allocated(), None, id="none at all"),
        pytest.param(allocated(allocation("5")), None, id="one without tags"),
        pytest.param(allocated(allocation("2", team="red"), allocation("3")), None, id="two"),
        pytest.param(
            allocated(
                decimal("1.25", team="red"), decimal("3.75"), quantity="5.00", is_decimal=True
            ),
            None,
            id="decimals",
        ),
        pytest.param(
            allocated(decimal("0.1", a="1"), decimal("0.2"), quantity="0.3", is_decimal=True),
            None,
            id="no rounding",
        ),
        pytest.param(
            allocated(allocation("0", team="red"), allocation("0"), quantity="0"), None, id="zeros"
        ),
        pytest.param(
            allocated(allocation("2", team="red"), allocation("4")),
            f"{WHERE} add up to 6, the record's quantity is 5.",
            id="too much",
        ),
        pytest.param(
            allocated(decimal("4.999999"), quantity="5", is_decimal=True),
            f"{WHERE} add up to 4.999999, the record's quantity is 5.",
            id="a millionth short",
        ),
        pytest.param(
            allocated(decimal("5")),
            f"{WHERE}[0]: a record with a whole quantity takes allocations of that kind only, not "
            "a decimal quantity.",
            id="a decimal of a whole",
        ),
        pytest.param(
            allocated(decimal("2", team="red"), allocation("3"), is_decimal=True),
            f"{WHERE}[1]: a record with a decimal quantity takes allocations of that kind only, "
            "not a whole quantity.",
            id="a whole of a decimal",
        ),
        pytest.param(
            allocated(allocation("2"), allocation("3")),
            f"{WHERE}: two allocations have the same set of tags.",
            id="two without tags",
        ),
        pytest.param(
            allocated(allocation("2", a="1", b="2"), allocation("3", b="2", a="1")),
            f"{WHERE}: two allocations have the same set of tags.",
            id="the same tags in another order",
        ),
        pytest.param(
            allocated(allocation("2", a="1"), allocation("3", a="2")), None, id="another value"
        ),
        pytest.param(
            allocated(allocation("2", a="1"), allocation("3", A="1")), None, id="case counts"
        ),
    ],
)
def test_allocations_of_a_record(submitted, expected):
    """They are of the record's kind, differ in their tags, and add up by value."""
    assert refused(submitted) == (None if expected is None else (AllocationsMismatch, expected))


@pytest.mark.parametrize(
    ("submitted", "expected"),
    [
        pytest.param(
            allocated(Allocation(5_000_000, is_decimal=False, tags=(("a", "1"), ("a", "2")))),
            f"{WHERE}[0]: a tag key stands twice in ['a', 'a'].",
            id="a key twice",
        ),
        pytest.param(
            allocated(
                allocation("2", a="1", b="", c="", d="", e=""), allocation("3", a="2", e="2")
            ),
            None,
            id="five keys",
        ),
        pytest.param(
            allocated(allocation("2", a="", b="", c="", d="", e=""), allocation("3", f="")),
            f"{WHERE}: 6 distinct tag keys; a record has 5 at most.",
            id="six keys",
        ),
    ],
)
def test_tags_of_a_record(submitted, expected):
    """A key once in an allocation, and five keys over all allocations of a record."""
    assert refused(submitted) == (None if expected is None else (TagInvalid, expected))


def test_tag_keys_are_counted_record_by_record():
    """Two records of a batch may have five keys each."""
    first = record(allocations=(allocation("5", a="", b="", c="", d="", e=""),))
    second = record(dimension="gb", allocations=(allocation("5", v="", w="", x="", y="", z=""),))
    assert refused(batch(first, second)) is None


@pytest.mark.parametrize(("last", "adds_up"), [("1", True), ("2", False)])
def test_twenty_five_hundred_allocations(last, adds_up):
    """As many as the shape admits are each counted."""
    parts = [allocation("1", a=str(number)) for number in range(2499)]
    submitted = allocated(*parts, allocation(last, a="last"), quantity="2500")
    why = f"{WHERE} add up to 2501, the record's quantity is 2500."
    assert refused(submitted) == (None if adds_up else (AllocationsMismatch, why))


@given(st.lists(st.integers(0, 10**16), min_size=1, max_size=20), st.integers(-1, 1))
def test_sums_are_exact(parts, off):
    """A record passes if its allocations add up to it, and only then."""
    allocations = tuple(
        Allocation(part, is_decimal=True, tags=(("part", str(place)),))
        for place, part in enumerate(parts)
    )
    sent = record(quantity=sum(parts) + off, is_decimal=True, allocations=allocations)
    assert (refused(batch(sent)) is None) is (off == 0)
