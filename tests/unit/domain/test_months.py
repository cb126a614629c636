"""Calendar months in UTC."""

import pytest

from builders import at, refusal_of
from waag.domain.instants import DAY, format_instant
from waag.domain.months import Month, MonthRefused, month_of, months_later, parse_month


@pytest.mark.parametrize(
    ("month", "days", "closes"),
    [
        ("2026-02", 28, "2026-03-01T06:00:00Z"),
        ("2024-02", 29, "2024-03-01T06:00:00Z"),
        ("2000-02", 29, "2000-03-01T06:00:00Z"),
        ("1900-02", 28, "1900-03-01T06:00:00Z"),
        ("2026-12", 31, "2027-01-01T06:00:00Z"),
        ("2026-04", 30, "2026-05-01T06:00:00Z"),
        ("9999-11", 30, "9999-12-01T06:00:00Z"),
    ],
)
def test_how_long_a_month_is(month, days, closes):
    """Leap years included; it is closed six hours after its end."""
    found = parse_month(month)
    assert (found.days, found.ends - found.starts) == (days, days * DAY)
    assert format_instant(found.closes) == closes


@pytest.mark.parametrize(
    ("instant", "month"),
    [
        ("2026-05-01T00:00:00", "2026-05"),
        ("2026-05-31T23:59:59.999999", "2026-05"),
        ("0001-01-01T00:00:00", "0001-01"),
        ("9999-12-31T23:59:59", "9999-12"),
    ],
)
def test_the_month_of_an_instant(instant, month):
    """From its first to its last microsecond."""
    assert str(month_of(at(instant))) == month


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "2026-5", "26-05", "0000-01", "9999-12", ""]
)
def test_what_is_no_month_is_refused(text):
    """The calendar's last is none, since it could never be closed."""
    assert refusal_of(parse_month, text) == (
        MonthRefused,
        f"{text!r} is no month; expected one such as 2026-10.",
    )


@pytest.mark.parametrize(
    ("months", "expected"), [(1, "2026-02"), (12, "2027-01"), (-1, "2025-12"), (0, "2026-01")]
)
def test_months_on(months, expected):
    """Across years, both ways."""
    assert str(Month(2026, 1).plus(months)) == expected


@pytest.mark.parametrize(
    ("instant", "months", "expected"),
    [
        ("2026-01-31T08:00:00", 1, "2026-02-28T08:00:00Z"),
        ("2024-01-31T08:00:00", 1, "2024-02-29T08:00:00Z"),
        ("2024-02-29T00:00:00", 12, "2025-02-28T00:00:00Z"),
        ("2024-02-29T00:00:00", 48, "2028-02-29T00:00:00Z"),
        ("2026-03-15T12:30:00", 0, "2026-03-15T12:30:00Z"),
    ],
)
def test_the_same_day_of_a_later_month(instant, months, expected):
    """Or its last day, where it has no such day."""
    assert format_instant(months_later(at(instant), months)) == expected
