"""Long answers: rows by name, as of one moment, and what becomes of trouble."""

import apsw
import pytest

from waag.domain.refusals import StoreUnavailable
from waag.storage.snapshots import SqliteSnapshots

NUMBERS = "SELECT value AS number FROM json_each(:given)"


@pytest.fixture
def opened():
    """Every connection that was opened."""
    return []


@pytest.fixture
def snapshots(opened):
    """Answers over an empty store."""

    def open_connection():
        opened.append(apsw.Connection(":memory:"))
        return opened[-1]

    return SqliteSnapshots(open_connection)


def is_closed(connection):
    """Whether nothing can be asked any more."""
    try:
        connection.changes()
    except apsw.ConnectionClosedError:
        return True
    return False


def test_rows_have_names(snapshots):
    """Each row is its values by name; a parameter that is not asked for does no harm."""
    rows = snapshots.rows(NUMBERS, {"given": "[1, 2]", "other": 3})
    assert list(rows) == [{"number": 1}, {"number": 2}]


def test_nothing_is_opened_before_it_is_read(snapshots, opened):
    """A connection is held while rows are read, and not before."""
    snapshots.rows(NUMBERS, {"given": "[1]"})
    assert opened == []


def test_an_answer_left_half_read(snapshots, opened):
    """Its connection is closed with it."""
    rows = snapshots.rows(NUMBERS, {"given": "[1, 2]"})
    next(rows)
    rows.close()
    assert is_closed(opened[0])


def test_trouble(snapshots):
    """What SQLite says is said as the store's being unavailable."""
    with pytest.raises(StoreUnavailable, match="no such table: nowhere"):
        list(snapshots.rows("SELECT * FROM nowhere", {}))
