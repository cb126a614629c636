"""Days and months in UTC."""

from datetime import date

import pytest

from builders import at
from waag.domain.attribution.months import (
    day_of,
    first_day,
    format_month,
    is_first_day,
    is_last_day,
    last_day,
    month_of,
    month_of_day,
    months_covered,
    read_day,
)

JULY = month_of_day(date(2026, 7, 15))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-07-01", date(2026, 7, 1)),
        ("2028-02-29", date(2028, 2, 29)),
        ("2026-02-29", None),
        ("2026-02-30", None),
        ("2026-13-01", None),
        ("2026-00-01", None),
        ("2026-07-00", None),
        ("0000-01-01", None),
    ],
)
def test_a_day_is_one_of_the_calendar(text, day):
    """A date that the calendar does not have is no day."""
    assert read_day(text) == day


@pytest.mark.parametrize(
    ("instant", "month"),
    [
        ("2026-07-01T00:00:00", "2026-07"),
        ("2026-07-31T23:59:59.999999", "2026-07"),
        ("2026-08-01T00:00:00", "2026-08"),
        ("2026-12-31T23:59:59", "2026-12"),
        ("2027-01-01T00:00:00", "2027-01"),
    ],
)
def test_the_month_of_an_instant(instant, month):
    """Months change at midnight in UTC."""
    assert format_month(month_of(at(instant))) == month


def test_the_day_of_an_instant():
    """Days change at midnight in UTC."""
    assert day_of(at("2026-08-07T23:59:59.999999")) == date(2026, 8, 7)


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 2, 14), date(2026, 2, 1), date(2026, 2, 28)),
        (date(2028, 2, 14), date(2028, 2, 1), date(2028, 2, 29)),
        (date(2026, 12, 14), date(2026, 12, 1), date(2026, 12, 31)),
        (date(9999, 12, 1), date(9999, 12, 1), date(9999, 12, 31)),
        (date(1, 1, 1), date(1, 1, 1), date(1, 1, 31)),
    ],
)
def test_a_month_from_its_first_day_to_its_last(day, first, last):
    """Leap years and the ends of the calendar included."""
    month = month_of_day(day)
    assert (first_day(month), last_day(month)) == (first, last)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 7, 1), (True, False)),
        (date(2026, 7, 31), (False, True)),
        (date(2026, 7, 30), (False, False)),
        (date(2028, 2, 28), (False, False)),
    ],
)
def test_the_ends_of_a_month_are_told_apart(day, expected):
    """Whether a month begins with a day, and whether it ends with it."""
    assert (is_first_day(day), is_last_day(day)) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 7, 1), date(2026, 7, 31), range(JULY, JULY + 1)),
        (date(2026, 7, 31), date(2026, 9, 1), range(JULY, JULY + 3)),
        (date(2026, 7, 1), date(2027, 6, 30), range(JULY, JULY + 12)),
        (date(2026, 8, 1), date(2026, 7, 31), range(JULY + 1, JULY + 1)),
    ],
)
def test_the_months_that_two_days_cover(first, last, expected):
    """All of which there is a day; none if the days are reversed."""
    assert months_covered(first, last) == expected
