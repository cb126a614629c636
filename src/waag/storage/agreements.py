"""Agreements walked, and what the clock has to settle of them, on SQLite."""

from collections.abc import Sequence

from waag.domain.agreement_states import status_of
from waag.domain.agreements import AgreementQuery
from waag.domain.instants import Instant
from waag.domain.market import Agreement
from waag.storage.queries import Row, query
from waag.storage.reader import Reader
from waag.storage.stored_market import to_agreement
from waag.storage.writer import Writer


class SqliteAgreements:
    """Implements the ports `Agreements` and `Agenda`.

    Args:
        writer: who owns the connection that writes.
        reader: beside it; closed with this.
    """

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    def agreements(self, asked: AgreementQuery) -> Sequence[Agreement]:
        """See `waag.ports.agreements.Agreements.agreements`."""
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
        """See `waag.ports.agreements.Agenda.expiring`."""
        rows = self._reader.rows("agreements_expiring", (until, limit))
        return [agreement_id for (agreement_id,) in rows]

    def fall_due(self, now: Instant) -> None:
        """See `waag.ports.agreements.Agenda.fall_due`."""
        self._writer.change(lambda connection: query(connection, "fall_due", (now,)))

    def next_instant(self) -> Instant | None:
        """See `waag.ports.agreements.Agenda.next_instant`."""
        planned = [each for each in self._reader.rows("next_instant")[0] if each is not None]
        return min(planned, default=None)

    def close(self) -> None:
        """Close the reader."""
        self._reader.close()

    def _page(self, asked: AgreementQuery, after: int) -> list[Row]:
        limits = {"after": after, "limit": asked.limit}
        if asked.buyer_id is not None:
            names = {"buyer": asked.buyer_id, "product": asked.product_id}
            return self._reader.rows("agreements_page_of_buyer", names | limits)
        if asked.product_id is not None:
            of_product = {"product": asked.product_id}
            return self._reader.rows("agreements_page_of_product", of_product | limits)
        return self._reader.rows("agreements_page", limits)
