"""A ledger with its writer, on files that are watched."""

import pytest
from allocation_ledger import Stored
from watched_files import WatchedFiles

from waag.storage.database import open_database, open_reader
from waag.storage.reader import Reader
from waag.storage.writer import Writer


@pytest.fixture
def files():
    """A file system that is watched."""
    watched = WatchedFiles("watched")
    yield watched
    watched.unregister()


@pytest.fixture
def ledger(tmp_path):
    """Where the ledger lies."""
    (tmp_path / "data").mkdir()
    return tmp_path / "data" / "ledger.sqlite"


@pytest.fixture
def writer(ledger, files):
    """The writer of an empty ledger; a test may close it before its end."""
    writer = Writer(open_database(ledger, vfs=files.name))
    yield writer
    files.failing = False
    if writer._thread.is_alive():
        writer.close()


@pytest.fixture
def stored(writer, ledger, files):
    """A ledger with no attributions."""
    reader = Reader(open_reader(ledger, vfs=files.name))
    yield Stored(writer, reader)
    reader.close()
