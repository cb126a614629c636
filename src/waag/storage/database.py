"""The ledger's SQLite file: opened, judged, brought to the newest schema.

A file that is damaged, not Waag's, or written by a newer Waag is refused and left as it is.
"""

import re
from collections.abc import Generator
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path

import apsw

from waag.domain.refusals import Refusal
from waag.storage.queries import run

APPLICATION_ID = 0x57616167
"""The letters Waag, in SQLite's file header."""

QUICK_CHECK_BYTES_MAX = 64 * 1024 * 1024
"""Files up to this size are checked page by page at every start; larger ones as they are read."""

_MIGRATION = re.compile(r"(\d{4})_\w+\.sql")


class LedgerFileRefused(Refusal):
    """The ledger's file cannot be used, and was left as it was."""

    rule = "ledger-file"


def open_database(path: Path, vfs: str | None = None) -> apsw.Connection:
    """Open the ledger for its one writer, creating or migrating it.

    Write-ahead log with a full sync at every commit: what is committed is on disk.

    Args:
        path: the file.
        vfs: a registered SQLite file system to use instead of the operating system's own.

    Raises:
        LedgerFileRefused: damaged, not Waag's, or newer than this program.
    """
    try:
        connection = apsw.Connection(str(path), vfs=vfs)
        try:
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
    except (apsw.CorruptError, apsw.NotADBError) as error:
        raise _damaged(path, str(error)) from error
    except apsw.Error as error:
        raise LedgerFileRefused(f"{path} cannot be opened: {error}.") from error
    return connection


def open_beside(path: Path, vfs: str | None = None) -> apsw.Connection:
    """Open the same file for writing its log into it, beside the writer that has judged it."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE, vfs=vfs)
    run(connection, "PRAGMA synchronous = full")
    return connection


def open_reader(path: Path, vfs: str | None = None) -> apsw.Connection:
    """Open the same file for reading beside the writer."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY, vfs=vfs)
    connection.set_busy_timeout(5000)
    _plan_once(connection)
    return connection


@contextmanager
def transaction(connection: apsw.Connection) -> Generator[None]:
    """Commit what is done inside, or nothing of it."""
    run(connection, "BEGIN IMMEDIATE")
    try:
        yield
        run(connection, "COMMIT")
    except BaseException as error:
        # SQLite rolls back by itself after some failures, such as a full disk.
        if connection.in_transaction:
            run(connection, "ROLLBACK")
        if isinstance(error, apsw.IOError):
            _overwrite_log_tail(connection)
        raise


def migrations() -> dict[int, str]:
    """Every migration's statements by the schema version it leads to."""
    found = {
        int(match[1]): entry.read_text(encoding="utf-8")
        for entry in files("waag.storage").joinpath("migrations").iterdir()
        if (match := _MIGRATION.fullmatch(entry.name))
    }
    return dict(sorted(found.items()))


def _overwrite_log_tail(connection: apsw.Connection) -> None:
    """Keep a crash from bringing back what was rolled back.

    A commit whose sync fails is undone in memory only: it lies whole in the write-ahead log, and
    whoever next reads that log from disk takes it for a good one. A commit that changes nothing
    takes its place there, even if it too cannot be synced.
    """
    with suppress(apsw.Error):
        version = run(connection, "PRAGMA user_version")[0][0]
        run(connection, f"PRAGMA user_version = {version}")


def _prepare(connection: apsw.Connection, path: Path) -> None:
    # Whoever closes a database last writes its log into it; a file that is refused stays as it is.
    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    _judge(connection, path)
    for pragma in (
        "journal_mode = wal",
        "synchronous = full",
        "foreign_keys = on",
        "cell_size_check = on",
        "wal_autocheckpoint = 4000",  # unless waag.storage.checkpoints sees to it
        "cache_size = -65536",
    ):
        run(connection, f"PRAGMA {pragma}")
    _migrate(connection)
    _plan_once(connection)
    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0)


def _plan_once(connection: apsw.Connection) -> None:
    """Keep SQLite from planning a join anew for each value, which takes longer than a look-up."""
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)


def _damaged(path: Path, damage: str) -> LedgerFileRefused:
    return LedgerFileRefused(
        f"{path} is damaged: {damage}. It was not touched; restore it from a backup."
    )


def _judge(connection: apsw.Connection, path: Path) -> None:
    application_id = run(connection, "PRAGMA application_id")[0][0]
    version = run(connection, "PRAGMA user_version")[0][0]
    tables = run(connection, "SELECT count(*) FROM sqlite_schema")[0][0]
    if application_id != APPLICATION_ID and (tables or application_id):
        raise LedgerFileRefused(f"{path} is a SQLite database, but not one of Waag's.")
    newest = max(migrations())
    if version > newest:
        raise LedgerFileRefused(
            f"{path} has schema version {version}; this Waag knows versions up to {newest}. Run "
            "the Waag that wrote it, or a newer one."
        )
    if path.stat().st_size <= QUICK_CHECK_BYTES_MAX:
        damage = run(connection, "PRAGMA quick_check(1)")[0][0]
        if damage != "ok":
            raise _damaged(path, damage.rpartition("\n")[2])


def _migrate(connection: apsw.Connection) -> None:
    version = run(connection, "PRAGMA user_version")[0][0]
    for number, statements in migrations().items():
        if number > version:
            with transaction(connection):
                run(connection, statements)
                run(connection, f"PRAGMA application_id = {APPLICATION_ID}")
                run(connection, f"PRAGMA user_version = {number}")
