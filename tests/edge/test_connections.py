"""Replies, their order, and time: connections driven without a socket, on a clock of the test's."""

import asyncio
import logging

import pytest
from driving import GET, LAST, Answering, Driven, bodies, replies, settle

from waag.exchange import Reply

HEAD = b"HEAD / HTTP/1.1\r\nHost: waag\r\n\r\n"
OLD = b"GET / HTTP/1.0\r\n"
ASKING = (
    b"POST / HTTP/1.1\r\nHost: waag\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n",
    b"hello",
)
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def numbered(*numbers):
    """Requests to paths of these numbers, as one packet."""
    return b"".join(b"GET /%d HTTP/1.1\r\nHost: waag\r\n\r\n" % number for number in numbers)


def drive(scenario, *, held=False):
    """Run a scenario with a connection and who answers on it: what it returns."""

    async def run():
        answering = Answering(held=held)
        return await scenario(Driven(answering), answering)

    return asyncio.run(run())


def replied(*parts):
    """What is written on a connection on which these parts arrive."""

    async def scenario(driven, _answering):
        await driven.receive(*parts)
        return driven.transport

    return drive(scenario)


class TestReplies:
    """Replies as bytes."""

    def test_head_and_body_leave_in_one_write(self):
        """So a server that is killed has sent both or neither."""
        assert replied(GET).writes == [
            b"HTTP/1.1 200 OK\r\nx-repeated: 1\r\nx-repeated: 2\r\ncontent-length: 7\r\n\r\nGET / 0"
        ]

    def test_a_refusal_leaves_in_one_write(self):
        """Those that the edge makes itself, too."""
        assert len(replied(b"BREW / HTTP/1.1\r\n\r\n").writes) == 1

    def test_head_is_answered_without_the_body(self):
        """With its length all the same."""
        assert replied(HEAD).writes[0].endswith(b"content-length: 8\r\n\r\n")

    @pytest.mark.parametrize(
        ("status", "line"), [(404, "HTTP/1.1 404 Not Found"), (599, "HTTP/1.1 599 ")]
    )
    def test_the_status_has_its_usual_name(self, status, line):
        """One without a name goes without."""

        async def answer(_request):
            return Reply(status, (), b"")

        async def scenario():
            driven = Driven(answer)
            await driven.receive(GET)
            return replies(driven.received)[0].status_line

        assert asyncio.run(scenario()) == line


class TestKeeping:
    """Whether a connection is kept after a reply."""

    @pytest.mark.parametrize(
        ("sent", "closed"),
        [
            (GET, ""),
            (GET + GET, ""),
            (LAST, "closed"),
            (OLD + b"\r\n", "closed"),
            (OLD + b"Connection: keep-alive\r\n\r\n", "closed"),
            (b"BREW / HTTP/1.1\r\n\r\n", "half"),
        ],
        ids=["kept", "two", "close", "1.0", "1.0-keep-alive", "malformed"],
    )
    def test_it_is_closed(self, sent, closed):
        """Where the caller asks for it or speaks HTTP/1.0; one way only if it may be sending."""
        assert replied(sent).closed == closed

    @pytest.mark.parametrize(("sent", "told"), [(GET, False), (LAST, True), (OLD + b"\r\n", True)])
    def test_the_caller_is_told(self, sent, told):
        """Exactly where it is closed."""
        assert (b"\r\nconnection: close\r\n" in replied(sent).writes[0]) is told

    def test_after_one_that_closes_nothing_is_read(self):
        """What comes behind it is dropped."""
        assert bodies(b"".join(replied(GET + LAST + GET).writes)) == ["GET / 0", "GET /last 0"]


