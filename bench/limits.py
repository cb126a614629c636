"""The limits that Waag is held against: a bare loop of inserts, and the disk's own sync."""

import os
import statistics
import time
from pathlib import Path

from conditions import RECORDS, WALK
from waag.domain.instants import HOUR, SECOND
from waag.storage.database import open_database, transaction
from waag.storage.queries import query_many

GROUP_ROWS = 2_500
"""Rows the bare loop commits together: about what a hundred calls bring."""

FSYNCS = 500
SYNCED_BYTES = 4096


def inserts_per_second(path: Path) -> float:
    """Records a second of one writer that inserts the bench's rows and does nothing else."""
    rows = [
        (
            1,
            key.hour * SECOND // HOUR,
            "us-east-1",
            key.customer,
            0,
            key.dimension,
            "",
            key.customer % 1000 * 1_000_000,
            key.hour * SECOND,
            key.customer,
            os.urandom(16),
            0,
            None,
        )
        for key in WALK.keys(0, RECORDS)
    ]
    connection = open_database(path)
    started = time.perf_counter()
    for start in range(0, len(rows), GROUP_ROWS):
        with transaction(connection):
            query_many(connection, "insert_usage", rows[start : start + GROUP_ROWS])
    seconds = time.perf_counter() - started
    connection.close()
    path.unlink()
    return len(rows) / seconds


def fsync_seconds(path: Path) -> float:
    """Seconds that the machine takes to write 4 KiB and sync them, the median of many."""
    times: list[float] = []
    with path.open("wb", buffering=0) as file:
        for _ in range(FSYNCS):
            started = time.perf_counter()
            file.write(bytes(SYNCED_BYTES))
            os.fsync(file.fileno())
            times.append(time.perf_counter() - started)
    return statistics.median(times)
