"""Which of the market's enrollments the embedded AWS has seen to, on SQLite."""

from collections.abc import Sequence

import msgspec

from waag.domain.market import Enrollment
from waag.storage.queries import query
from waag.storage.reader import Reader
from waag.storage.writer import Writer


class SqliteEnrolled:
    """Implements the sandbox's memory of enrollments.

    Args:
        writer: who owns the connection that writes.
        reader: closed with this.
    """

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    def not_enrolled(self) -> Sequence[Enrollment]:
        """Those that are new, or other than they were.

        Raises:
            StoreUnavailable: the store could not be read.
        """
        rows = self._reader.rows("not_enrolled")
        return [msgspec.json.decode(definition, type=Enrollment) for (definition,) in rows]

    def enrolled(self, enrollment: Enrollment) -> None:
        """Remember one.

        Raises:
            StoreUnavailable: the store could not write.
        """
        row = (enrollment.seller, msgspec.json.encode(enrollment).decode())
        self._writer.change(lambda connection: query(connection, "put_enrolled", row))

    def close(self) -> None:
        """Close the reader."""
        self._reader.close()