class TestPipelining:
    """Requests that come before the one in front of them is answered."""

    def test_replies_are_in_order(self):
        """One for each."""
        written = b"".join(replied(numbered(1, 2, 3) + HEAD).writes)
        assert bodies(written) == ["GET /1 0", "GET /2 0", "GET /3 0", ""]

    def test_one_is_answered_at_a_time(self):
        """The next begins when the one in front of it is answered."""

        async def scenario(driven, answering):
            await driven.receive(numbered(1, 2, 3))
            return [each.path for each in answering.asked]

        assert drive(scenario, held=True) == ["/1"]

    @pytest.mark.parametrize(("count", "reading"), [(1, True), (2, True), (3, False), (9, False)])
    def test_reading_pauses_while_more_than_one_waits(self, count, reading):
        """Behind the one that is answered one may wait."""

        async def scenario(driven, _answering):
            await driven.receive(numbered(*range(count)))
            return driven.transport.reading

        assert drive(scenario, held=True) is reading

    def test_reading_goes_on_afterwards(self):
        """Once all are answered."""

        async def scenario(driven, answering):
            await driven.receive(numbered(*range(5)))
            answering.released.set()
            await settle()
            await settle()
            return driven.transport.reading, len(bodies(driven.received))

        assert drive(scenario, held=True) == (True, 5)


class TestContinue:
    """Callers that wait to be asked for the body."""

    def test_they_are_asked(self):
        """Before the body is there."""
        assert replied(ASKING[0]).writes == [CONTINUE]

    def test_then_they_are_answered(self):
        """As any other."""
        assert bodies(replied(*ASKING).writes[1]) == ["POST / 5"]

    def test_not_before_earlier_requests_are_answered(self):
        """It would be taken for the beginning of their reply."""

        async def scenario(driven, answering):
            await driven.receive(GET + ASKING[0])
            before = driven.received
            answering.released.set()
            await settle()
            return before, driven.transport.writes[-1]

        assert drive(scenario, held=True) == (b"", CONTINUE)


class TestSlowReaders:
    """Callers that do not read their replies."""

    def test_nothing_is_begun_meanwhile(self):
        """What comes waits."""

        async def scenario(driven, answering):
            driven.connection.pause_writing()
            await driven.receive(GET)
            return answering.asked

        assert drive(scenario) == []

    def test_what_waits_is_not_begun_either(self):
        """Though the request in front of it is answered."""

        async def scenario(driven, answering):
            await driven.receive(numbered(1, 2))
            driven.connection.pause_writing()
            answering.released.set()
            await settle()
            return [each.path for each in answering.asked]

        assert drive(scenario, held=True) == ["/1"]

    def test_having_read_begins_nothing_out_of_turn(self):
        """The request that is being answered comes first."""

        async def scenario(driven, answering):
            await driven.receive(numbered(1, 2))
            driven.connection.pause_writing()
            driven.connection.resume_writing()
            await settle()
            return [each.path for each in answering.asked]

        assert drive(scenario, held=True) == ["/1"]

    def test_it_is_begun_afterwards(self):
        """As soon as they have read."""

        async def scenario(driven, _answering):
            driven.connection.pause_writing()
            await driven.receive(numbered(1, 2))
            driven.connection.resume_writing()
            await settle()
            return bodies(driven.received)

        assert drive(scenario) == ["GET /1 0", "GET /2 0"]

    def test_in_the_end_they_are_cut_off(self):
        """Closing waits for what is unread, and not for ever."""

        async def scenario(driven, _answering):
            await driven.receive(GET)
            driven.connection.pause_writing()
            await driven.pass_by(75)
            closed = driven.transport.closed
            await driven.pass_by(5)
            return closed, driven.transport.closed

        assert drive(scenario) == ("closed", "aborted")


