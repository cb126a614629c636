"""The log of support contacts on SQLite: appended to, never altered."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import itemgetter

import apsw
import msgspec

from waag.domain.analytics.contacts import (
    NOBODY,
    Contact,
    ContactChange,
    ContactDetails,
    Operation,
    Subscription,
)
from waag.storage.queries import Row, query
from waag.storage.reader import Reader
from waag.storage.writer import Writer

_number = itemgetter(0)


class SqliteSupportContacts:
    """Implements the port `SupportContacts`.

    Args:
        writer: who owns the connection that writes.
        reader: beside it; closed with this.
    """

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    def add(self, guid: str, agreement_id: str, change: ContactChange) -> None:
        """See `waag.ports.analytics.SupportContacts.add`."""

        def carry_out(connection: apsw.Connection) -> None:
            query(connection, "put_support_contact", (guid, agreement_id))
            _append(connection, guid, change)

        self._writer.change(carry_out)

    def change(self, guid: str, decide: Callable[[Contact | None], ContactChange | None]) -> None:
        """See `waag.ports.analytics.SupportContacts.change`."""

        def carry_out(connection: apsw.Connection) -> None:
            found = _to_contacts(query(connection, "support_contact", (guid,)))
            change = decide(next(iter(found), None))
            if change is not None:
                _append(connection, guid, change)

        self._writer.change(carry_out)

    def contact(self, guid: str) -> Contact | None:
        """See `waag.ports.analytics.SupportContacts.contact`."""
        return next(iter(_to_contacts(self._reader.rows("support_contact", (guid,)))), None)

    def contacts(
        self, seller_id: str | None, agreement_id: str | None, after: int, limit: int
    ) -> Sequence[Contact]:
        """See `waag.ports.analytics.SupportContacts.contacts`."""
        page = {"after": after, "limit": limit}
        if agreement_id is not None:
            rows = self._reader.rows(
                "support_contacts_of_agreement", page | {"agreement": agreement_id}
            )
        elif seller_id is not None:
            rows = self._reader.rows("support_contacts_of_seller", page | {"seller": seller_id})
        else:
            rows = self._reader.rows("support_contacts", page)
        return _to_contacts(rows)

    def close(self) -> None:
        """Close the reader."""
        self._reader.close()


def _append(connection: apsw.Connection, guid: str, change: ContactChange) -> None:
    deletion = change.operation is Operation.DELETE
    details = None if deletion else msgspec.json.encode(change.details).decode()
    row = (change.time, change.operation.value, details, guid)
    query(connection, "put_support_contact_change", row)


def _to_contacts(rows: Iterable[Row]) -> Sequence[Contact]:
    return [_to_contact(list(each)) for _, each in groupby(rows, _number)]


def _to_contact(rows: Sequence[Row]) -> Contact:
    number, guid, *subscription = rows[0][:8]
    changes = [
        ContactChange(
            changed,
            Operation(operation),
            NOBODY if details is None else msgspec.json.decode(details, type=ContactDetails),
        )
        for changed, operation, details in (row[-3:] for row in rows)
    ]
    return Contact(number, guid, Subscription(*subscription), changes)
