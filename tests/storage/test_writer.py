import asyncio
import threading

import pytest
from holding import DEADLINE, append, append_gathered, held, linked
from ledger_files import kept_after_close, record_ids, usage_row

from waag.domain.metering import Standing
from waag.domain.refusals import StoreUnavailable
from waag.storage.queries import query, run


def records(writer):
    """How many records stand in the ledger."""
    return writer.change(lambda connection: run(connection, "SELECT count(*) FROM usage_record"))


def ids(*numbers):
    """The record ids of usage rows."""
    return {usage_row(number).record_id for number in numbers}


class TestAnswers:
    """What an append answers."""

    def test_new_rows_have_nothing_standing(self, writer):
        """Rows under keys of their own are inserted, so nothing is answered."""
        assert append(writer, usage_row(1), usage_row(2)) == {}

    def test_a_row_that_stands_is_answered_with_its_record(self, writer):
        """A key that is taken is answered with the record and quantity that took it."""
        append(writer, usage_row(1))
        again = usage_row(1, record_id=bytes(16), quantity=9)
        assert append(writer, again) == {0: Standing(usage_row(1).record_id, 5_000_000)}

    def test_only_the_rows_that_stand_are_answered(self, writer):
        """Among new rows, those whose keys are taken are named by their index."""
        append(writer, usage_row(1))
        again = usage_row(1, record_id=bytes(16))
        assert list(append(writer, usage_row(0), again, usage_row(2))) == [1]

    def test_new_rows_beside_one_that_stands_are_inserted(self, writer):
        """A taken key does not keep the others of its append from being recorded."""
        append(writer, usage_row(1))
        append(writer, usage_row(0), usage_row(1, record_id=bytes(16)), usage_row(2))
        assert records(writer) == [(3,)]

    def test_of_one_key_twice_in_an_append_the_first_stands(self, writer):
        """The second row of a key within one append is answered with the first."""
        second = usage_row(1, record_id=bytes(16), quantity=9)
        standings = append(writer, usage_row(1), second)
        assert standings == {1: Standing(usage_row(1).record_id, 5_000_000)}

    @pytest.mark.parametrize(
        "column", ["product", "hour", "region", "customer", "license", "dimension", "resource"]
    )
    def test_each_column_of_the_key_tells_records_apart(self, writer, column):
        """Rows that differ in one column of the key are two records."""
        other = "eu-west-1" if column in ("region", "resource") else 77
        append(writer, usage_row(1))
        again = usage_row(1, record_id=bytes(16), **{column: other})
        assert append(writer, again) == {}

    @pytest.mark.parametrize(
        ("column", "other"), [("quantity", 7), ("timestamp", 7), ("agreement", 7)]
    )
    def test_no_other_column_tells_records_apart(self, writer, column, other):
        """Rows that differ elsewhere only are the same record."""
        append(writer, usage_row(1))
        again = usage_row(1, record_id=bytes(16), **{column: other})
        assert list(append(writer, again)) == [0]


class TestDurability:
    """An answer comes after its rows are on disk."""

    def test_the_answer_follows_the_sync_of_the_log(self, writer, files):
        """The last that happens to the log before the answer is its sync."""
        append(writer, usage_row(0))
        files.events.clear()
        append(writer, usage_row(1))
        files.events.append("answer")
        assert files.events == ["write"] * 2 + ["sync", "answer"]

    def test_there_is_no_answer_while_the_sync_lasts(self, writer, files):
        """As long as the disk has not confirmed the rows, their future is not done."""

        async def done_while_syncing():
            async with linked(writer) as ledger:
                files.passing.clear()
                files.syncing.clear()
                future = ledger.append([usage_row(1)])
                assert await asyncio.to_thread(files.syncing.wait, DEADLINE)
                done = future.done()
                files.passing.set()
                await future
                return done

        assert asyncio.run(done_while_syncing()) is False

    def test_a_change_returns_after_the_sync_of_the_log(self, writer, files):
        """The last that happens to the log before a change returns is its sync."""
        files.events.clear()
        writer.change(lambda connection: query(connection, "put_clock", ("frozen", 1)))
        files.events.append("return")
        assert files.events[-2:] == ["sync", "return"]


