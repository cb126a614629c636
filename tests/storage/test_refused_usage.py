"""Refusals kept by the writer: the latest of each key, and so many in all."""

import asyncio

import msgspec
import pytest
from holding import linked

from waag.domain.refused_usage import KEPT_MAX, RefusedRow
from waag.storage.database import open_database
from waag.storage.queries import QUERIES, query, run
from waag.storage.writer import Writer

ROW = RefusedRow(1, 5, "us-east-1", "cust", "", 1, "DuplicateRecord", 7, 9, 10)


@pytest.fixture
def kept(tmp_path):
    """What lies in a ledger after a front noted this."""

    def kept(*noted):
        writer = Writer(open_database(tmp_path / "ledger.sqlite"))

        async def note():
            async with linked(writer) as ledger:
                for rows in noted:
                    ledger.note_refused(rows)
                writer.catch_up()

        asyncio.run(note())
        found = writer.change(
            lambda connection: run(connection, "SELECT status, quantity FROM refused_usage")
        )
        writer.close()
        return found

    return kept


def test_refusals_are_kept(kept):
    """Those of one call together."""
    other = msgspec.structs.replace(ROW, hour=6, quantity=8)
    assert kept([ROW, other]) == [("DuplicateRecord", 7), ("DuplicateRecord", 8)]


def test_the_latest_of_a_key_counts(kept):
    """It takes the place of the one before."""
    assert kept([ROW], [msgspec.structs.replace(ROW, status="UnprocessedRecords", quantity=8)]) == [
        ("UnprocessedRecords", 8)
    ]


def test_the_oldest_give_way(tmp_path):
    """So that there are never more than so many."""
    connection = open_database(tmp_path / "ledger.sqlite")
    for hour in range(5):
        row = msgspec.structs.replace(ROW, hour=hour)
        query(connection, "put_refused_usage", msgspec.structs.astuple(row))
        query(connection, "forget_refused_usage", (3,))
    hours = run(connection, "SELECT hour FROM refused_usage ORDER BY number")
    plan = run(
        connection,
        f"EXPLAIN QUERY PLAN {QUERIES['forget_refused_usage']}",
        (KEPT_MAX,),
    )
    connection.close()
    assert hours == [(2,), (3,), (4,)]
    assert plan[0][3] == "SEARCH refused_usage USING INTEGER PRIMARY KEY (rowid<?)"
