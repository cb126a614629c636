"""What fronts are told over their links, and when a change they have to heed counts as done."""

import asyncio
import threading
from contextlib import suppress

import msgspec
import pytest
from holding import DEADLINE, Front, append
from ledger_files import usage_row

from waag.domain.clock import ClockMode
from waag.domain.refusals import StoreUnavailable
from waag.storage.database import open_database
from waag.storage.link import Append, ClockTurned, FaultsPlanned, Frames, frame, from_writer
from waag.storage.queries import query
from waag.storage.writer import Writer

NOON = ClockTurned(ClockMode.FROZEN, 12)
FAULTS = FaultsPlanned(frozenset({"BatchMeterUsage"}))
NO_FAULTS = FaultsPlanned(frozenset())


def turn(writer):
    """A change with a notice: what it returns."""
    return writer.change(
        lambda connection: query(connection, "put_clock", ("frozen", 12)), lambda _: NOON
    )


@pytest.fixture
def front(writer):
    """A front that heeds notices."""
    opened = Front(writer)
    opened.begin()
    yield opened
    opened.end()


class TestNotices:
    """A change that fronts have to know of."""

    def test_a_front_has_heeded_it_when_the_change_returns(self, writer, front):
        """Whoever asked for the change cannot meet a front that does not know of it."""
        turn(writer)
        assert front.heeded == [NOON]

    def test_every_front_has_heeded_it(self, writer, front):
        """However many there are."""
        other = Front(writer)
        other.begin()
        turn(writer)
        heeded = (front.heeded, other.heeded)
        other.end()
        assert heeded == ([NOON], [NOON])

    def test_a_change_without_a_notice_tells_nobody(self, writer, front):
        """Not every change matters to a front."""
        writer.change(lambda connection: query(connection, "clock"))
        turn(writer)
        assert front.heeded == [NOON]

    def test_it_is_on_disk_when_a_front_is_told(self, writer, ledger):
        """A front that looks things up when it is told finds them changed."""
        seen = []

        def look(_notice):
            reader = open_database(ledger)
            seen.append(query(reader, "clock"))
            reader.close()

        looking = Front(writer)
        looking.begin(look)
        turn(writer)
        looking.end()
        assert seen == [[("frozen", 12)]]

    def test_a_change_that_fails_tells_nobody(self, writer, front):
        """What did not happen is not announced."""

        def fail(_connection):
            raise LookupError

        with suppress(LookupError):
            writer.change(fail, lambda _: NOON)
        turn(writer)
        assert front.heeded == [NOON]

    def test_appends_go_on_while_a_front_makes_up_its_mind(self, writer):
        """Only the change waits for the fronts, not the usage of others."""
        made_up, asked = threading.Event(), threading.Event()

        def ponder(_notice):
            asked.set()
            assert made_up.wait(DEADLINE)

        pondering = Front(writer)
        pondering.begin(ponder)
        change = threading.Thread(target=turn, args=(writer,))
        change.start()
        assert asked.wait(DEADLINE)
        answer = append(writer, usage_row(1))
        made_up.set()
        change.join(DEADLINE)
        pondering.end()
        assert answer == {}


class TestFrontsThatDoNotHeed:
    """Fronts that would hold a change up."""

    def test_one_that_is_gone_is_not_waited_for(self, writer):
        """The change returns once the link is closed."""
        Front(writer).never_begin()
        assert turn(writer) == []

    def test_one_that_is_late_is_given_up(self, ledger):
        """After so many seconds the link is closed, and whoever watches the front is told."""
        writer = Writer(open_database(ledger), heed_seconds=0.05)
        front = Front(writer)
        turn(writer)
        given_up = front.lost.wait(DEADLINE)
        writer.close()
        front.never_begin()
        assert given_up


class TestSlowFronts:
    """Fronts that do not read what they are told."""

    def test_what_it_has_no_room_for_waits_for_it(self, writer):
        """More than a socket holds reaches a front once it reads, and nothing is lost."""
        front = Front(writer)
        rows = [usage_row(number) for number in range(1_000)]
        append(writer, *rows)
        again = [msgspec.structs.replace(row, record_id=b"x" * 16) for row in rows]
        sent = frame(Append(again))
        for _ in range(20):
            front.end_of_link.sendall(sent)
        front.end_of_link.settimeout(DEADLINE)
        frames, committed = Frames(), []
        while sum(len(each.outcomes) for each in committed) < 20:
            committed += map(from_writer, frames.messages(front.end_of_link.recv(65536)))
        front.never_begin()
        assert {len(outcome) for each in committed for outcome in each.outcomes} == {1_000}


class TestTheEnd:
    """Writers that end."""

    def test_a_front_whose_writer_is_gone_does_not_know_what_was_recorded(self, writer, front):
        """An append after the end fails, and says that it may be sent again."""
        writer.close()

        async def append_late():
            return await front.ledger.append([usage_row(1)])

        with pytest.raises(StoreUnavailable) as refused:
            asyncio.run_coroutine_threadsafe(append_late(), front.loop).result(DEADLINE)
        assert refused.value.why == (
            "The ledger's writer is gone; it is not known whether this was recorded. Send it again."
        )

    def test_a_writer_that_fails_closes_its_links(self, ledger, caplog):
        """A fault of its own ends the writer; the fronts notice, and the log says what it was."""
        writer = Writer(open_database(ledger))
        front = Front(writer)
        front.end_of_link.send(frame(NOON))  # read as word on a notice that was never sent
        lost = front.lost.wait(DEADLINE)
        writer.close()
        front.never_begin()
        assert (lost, caplog.messages) == (True, ["the ledger's writer failed"])

    def test_a_change_after_the_end_is_refused(self, writer):
        """Nobody waits for a writer that is no more."""
        writer.close()
        with pytest.raises(StoreUnavailable) as refused:
            turn(writer)
        assert refused.value.why == "The ledger's writer has ended."


class TestAnnouncements:
    """Notices of what is kept in memory alone."""

    def test_a_front_has_heeded_it_when_it_is_done(self, writer, front):
        """Whoever waits cannot meet a front that does not know of it."""
        writer.announce(FAULTS).result(DEADLINE)
        assert front.heeded == [FAULTS]

    def test_they_come_in_order(self, writer, front):
        """The last one counts, though nobody waited for those before."""
        writer.announce(FAULTS)
        writer.announce(NO_FAULTS).result(DEADLINE)
        assert front.heeded == [FAULTS, NO_FAULTS]

    def test_a_front_that_comes_later_is_told_the_latest(self, writer):
        """Before anything else."""
        writer.announce(NO_FAULTS).result(DEADLINE)
        writer.announce(FAULTS).result(DEADLINE)
        late = Front(writer)
        late.begin()
        turn(writer)
        late.end()
        assert late.heeded == [FAULTS, NOON]

    def test_a_front_that_is_slow_to_start_is_not_given_up(self, ledger):
        """What it is told at first has no deadline."""
        writer = Writer(open_database(ledger), heed_seconds=0.05)
        writer.announce(FAULTS).result(DEADLINE)
        starting = Front(writer)
        given_up = starting.lost.wait(0.3)
        starting.begin()
        starting.end()
        writer.close()
        assert not given_up

    def test_after_the_end_nobody_is_told(self, writer):
        """Nobody waits for a writer that is no more."""
        writer.close()
        with pytest.raises(StoreUnavailable) as refused:
            writer.announce(FAULTS).result(DEADLINE)
        assert refused.value.why == "The ledger's writer has ended."
