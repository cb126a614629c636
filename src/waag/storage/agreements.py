"""Agreements walked, and what the clock has to settle of them, on SQLite."""

import threading
from collections.abc import Sequence

import apsw

from waag.domain.agreement_states import status_of
from waag.domain.agreements import AgreementQuery
from waag.domain.instants import Instant
from waag.domain.market import Agreement
from waag.domain.refusals import StoreUnavailable
from waag.storage.queries import Row, query
from waag.storage.stored_market import to_agreement
from waag.storage.writer import Writer


class SqliteAgreements:
    """Implements the ports `Agreements` and `Agenda`; one query at a time.

    Args:
        writer: who owns the connection that writes.
        connection: for reading only; closed with this.
    """

    def __init__(self, writer: Writer, connection: apsw.Connection) -> None:
        self._writer = writer
        self._connection = connection
        self._reading = threading.Lock()

    def agreements(self, asked: AgreementQuery) -> Sequence[Agreement]:
        """See `waag.ports.Agreements.agreements`."""
        found: list[Agreement] = []
        after = asked.after
        while len(found) < asked.limit:
            page = [to_agreement(row) for row in self._page(asked, after)]
            found += [each for each in page if asked.status in (None, status_of(each, asked.now))]
            if len(page) < asked.limit:
                break
            after = page[-1].number
        return found[: asked.limit]

    def expiring(self, until: Instant, limit: int) -> Sequence[str]:
        """See `waag.ports.Agenda.expiring`."""
        return [agreement_id for (agreement_id,) in self._rows("agreements_expiring", until, limit)]

    def fall_due(self, now: Instant) -> None:
        """See `waag.ports.Agenda.fall_due`."""
        self._writer.change(lambda connection: query(connection, "fall_due", (now,)))

    def next_instant(self) -> Instant | None:
        """See `waag.ports.Agenda.next_instant`."""
        planned = [each for each in self._rows("next_instant")[0] if each is not None]
        return min(planned, default=None)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _page(self, asked: AgreementQuery, after: int) -> list[Row]:
        limits = {"after": after, "limit": asked.limit}
        if asked.buyer_id is not None:
            names = {"buyer": asked.buyer_id, "product": asked.product_id}
            return self._rows("agreements_page_of_buyer", **names, **limits)
        if asked.product_id is not None:
            return self._rows("agreements_page_of_product", product=asked.product_id, **limits)
        return self._rows("agreements_page", **limits)

    def _rows(self, name: str, *asked: int, **named: object) -> list[Row]:
        try:
            with self._reading:
                return query(self._connection, name, named or asked)
        except apsw.Error as error:
            raise StoreUnavailable(f"Agreements could not be read: {error}.") from error
