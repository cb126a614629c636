"""The clock that can be turned: its setting kept in the store, read from memory."""

import threading
from collections.abc import Callable

import apsw

from waag.domain.clock import REAL_TIME, ClockMode, ClockSetting, advanced, set_to
from waag.domain.instants import Instant
from waag.storage.link import ClockTurned
from waag.storage.queries import query
from waag.storage.writer import Writer


class KeptClock:
    """Implements the port `SettableClock`.

    Args:
        writer: who owns the connection.
        real: the machine's own time, in microseconds since the epoch.
    """

    def __init__(self, writer: Writer, real: Callable[[], Instant]) -> None:
        self._writer = writer
        self._real = real
        self._turning = threading.Lock()
        self._setting = writer.change(_load)

    def now(self) -> Instant:
        """What the clock shows."""
        return self._setting.shows(self._real())

    def real(self) -> Instant:
        """The machine's own time."""
        return self._real()

    @property
    def mode(self) -> ClockMode:
        """Running or frozen."""
        return self._setting.mode

    def set(self, mode: ClockMode, now: Instant) -> None:
        """Show `now`, then run on or stand still."""
        with self._turning:
            self._keep(set_to(mode, now, self._real()))

    def advance(self, by: int) -> None:
        """Show an instant `by` microseconds later."""
        with self._turning:
            self._keep(advanced(self._setting, by))

    def _keep(self, setting: ClockSetting) -> None:
        row = (setting.mode.value, setting.value)
        self._writer.change(
            lambda connection: query(connection, "put_clock", row),
            notice=lambda _: ClockTurned(setting.mode, setting.value),
        )
        self._setting = setting


class FollowingClock:
    """A front's clock, which shows what the kept one does; implements the port `Clock`.

    Args:
        connection: for reading; the front's link to the writer is there already, so that no later
            setting is missed.
        real: the machine's own time, in microseconds since the epoch.
    """

    def __init__(self, connection: apsw.Connection, real: Callable[[], Instant]) -> None:
        self.real = real
        self._setting = _load(connection)

    def now(self) -> Instant:
        """What the clock shows."""
        return self._setting.shows(self.real())

    @property
    def mode(self) -> ClockMode:
        """Running or frozen."""
        return self._setting.mode

    def follow(self, turned: ClockTurned) -> None:
        """Show what the kept clock was set to."""
        self._setting = ClockSetting(turned.mode, turned.value)


def _load(connection: apsw.Connection) -> ClockSetting:
    rows = query(connection, "clock")
    return ClockSetting(ClockMode(rows[0][0]), rows[0][1]) if rows else REAL_TIME
