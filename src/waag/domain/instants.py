"""Instants: microseconds since the Unix epoch, in UTC, as plain integers.

Integers compare exactly, survive JSON and SQL unchanged, and cost nothing on the ingest path.
Nothing here reads a clock.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

Instant = int
"""Microseconds since 1970-01-01T00:00:00Z; negative before it."""

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

INSTANT_MIN: Instant = (datetime(1, 1, 1, tzinfo=UTC) - _EPOCH) // _MICROSECOND
INSTANT_MAX: Instant = (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC) - _EPOCH) // _MICROSECOND


def from_epoch_seconds(seconds: float) -> Instant:
    """The instant a wire timestamp names, rounded to the microsecond.

    Whole numbers stay exact at any size; a float of today's magnitude is exact to well below a
    microsecond.
    """
    return seconds * SECOND if isinstance(seconds, int) else round(seconds * SECOND)


def from_datetime(moment: datetime) -> Instant:
    """The instant of an aware datetime.

    Raises:
        ValueError: it has no offset, so it names no instant.
    """
    if moment.tzinfo is None:
        raise ValueError("an instant needs an offset, such as Z")
    return (moment - _EPOCH) // _MICROSECOND


def to_datetime(instant: Instant) -> datetime:
    """The aware UTC datetime of an instant between INSTANT_MIN and INSTANT_MAX."""
    return _EPOCH + timedelta(microseconds=instant)


def parse_instant(text: str) -> Instant:
    """Read ISO 8601 with an offset, such as 2026-11-21T10:00:00Z.

    Raises:
        ValueError: not ISO 8601, or without an offset.
    """
    return from_datetime(datetime.fromisoformat(text))


def format_instant(instant: Instant) -> str:
    """Write ISO 8601 with Z; a fraction of a second only where there is one.

    An instant no calendar can show (a request may carry any number) is written in epoch seconds.
    """
    if not INSTANT_MIN <= instant <= INSTANT_MAX:
        return f"{instant // SECOND} epoch seconds"
    return to_datetime(instant).isoformat().replace("+00:00", "Z")


def start_of_month(instant: Instant) -> Instant:
    """Midnight UTC on the first day of the month that `instant` falls in."""
    return _start_of_month(instant // DAY)


@lru_cache(64)
def _start_of_month(day: int) -> Instant:
    """By whole days since the epoch: asked at every metering call, another only once a day."""
    moment = to_datetime(day * DAY)
    return from_datetime(datetime(moment.year, moment.month, 1, tzinfo=UTC))
