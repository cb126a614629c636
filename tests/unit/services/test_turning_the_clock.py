"""Turning the clock, where it can be turned."""

import pytest

from builders import NOW, at, refusal_of
from waag.domain.clock import REAL_TIME, ClockMode, advanced, set_to
from waag.domain.instants import DAY, HOUR, INSTANT_MAX, INSTANT_MIN, Instant
from waag.services.clock import (
    ClockNotSettable,
    ClockOutOfRange,
    RealClock,
    advance_clock,
    advance_clock_to,
    set_clock,
)

REAL = RealClock(lambda: NOW)
RUNNING, FROZEN = ClockMode.RUNNING, ClockMode.FROZEN
NOT_SETTABLE = (
    ClockNotSettable,
    "This server runs by real time; start it with --clock settable to turn its clock.",
)


class FakeClock:
    """The port `SettableClock` over a real time that stands at NOW."""

    def __init__(self) -> None:
        self.setting = REAL_TIME

    @property
    def mode(self) -> ClockMode:
        """Running or frozen."""
        return self.setting.mode

    def now(self) -> Instant:
        """What the clock shows."""
        return self.setting.shows(NOW)

    def real(self) -> Instant:
        """The time that stands."""
        return NOW

    def set(self, mode: ClockMode, now: Instant) -> None:
        """Show `now`."""
        self.setting = set_to(mode, now, NOW)

    def advance(self, by: int) -> None:
        """Show an instant later."""
        self.setting = advanced(self.setting, by)


def settle():
    """Nothing is due."""


def clock(mode=FROZEN, shows=NOW):
    """A clock set to an instant."""
    made = FakeClock()
    made.set(mode, shows)
    return made


def test_the_real_clock():
    """It shows the machine's time, twice, and runs."""
    assert (REAL.now(), REAL.real(), REAL.mode) == (NOW, NOW, RUNNING)


@pytest.mark.parametrize(
    ("turn", "given"),
    [
        (set_clock, (FROZEN, NOW)),
        (set_clock, (RUNNING, NOW)),
        (advance_clock, (HOUR,)),
        (advance_clock_to, (NOW + HOUR,)),
    ],
)
def test_the_real_clock_cannot_be_turned(turn, given):
    """A server that runs by real time says how to start one that does not."""
    assert refusal_of(turn, REAL, *given, settle) == NOT_SETTABLE


@pytest.mark.parametrize("mode", ClockMode)
@pytest.mark.parametrize("to", [NOW + DAY, NOW, NOW - DAY, INSTANT_MIN, INSTANT_MAX])
def test_the_clock_is_set(mode, to):
    """To any instant a calendar has, also back, in either mode."""
    turned = clock()
    set_clock(turned, mode, to, settle)
    assert (turned.mode, turned.now()) == (mode, to)


@pytest.mark.parametrize("mode", ClockMode)
def test_the_clock_is_advanced(mode):
    """By a span, in the mode it has."""
    turned = clock(mode)
    advance_clock(turned, HOUR, settle)
    assert (turned.mode, turned.now()) == (mode, NOW + HOUR)


@pytest.mark.parametrize("mode", ClockMode)
@pytest.mark.parametrize("to", [NOW, NOW + 1, NOW + DAY, INSTANT_MAX])
def test_the_clock_is_advanced_to_an_instant(mode, to):
    """To what it shows already or later, in the mode it has."""
    turned = clock(mode)
    advance_clock_to(turned, to, settle)
    assert (turned.mode, turned.now()) == (mode, to)


@pytest.mark.parametrize(
    ("turn", "given", "why"),
    [
        (
            set_clock,
            (FROZEN, INSTANT_MIN - 1),
            "-62135596801 epoch seconds is not between the years 1 and 9999.",
        ),
        (
            set_clock,
            (RUNNING, INSTANT_MAX + 1),
            "253402300799 epoch seconds is not between the years 1 and 9999.",
        ),
        (
            advance_clock,
            (INSTANT_MAX - NOW + 1,),
            "253402300799 epoch seconds is not between the years 1 and 9999.",
        ),
        (
            advance_clock_to,
            (INSTANT_MAX + 1,),
            "253402300799 epoch seconds is not between the years 1 and 9999.",
        ),
        (
            advance_clock_to,
            (at("2026-05-14T10:20:29"),),
            "2026-05-14T10:20:29Z is before what the clock shows, 2026-05-14T10:20:30Z; set the "
            "clock to go back.",
        ),
    ],
)
def test_an_instant_the_clock_does_not_go_to(turn, given, why):
    """Outside the calendar, or back by advancing."""
    assert refusal_of(turn, clock(), *given, settle) == (ClockOutOfRange, why)


def test_a_refused_turn_leaves_the_clock():
    """It shows what it showed."""
    turned = clock()
    refusal_of(advance_clock_to, turned, NOW - 1, settle)
    assert turned.setting == set_to(FROZEN, NOW, NOW)


@pytest.mark.parametrize(
    ("turn", "given", "shown"),
    [
        (set_clock, (FROZEN, NOW - DAY), NOW - DAY),
        (advance_clock, (HOUR,), NOW + HOUR),
        (advance_clock_to, (NOW + HOUR,), NOW + HOUR),
    ],
)
def test_turning_settles_what_is_due(turn, given, shown):
    """Once, by what the clock shows then."""
    turned = clock()
    settled: list[Instant] = []
    turn(turned, *given, lambda: settled.append(turned.now()))
    assert settled == [shown]
