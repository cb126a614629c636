"""The clock that can be turned, as a value: what it shows, given what the real clock shows.

A running clock keeps a distance from real time; a frozen one shows one instant until told
otherwise. Either may be set to any instant, also back: what was done stays done.
"""

from enum import Enum

import msgspec

from waag.domain.instants import INSTANT_MAX, Instant


class ClockMode(Enum):
    """How the clock moves."""

    RUNNING = "running"
    FROZEN = "frozen"


RUNNING = ClockMode.RUNNING


class ClockSetting(msgspec.Struct, frozen=True):
    """One setting of the clock.

    Attributes:
        mode: running or frozen.
        value: for a running clock its distance from real time, for a frozen one the instant it
            shows; both in microseconds.
    """

    mode: ClockMode
    value: int

    def shows(self, real: Instant) -> Instant:
        """What the clock shows when the real time is `real`.

        One that runs stands still at the end of the calendar, which has no year 10000.
        """
        return min(real + self.value, INSTANT_MAX) if self.mode is RUNNING else self.value


REAL_TIME = ClockSetting(RUNNING, 0)


def set_to(mode: ClockMode, instant: Instant, real: Instant) -> ClockSetting:
    """The setting that shows `instant` now and then runs on or stands still."""
    return ClockSetting(mode, instant - real if mode is RUNNING else instant)


def advanced(setting: ClockSetting, by: int) -> ClockSetting:
    """The setting `by` microseconds later in the same mode."""
    return ClockSetting(setting.mode, setting.value + by)
