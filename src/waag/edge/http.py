"""A server of HTTP/1.1: connections, the order of replies, time-outs, and a stop that finishes.

Requests are read by `waag.edge.requests`; whoever answers them is given. A reply leaves in one
write, head and body together, so that no caller ever holds the one without the other.
"""

import asyncio
import logging
import socket
import time
from collections import deque
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from math import inf
from typing import TypeAlias, cast

import msgspec

from waag.edge.replies import CONTINUE, error_reply, rendered
from waag.edge.requests import Bounds, RequestReader, Unreadable
from waag.exchange import Reply, Request

Answer: TypeAlias = Callable[[Request], Awaitable[Reply]]

BACKLOG = 2048
SWEEP_SECONDS = 1.0
WAITING_MAX = 1
"""Requests of one connection that may wait behind the one being answered; then reading pauses."""

_FAILED = error_reply(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "InternalFailure",
    "An internal error has occurred. Retry your request.",
)
_log = logging.getLogger(__name__)


class Patience(msgspec.Struct, frozen=True):
    """How long a connection is borne with, in seconds.

    Attributes:
        idle: without a request: longer than SDKs leave a connection in their pool unused.
        arrival: from the first byte of a request to its last.
        leaving: from the last reply to the end of the connection.
    """

    idle: float = 75
    arrival: float = 60
    leaving: float = 5


