"""The outbox on SQLite: events read back, and what became of delivering them.

They are written by `markets`, in the transaction of what they tell of.
"""

from collections.abc import Mapping, Sequence

from waag.domain.events import Event, EventQuery, EventStatus, EventTarget, KeptEvent
from waag.domain.instants import INSTANT_MIN
from waag.storage.queries import Row, query, query_many
from waag.storage.reader import Reader
from waag.storage.writer import Writer


class SqliteOutbox:
    """Implements the port `Outbox`.

    Args:
        writer: who owns the connection that writes.
        reader: beside it; closed with this.
    """

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    def events(self, asked: EventQuery) -> Sequence[KeptEvent]:
        """See `waag.ports.agreements.Outbox.events`."""
        due, number = asked.after or (INSTANT_MIN, 0)
        filters = {
            "product": asked.product_id,
            "status": None if asked.status is None else asked.status.value,
            "due": due,
            "number": number,
            "limit": asked.limit,
        }
        if asked.agreement_id is None:
            return self._read("events", filters)
        return self._read("events_of_agreement", filters | {"agreement": asked.agreement_id})

    def due(self, limit: int) -> Sequence[KeptEvent]:
        """See `waag.ports.agreements.Outbox.due`."""
        return self._read("due_events", (limit,))

    def event(self, event_id: str) -> KeptEvent | None:
        """See `waag.ports.agreements.Outbox.event`."""
        return next(iter(self._read("event", {"id": event_id})), None)

    def resend(self, event_id: str) -> bool:
        """See `waag.ports.agreements.Outbox.resend`."""
        return bool(
            self._writer.change(lambda connection: query(connection, "resend_event", (event_id,)))
        )

    def sent(self, numbers: Sequence[int]) -> None:
        """See `waag.ports.agreements.Outbox.sent`."""
        rows = [(number,) for number in numbers]
        self._writer.change(lambda connection: query_many(connection, "put_event_sent", rows))

    def failed(self, number: int, status: EventStatus, attempts: int, error: str) -> None:
        """See `waag.ports.agreements.Outbox.failed`."""
        row = (status.value, attempts, error, number)
        self._writer.change(lambda connection: query(connection, "settle_event", row))

    def close(self) -> None:
        """Close the reader."""
        self._reader.close()

    def _read(
        self, name: str, asked: Sequence[object] | Mapping[str, object]
    ) -> Sequence[KeptEvent]:
        return [_to_event(row) for row in self._reader.rows(name, asked)]


def _to_event(row: Row) -> KeptEvent:
    number, event_id, _, agreement_id, account_id, due, target, *rest = row
    name, topic, content, status, attempts, last_error, _, product_code = rest
    return KeptEvent(
        number,
        Event(event_id, agreement_id, account_id, due, EventTarget(target), name, topic, content),
        product_code,
        EventStatus(status),
        attempts,
        last_error,
    )
