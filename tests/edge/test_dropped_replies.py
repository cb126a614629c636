"""Requests that get no answer: the connection is closed instead."""

import asyncio

from driving import GET, Answering, Driven, bodies, exchanged, settle

from waag.exchange import NO_REPLY, Reply


class Dropping(Answering):
    """Answers as others do, but drops the connection at one path."""

    async def __call__(self, request) -> Reply:
        """The answer, or none."""
        reply = await super().__call__(request)
        return NO_REPLY if request.path == "/drop" else reply


DROP = GET.replace(b"GET /", b"GET /drop")


def test_nothing_is_sent():
    """The caller sees the connection end, and no byte of a reply."""
    assert exchanged(Dropping(), DROP) == b""


def test_what_was_answered_before_is_sent():
    """Only the one request is not answered."""
    assert bodies(exchanged(Dropping(), GET + DROP)) == ["GET / 0"]


def test_what_waits_behind_it_is_not_begun():
    """Nobody could be told what became of it."""
    answer = Dropping()
    exchanged(answer, DROP + GET + GET)
    assert [request.path for request in answer.asked] == ["/drop"]


def test_a_reply_that_is_dropped_may_hold_something():
    """It is the word `dropped` that counts, not an empty reply."""

    async def answer(_request):
        return Reply(200, (), b"done", dropped=True)

    assert exchanged(answer, GET) == b""


def test_what_comes_after_is_not_read():
    """A connection that is being closed takes no more requests."""

    async def drive():
        answer = Dropping()
        driven = Driven(answer)
        await driven.receive(DROP, GET)
        return driven.transport.closed, len(answer.asked)

    assert asyncio.run(drive()) == ("closed", 1)


def test_an_unread_reply_does_not_keep_the_connection_for_ever():
    """Where the other side reads nothing, the connection is broken off after a while."""

    async def drive():
        driven = Driven(Dropping())
        await driven.receive(DROP)
        await driven.pass_by(driven.server.patience.leaving)
        return driven.transport.closed

    assert asyncio.run(drive()) == "aborted"


def test_a_caller_that_has_left_is_let_go():
    """The server counts the connection as closed."""

    async def drive():
        answer = Dropping(held=True)
        driven = Driven(answer)
        await driven.receive(DROP)
        driven.connection.connection_lost(None)
        answer.released.set()
        await settle()
        return len(driven.server._open)

    assert asyncio.run(drive()) == 0
