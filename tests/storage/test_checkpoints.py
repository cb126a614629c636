"""The log written into the ledger beside the writer."""

import threading

import pytest
from holding import DEADLINE, append
from ledger_files import usage_row

from waag.storage.checkpoints import Checkpointer
from waag.storage.database import open_beside, open_database
from waag.storage.queries import run
from waag.storage.writer import Writer


class Watched:
    """A connection that says when it has copied the log."""

    def __init__(self, connection) -> None:
        self._connection = connection
        self.copied = threading.Event()

    def wal_checkpoint(self, **mode):
        """Copy, and say so."""
        result = self._connection.wal_checkpoint(**mode)
        self.copied.set()
        return result

    def close(self):
        """Close the connection."""
        self._connection.close()


@pytest.fixture
def open_writer(ledger):
    """Opens a writer whose log is copied at so many pages; the writer and the other connection."""
    opened = []

    def opener(**pages):
        connection = open_database(ledger)
        beside = Watched(open_beside(ledger))
        checkpointer = Checkpointer(connection, beside, **pages)
        opened.extend((Writer(connection), checkpointer))
        return opened[0], beside

    yield opener
    for each in opened:
        each.close()


def log_bytes(ledger):
    """How long the log is."""
    return ledger.with_name(f"{ledger.name}-wal").stat().st_size


def test_the_log_is_copied_beside_the_writer(open_writer, ledger, tmp_path):
    """What was committed lies in the ledger's own file without the writer's doing."""
    writer, beside = open_writer(pages_to_begin=1)
    append(writer, usage_row(1))
    assert beside.copied.wait(DEADLINE)
    alone = tmp_path / "alone.sqlite"
    alone.write_bytes(ledger.read_bytes())
    connection = open_database(alone)
    found = run(connection, "SELECT count(*) FROM usage_record")
    connection.close()
    assert found == [(1,)]


def test_a_short_log_is_left_alone(open_writer):
    """Below its first limit nothing is copied."""
    writer, beside = open_writer(pages_to_begin=1_000)
    append(writer, usage_row(1))
    writer.change(lambda connection: run(connection, "SELECT 1"))
    assert not beside.copied.is_set()


def test_a_long_log_begins_anew(open_writer, ledger):
    """Under a load that never pauses the log does not grow beyond its second limit for long."""
    open_database(ledger).close()  # so that the log does not have the schema
    writer, _ = open_writer(pages_to_begin=10**6, pages_to_finish=40)
    for number in range(200):
        append(writer, usage_row(number))
    assert log_bytes(ledger) < 80 * 4096 * 1.1
