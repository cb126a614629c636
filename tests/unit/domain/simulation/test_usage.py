"""How much is used in an hour."""

import pytest

from builders import at
from waag.domain.instants import HOUR
from waag.domain.simulation.usage import Habit, Rhythm, used

MONDAY = at("2026-01-05T00:00:00") // HOUR
WEEK = 168


def habit(rhythm: Rhythm = Rhythm.OFFICE, **given: object) -> Habit:
    """A customer in Greenwich that uses a hundred units in a usual hour."""
    usual = {"growth": 0, "ahead": 0, "seed": 7, "since": MONDAY, "level": 100_000_000}
    return Habit(**({"dimension": "users", "rhythm": rhythm} | usual | given))


def hours_of_week(*given: Habit) -> set[int]:
    """In which hours of a week something is used."""
    return {hour - MONDAY for each in given for hour, _ in used(each, MONDAY, MONDAY + WEEK)}


@pytest.mark.parametrize(
    ("rhythm", "hours"),
    [
        (Rhythm.OFFICE, 5 * 10 + 3),
        (Rhythm.EVENING, 7 * 6),
        (Rhythm.ALWAYS, WEEK),
        (Rhythm.NIGHTLY, 7),
    ],
)
def test_each_rhythm_has_its_hours(rhythm, hours):
    """So many hours of a week."""
    assert len(hours_of_week(habit(rhythm))) == hours


def test_offices_are_empty_at_night():
    """Nothing before eight or from six on, on a Monday."""
    assert {hour for hour in hours_of_week(habit()) if hour < 24} == set(range(8, 18))


def test_days_begin_earlier_where_clocks_are_ahead():
    """Eight in Berlin is seven in Greenwich."""
    assert min(hours_of_week(habit(ahead=1))) == 7


def test_what_is_used_does_not_depend_on_how_hours_are_gone_through():
    """Hour by hour and all at once are the same."""
    whole = list(used(habit(), MONDAY, MONDAY + WEEK))
    single = [
        each for hour in range(WEEK) for each in used(habit(), MONDAY + hour, MONDAY + hour + 1)
    ]
    assert whole == single


def test_use_is_around_what_is_usual():
    """Between half and one and a half."""
    units = [units for hour, units in used(habit(), MONDAY, MONDAY + WEEK) if hour % 24 == 9]
    assert all(50 <= each <= 151 for each in units)


def test_use_grows():
    """Twice as much after a year that doubles it, but for chance."""
    year = MONDAY + 52 * WEEK
    before = sum(units for _, units in used(habit(), MONDAY, MONDAY + WEEK))
    after = sum(units for _, units in used(habit(growth=100), year, year + WEEK))
    assert 1.7 < after / before < 2.3


def test_little_use_comes_and_goes():
    """A tenth of a unit an hour is a unit now and then."""
    units = [units for _, units in used(habit(Rhythm.ALWAYS, level=100_000), MONDAY, MONDAY + WEEK)]
    assert (set(units), 3 < len(units) < 40) == ({1}, True)


def test_another_seed_uses_otherwise():
    """Two customers are not alike."""
    first, second = (list(used(habit(seed=seed), MONDAY, MONDAY + WEEK)) for seed in (1, 2))
    assert first != second