class TestTime:
    """Connections on which nothing happens for too long."""

    @pytest.mark.parametrize(("sent", "rest"), [((), 0), ((GET,), 0), ((GET, GET), 70)])
    @pytest.mark.parametrize(("idle", "closed"), [(74.9, ""), (75, "closed")])
    def test_at_rest(self, sent, rest, idle, closed):
        """They are closed 75 seconds after the last reply, without a word."""

        async def scenario(driven, _answering):
            for part in sent:
                await driven.pass_by(rest)
                await driven.receive(part)
            written = len(driven.transport.writes)
            await driven.pass_by(idle)
            assert len(driven.transport.writes) == written
            return driven.transport.closed

        assert drive(scenario) == closed

    def test_a_request_that_does_not_become_whole(self):
        """408 after 60 seconds, in JSON, however steadily it comes."""

        async def scenario(driven, _answering):
            for byte in ASKING[0][:60]:
                assert driven.received == b""
                await driven.receive(bytes([byte]))
                await driven.pass_by(1)
            (reply,) = replies(driven.received)
            return reply.status_line, reply.error

        expected = ("HTTP/1.1 408 Request Timeout", "RequestTimeoutException")
        assert drive(scenario) == expected

    def test_each_request_has_its_own_time(self):
        """The next one's counts from its own first byte."""

        async def scenario(driven, _answering):
            await driven.receive(GET[:9])
            await driven.pass_by(50)
            await driven.receive(GET[9:] + GET[:9])
            await driven.pass_by(50)
            await driven.receive(GET[9:])
            return bodies(driven.received)

        assert drive(scenario) == ["GET / 0", "GET / 0"]

    def test_an_answer_takes_as_long_as_it_takes(self):
        """A caller that waits is not idle, though its next request has begun."""

        async def scenario(driven, answering):
            await driven.receive(GET + GET[:9])
            await driven.pass_by(1000)
            answering.released.set()
            await settle()
            await driven.receive(GET[9:])
            return bodies(driven.received)

        assert drive(scenario, held=True) == ["GET / 0", "GET / 0"]

    def test_a_refused_caller_is_cut_off(self):
        """It has 5 seconds to read why."""

        async def scenario(driven, _answering):
            await driven.receive(b"BREW / HTTP/1.1\r\n\r\n", GET)
            await driven.pass_by(5)
            return driven.transport.closed

        assert drive(scenario) == "aborted"


class TestGoneCallers:
    """Callers that go away while they are answered."""

    async def go(self, driven, answering):
        """Ask, and go away before the answer."""
        await driven.receive(GET + GET)
        driven.connection.connection_lost(ConnectionResetError())
        driven.transport.closed = "closed"
        answering.released.set()
        await settle()
        return len(answering.asked), driven.transport.writes

    def test_the_reply_is_dropped(self):
        """The answer runs to its end; what waited behind it is not begun."""
        assert drive(self.go, held=True) == (1, [])

    def test_nothing_is_logged(self, caplog):
        """It is nobody's mistake."""
        drive(self.go, held=True)
        assert caplog.records == []

    def test_who_only_stops_sending_is_answered(self):
        """All that came whole; then the connection is closed."""

        async def scenario(driven, answering):
            await driven.receive(numbered(1, 2) + GET[:9])
            assert driven.connection.eof_received()
            answering.released.set()
            await settle()
            return bodies(driven.received), driven.transport.closed

        assert drive(scenario, held=True) == (["GET /1 0", "GET /2 0"], "closed")


class TestFailures:
    """Answers that fail."""

    def fail(self):
        """What a caller reads whose answer fails, and the caller after it."""

        async def answer(request):
            if request.path == "/last":
                return Reply(200, (), b"")
            raise ValueError(request.path)

        async def scenario():
            driven = Driven(answer)
            await driven.receive(GET + LAST)
            return replies(driven.received)

        return asyncio.run(scenario())

    def test_the_caller_is_told_in_json(self):
        """Nothing of the traceback is shown, and the connection goes on."""
        failed, last = self.fail()
        assert (failed.status_line, failed.body, last.status_line) == (
            "HTTP/1.1 500 Internal Server Error",
            b'{"__type": "InternalFailure", "message": "An internal error has occurred. Retry your '
            b'request."}',
            "HTTP/1.1 200 OK",
        )

    def test_the_log_has_the_traceback(self, caplog):
        """And names the request."""
        self.fail()
        (logged,) = caplog.records
        assert (logged.levelno, logged.message, logged.exc_info[0]) == (
            logging.ERROR,
            "GET / failed",
            ValueError,
        )
