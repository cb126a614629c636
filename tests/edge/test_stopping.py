"""Servers told to stop, over sockets on both event loops."""

import asyncio
import socket
import struct

import pytest
import uvloop
from driving import GET, LIMIT, Answering, Driven, bodies, replies

from server import DEADLINE
from waag.edge.http import HttpServer

GRACE = 20
PART = b"POST / HTTP/1.1\r\nHost: waag\r\nContent-Length: 5\r\n\r\nhe"


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def run(request):
    """Runs a scenario with a server, who answers for it, and a connection to it."""

    def runs(scenario, *, held=False):
        async def started():
            answering = Answering(held=held)
            server = HttpServer(answering, lambda _: LIMIT)
            listener = socket.create_server(("127.0.0.1", 0))
            address = listener.getsockname()
            await server.start(listener)
            caller = await asyncio.open_connection(*address)
            try:
                async with asyncio.timeout(DEADLINE):
                    return await scenario(server, answering, *caller)
            finally:
                caller[1].close()

        with asyncio.Runner(loop_factory=request.param) as runner:
            return runner.run(started())

    return runs


async def stopping(server, grace=GRACE):
    """Begin to stop, as far as that goes without the callers."""
    stop = asyncio.create_task(server.stop(grace))
    await asyncio.sleep(0.01)
    return stop


def test_one_at_rest_is_closed(run):
    """A connection without a request does not keep the server."""

    async def scenario(server, _answering, reader, writer):
        writer.write(GET)
        await reader.readuntil(b"GET / 0")
        await server.stop(GRACE)
        return await reader.read()

    assert run(scenario) == b""


def test_one_that_is_answered_gets_its_reply(run):
    """All that came whole are, and the last reply says that the connection is closed."""

    async def scenario(server, answering, reader, writer):
        writer.write(GET + GET)
        await answering.begun.wait()
        stop = await stopping(server)
        answering.released.set()
        await stop
        return [dict(each.headers).get("connection") for each in replies(await reader.read())]

    assert run(scenario, held=True) == [None, "close"]


def test_one_that_arrives_is_finished(run):
    """From its first byte a request is in flight; the one behind it is not."""

    async def scenario(server, answering, reader, writer):
        writer.write(GET + PART)
        await answering.begun.wait()
        stop = await stopping(server)
        writer.write(b"llo" + GET)
        received = await reader.read()
        await stop
        return bodies(received)

    assert run(scenario) == ["GET / 0", "POST / 5"]


def test_nobody_can_connect_any_more(run):
    """Though one is still being answered."""

    async def scenario(server, answering, _reader, writer):
        writer.write(GET)
        await answering.begun.wait()
        stop = await stopping(server)
        try:
            await asyncio.open_connection(*writer.get_extra_info("peername"))
        except ConnectionRefusedError:
            return stop.done()
        finally:
            answering.released.set()
            await stop

    assert run(scenario, held=True) is False


@pytest.mark.parametrize("sent", [GET, PART], ids=["answered", "arriving"])
def test_what_outlasts_the_grace_is_broken_off(run, sent):
    """The server ends all the same; the caller is told nothing."""

    async def scenario(server, _answering, reader, writer):
        writer.write(sent)
        await asyncio.sleep(0.01)
        await server.stop(0)
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""

    assert run(scenario, held=True) == b""


def test_nothing_is_logged_of_what_is_broken_off(run, caplog):
    """It was asked for."""

    async def scenario(server, answering, _reader, writer):
        writer.write(GET)
        await answering.begun.wait()
        await server.stop(0)

    run(scenario, held=True)
    assert caplog.records == []


def test_an_answer_is_waited_for_though_its_caller_has_gone(run):
    """What it does is done when the server has stopped."""

    async def scenario(server, answering, _reader, writer):
        writer.write(GET)
        await answering.begun.wait()
        caller = writer.get_extra_info("socket")
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
        stop = await stopping(server)
        before = stop.done()
        answering.released.set()
        await stop
        return before

    assert run(scenario, held=True) is False


def test_a_caller_that_goes_away_is_not_logged(run, caplog):
    """Neither by the server nor by the event loop."""

    async def scenario(server, answering, _reader, writer):
        writer.write(GET * 3)
        await answering.begun.wait()
        caller = writer.get_extra_info("socket")
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
        await asyncio.sleep(0.01)
        answering.released.set()
        await server.stop(GRACE)

    run(scenario, held=True)
    assert caplog.records == []


def test_what_has_only_just_begun_is_broken_off_too():
    """Even an answer of which not a step was taken keeps no server."""

    async def scenario():
        answering = Answering()
        driven = Driven(answering)
        driven.connection.data_received(GET)
        driven.connection.abort()
        driven.connection.connection_lost(None)
        await driven.server.stop(DEADLINE)
        return answering.asked

    assert asyncio.run(scenario()) == []
