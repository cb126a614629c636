"""Reading beside the writer: a connection that any thread may ask, one statement at a time."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import apsw

from waag.domain.refusals import StoreUnavailable
from waag.storage.queries import Row, query


class Reader:
    """One connection, asked by one thread at a time.

    Each statement sees the store as of one moment: a change is seen whole or not at all.

    Args:
        connection: used by nobody else meanwhile; for reading only, or the writer's within a
            transaction.
    """

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._reading = threading.Lock()

    def rows(self, name: str, asked: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
        """What a named statement answers.

        Raises:
            StoreUnavailable: SQLite could not read.
        """
        try:
            with self._reading:
                return query(self._connection, name, asked)
        except apsw.Error as error:
            raise StoreUnavailable(f"The store could not be read: {error}.") from error

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
