"""What the clock brings, settled when it does, while the clock runs by itself."""

from waag.domain.clock import ClockMode
from waag.domain.instants import HOUR, SECOND
from waag.ports import Clock, Settle
from waag.ports.agreements import Agenda

WAIT_MAX = HOUR
"""The machine's own clock may be set meanwhile, so that no wait is trusted for longer."""


class SettlingWork:
    """Work for a `WorkerThread`, which is to be woken when the clock is turned or more is planned.

    Args:
        settle: settles what is due.
        agenda: tells when there is more.
        clock: tells how far off that is; a frozen one never gets there by itself.
    """

    def __init__(self, settle: Settle, agenda: Agenda, clock: Clock) -> None:
        self._settle = settle
        self._agenda = agenda
        self._clock = clock

    def __call__(self) -> float | None:
        """Settle, and tell in how many seconds there is more.

        Raises:
            StoreUnavailable: the store could not read or write.
        """
        self._settle()
        planned = self._agenda.next_instant()
        if planned is None or self._clock.mode is ClockMode.FROZEN:
            return None
        return min(max(planned - self._clock.now(), 0), WAIT_MAX) / SECOND
