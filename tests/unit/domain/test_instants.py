"""Instants to and from what people and protocols write."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import refusal_of
from waag.domain.instants import (
    DAY,
    HOUR,
    INSTANT_MAX,
    INSTANT_MIN,
    SECOND,
    format_instant,
    from_datetime,
    from_epoch_seconds,
    parse_instant,
    start_of_month,
    to_datetime,
)

INSTANTS = st.integers(INSTANT_MIN, INSTANT_MAX)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, 0),
        (1_776_955_754, 1_776_955_754_000_000),
        (1_776_955_754.499, 1_776_955_754_499_000),
        (0.000001, 1),
        (-0.5, -500_000),
        (-1, -SECOND),
        (2**60, 2**60 * SECOND),
        (1e15, 10**21),
    ],
)
def test_epoch_seconds_are_read_to_the_microsecond(seconds, expected):
    """A whole number stays exact at any size, a fraction is rounded to the microsecond."""
    assert from_epoch_seconds(seconds) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-02T00:00:00+00:00", DAY),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1969-12-31T23:59:59.999999Z", -1),
        ("1970-01-01T00:00:00.000001Z", 1),
        ("19700101T010000Z", HOUR),
    ],
)
def test_iso_8601_with_an_offset_is_an_instant(text, expected):
    """Any offset names the same instant in UTC."""
    assert parse_instant(text) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-01-01T00:00:00", "an instant needs an offset, such as Z"),
        ("2026-01-01", "an instant needs an offset, such as Z"),
        ("tomorrow", "Invalid isoformat string: 'tomorrow'"),
        ("2026-02-29T00:00:00Z", "day is out of range for month"),
    ],
)
def test_text_that_names_no_instant_is_refused(text, why):
    """Without an offset, or no date at all, is a ValueError."""
    assert refusal_of(parse_instant, text) == (ValueError, why)


def test_a_datetime_of_any_offset_is_the_same_instant():
    """Two o'clock two hours east of Greenwich is midnight there."""
    moment = datetime(1970, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    assert from_datetime(moment) == 0


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1, "1970-01-01T00:00:00.000001Z"),
        (500_000, "1970-01-01T00:00:00.500000Z"),
        (INSTANT_MIN, "0001-01-01T00:00:00Z"),
        (INSTANT_MAX, "9999-12-31T23:59:59Z"),
        (INSTANT_MIN - 1, "-62135596801 epoch seconds"),
        (INSTANT_MAX + SECOND, "253402300800 epoch seconds"),
        (10**30, "1000000000000000000000000 epoch seconds"),
    ],
)
def test_an_instant_is_written(instant, expected):
    """In ISO 8601 with Z; in epoch seconds where no calendar can show it."""
    assert format_instant(instant) == expected


@given(INSTANTS)
def test_what_is_written_reads_back(instant):
    """Every instant a calendar can show survives being written."""
    assert parse_instant(format_instant(instant)) == instant


@given(INSTANTS)
def test_datetimes_hold_every_instant(instant):
    """Every instant a calendar can show survives being a datetime."""
    assert from_datetime(to_datetime(instant)) == instant


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-05-14T10:20:30Z", datetime(2026, 5, 1, tzinfo=UTC)),
        ("2026-05-01T00:00:00Z", datetime(2026, 5, 1, tzinfo=UTC)),
        ("2026-04-30T23:59:59.999999Z", datetime(2026, 4, 1, tzinfo=UTC)),
        ("2028-02-29T12:00:00Z", datetime(2028, 2, 1, tzinfo=UTC)),
        ("2027-01-01T00:00:00Z", datetime(2027, 1, 1, tzinfo=UTC)),
        ("0001-01-31T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 1, tzinfo=UTC)),
    ],
)
def test_a_month_starts_at_midnight_on_its_first(instant, expected):
    """Also the first and the last month that a calendar has."""
    assert start_of_month(parse_instant(instant)) == from_datetime(expected)
