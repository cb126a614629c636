"""Days and months: what allocations are effective for, and when they can still be changed.

A month is a number, counted from January of the year 0, so that the months that something covers
are a `range`. All days are days in UTC.
"""

from datetime import date, timedelta

from waag.domain.instants import Instant, to_datetime

Month = int
"""Twelve for each year, from January of the year 0."""

_YEAR = 12
_DAY = timedelta(days=1)


def read_day(text: str) -> date | None:
    """The day that YYYY-MM-DD stands for; None if the calendar has none such."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def day_of(instant: Instant) -> date:
    """The day in UTC that an instant falls in."""
    return to_datetime(instant).date()


def month_of_day(day: date) -> Month:
    """The month that a day is in."""
    return day.year * _YEAR + day.month - 1


def month_of(instant: Instant) -> Month:
    """The month in UTC that an instant falls in."""
    return month_of_day(day_of(instant))


def first_day(month: Month) -> date:
    """The first day of a month."""
    year, rest = divmod(month, _YEAR)
    return date(year, rest + 1, 1)


def last_day(month: Month) -> date:
    """The last day of a month."""
    year, rest = divmod(month, _YEAR)
    december = rest + 1 == _YEAR
    return date(year, _YEAR, 31) if december else date(year, rest + 2, 1) - _DAY


def is_first_day(day: date) -> bool:
    """Whether a month begins with it."""
    return day.day == 1


def is_last_day(day: date) -> bool:
    """Whether a month ends with it."""
    return day == last_day(month_of_day(day))


def months_covered(first: date, last: date) -> range:
    """Every month of which there is a day from `first` to `last`; none if they are reversed."""
    return range(month_of_day(first), month_of_day(last) + 1)


def format_month(month: Month) -> str:
    """YYYY-MM."""
    return first_day(month).isoformat()[:7]
