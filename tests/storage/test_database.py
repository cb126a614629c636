import re
import shutil
import sqlite3

import apsw
import pytest
from ledger_files import files_beside, filled_ledger, header_numbers, record_ids, usage_row
from msgspec.structs import astuple

from waag.domain.refusals import StoreUnavailable
from waag.domain.usage import UsageQuery
from waag.storage.database import (
    APPLICATION_ID,
    QUICK_CHECK_BYTES_MAX,
    LedgerFileRefused,
    migrations,
    open_database,
    open_reader,
    transaction,
)
from waag.storage.queries import query, query_many, run
from waag.storage.reader import Reader
from waag.storage.usage_reader import SqliteUsageReader

NEWEST = max(migrations())
PAGE = 4096
NAMES_OF_USAGE = """
INSERT INTO account VALUES (1, '120000000001', 'Seller', 'seller', NULL, NULL);
INSERT INTO product VALUES (1, 'prod-1', 'code', 1, 'Title', 'type', 'legacy', '[]', NULL);
INSERT INTO dimension VALUES (1, 1, 'users', 'Metered', 'Users', '1', 1);
INSERT INTO agreement VALUES (1, 'agmt-1', 1, 1, NULL, NULL, 0, NULL, '[]');
"""
"""What usage_row refers to."""


@pytest.fixture
def path(tmp_path):
    """Where a ledger is to lie, in a folder of its own."""
    (tmp_path / "data").mkdir()
    return tmp_path / "data" / "ledger.sqlite"


def refusal(path):
    """Why a file is refused."""
    with pytest.raises(LedgerFileRefused) as refused:
        open_database(path)
    return refused.value.why


def with_header_overwritten(content):
    """The file with its first hundred bytes lost."""
    return b"X" * 100 + content[100:]


def with_table_flipped(content):
    """The file with every bit of the page turned that a table of the first schema begins on."""
    return with_page_flipped(content, 14)


def with_page_flipped(content, number):
    """The file with every bit of one page turned; SQLite counts them from 1."""
    start = (number - 1) * PAGE
    flipped = bytes(each ^ 0xFF for each in content[start : start + PAGE])
    return content[:start] + flipped + content[start + PAGE :]


def test_a_fresh_ledger_says_whose_it_is_and_its_schema_version(path):
    """A ledger that was just made names its program and the newest schema in its header."""
    open_database(path).close()
    assert header_numbers(path) == (APPLICATION_ID, NEWEST)


def test_an_empty_file_becomes_a_ledger(path):
    """A process that died before it wrote anything leaves an empty file, which is taken."""
    path.touch()
    open_database(path).close()
    assert header_numbers(path) == (APPLICATION_ID, NEWEST)


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("cell_size_check", 1),
    ],
)
def test_the_writer_connection_is_set_up(path, pragma, value):
    """What durability and integrity rest on is in force, not only asked for."""
    connection = open_database(path)
    assert run(connection, f"PRAGMA {pragma}") == [(value,)]
    connection.close()


def test_a_reader_cannot_write(path):
    """The connection beside the writer's is for reading only."""
    open_database(path).close()
    reader = open_reader(path)
    with pytest.raises(apsw.ReadOnlyError):
        run(reader, "DELETE FROM usage_record")
    reader.close()


