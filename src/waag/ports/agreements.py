"""What agreements and the events that tell of them need of the outside."""

from collections.abc import Sequence
from typing import Protocol

from waag.domain.agreements import AgreementQuery
from waag.domain.events import Event, EventQuery, EventStatus, KeptEvent
from waag.domain.instants import Instant
from waag.domain.market import Agreement


class Agreements(Protocol):
    """Agreements one after another, for the operator; whoever knows a name takes a `Market`."""

    def agreements(self, asked: AgreementQuery) -> Sequence[Agreement]:
        """At most `asked.limit` agreements by number.

        Raises:
            StoreUnavailable: the store could not be read.
        """
        ...


class Agenda(Protocol):
    """What the clock has to settle.

    Raises:
        StoreUnavailable: from any call; the store could not be read or written.
    """

    def expiring(self, until: Instant, limit: int) -> Sequence[str]:
        """Ids of agreements that end by then and are not settled yet, in the order they end."""
        ...

    def fall_due(self, now: Instant) -> None:
        """Every event whose time has come is due; on disk before this returns."""
        ...

    def next_instant(self) -> Instant | None:
        """When there is something to settle next; None if nothing is planned."""
        ...


class Outbox(Protocol):
    """Events, kept until they are delivered, and after.

    Raises:
        StoreUnavailable: from any call; the store could not be read or written.
    """

    def events(self, asked: EventQuery) -> Sequence[KeptEvent]:
        """At most `asked.limit` events in order of due time."""
        ...

    def due(self, limit: int) -> Sequence[KeptEvent]:
        """At most `limit` events, those to be delivered next, in order."""
        ...

    def event(self, event_id: str) -> KeptEvent | None:
        """The event with this id."""
        ...

    def resend(self, event_id: str) -> bool:
        """Have one that was sent or given up be due once more; whether it was."""
        ...

    def sent(self, numbers: Sequence[int]) -> None:
        """Keep that these were taken; on disk before this returns."""
        ...

    def failed(self, number: int, status: EventStatus, attempts: int, error: str) -> None:
        """Keep that one was not, and whether it stays due; on disk before this returns."""
        ...


class Receiver(Protocol):
    """Where events are delivered."""

    def deliver(self, event: Event) -> str | None:
        """Hand one over; None once it is taken, else why it was not."""
        ...
