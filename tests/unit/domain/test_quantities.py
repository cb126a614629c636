"""Quantities as integers of a millionth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waag.domain.quantities import from_decimal, from_whole, to_decimal

WHOLE = st.integers(0, 9_999_999_999)
FRACTION = st.text("0123456789", max_size=6)


@pytest.mark.parametrize(
    ("text", "micro_units"),
    [
        ("0", 0),
        ("0.0", 0),
        ("0.000001", 1),
        ("0.1", 100_000),
        ("17", 17_000_000),
        ("17.0", 17_000_000),
        ("17.00", 17_000_000),
        ("17.42", 17_420_000),
        ("17.042", 17_042_000),
        ("9999999999.999999", 9_999_999_999_999_999),
    ],
)
def test_a_decimal_is_read_exactly(text, micro_units):
    """Trailing zeros make no difference; nothing is rounded."""
    assert from_decimal(text) == micro_units


@pytest.mark.parametrize(
    ("micro_units", "text"),
    [
        (0, "0"),
        (1, "0.000001"),
        (100_000, "0.1"),
        (17_000_000, "17"),
        (17_420_000, "17.42"),
        (100_000_000, "100"),
        (9_999_999_999_999_999, "9999999999.999999"),
    ],
)
def test_the_shortest_decimal_is_written(micro_units, text):
    """Without trailing zeros, and without a point where nothing follows it."""
    assert to_decimal(micro_units) == text


@given(st.integers(0, 9_999_999_999_999_999))
def test_what_is_written_reads_back(micro_units):
    """Every quantity the shape admits survives being written."""
    assert from_decimal(to_decimal(micro_units)) == micro_units


@given(WHOLE)
def test_both_fields_agree_on_whole_quantities(whole):
    """A whole quantity and its decimal string are one value."""
    assert from_decimal(str(whole)) == from_whole(whole)


@given(WHOLE, FRACTION, st.integers(0, 6))
def test_trailing_zeros_do_not_count(whole, fraction, zeros):
    """A fraction filled up with zeros is the same value."""
    filled = (fraction + "0" * zeros)[:6]
    assert from_decimal(f"{whole}.{filled or '0'}") == from_decimal(f"{whole}.{fraction or '0'}")
