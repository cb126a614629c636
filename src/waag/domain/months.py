"""Calendar months in UTC, as books are kept by: when one begins, ends, and is closed.

Usage of a month is accepted until 06:00 UTC on the first of the next, so that a month is closed
then and not before. Nothing here reads a clock.

Source: meteringmarketplace/2016-01-14, BatchMeterUsage, the month-end example.
"""

import re
from calendar import monthrange
from datetime import UTC, datetime

import msgspec

from waag.domain.instants import HOUR, Instant, from_datetime, to_datetime
from waag.domain.refusals import Refusal

GRACE = 6 * HOUR
"""How long after its end usage of a month is still accepted."""

MONTHS_A_YEAR = 12
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


class MonthRefused(Refusal):
    """A text that names no month."""

    rule = "month"


class Month(msgspec.Struct, frozen=True, order=True, gc=False):
    """A month of a year from 1 to 9999; `number` is 1 to 12."""

    year: int
    number: int

    def __str__(self) -> str:
        """As it is written: 2026-10."""
        return f"{self.year:04}-{self.number:02}"

    @property
    def starts(self) -> Instant:
        """Its first instant."""
        return from_datetime(datetime(self.year, self.number, 1, tzinfo=UTC))

    @property
    def ends(self) -> Instant:
        """The first instant after it."""
        return self.starts + self.days * 24 * HOUR

    @property
    def closes(self) -> Instant:
        """When its books are closed: 06:00 UTC on the first of the next month."""
        return self.ends + GRACE

    @property
    def days(self) -> int:
        """How many days it has."""
        return monthrange(self.year, self.number)[1]

    def plus(self, months: int) -> "Month":
        """So many months later; earlier if negative."""
        year, number = divmod(self.year * MONTHS_A_YEAR + self.number - 1 + months, MONTHS_A_YEAR)
        return Month(year, number + 1)


def month_of(instant: Instant) -> Month:
    """The month that an instant falls in."""
    moment = to_datetime(instant)
    return Month(moment.year, moment.month)


def parse_month(text: str) -> Month:
    """Read a month as it is written.

    Raises:
        MonthRefused: not YYYY-MM, or no month from 0001-01 to 9999-11.
    """
    match = _MONTH.fullmatch(text)
    if match is not None:
        month = Month(int(match[1]), int(match[2]))
        # The last month of the calendar has no next one in which it could be closed.
        if 1 <= month.number <= MONTHS_A_YEAR and Month(1, 1) <= month < Month(9999, 12):
            return month
    raise MonthRefused(f"{text!r} is no month; expected one such as 2026-10.")


def months_later(instant: Instant, months: int) -> Instant:
    """The same day and time so many months later, or the last day of a month that has no such."""
    moment = to_datetime(instant)
    month = Month(moment.year, moment.month).plus(months)
    day = min(moment.day, month.days)
    return from_datetime(moment.replace(year=month.year, month=month.number, day=day))
