"""The clock turned by its operator, and the one that cannot be."""

from collections.abc import Callable

from waag.domain.clock import ClockMode
from waag.domain.instants import INSTANT_MAX, INSTANT_MIN, Instant, format_instant
from waag.domain.refusals import Refusal
from waag.ports import Clock, SettableClock, Settle


class ClockNotSettable(Refusal):
    """This server runs by real time."""

    rule = "clock.real"


class ClockOutOfRange(Refusal):
    """An instant that no calendar shows."""

    rule = "clock.range"


class RealClock:
    """Implements the port `Clock`: shows the machine's own time.

    Args:
        real: microseconds since the epoch.
    """

    mode = ClockMode.RUNNING

    def __init__(self, real: Callable[[], Instant]) -> None:
        self.now = self.real = real


def set_clock(clock: Clock, mode: ClockMode, now: Instant, settle: Settle) -> None:
    """Show `now`, then run on or stand still; returns once everything due by then has settled.

    Going back undoes nothing.

    Raises:
        ClockNotSettable: the server runs by real time.
        ClockOutOfRange: before year 1 or after year 9999.
    """
    _settable(clock).set(mode, _in_range(now))
    settle()


def advance_clock(clock: Clock, by: int, settle: Settle) -> None:
    """Go `by` microseconds on in the same mode; returns once everything due then has settled.

    Raises:
        ClockNotSettable: the server runs by real time.
        ClockOutOfRange: after year 9999.
    """
    settable = _settable(clock)
    _in_range(settable.now() + by)
    settable.advance(by)
    settle()


def advance_clock_to(clock: Clock, to: Instant, settle: Settle) -> None:
    """Go to an instant in the same mode; returns once everything due by then has settled.

    Raises:
        ClockNotSettable: the server runs by real time.
        ClockOutOfRange: before what the clock shows, or after year 9999.
    """
    settable = _settable(clock)
    now = settable.now()
    if to < now:
        raise ClockOutOfRange(
            f"{format_instant(to)} is before what the clock shows, {format_instant(now)}; "
            "set the clock to go back."
        )
    settable.advance(_in_range(to) - now)
    settle()


def _settable(clock: Clock) -> SettableClock:
    if not isinstance(clock, SettableClock):
        raise ClockNotSettable(
            "This server runs by real time; start it with --clock settable to turn its clock."
        )
    return clock


def _in_range(instant: Instant) -> Instant:
    if not INSTANT_MIN <= instant <= INSTANT_MAX:
        raise ClockOutOfRange(f"{format_instant(instant)} is not between the years 1 and 9999.")
    return instant
