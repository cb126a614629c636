"""Which timestamps are accepted at which instant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, at, batch, licensed, record, refused
from waag.domain.instants import DAY, HOUR, INSTANT_MAX, INSTANT_MIN, SECOND, start_of_month
from waag.domain.metering import BatchWindow, MeteringChoices
from waag.domain.metering_checks import accepted_window
from waag.domain.refusals import TimestampOutOfBounds

ALIGNED = MeteringChoices(batch_window=BatchWindow.HOUR_ALIGNED)
EXACT = MeteringChoices()


@pytest.mark.parametrize(
    ("now", "oldest"),
    [
        ("2026-05-14T10:20:30", "2026-05-13T10:20:30.000001"),
        ("2026-05-14T10:00:00", "2026-05-13T10:00:00.000001"),
        # The end of a month, by the example that the model gives.
        ("2026-04-01T05:00:00", "2026-03-31T05:00:00.000001"),
        ("2026-04-01T05:59:59.999999", "2026-03-31T06:00:00"),
        ("2026-04-01T06:00:00", "2026-04-01T00:00:00"),
        ("2026-04-01T07:00:00", "2026-04-01T00:00:00"),
        ("2026-04-01T23:59:59.999999", "2026-04-01T00:00:00"),
        ("2026-04-02T00:00:00", "2026-04-01T00:00:00.000001"),
        # February of a common year and of a leap year.
        ("2026-03-01T05:59:59.999999", "2026-02-28T06:00:00"),
        ("2026-03-01T06:00:00", "2026-03-01T00:00:00"),
        ("2028-02-29T06:00:00", "2028-02-28T06:00:00.000001"),
        ("2028-03-01T05:59:59.999999", "2028-02-29T06:00:00"),
        ("2028-03-01T06:00:00", "2028-03-01T00:00:00"),
        # The end of a year.
        ("2026-12-31T12:00:00", "2026-12-30T12:00:00.000001"),
        ("2027-01-01T05:59:59.999999", "2026-12-31T06:00:00"),
        ("2027-01-01T06:00:00", "2027-01-01T00:00:00"),
        # The end of the calendar.
        ("9999-12-31T23:59:59", "9999-12-30T23:59:59.000001"),
    ],
)
def test_the_oldest_timestamp_accepted(now, oldest):
    """Younger than 24 hours, and of a month that has not closed; 06:00:00 itself is closed."""
    assert accepted_window(EXACT, at(now)) == (at(oldest), at(now))


@pytest.mark.parametrize(
    ("now", "oldest"),
    [
        ("2026-05-14T10:20:30", "2026-05-13T10:00:00"),
        ("2026-05-14T10:00:00", "2026-05-13T10:00:00"),
        ("2026-05-14T10:59:59.999999", "2026-05-13T10:00:00"),
        ("2026-04-01T05:59:59.999999", "2026-03-31T05:00:00"),
        ("2026-04-01T06:00:00", "2026-04-01T00:00:00"),
    ],
)
def test_the_oldest_timestamp_by_the_hour(now, oldest):
    """By choice the 24 hours are counted from the start of the current hour."""
    assert accepted_window(ALIGNED, at(now)) == (at(oldest), at(now))


def test_the_first_day_of_the_calendar():
    """At the first instant a clock can show, the window goes back beyond it."""
    assert accepted_window(EXACT, INSTANT_MIN) == (INSTANT_MIN + 1 - DAY, INSTANT_MIN)


@pytest.mark.parametrize("seconds", [0, 1, 300, 10**9])
def test_how_far_in_the_future(seconds):
    """The tolerance is a choice; without it the present instant is the newest."""
    choices = MeteringChoices(future_tolerance_seconds=seconds)
    assert accepted_window(choices, NOW)[1] == NOW + seconds * SECOND


@given(st.integers(INSTANT_MIN, INSTANT_MAX), st.sampled_from([EXACT, ALIGNED]))
def test_the_present_month_is_open(now, choices):
    """At any instant the present is accepted, and nothing of two months before."""
    oldest, newest = accepted_window(choices, now)
    assert oldest <= newest == now
    assert oldest >= start_of_month(now) - DAY


@given(st.integers(INSTANT_MIN + DAY, INSTANT_MAX - HOUR), st.integers(0, HOUR))
def test_what_is_too_old_stays_so(now, later):
    """As time goes on the window never opens again for what was refused."""
    for choices in (EXACT, ALIGNED):
        assert accepted_window(choices, now)[0] <= accepted_window(choices, now + later)[0]


CLOSED = (
    "is of a month that closed at 06:00 UTC on the first of the next; the oldest accepted at "
    "{} is {}."
)
TOO_OLD = "is 24 hours old or older; the oldest accepted at {} is {}."
DAY_BEFORE = TOO_OLD.format("2026-05-14T10:20:30Z", "2026-05-13T10:20:30.000001Z")


@pytest.mark.parametrize(
    ("now", "timestamp", "expected"),
    [
        ("2026-05-14T10:20:30", "2026-05-14T10:20:30", None),
        ("2026-05-14T10:20:30", "2026-05-13T10:20:30.000001", None),
        ("2026-05-14T10:20:30", "2026-05-13T10:20:30", DAY_BEFORE),
        (
            "2026-05-14T10:20:30",
            "2026-05-14T10:20:30.000001",
            "is in the future; it is 2026-05-14T10:20:30Z.",
        ),
        ("2026-04-01T05:00:00", "2026-03-31T23:00:00", None),
        (
            "2026-04-01T06:00:00",
            "2026-03-31T23:59:59.999999",
            CLOSED.format("2026-04-01T06:00:00Z", "2026-04-01T00:00:00Z"),
        ),
        ("2026-04-01T07:00:00", "2026-04-01T00:00:00", None),
        (
            "2026-04-01T07:00:00",
            "2026-03-31T07:00:00",
            TOO_OLD.format("2026-04-01T07:00:00Z", "2026-04-01T00:00:00Z"),
        ),
    ],
)
def test_a_timestamp_outside_the_window(now, timestamp, expected):
    """One such record refuses the batch; the sentence names it and what would have passed."""
    submitted = batch(record(timestamp=at(now)), record(timestamp=at(timestamp)))
    why = None
    if expected is not None:
        why = (TimestampOutOfBounds, f"UsageRecords[1]: {timestamp}Z {expected}")
    assert refused(submitted, now=at(now)) == why


@pytest.mark.parametrize(
    ("timestamp", "expected"),
    [
        (0, f"1970-01-01T00:00:00Z {DAY_BEFORE}"),
        (-1, f"1969-12-31T23:59:59.999999Z {DAY_BEFORE}"),
        (-(10**9) * SECOND, f"1938-04-24T22:13:20Z {DAY_BEFORE}"),
        (INSTANT_MIN, f"0001-01-01T00:00:00Z {DAY_BEFORE}"),
        (INSTANT_MIN - 1, f"-62135596801 epoch seconds {DAY_BEFORE}"),
        (-(10**24), f"-1000000000000000000 epoch seconds {DAY_BEFORE}"),
        (
            INSTANT_MAX,
            "9999-12-31T23:59:59Z is in the future; it is 2026-05-14T10:20:30Z.",
        ),
        (
            NOW * 1000,
            "1778754030000 epoch seconds is in the future; it is 2026-05-14T10:20:30Z.",
        ),
        (
            10**24,
            "1000000000000000000 epoch seconds is in the future; it is 2026-05-14T10:20:30Z.",
        ),
    ],
)
def test_a_timestamp_far_off(timestamp, expected):
    """Any number is refused as a timestamp, also one that no calendar shows."""
    assert refused(batch(record(timestamp=timestamp))) == (
        TimestampOutOfBounds,
        f"UsageRecords[0]: {expected}",
    )


@pytest.mark.parametrize("now", [INSTANT_MIN, INSTANT_MAX])
def test_a_batch_at_the_ends_of_the_calendar(now):
    """The clock may be turned to any year: usage of the present instant is accepted there."""
    assert refused(batch(record(timestamp=now)), now=now) is None


@pytest.mark.parametrize(
    ("timestamp", "accepted"),
    [(NOW + 300 * SECOND, True), (NOW + 300 * SECOND + 1, False)],
)
def test_a_timestamp_at_the_edge_of_the_tolerance(timestamp, accepted):
    """A batch is accepted up to the tolerance, inclusive."""
    submitted = batch(record(timestamp=timestamp))
    assert (refused(submitted, future_tolerance_seconds=300) is None) is accepted


def test_a_license_does_not_widen_the_window():
    """A record by license, within its term, is as old as any other."""
    sent = licensed(timestamp=NOW - DAY)
    assert refused(batch(sent, product_code=None)) == (
        TimestampOutOfBounds,
        f"UsageRecords[0]: 2026-05-13T10:20:30Z {DAY_BEFORE}",
    )
