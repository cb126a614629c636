"""The journal of the embedded AWS on SQLite: what made topics, queues and rules what they are."""

from collections.abc import Sequence

import apsw

from waag.domain.configuration_requests import ConfigurationRequest
from waag.storage.queries import query
from waag.storage.reader import Reader
from waag.storage.writer import Writer


class SqliteConfigurationRequests:
    """Implements the sandbox's journal.

    Args:
        writer: who owns the connection that writes.
        reader: closed with this.
    """

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    def all(self) -> Sequence[ConfigurationRequest]:
        """Every request that still counts, in order.

        Raises:
            StoreUnavailable: the store could not be read.
        """
        return [
            ConfigurationRequest(*row[1:]) for row in self._reader.rows("configuration_requests")
        ]

    def has(self, action: str, resource: str, *, below: bool = False) -> bool:
        """Whether one of this action counts, on a resource; `below` it, if its ARN is a path.

        Raises:
            StoreUnavailable: the store could not be read.
        """
        asked = (resource, f"{resource}\U0010ffff" if below else resource, action)
        return bool(self._reader.rows("has_configuration_request", asked))

    def append(self, made: ConfigurationRequest) -> None:
        """Keep a request, unless it only says again what was said last.

        Raises:
            StoreUnavailable: the store could not write.
        """
        row = (
            made.account_id,
            made.region,
            made.service,
            made.action,
            made.resource,
            made.seed,
            made.request,
        )

        def carry_out(connection: apsw.Connection) -> None:
            latest = query(connection, "latest_configuration_request", (made.resource, made.action))
            if latest != [(made.request,)]:
                query(connection, "put_configuration_request", row)

        self._writer.change(carry_out)

    def forget(self, resource: str) -> None:
        """Let go of what made a resource that is removed.

        Raises:
            StoreUnavailable: the store could not write.
        """
        self._writer.change(
            lambda connection: query(connection, "remove_configuration_requests", (resource,))
        )

    def close(self) -> None:
        """Close the reader."""
        self._reader.close()
