"""A ledger of twenty million records beside an empty one.

The records are put into the ledger's file directly, before a server runs on it. Hour after hour
for months, a tenth of the customers reports half of the dimensions; the calls that are measured
report the other half, for customers from all over the market, so that new records fall among
those that stand.
"""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import agreements
import signed_calls
from conditions import RECORDS, ROUNDS, Figures, Setting, send_new
from servers import prepare, waag, waag_on_copy
from waag.domain.instants import HOUR, from_datetime
from waag.storage.data_directory import LEDGER
from waag.storage.database import open_database, transaction
from waag.storage.queries import Row, query_many, run

STORED_HOURS = 2_000
CUSTOMERS = 20_000
REPORTING = 10
"""Of so many customers one reports in a given hour."""

GROUP_HOURS = 5
"""How many hours' records are committed together while the ledger is filled."""

STORED_DIMENSIONS = signed_calls.DIMENSIONS[::2]
NEW = signed_calls.Walk(CUSTOMERS, range(1, len(signed_calls.DIMENSIONS), 2), scattered=True)
RECORDS_PER_HOUR = CUSTOMERS // REPORTING * len(STORED_DIMENSIONS)
STORED = STORED_HOURS * RECORDS_PER_HOUR
GIB = 1024**3


def measure(setting: Setting) -> Figures:
    """In turn, both servers started anew each round, the large file out of the page cache."""
    empty, grown = setting.folder / "empty", setting.folder / "grown"
    prepare(empty, 0)
    agreements.fill(empty, CUSTOMERS)
    shutil.copytree(empty, grown)
    seconds = _fill(grown / LEDGER)
    setting.notes.append(
        f"The ledger was filled with {STORED:,} records over {STORED_HOURS:,} hours in "
        f"{seconds:.0f} s ({(grown / LEDGER).stat().st_size / GIB:.1f} GiB). Each round of growth "
        f"starts both servers anew, the large file dropped from the system's page cache; it keeps "
        f"the {RECORDS:,} records of each round."
    )
    figures: Figures = {"grown": [], "empty": []}
    for number in range(ROUNDS):
        _drop_from_cache(grown / LEDGER)
        with waag(grown) as server:
            sent = send_new(server, NEW, first=number * RECORDS)
            figures["grown"].append(sent.calls_per_second)
        with waag_on_copy(empty) as server:
            sent = send_new(server, NEW, first=number * RECORDS)
            figures["empty"].append(sent.calls_per_second)
    shutil.rmtree(grown)
    return figures


def _fill(ledger: Path) -> float:
    """Insert the stored records; the seconds."""
    started = time.perf_counter()
    connection = open_database(ledger)
    try:
        # Nobody waits for these commits; the file is synced when it is complete.
        run(connection, "PRAGMA synchronous = off")
        product, *_ = run(
            connection, "SELECT number FROM product WHERE code = ?", (signed_calls.PRODUCT,)
        )[0]
        dimensions = [
            number
            for key, number in run(connection, "SELECT key, number FROM dimension ORDER BY number")
            if key in STORED_DIMENSIONS
        ]
        customers = run(
            connection, "SELECT customer, number FROM agreement ORDER BY customer_identifier"
        )
        last = from_datetime(signed_calls.NOW) // HOUR
        for first in range(last + 1 - STORED_HOURS, last + 1, GROUP_HOURS):
            with transaction(connection):
                for hour in range(first, first + GROUP_HOURS):
                    rows = _rows(
                        hour, product, dimensions, customers[hour % REPORTING :: REPORTING]
                    )
                    query_many(connection, "insert_usage", rows)
        stored = run(connection, "SELECT count(*) FROM usage_record")[0][0]
    finally:
        connection.close()
    assert stored == STORED, f"{stored} records are stored, not {STORED}"
    return time.perf_counter() - started


def _rows(hour: int, product: int, dimensions: list[int], customers: list[Row]) -> Iterator[Row]:
    """The records of an hour, in the order of the key; quantities in millionths of a unit."""
    ids = os.urandom(16 * RECORDS_PER_HOUR)
    at, place = hour * HOUR, 0
    for customer, agreement in customers:
        for dimension in dimensions:
            yield (
                product,
                hour,
                "us-east-1",
                customer,
                0,
                dimension,
                "",
                customer % 1000 * 1_000_000,
                at,
                agreement,
                ids[place : place + 16],
                at,
                None,
            )
            place += 16


def _drop_from_cache(path: Path) -> None:
    """Let the next to read a file read it from disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
