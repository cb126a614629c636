"""When the worker that settles wakes next."""

import pytest

from builders import NOW
from waag.domain.clock import ClockMode
from waag.domain.instants import DAY, SECOND
from waag.services.clock import RealClock
from waag.worker.settling import SettlingWork


class FrozenClock(RealClock):
    """Stands at NOW."""

    mode = ClockMode.FROZEN


class FakeAgenda:
    """The port `Agenda`, of which only the next instant counts here."""

    def __init__(self, planned) -> None:
        self._planned = planned

    def next_instant(self):
        """When there is something to settle next."""
        return self._planned


@pytest.mark.parametrize(
    ("clock", "planned", "seconds"),
    [
        (RealClock, NOW + 2 * SECOND, 2.0),
        (RealClock, NOW + SECOND // 2, 0.5),
        (RealClock, NOW - SECOND, 0.0),
        (RealClock, NOW + DAY, 3600.0),
        (RealClock, None, None),
        (FrozenClock, NOW + SECOND, None),
    ],
)
def test_it_wakes_for_the_next_instant(clock, planned, seconds):
    """By the clock's own pace, an hour at most; never by a frozen one, or for nothing."""
    settled = []
    work = SettlingWork(
        lambda: settled.append(1), clock(lambda: NOW), lambda: None, lambda: planned
    )
    assert (work(), settled) == (seconds, [1])