class HttpServer:
    """Listening sockets, and the connections that came of them.

    Args:
        answer: answers each request; several are under way at once, one for each connection.
        body_bytes_max: the largest body that is taken, by what is known of a request before it.
        bounds: see `Bounds`.
        patience: see `Patience`.
        now: seconds of a clock that is never set back.
    """

    def __init__(
        self,
        answer: Answer,
        body_bytes_max: Callable[[Request], int],
        *,
        bounds: Bounds | None = None,
        patience: Patience | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.answer = answer
        self.body_bytes_max = body_bytes_max
        self.bounds = bounds or Bounds()
        self.patience = patience or Patience()
        self.now = now
        self.stopping = False
        self._listening: list[asyncio.Server] = []
        self._open: set[Connection] = set()
        self._all_left = asyncio.Event()
        self._all_left.set()
        self._next_sweep: asyncio.TimerHandle | None = None

    async def start(self, *listeners: socket.socket) -> None:
        """Serve on sockets that listen already; they are this server's from now on."""
        loop = asyncio.get_running_loop()
        for listener in listeners:
            self._listening.append(
                await loop.create_server(lambda: Connection(self), sock=listener, backlog=BACKLOG)
            )
        self._sweep_again(loop)

    async def stop(self, grace_seconds: float) -> None:
        """Listen no more, finish what is in flight, and return once every connection is closed.

        A request is in flight from its first byte on. What is not finished when the grace ends is
        broken off.
        """
        self.stopping = True
        for server in self._listening:
            server.close()
        for connection in tuple(self._open):
            connection.finish()
        try:
            async with asyncio.timeout(grace_seconds):
                await self._all_left.wait()
        except TimeoutError:
            for connection in tuple(self._open):
                connection.abort()
            await self._all_left.wait()
        for server in self._listening:
            await server.wait_closed()
        if self._next_sweep is not None:
            self._next_sweep.cancel()

    def sweep(self) -> None:
        """Close what has been idle, or on its way, for too long."""
        now = self.now()
        for connection in tuple(self._open):
            if connection.deadline <= now:
                connection.expire()

    def _sweep_again(self, loop: asyncio.AbstractEventLoop) -> None:
        self.sweep()
        self._next_sweep = loop.call_later(SWEEP_SECONDS, self._sweep_again, loop)

    def joined(self, connection: "Connection") -> None:
        """Count a connection as open."""
        self._open.add(connection)
        self._all_left.clear()

    def left(self, connection: "Connection") -> None:
        """Count it as closed: its socket is, and nothing is answered on it any more."""
        self._open.discard(connection)
        if not self._open:
            self._all_left.set()


class Connection(asyncio.Protocol):
    """One connection: its requests are answered one at a time, in the order they came.

    Attributes:
        deadline: when to call `expire`, by the server's clock.
    """

    def __init__(self, server: HttpServer) -> None:
        self._server = server
        self._waiting: deque[Request] = deque()
        self._refusal: Reply | None = None
        self._go_on_due = False
        self._answering: asyncio.Task[None] | None = None
        self._arriving = False
        self._writing_paused = False
        self._peer_done = False
        self._leaving = False
        self._lost = False
        self.deadline = inf

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to read."""
        self._transport = cast("asyncio.Transport", transport)
        self._loop = asyncio.get_running_loop()
        server = self._server
        peer = transport.get_extra_info("peername")
        self._reader = RequestReader(
            peer[0] if peer else "127.0.0.1",
            take=self._take,
            go_on=self._go_on,
            body_bytes_max=server.body_bytes_max,
            bounds=server.bounds,
        )
        server.joined(self)
        self._rest()
        if server.stopping:
            self.finish()

    def data_received(self, data: bytes) -> None:
        """Read what arrived; refuse what cannot be read."""
        try:
            self._reader.feed(data)
        except Unreadable as refused:
            self._refuse(refused.reply)
            return
        if self._reader.receiving and not self._arriving:
            self._arriving = True
            if self._answering is None:
                self._rest()

    def eof_received(self) -> bool:
        """Keep the connection for replies if there are any to come."""
        self._peer_done = self._reader.done = True
        self._arriving = False
        return self._answering is not None or bool(self._waiting)

    def connection_lost(self, exc: Exception | None) -> None:
        """Drop what was to come; what is being answered is left to its end."""
        del exc  # the caller went away, however it did
        self._lost = True
        self._reader.done = True
        self._waiting.clear()
        self.deadline = inf
        if self._answering is None:
            self._server.left(self)

    def pause_writing(self) -> None:
        """Begin no more: the caller does not read its replies."""
        self._writing_paused = True

    def resume_writing(self) -> None:
        """Go on: the caller has read."""
        self._writing_paused = False
        if self._answering is None and not self._leaving:
            self._proceed()

    # What the server calls.

    def finish(self) -> None:
        """Close the connection once it has nothing in flight."""
        self._reader.end()
        if self._answering is None and not self._waiting and not self._reader.receiving:
            self._leaving = True
            self._transport.close()

    def expire(self) -> None:
        """Close the connection, which was borne with for long enough."""
        if self._leaving:
            self._transport.abort()
        elif self._arriving:
            self._reader.break_off()
            self._refuse(
                error_reply(
                    HTTPStatus.REQUEST_TIMEOUT,
                    "RequestTimeoutException",
                    "The request was not whole within "
                    f"{self._server.patience.arrival:g} seconds of its first byte.",
                )
            )
        else:
            self._leave()

    def abort(self) -> None:
        """Close the connection whatever is in flight."""
        self._transport.abort()
        if self._answering is not None:
            self._answering.cancel()
            self._answering.add_done_callback(self._broken_off)

    def _broken_off(self, _answering: asyncio.Task[None]) -> None:
        self._answering = None
        if self._lost:
            self._server.left(self)

    # How a request is answered.

    def _take(self, request: Request) -> None:
        self._arriving = self._go_on_due = False
        if self._answering is None and not self._writing_paused:
            self._begin(request)
            return
        self._waiting.append(request)
        if len(self._waiting) > WAITING_MAX:
            self._transport.pause_reading()

    def _begin(self, request: Request) -> None:
        self.deadline = inf
        self._answering = self._loop.create_task(self._respond(request))

    async def _respond(self, request: Request) -> None:
        try:
            reply = await self._server.answer(request)
        except Exception:  # noqa: BLE001 - the outermost frame: it logs, and answers all the same
            _log.exception("%s %s failed", request.method, request.path)
            reply = _FAILED
        self._answering = None
        self._reply(reply, request.method)

    def _reply(self, reply: Reply, method: str) -> None:
        if self._lost:
            self._server.left(self)
        if self._transport.is_closing():
            return
        if reply.dropped:
            self._drop()
            return
        closes = self._reader.done and not self._waiting and self._refusal is None
        self._transport.write(rendered(reply, method, closes=closes))
        if closes:
            self._leave()
        else:
            self._proceed()

    def _drop(self) -> None:
        """Close the connection without an answer, to what waits for one, too."""
        self._reader.done = True
        self._waiting.clear()
        self._leave()

    def _proceed(self) -> None:
        """Begin what waits, now that nothing is being answered."""
        if self._writing_paused:
            self._rest()
        elif self._waiting:
            self._begin(self._waiting.popleft())
            if len(self._waiting) == WAITING_MAX:
                self._transport.resume_reading()
        elif self._refusal is not None:
            self._transport.write(rendered(self._refusal, "", closes=True))
            self._leave()
        else:
            if self._go_on_due:
                self._go_on()
            self._rest()

    def _go_on(self) -> None:
        """Ask for the body, but not in front of replies to earlier requests."""
        self._go_on_due = self._answering is not None or bool(self._waiting)
        if not self._go_on_due:
            self._transport.write(CONTINUE)

    def _refuse(self, reply: Reply) -> None:
        """Tell the caller, after what it asked before, why nothing more is read."""
        self._arriving = False
        self._refusal = reply
        if self._answering is None:
            self._proceed()

    def _rest(self) -> None:
        """Wait for the caller."""
        patience = self._server.patience
        self.deadline = self._server.now() + (patience.arrival if self._arriving else patience.idle)

    def _leave(self) -> None:
        """Close the connection; a caller that may still be sending gets to read the reply first.

        What is closed with bytes unread is reset, and a reset takes with it what was written.
        """
        self._leaving = True
        self.deadline = self._server.now() + self._server.patience.leaving
        if self._reader.broken_off and not self._peer_done:
            self._transport.write_eof()
        else:
            self._transport.close()
