"""The write-ahead log written into the ledger beside the writer, so that no commit waits for it.

SQLite would have the commit that fills the log do it, and everybody behind that commit wait. Here a
thread with a connection of its own copies what is committed while the writer goes on. The log
begins anew only when all of it is copied, which under a steady load never happens by itself: so
once the log is long, the writer copies the little that is left.
"""

import logging
import threading

import apsw

PAGES_TO_BEGIN = 1_000
"""From so many pages in the log on (4 MiB) the thread copies."""

PAGES_TO_FINISH = 16_000
"""From so many on (64 MiB) the writer copies the rest, so that the log begins anew."""

_log = logging.getLogger(__name__)


class Checkpointer:
    """Keeps the log of one ledger short.

    Args:
        writer: the connection that commits; used in its own thread, after a commit.
        beside: another connection to the same ledger; closed with this.
        pages_to_begin: see `PAGES_TO_BEGIN`.
        pages_to_finish: see `PAGES_TO_FINISH`.
    """

    def __init__(
        self,
        writer: apsw.Connection,
        beside: apsw.Connection,
        pages_to_begin: int = PAGES_TO_BEGIN,
        pages_to_finish: int = PAGES_TO_FINISH,
    ) -> None:
        self._beside = beside
        self._pages_to_begin = pages_to_begin
        self._pages_to_finish = pages_to_finish
        self._due = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="ledger-checkpoints")
        self._thread.start()
        writer.set_wal_hook(self._committed)

    def close(self) -> None:
        """Finish the copy under way; the writer is closed by then, or commits no more."""
        self._closing = True
        self._due.set()
        self._thread.join()
        self._beside.close()

    def _committed(self, writer: apsw.Connection, _database: str, pages: int) -> int:
        if pages >= self._pages_to_finish:
            _checkpoint(writer)
        if pages >= self._pages_to_begin:
            self._due.set()
        return apsw.SQLITE_OK

    def _run(self) -> None:
        while True:
            self._due.wait()
            self._due.clear()
            if self._closing:
                return
            _checkpoint(self._beside)


def _checkpoint(connection: apsw.Connection) -> None:
    """Copy what is committed; whatever hinders it, what is committed stays in the log."""
    try:
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
    except apsw.BusyError:
        pass  # the other connection is copying
    except apsw.Error as error:
        _log.warning("the log was not written into the ledger: %s", error)
