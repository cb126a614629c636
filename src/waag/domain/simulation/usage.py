"""How much a made-up customer uses in an hour: by the time of day and week, growing, never even.

Whole numbers only, and no state: what is used in an hour follows from the customer and the hour,
however the hours are gone through.
"""

from collections.abc import Iterator
from enum import Enum

import msgspec

from waag.domain.quantities import MICRO_UNITS

HOURS_A_DAY = 24
HOURS_A_WEEK = 7 * HOURS_A_DAY
_HOURS_A_YEAR = 365 * HOURS_A_DAY
_MONDAY = 3 * HOURS_A_DAY
"""The epoch was a Thursday: so many hours after Monday."""
_MASK = 2**64 - 1
_NOISE = 1024


class Rhythm(Enum):
    """When a customer uses something."""

    OFFICE = "office"
    """On weekdays from eight to six, with a dip at noon; a little on Saturdays."""
    EVENING = "evening"
    """Every evening, more at the end of the week."""
    ALWAYS = "always"
    """Machines do: at any time, less at night."""
    NIGHTLY = "nightly"
    """Once a day, for a whole day."""


def _day(first: int, end: int, percent: int) -> tuple[int, ...]:
    """Of each hour of a day so much, from one hour to before another."""
    return tuple(percent if first <= hour < end else 0 for hour in range(HOURS_A_DAY))


_AT_WORK = (*_day(8, 18, 100)[:12], 60, *_day(8, 18, 100)[13:])
_AROUND_THE_CLOCK = tuple(100 if 7 <= hour < 22 else 45 for hour in range(HOURS_A_DAY))  # noqa: PLR2004

_WEEKS = {
    Rhythm.OFFICE: (*_AT_WORK * 5, *_day(10, 13, 25), *_day(0, 0, 0)),
    Rhythm.EVENING: tuple(percent for day in range(7) for percent in _day(17, 23, 90 + 12 * day)),
    Rhythm.ALWAYS: _AROUND_THE_CLOCK * 7,
    Rhythm.NIGHTLY: (*_day(2, 3, 100) * 5, *_day(2, 3, 40) * 2),
}
"""For each hour of a week from Monday on, how much of the usual is used then, in percent."""

WEIGHTS = {rhythm: sum(week) for rhythm, week in _WEEKS.items()}
"""The sum of a week's percents."""


class Habit(msgspec.Struct, frozen=True):
    """How a customer uses one dimension.

    Attributes:
        dimension: its key.
        level: micro-units in a usual hour.
        growth: percent in a year; a customer that loses interest has a negative one.
        ahead: hours that its clocks are ahead of UTC.
        seed: tells it from all others.
        since: the hour that growth counts from.
    """

    dimension: str
    rhythm: Rhythm
    level: int
    growth: int
    ahead: int
    seed: int
    since: int


def used(habit: Habit, first: int, end: int) -> Iterator[tuple[int, int]]:
    """Hours from the first to before the end in which something is used, with whole units."""
    week = _WEEKS[habit.rhythm]
    shift = habit.ahead + _MONDAY
    for hour in range(first, end):
        percent = week[(hour + shift) % HOURS_A_WEEK]
        if percent:
            units = _units(habit, hour, percent)
            if units:
                yield hour, units


def _units(habit: Habit, hour: int, percent: int) -> int:
    """Between half and one and a half of what is expected; rounded up or down by chance."""
    noise = _mixed(habit.seed + hour)
    grown = 100 * _HOURS_A_YEAR + habit.growth * (hour - habit.since)
    micro = habit.level * percent * max(grown, 0) // (10_000 * _HOURS_A_YEAR)
    micro = micro * (_NOISE // 2 + noise % _NOISE) // _NOISE
    return (micro + (noise >> 20) % MICRO_UNITS) // MICRO_UNITS


def _mixed(number: int) -> int:
    """A number that looks like chance, made from one that does not. Source: SplitMix64."""
    mixed = (number * 0x9E3779B97F4A7C15) & _MASK
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
    return mixed ^ (mixed >> 31)
