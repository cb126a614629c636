"""Bodies that are too large, and replies whose length is not that of their body."""

import asyncio

import pytest
from driving import LIMIT, Answering, Driven

from waag.edge.replies import rendered
from waag.exchange import Reply


def test_a_body_announced_as_too_large_is_not_asked_for():
    """Who waits to be asked for a body that is too large is answered without being asked."""
    head = b"PUT / HTTP/1.1\r\nHost: waag\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"

    async def drive():
        answering = Answering()
        driven = Driven(answering)
        await driven.receive(head % (LIMIT + 1))
        return answering.asked, driven

    asked, driven = asyncio.run(drive())
    assert [(each.oversized, each.body) for each in asked] == [(True, b"")]
    assert driven.received.startswith(b"HTTP/1.1 200 OK\r\n")
    assert driven.transport.closed == "half"


@pytest.mark.parametrize(
    ("reply", "method", "lengths"),
    [
        (Reply(200, (), b"abc"), "GET", [b"content-length: 3"]),
        (Reply(200, (), b""), "GET", [b"content-length: 0"]),
        (Reply(200, (("content-length", "7"),), b""), "HEAD", [b"content-length: 7"]),
        (Reply(204, (), b""), "DELETE", []),
    ],
    ids=["body", "empty", "head", "no-content"],
)
def test_the_length_is_stated_once(reply, method, lengths):
    """A reply states its body's length; one to HEAD may state another's, and 204 states none."""
    lines = rendered(reply, method, closes=False).split(b"\r\n")
    assert [line for line in lines if line.startswith(b"content-length")] == lengths
