"""Connections driven without a socket, and sockets that say exactly what a test wants said."""

import asyncio
import json
import socket
from typing import Any, NamedTuple

import uvloop

from server import DEADLINE, served
from waag.edge.http import Connection, HttpServer
from waag.exchange import Reply, Request

LIMIT = 1000
"""The largest body that the servers of these tests take."""

GET = b"GET / HTTP/1.1\r\nHost: waag\r\n\r\n"
LAST = b"GET /last HTTP/1.1\r\nHost: waag\r\nConnection: close\r\n\r\n"


class Answering:
    """Answers every request with what it was, and keeps it.

    Attributes:
        asked: every request, in order.
        begun: is set once there is one.
        released: no answer is given before it is set.
    """

    def __init__(self, *, held: bool = False) -> None:
        self.asked: list[Request] = []
        self.begun = asyncio.Event()
        self.released = asyncio.Event()
        if not held:
            self.released.set()

    async def __call__(self, request: Request) -> Reply:
        """The answer."""
        self.asked.append(request)
        self.begun.set()
        await self.released.wait()
        body = f"{request.method} {request.path} {len(request.body)}"
        return Reply(200, (("x-repeated", "1"), ("x-repeated", "2")), body.encode())


class RawReply(NamedTuple):
    """A reply as it came."""

    status_line: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def error(self) -> Any:
        """The body of a refusal: its code; its form is checked."""
        headers = dict(self.headers)
        decoded = json.loads(self.body)
        assert sorted(decoded) == ["__type", "message"]
        assert headers["content-type"] == "application/x-amz-json-1.1"
        assert headers["x-amzn-errortype"] == decoded["__type"]
        assert headers["connection"] == "close"
        return decoded["__type"]


def replies(received: bytes) -> list[RawReply]:
    """All replies in what came over a connection."""
    found = []
    while received:
        head, _, rest = received.partition(b"\r\n\r\n")
        status_line, *lines = head.decode("latin-1").split("\r\n")
        headers = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
        length = int(dict(headers).get("content-length", "0"))
        found.append(RawReply(status_line, headers, rest[:length]))
        received = rest[length:]
    return found


def bodies(received: bytes) -> list[str]:
    """The bodies of all replies."""
    return [reply.body.decode() for reply in replies(received)]


def exchanged(answer, sent: bytes, *, half_close: bool = False, new_loop=None) -> bytes:
    """What a server sends until it closes the connection, over a real socket."""
    server = HttpServer(answer, lambda _: LIMIT)
    with (
        served(server, new_loop or uvloop.new_event_loop) as endpoint,
        connected(endpoint) as caller,
    ):
        caller.sendall(sent)
        if half_close:
            caller.shutdown(socket.SHUT_WR)
        return read_all(caller)


def connected(endpoint: str) -> socket.socket:
    """A connection to a server."""
    return socket.create_connection(("127.0.0.1", int(endpoint.rsplit(":", 1)[1])), DEADLINE)


def read_all(caller: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    return b"".join(iter(lambda: caller.recv(65536), b""))


class Recording(asyncio.Transport):
    """A transport that keeps what is done to it.

    Attributes:
        writes: the argument of each write.
        reading: whether it would hand on what arrived.
        closed: how it was closed, or "" so far.
    """

    def __init__(self) -> None:
        super().__init__({"peername": ("192.0.2.7", 50000)})
        self.writes: list[bytes] = []
        self.reading = True
        self.closed = ""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep it."""
        self.writes.append(bytes(data))

    def write_eof(self) -> None:
        """Close one way."""
        self.closed = "half"

    def pause_reading(self) -> None:
        """Hand nothing on."""
        self.reading = False

    def resume_reading(self) -> None:
        """Hand on."""
        self.reading = True

    def close(self) -> None:
        """Close once all is written."""
        self.closed = "closed"

    def abort(self) -> None:
        """Close at once."""
        self.closed = "aborted"

    def is_closing(self) -> bool:
        """Whether it was closed both ways."""
        return self.closed in {"closed", "aborted"}


class Driven:
    """A connection on a recording transport, of a server whose clock a test turns."""

    def __init__(self, answer) -> None:
        self.time = 1000.0
        self.server = HttpServer(answer, lambda _: LIMIT, now=lambda: self.time)
        self.transport = Recording()
        self.connection = Connection(self.server)
        self.connection.connection_made(self.transport)

    async def receive(self, *parts: bytes) -> None:
        """Let bytes arrive, and everything happen that can."""
        for part in parts:
            self.connection.data_received(part)
            await settle()

    async def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self.time += seconds
        self.server.sweep()
        await settle()

    @property
    def received(self) -> bytes:
        """All that was written."""
        return b"".join(self.transport.writes)


async def settle() -> None:
    """Let the event loop do everything that is ready."""
    for _ in range(10):
        await asyncio.sleep(0)
