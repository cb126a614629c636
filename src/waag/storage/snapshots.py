"""Long answers: a statement's rows one after another, all as of one moment, each by its names.

A connection of its own for each: while an answer is read, the log cannot be written into the ledger
beyond it, so that nothing is to be kept unread for long.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

import apsw

from waag.domain.refusals import StoreUnavailable
from waag.storage.queries import Row


class SqliteSnapshots:
    """Implements `waag.analytics.asked.Store`.

    Args:
        open_connection: opens the store for reading.
    """

    def __init__(self, open_connection: Callable[[], apsw.Connection]) -> None:
        self._open_connection = open_connection

    def rows(self, statement: str, parameters: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """What a statement answers.

        Args:
            statement: one that reads.
            parameters: by name; it need not use all.

        Raises:
            StoreUnavailable: from the rows.
        """
        try:
            connection = self._open_connection()
            try:
                cursor: Any = connection.cursor()
                cursor.row_trace = _named
                yield from cursor.execute(statement, parameters)
            finally:
                connection.close()
        except apsw.Error as error:
            raise StoreUnavailable(f"The store could not be read: {error}.") from error


def _named(cursor: apsw.Cursor, row: Row) -> Mapping[str, Any]:
    names = cast("Any", cursor).get_description()
    return {name: value for (name, _), value in zip(names, row, strict=True)}