@pytest.mark.parametrize(
    ("damaged", "what"),
    [
        (with_header_overwritten, "file is not a database"),
        (
            with_table_flipped,
            "Tree N page N: btreeInitPage() returns error code 11",
        ),
        (lambda content: content[: len(content) // 2], "database disk image is malformed"),
        (lambda content: content[:-PAGE], "database disk image is malformed"),
        (lambda content: content[:50], "database disk image is malformed"),
    ],
    ids=["header", "page", "half", "last-page", "stub"],
)
class TestDamage:
    """Files that SQLite or its check of every page finds damaged."""

    def test_is_refused_with_a_sentence(self, path, damaged, what):
        """The refusal names the file and the damage, and says what to do."""
        path.write_bytes(damaged(filled_ledger(path).read_bytes()))
        # Which page is in the middle depends on how many tables there are.
        assert re.sub(r"Tree \d+ page \d+", "Tree N page N", refusal(path)) == (
            f"{path} is damaged: {what}. It was not touched; restore it from a backup."
        )

    def test_leaves_the_file_as_it_was(self, path, damaged, what):
        """Not a byte of a refused file changes."""
        del what
        path.write_bytes(damaged(filled_ledger(path).read_bytes()))
        before = files_beside(path)
        refusal(path)
        assert files_beside(path) == before


def left_by_a_crash(path, statement):
    """A ledger whose last commits lie only in its log, as a killed process leaves it."""
    living = path.with_name("living.sqlite")
    connection = open_database(living)
    query_many(connection, "insert_usage", [astuple(usage_row(number)) for number in range(10)])
    run(connection, statement)
    for suffix in ("", "-wal"):
        shutil.copy(f"{living}{suffix}", f"{path}{suffix}")
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [f"PRAGMA user_version = {NEWEST + 1}", "PRAGMA application_id = 1"],
    ids=["newer", "another program's"],
)
def test_the_log_of_a_refused_file_is_left_as_it_was(path, statement):
    """Refusing a file does not write its log into it, as closing a database else does."""
    left_by_a_crash(path, statement)
    before = files_beside(path)
    refusal(path)
    assert files_beside(path) == before


def test_the_log_of_a_good_file_is_read(path):
    """What a killed process had committed is there, though it lies only in the log."""
    left_by_a_crash(path, "SELECT 1")
    assert record_ids(path) == {usage_row(number).record_id for number in range(10)}


def make_other_program(path, application_id):
    """Another program's database."""
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE notes (text)")
    other.execute(f"PRAGMA application_id = {application_id}")
    other.commit()
    other.close()


@pytest.mark.parametrize("application_id", [0, 0x0F055112])
class TestAnotherProgramsFile:
    """A SQLite database that some other program keeps, with a mark of its own or without."""

    def test_is_refused_with_a_sentence(self, path, application_id):
        """The refusal says that the file is not Waag's."""
        make_other_program(path, application_id)
        assert refusal(path) == f"{path} is a SQLite database, but not one of Waag's."

    def test_is_left_as_it_was(self, path, application_id):
        """Not a byte of it changes."""
        make_other_program(path, application_id)
        before = files_beside(path)
        refusal(path)
        assert files_beside(path) == before


def make_newer(path):
    """A ledger that a later Waag has migrated."""
    connection = apsw.Connection(str(filled_ledger(path)))
    run(connection, f"PRAGMA user_version = {NEWEST + 1}")
    connection.close()


def test_a_newer_ledger_is_refused(path):
    """The refusal names both versions and what to do."""
    make_newer(path)
    assert refusal(path) == (
        f"{path} has schema version {NEWEST + 1}; this Waag knows versions up to {NEWEST}. "
        "Run the Waag that wrote it, or a newer one."
    )


def test_a_newer_ledger_is_left_as_it_was(path):
    """Not a byte of it changes."""
    make_newer(path)
    before = files_beside(path)
    refusal(path)
    assert files_beside(path) == before


def test_a_ledger_in_a_folder_that_is_not_there_is_refused(tmp_path):
    """The refusal names the file."""
    path = tmp_path / "nowhere" / "ledger.sqlite"
    assert refusal(path) == f"{path} cannot be opened: unable to open database file."


def test_a_locked_ledger_is_refused(path):
    """A ledger that another program holds locked is refused, not waited for."""
    other = apsw.Connection(str(filled_ledger(path)))
    run(other, "PRAGMA locking_mode = EXCLUSIVE")
    run(other, "BEGIN EXCLUSIVE")
    assert refusal(path) == f"{path} cannot be opened: database is locked."
    other.close()


def make_large_and_damaged(path):
    """A ledger too large for every page to be checked at the start, its usage damaged."""
    connection = apsw.Connection(str(filled_ledger(path)))
    usage = "SELECT rootpage FROM sqlite_schema WHERE name = 'usage_record'"
    page = run(connection, usage)[0][0]
    connection.close()
    path.write_bytes(with_page_flipped(path.read_bytes(), page))
    with path.open("ab") as file:
        file.truncate(QUICK_CHECK_BYTES_MAX + 1)


def test_a_large_ledger_opens_without_a_check_of_every_page(path):
    """Above the limit a start does not take the time to read the whole file."""
    make_large_and_damaged(path)
    connection = open_database(path)
    assert run(connection, "PRAGMA user_version") == [(NEWEST,)]
    connection.close()


def test_damage_found_while_reading_makes_the_store_unavailable(path):
    """Damage in a large file comes out where it is read, as a refusal."""
    make_large_and_damaged(path)
    connection = open_database(path)
    run(connection, NAMES_OF_USAGE)
    connection.close()
    reader = SqliteUsageReader(Reader(open_reader(path)))
    with pytest.raises(StoreUnavailable) as refused:
        reader.usage_records(UsageQuery(limit=1000))
    assert refused.value.why == ("The store could not be read: database disk image is malformed.")
    reader.close()


def schema(path):
    """Every table and index of a ledger, as it was declared."""
    connection = apsw.Connection(str(path))
    found = run(connection, "SELECT type, name, sql FROM sqlite_schema ORDER BY name")
    connection.close()
    return found


@pytest.mark.parametrize("version", range(NEWEST + 1))
def test_a_ledger_of_any_earlier_version_is_brought_to_the_newest_schema(path, version):
    """Migrating from any version gives what a fresh ledger has."""
    connection = apsw.Connection(str(path))
    for number, statements in migrations().items():
        if number <= version:
            run(connection, statements)
    run(connection, f"PRAGMA application_id = {APPLICATION_ID}")
    run(connection, f"PRAGMA user_version = {version}")
    connection.close()
    open_database(path).close()
    fresh = path.with_name("fresh.sqlite")
    open_database(fresh).close()
    assert schema(path) == schema(fresh)


def made_by(path, version):
    """A ledger as the Waag of an earlier version made it, with something in each table."""
    connection = apsw.Connection(str(path))
    for number, statements in migrations().items():
        if number <= version:
            run(connection, statements)
    run(connection, NAMES_OF_USAGE)
    run(connection, "INSERT INTO principal VALUES ('AKIA', 1, 0, 'arn', x'00', '[]', NULL, NULL)")
    query_many(connection, "insert_usage", [astuple(usage_row())])
    run(connection, f"PRAGMA application_id = {APPLICATION_ID}")
    run(connection, f"PRAGMA user_version = {version}")
    return connection


def rows(connection):
    """Everything in every table that is not empty."""
    tables = run(connection, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    found = {name: run(connection, f"SELECT * FROM {name}") for (name,) in tables}  # noqa: S608
    return {name: each for name, each in found.items() if each}


@pytest.mark.parametrize("version", range(1, NEWEST))
def test_migrating_keeps_what_is_there(path, version):
    """What an earlier Waag wrote stands, row for row, in the newest schema."""
    earlier = made_by(path, version)
    before = rows(earlier)
    earlier.close()
    migrated = open_database(path)
    after = rows(migrated)
    migrated.close()
    assert after == before


def test_migrations_are_numbered_without_a_gap():
    """Each version follows from the one before it."""
    assert list(migrations()) == list(range(1, NEWEST + 1))


def test_opening_again_keeps_what_is_there(path):
    """A ledger that was opened and closed again and again still has its records."""
    filled_ledger(path, rows=3)
    record_ids(path)
    assert record_ids(path) == {usage_row(number).record_id for number in range(3)}


def test_a_transaction_that_fails_leaves_nothing(path):
    """What was done before the failure is undone."""
    connection = open_database(path)

    def change():
        with transaction(connection):
            query(connection, "put_clock", ("frozen", 1))
            raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"):
        change()
    assert query(connection, "clock") == []
    connection.close()
