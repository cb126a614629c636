"""A thread that has work to do now and then: when it is woken, and when it said it would."""

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from waag.domain.refusals import StoreUnavailable

AFTER_FAILURE_SECONDS = 5.0
"""How long work that failed is let alone."""

_log = logging.getLogger(__name__)


class Alarm(Protocol):
    """What a worker waits by."""

    def ring(self) -> None:
        """End a wait, or the next one if nobody waits; from any thread."""
        ...

    def wait(self, seconds: float | None) -> None:
        """Return once it rings, or so many seconds later; None waits for as long as it takes."""
        ...


class RealAlarm:
    """Implements `Alarm` by real time."""

    def __init__(self) -> None:
        self._rung = threading.Event()

    def ring(self) -> None:
        """End a wait, or the next one if nobody waits."""
        self._rung.set()

    def wait(self, seconds: float | None) -> None:
        """Return once it rings, or so many seconds later."""
        self._rung.wait(seconds)
        self._rung.clear()


class WorkerThread:
    """Does a piece of work again and again until it is closed.

    Work that fails is logged and tried again: whoever is told of an event must not wait for an
    operator to notice.

    Args:
        name: the thread's.
        work: does what there is to do, and tells in how many seconds there is more; None if that
            is not known before the alarm rings.
        alarm: what it waits by.
    """

    def __init__(self, name: str, work: Callable[[], float | None], alarm: Alarm) -> None:
        self._work = work
        self._alarm = alarm
        self._closing = False
        self._thread = threading.Thread(target=self._run, name=name)

    def start(self) -> None:
        """Begin with what there is to do."""
        self._thread.start()

    def ring(self) -> None:
        """There may be something to do; from any thread."""
        self._alarm.ring()

    def close(self) -> None:
        """Finish the piece of work at hand, and end."""
        self._closing = True
        self._alarm.ring()
        self._thread.join()

    def _run(self) -> None:
        while not self._closing:
            self._alarm.wait(self._worked())

    def _worked(self) -> float | None:
        try:
            return self._work()
        except StoreUnavailable as refused:
            _log.warning("%s: %s It tries again.", self._thread.name, refused.why)
        except Exception:  # noqa: BLE001 - the outermost frame of the thread: it logs and goes on
            _log.exception("%s failed; it tries again", self._thread.name)
        return AFTER_FAILURE_SECONDS
