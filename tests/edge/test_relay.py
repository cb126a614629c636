"""Requests and replies between two processes' ends of a socket."""

import asyncio
import socket
from contextlib import asynccontextmanager

import pytest

from waag.edge.relay import Relay, RelayLost
from waag.exchange import Reply, Request

ASKED = Request(
    "PUT", "/admin/v1/clock", "a=1", {"x": "y"}, b"\x00body", "10.0.0.1", oversized=True
)


async def echo(request):
    """A reply that holds all of the request."""
    return Reply(200, (("x-path", request.path), ("x-client", request.client)), request.body)


@asynccontextmanager
async def ends(answer=echo):
    """Two relays that are connected, the second with this answer; the tasks that carry both."""
    relays = Relay(echo), Relay(answer)
    sockets = socket.socketpair()
    tasks = [
        asyncio.create_task(await relay.connect(end))
        for relay, end in zip(relays, sockets, strict=True)
    ]
    await asyncio.sleep(0)  # both begin
    yield *relays, *tasks
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def test_a_request_is_answered_by_the_other_end():
    """Every member of request and reply comes through as it was."""

    async def ask():
        async with ends() as (one, *_):
            return await one.ask(ASKED)

    assert asyncio.run(ask()) == Reply(
        200, (("x-path", "/admin/v1/clock"), ("x-client", "10.0.0.1")), b"\x00body"
    )


def test_both_ends_may_ask():
    """Neither is the server of the other."""

    async def ask():
        async with ends() as (one, other, *_):
            return await asyncio.gather(one.ask(ASKED), other.ask(ASKED))

    assert [reply.status for reply in asyncio.run(ask())] == [200, 200]


def test_questions_are_answered_in_any_order():
    """One that takes long does not hold up the next."""

    async def ask():
        release = asyncio.Event()

        async def answer(request):
            if request.body == b"slow":
                await release.wait()
            return Reply(200, (), request.body)

        async with ends(answer) as (one, *_):
            slow = asyncio.create_task(one.ask(Request("GET", "/", "", {}, b"slow", "")))
            quick = await one.ask(Request("GET", "/", "", {}, b"quick", ""))
            pending = not slow.done()
            release.set()
            return (quick.body, pending, (await slow).body)

    assert asyncio.run(ask()) == (b"quick", True, b"slow")


def test_a_body_of_many_megabytes_comes_through():
    """Messages are as long as they have to be."""

    async def ask():
        async with ends() as (one, *_):
            return await one.ask(Request("PUT", "/", "", {}, bytes(20_000_000), ""))

    assert len(asyncio.run(ask()).body) == 20_000_000


def test_an_open_question_fails_when_the_other_end_goes():
    """Nobody waits for a process that is gone."""

    async def ask():
        begun = asyncio.Event()

        async def never(_request):
            begun.set()
            await asyncio.Event().wait()

        async with ends(never) as (one, _, _, others):
            question = asyncio.create_task(one.ask(ASKED))
            await begun.wait()
            others.cancel()
            await question

    with pytest.raises(RelayLost):
        asyncio.run(ask())


def test_a_question_after_the_other_end_is_gone_fails():
    """It is not even sent."""

    async def ask():
        async with ends() as (one, _, ones, others):
            others.cancel()
            await ones
            await one.ask(ASKED)

    with pytest.raises(RelayLost):
        asyncio.run(ask())