class TestGroups:
    """Appends that gather are committed together."""

    def test_a_hundred_gathered_appends_are_one_commit(self, writer, files):
        """What gathered while the writer was busy is synced once."""
        rows = [[usage_row(number)] for number in range(100)]
        append_gathered(writer, *rows, before_release=lambda _: files.events.clear())
        assert files.events.count("sync") == 1

    def test_a_hundred_gathered_appends_are_all_recorded(self, writer):
        """Each append of a group has its record."""
        append_gathered(writer, *[[usage_row(number)] for number in range(100)])
        assert records(writer) == [(100,)]

    def test_gathered_appends_of_two_fronts_are_one_commit(self, writer, files):
        """Whichever links rows came over, they are synced once."""

        async def append_both():
            async with linked(writer) as one, linked(writer) as other:
                with held(writer) as release:
                    futures = [one.append([usage_row(1)]), other.append([usage_row(2)])]
                    await asyncio.sleep(0)
                    files.events.clear()
                    release.set()
                    await asyncio.gather(*futures)

        asyncio.run(append_both())
        assert files.events.count("sync") == 1

    def test_a_key_taken_within_the_group_stands(self, writer):
        """An append sees the rows of those before it in the same group."""
        answers = append_gathered(writer, [usage_row(1)], [usage_row(1, record_id=bytes(16))])
        assert answers == [{}, {0: Standing(usage_row(1).record_id, 5_000_000)}]


class TestCallers:
    """Callers that are no longer there when the answer comes."""

    def test_a_cancelled_caller_does_not_hurt_the_others(self, writer):
        """Of a group one of whose callers gave up, the others are answered."""
        _, answer = append_gathered(
            writer,
            [usage_row(1)],
            [usage_row(2)],
            before_release=lambda futures: futures[0].cancel(),
        )
        assert answer == {}

    def test_what_a_cancelled_caller_sent_is_recorded(self, writer, ledger):
        """Giving up waiting does not take back what was handed over."""
        append_gathered(writer, [usage_row(1)], before_release=lambda futures: futures[0].cancel())
        assert kept_after_close(writer, ledger) == ids(1)

    def test_a_front_that_is_gone_does_not_hurt_the_others(self, writer):
        """After an answer that nobody could be given, the writer goes on."""

        async def leave():
            async with linked(writer) as front:
                front.append([usage_row(1)])
                await asyncio.sleep(0)

        asyncio.run(leave())
        assert append(writer, usage_row(2)) == {}

    def test_what_a_front_sent_before_it_was_gone_is_recorded(self, writer, ledger):
        """A front that dies takes nothing back."""

        async def leave():
            async with linked(writer) as front:
                with held(writer):
                    front.append([usage_row(1)])
                    await asyncio.sleep(0)
                    await front.close()

        asyncio.run(leave())
        assert kept_after_close(writer, ledger) == ids(1)


class TestChanges:
    """Changes that have a transaction of their own."""

    def test_a_change_gives_what_it_found(self, writer):
        """What the change returns is handed back."""
        assert writer.change(lambda connection: query(connection, "clock")) == []

    def test_what_a_change_raises_is_raised(self, writer):
        """An exception reaches who asked for the change."""

        def fail(_connection):
            raise LookupError("halfway")

        with pytest.raises(LookupError, match="halfway"):
            writer.change(fail)

    def test_a_change_that_raises_leaves_nothing(self, writer):
        """What it had done before is undone."""

        def fail(connection):
            query(connection, "put_clock", ("frozen", 1))
            raise LookupError("halfway")

        with pytest.raises(LookupError, match="halfway"):
            writer.change(fail)
        assert writer.change(lambda connection: query(connection, "clock")) == []

    def test_a_change_that_the_store_cannot_make_says_so(self, writer):
        """What SQLite refuses is the store being unavailable."""
        with pytest.raises(StoreUnavailable) as refused:
            writer.change(
                lambda connection: run(connection, "INSERT INTO clock VALUES (2, 'f', 1)")
            )
        assert refused.value.why == (
            "The ledger could not be written (CHECK constraint failed: id = 1); nothing was "
            "recorded."
        )


class TestClosing:
    """The end of the writer."""

    def test_what_is_queued_is_committed(self, writer, ledger):
        """Appends that wait when the writer is closed are on disk when it is."""

        def close_behind(_futures):
            closing.append(threading.Thread(target=writer.close))
            closing[0].start()

        closing = []
        append_gathered(writer, [usage_row(1)], before_release=close_behind)
        closing[0].join(DEADLINE)
        assert record_ids(ledger) == ids(1)

    def test_the_log_is_written_into_the_ledger(self, writer, ledger):
        """A ledger that was closed in order is one file."""
        append(writer, usage_row(1))
        writer.close()
        assert [each.name for each in ledger.parent.iterdir()] == [ledger.name]
