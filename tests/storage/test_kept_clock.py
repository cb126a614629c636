import threading

import pytest
from holding import DEADLINE

from waag.domain.clock import ClockMode
from waag.domain.instants import DAY, HOUR, SECOND
from waag.domain.refusals import StoreUnavailable
from waag.storage.database import open_database
from waag.storage.kept_clock import KeptClock
from waag.storage.queries import run
from waag.storage.writer import Writer

REAL = 1_790_000_000 * SECOND
SHOWN = REAL + 40 * DAY


def clock_after_restart(writer, ledger, real):
    """What a clock shows, and how it moves, once its server was started again."""
    writer.close()
    again = Writer(open_database(ledger))
    clock = KeptClock(again, lambda: real)
    shown = clock.now(), clock.mode
    again.close()
    return shown


@pytest.fixture
def clock(writer):
    """A clock on a machine that stands at REAL."""
    return KeptClock(writer, lambda: REAL)


class TestShown:
    """What the clock shows."""

    def test_a_new_clock_shows_the_real_time(self, clock):
        """Nobody has turned it yet."""
        assert (clock.now(), clock.mode) == (REAL, ClockMode.RUNNING)

    def test_it_shows_what_it_was_set_to(self, clock):
        """Setting it counts at once."""
        clock.set(ClockMode.FROZEN, SHOWN)
        assert (clock.now(), clock.mode) == (SHOWN, ClockMode.FROZEN)

    def test_the_real_time_is_still_there(self, clock):
        """Turning the clock does not turn the machine's."""
        clock.set(ClockMode.FROZEN, SHOWN)
        assert clock.real() == REAL

    def test_advancing_keeps_the_mode(self, clock):
        """A frozen clock that is advanced stands at the later instant."""
        clock.set(ClockMode.FROZEN, SHOWN)
        clock.advance(HOUR)
        assert (clock.now(), clock.mode) == (SHOWN + HOUR, ClockMode.FROZEN)


class TestRestart:
    """What is left of the setting after a restart."""

    def test_a_running_clock_keeps_its_distance(self, clock, writer, ledger):
        """It went on while the server did not run."""
        clock.set(ClockMode.RUNNING, SHOWN)
        assert clock_after_restart(writer, ledger, REAL + HOUR) == (
            SHOWN + HOUR,
            ClockMode.RUNNING,
        )

    def test_a_frozen_clock_stands_still(self, clock, writer, ledger):
        """It shows the same instant whatever the time is."""
        clock.set(ClockMode.FROZEN, SHOWN)
        assert clock_after_restart(writer, ledger, REAL + HOUR) == (SHOWN, ClockMode.FROZEN)

    def test_an_advance_is_kept(self, clock, writer, ledger):
        """What it was advanced by is not lost."""
        clock.advance(DAY)
        assert clock_after_restart(writer, ledger, REAL + HOUR) == (
            REAL + DAY + HOUR,
            ClockMode.RUNNING,
        )

    def test_the_latest_setting_counts(self, clock, writer, ledger):
        """An earlier setting gives way."""
        clock.set(ClockMode.FROZEN, SHOWN)
        clock.set(ClockMode.FROZEN, SHOWN - DAY)
        assert clock_after_restart(writer, ledger, REAL) == (SHOWN - DAY, ClockMode.FROZEN)


def test_advances_at_the_same_time_all_count(clock):
    """None is lost to another that was decided upon the same setting."""
    together = threading.Barrier(4)

    def advance():
        together.wait(DEADLINE)
        for _ in range(25):
            clock.advance(SECOND)

    clock.set(ClockMode.FROZEN, SHOWN)
    threads = [threading.Thread(target=advance) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE)
    assert clock.now() == SHOWN + 100 * SECOND


def test_a_setting_that_cannot_be_kept_does_not_count(clock, writer):
    """The clock shows nothing that a restart would take back."""
    writer.change(lambda connection: run(connection, "PRAGMA query_only = on"))
    with pytest.raises(StoreUnavailable):
        clock.set(ClockMode.FROZEN, SHOWN)
    assert clock.now() == REAL
