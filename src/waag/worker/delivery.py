"""Events delivered: in order of due time, at least once, each tried again until it is taken.

How far delivery has come lies in the outbox, so that a restart goes on where it was. Events are
marked as sent only after every receiver took them, those of a tenth of a second together; if Waag
dies in between, they are delivered again.
"""

from collections.abc import Callable, Sequence

from waag.domain.events import EventStatus, KeptEvent
from waag.domain.instants import SECOND, Instant
from waag.ports.agreements import Outbox, Receiver

ATTEMPTS_MAX = 50
"""After so many an event is given up, and the next one has its turn.

Source: SNS, message delivery retries: 50 attempts over HTTP.
"""

TOGETHER = SECOND // 10
"""Events that are delivered within it are marked by one write, since usage waits for each."""

AT_ONCE = 500
"""So many events are read at a time."""

DELAY_MAX = 60 * SECOND
"""The longest pause between two attempts."""


class Delivery:
    """Work for a `WorkerThread`, which is to be woken when events have fallen due.

    Args:
        outbox: where events are.
        receivers: who takes them, each of them every event.
        real: the machine's own time, by which attempts are spaced.
        jitter: a number from 0 to 1, any as likely as another.
    """

    def __init__(
        self,
        outbox: Outbox,
        receivers: Sequence[Receiver],
        real: Callable[[], Instant],
        jitter: Callable[[], float],
    ) -> None:
        self._outbox = outbox
        self._receivers = receivers
        self._real = real
        self._jitter = jitter
        self._not_before: Instant | None = None
        self._at_hand: int | None = None
        self._left: Sequence[Receiver] = ()

    def __call__(self) -> float | None:
        """Deliver some events, and tell in how many seconds there is more to do.

        Raises:
            StoreUnavailable: the store could not read or write.
        """
        if self._not_before is not None and self._real() < self._not_before:
            return (self._not_before - self._real()) / SECOND
        events = self._outbox.due(AT_ONCE)
        if not events:
            return None
        self._not_before = None
        taken, error = self._deliver_some(events)
        if taken:
            self._outbox.sent([each.number for each in events[:taken]])
        if error is None:
            return 0
        event = events[taken]
        return self._failed(event, event.attempts + 1, error)

    def _deliver_some(self, events: Sequence[KeptEvent]) -> tuple[int, str | None]:
        """Deliver for a while: how many were taken, and why the next one was not, if it was not."""
        until = self._real() + TOGETHER
        for taken, event in enumerate(events):
            error = self._deliver(event)
            if error is not None:
                return taken, error
            if self._real() > until:
                return taken + 1, None
        return len(events), None

    def _deliver(self, event: KeptEvent) -> str | None:
        """Hand it to those that have not taken it: not everybody fails whenever one does."""
        if event.number != self._at_hand:
            self._at_hand, self._left = event.number, self._receivers
        errors = {receiver: receiver.deliver(event.event) for receiver in self._left}
        self._left = [receiver for receiver, error in errors.items() if error is not None]
        if not self._left:
            self._at_hand = None
        return "; ".join(error for error in errors.values() if error is not None) or None

    def _failed(self, event: KeptEvent, attempts: int, error: str) -> float:
        if attempts >= ATTEMPTS_MAX:
            self._at_hand = None
            self._outbox.failed(event.number, EventStatus.FAILED, attempts, error)
            return 0
        self._outbox.failed(event.number, EventStatus.DUE, attempts, error)
        delay = delay_after(attempts, self._jitter())
        self._not_before = self._real() + delay
        return delay / SECOND


def delay_after(attempts: int, jitter: float) -> int:
    """Microseconds until the next attempt: doubled from one second on, shortened by up to half.

    Args:
        attempts: how many have failed, 1 or more.
        jitter: from 0 for half the time to 1 for all of it.
    """
    whole = min(SECOND << min(attempts - 1, 10), DELAY_MAX)
    return round(whole * (1 + jitter) / 2)
