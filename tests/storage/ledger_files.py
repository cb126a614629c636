"""Ledgers on disk, and the rows that tests fill them with."""

import shutil
from pathlib import Path

import apsw
import msgspec

from waag.domain.metering import UsageRow
from waag.storage.database import open_database
from waag.storage.queries import query_many, run
from waag.storage.writer import Writer

NOON = 1_780_000_000_000_000
"""Some instant; rows follow it hour by hour."""


def usage_row(number=0, **given):
    """The row of this number: each has a key and a record id of its own."""
    usual = UsageRow(
        product=1,
        hour=NOON // 3_600_000_000 + number,
        region="us-east-1",
        customer=1,
        license=0,
        dimension=1,
        resource="",
        quantity=5_000_000,
        timestamp=NOON + number * 3_600_000_000,
        agreement=1,
        record_id=number.to_bytes(16, "big"),
        received_at=NOON,
        allocations=None,
    )
    return msgspec.structs.replace(usual, **given)


def filled_ledger(path: Path, rows: int = 300) -> Path:
    """A ledger with some usage, closed."""
    connection = open_database(path)
    query_many(
        connection,
        "insert_usage",
        [msgspec.structs.astuple(usage_row(number)) for number in range(rows)],
    )
    connection.close()
    return path


def record_ids(path: Path) -> set[bytes]:
    """The ids of all records that lie in a ledger's file."""
    connection = open_database(path)
    rows = run(connection, "SELECT record_id FROM usage_record")
    connection.close()
    return {record_id for (record_id,) in rows}


def kept_after_close(writer: Writer, path: Path) -> set[bytes]:
    """The ids of all records that lie in the file once its writer is closed."""
    writer.close()
    return record_ids(path)


def kept_after_crash(path: Path, elsewhere: Path) -> set[bytes]:
    """The ids of all records that a new process would find if this one died now."""
    elsewhere.mkdir()
    for suffix in ("", "-wal"):
        shutil.copy(f"{path}{suffix}", elsewhere)
    return record_ids(elsewhere / path.name)


def files_beside(path: Path) -> dict[str, bytes]:
    """The contents of a ledger and its log, if there is something in it."""
    log = path.with_name(f"{path.name}-wal")
    return {
        each.name: each.read_bytes()
        for each in (path, log)
        if each.exists() and each.stat().st_size
    }


def header_numbers(path: Path) -> tuple[int, int]:
    """The application id and the schema version in a file's header."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    application_id = run(connection, "PRAGMA application_id")[0][0]
    version = run(connection, "PRAGMA user_version")[0][0]
    connection.close()
    return application_id, version
