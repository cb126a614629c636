"""What the clock brings, settled when it does, while the clock runs by itself."""

from collections.abc import Callable

from waag.domain.clock import ClockMode
from waag.domain.instants import HOUR, SECOND, Instant
from waag.ports import Clock, Settle

WAIT_MAX = HOUR
"""The machine's own clock may be set meanwhile, so that no wait is trusted for longer."""


class SettlingWork:
    """Work for a `WorkerThread`, which is to be woken when the clock is turned or more is planned.

    Args:
        settle: settles what is due.
        planned: each tells when there is more; None where nothing is planned.
        clock: tells how far off that is; a frozen one never gets there by itself.
    """

    def __init__(
        self, settle: Settle, clock: Clock, *planned: Callable[[], Instant | None]
    ) -> None:
        self._settle = settle
        self._planned = planned
        self._clock = clock

    def __call__(self) -> float | None:
        """Settle, and tell in how many seconds there is more.

        Raises:
            StoreUnavailable: the store could not read or write.
        """
        self._settle()
        planned = [each for each in (next_() for next_ in self._planned) if each is not None]
        if not planned or self._clock.mode is ClockMode.FROZEN:
            return None
        return min(max(min(planned) - self._clock.now(), 0), WAIT_MAX) / SECOND
