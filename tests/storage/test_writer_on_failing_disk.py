import pytest
from holding import append, append_gathered
from ledger_files import kept_after_close, kept_after_crash, usage_row
from msgspec.structs import astuple

from waag.domain.refusals import StoreUnavailable
from waag.storage.queries import query, run


def refusal(writer, *rows):
    """Why rows could not be recorded."""
    with pytest.raises(StoreUnavailable) as refused:
        append(writer, *rows)
    return refused.value.why


def ids(*numbers):
    """The record ids of usage rows."""
    return {usage_row(number).record_id for number in numbers}


class TestFailingSync:
    """A disk that takes what is written and then fails to confirm it."""

    def test_the_store_is_unavailable(self, writer, files):
        """The caller is told what failed, and that nothing was recorded."""
        files.failing = True
        assert refusal(writer, usage_row(1)) == (
            "The ledger could not be written (the disk is gone); nothing was recorded."
        )

    def test_every_caller_of_the_group_is_told(self, writer, files):
        """A commit that fails fails for all whose rows were in it."""

        def fail(_futures):
            files.failing = True

        answers = append_gathered(
            writer, *[[usage_row(number)] for number in range(3)], before_release=fail
        )
        assert [type(answer) for answer in answers] == [StoreUnavailable] * 3

    def test_nothing_of_it_is_there_after_closing(self, writer, files, ledger):
        """What was not confirmed is not in the ledger when it is opened again."""
        append(writer, usage_row(1))
        files.failing = True
        refusal(writer, *[usage_row(number) for number in range(2, 100)])
        files.failing = False
        assert kept_after_close(writer, ledger) == ids(1)

    def test_nothing_of_it_is_there_after_a_crash(self, writer, files, ledger, tmp_path):
        """What lies in the log of a commit that failed does not come back by itself."""
        append(writer, usage_row(1))
        files.failing = True
        refusal(writer, *[usage_row(number) for number in range(2, 100)])
        assert kept_after_crash(ledger, tmp_path / "crashed") == ids(1)

    def test_nothing_of_a_change_is_there_after_a_crash(self, writer, files, ledger, tmp_path):
        """The same holds for a change that has a transaction of its own."""
        append(writer, usage_row(1))
        files.failing = True
        with pytest.raises(StoreUnavailable, match="the disk is gone"):
            writer.change(
                lambda connection: query(connection, "insert_usage", astuple(usage_row(2)))
            )
        assert kept_after_crash(ledger, tmp_path / "crashed") == ids(1)

    def test_later_appends_are_recorded(self, writer, files, ledger, tmp_path):
        """Once the disk works again, so does the writer; a crash keeps what it confirmed."""
        files.failing = True
        refusal(writer, *[usage_row(number) for number in range(2, 100)])
        files.failing = False
        append(writer, usage_row(1))
        assert kept_after_crash(ledger, tmp_path / "crashed") == ids(1)


def limit_pages(writer, pages):
    """Let the ledger grow to so many pages; 0 for as few as it has."""
    writer.change(lambda connection: run(connection, f"PRAGMA max_page_count = {pages or 1}"))


MANY = [usage_row(number) for number in range(1000, 2000)]
"""More rows than fit on the pages of an empty ledger."""


class TestFullDisk:
    """A disk with no room left."""

    def test_the_store_is_unavailable(self, writer):
        """The caller is told that the disk is full, and that nothing was recorded."""
        limit_pages(writer, 0)
        assert refusal(writer, *MANY) == (
            "The disk that holds the ledger is full; nothing was recorded."
        )

    def test_nothing_of_it_is_there(self, writer, ledger):
        """Of an append that did not fit, not even the rows that would have are there."""
        append(writer, usage_row(1))
        limit_pages(writer, 0)
        refusal(writer, *MANY)
        assert kept_after_close(writer, ledger) == ids(1)

    def test_a_smaller_append_is_still_recorded(self, writer, ledger):
        """What fits is taken, also after something that did not."""
        limit_pages(writer, 0)
        refusal(writer, *MANY)
        append(writer, usage_row(1))
        assert kept_after_close(writer, ledger) == ids(1)

    def test_the_same_rows_are_recorded_once_there_is_room(self, writer, ledger):
        """After the disk was given room, sending again records what was refused."""
        limit_pages(writer, 0)
        refusal(writer, *MANY)
        limit_pages(writer, 1_000_000)
        append(writer, *MANY)
        assert kept_after_close(writer, ledger) == {row.record_id for row in MANY}


class TestUnfitRows:
    """Rows that no caller should send: the writer must outlive them."""

    def test_a_number_too_large_is_told_to_its_caller(self, writer):
        """What cannot be bound to a statement comes out where it was sent."""
        assert refusal(writer, usage_row(1, quantity=2**63)) == (
            "The ledger could not be written (int too big to convert); nothing was recorded."
        )

    def test_later_appends_are_recorded(self, writer, ledger):
        """The writer goes on, and nothing of the unfit append is there."""
        refusal(writer, usage_row(1), usage_row(2, quantity=2**63))
        append(writer, usage_row(3))
        assert kept_after_close(writer, ledger) == ids(3)

    def test_a_value_of_another_type_is_refused(self, writer):
        """A column takes values of its own type only."""
        assert refusal(writer, usage_row(1, record_id="text")) == (
            "The ledger could not be written (cannot store TEXT value in BLOB column "
            "usage_record.record_id); nothing was recorded."
        )
