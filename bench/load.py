"""A load of given requests over many connections, every reply checked, each latency kept.

Each connection carries one call at a time: the next one at once, or when it is due. The load runs
in a process of its own.
"""

import asyncio
import multiprocessing
import time
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import uvloop


class Load(NamedTuple):
    """What a load came to.

    Attributes:
        seconds: from the first request to the last reply.
        latencies: seconds of each call, sorted.
        refused: replies other than 200, or without the text that was expected.
    """

    seconds: float
    latencies: list[float]
    refused: int

    @property
    def calls_per_second(self) -> float:
        """Calls answered in a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """The latency that so large a share of the calls did not exceed, in seconds."""
        return self.latencies[min(int(len(self.latencies) * share), len(self.latencies) - 1)]


class _Connection(asyncio.Protocol):
    """Carries one call at a time, on a new connection where the server closed the last."""

    def __init__(self, port: int, expected: bytes) -> None:
        self.latencies: list[float] = []
        self.refused = 0
        self._port = port
        self._expected = expected
        self._buffer = b""
        self._answered: asyncio.Future[bool] | None = None

    async def connect(self) -> None:
        """Open a connection."""
        await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self._port)

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    async def call(self, request: bytes, due: float) -> None:
        """Send a request and wait for the whole reply; its latency counts from `due`."""
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        closes = await self._answered
        self.latencies.append(time.perf_counter() - due)
        if closes:
            self.close()
            await self.connect()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Give up if the server closed before it answered."""
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(exc or ConnectionError("closed before the reply"))

    def data_received(self, data: bytes) -> None:
        """Once the reply is whole, check it."""
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        headers = self._buffer[:head].lower()
        at = headers.index(b"content-length:") + len(b"content-length:")
        length = int(headers[at:].split(b"\r\n", 1)[0])
        if len(self._buffer) < head + 4 + length:
            return
        if not headers.startswith(b"http/1.1 200") or self._expected not in self._buffer:
            self.refused += 1
        self._buffer = b""
        assert self._answered is not None
        self._answered.set_result(b"connection: close" in headers)


async def _send_all(
    port: int,
    requests: Sequence[bytes],
    connections: int,
    expected: bytes,
    calls_per_second: float | None,
) -> Load:
    opened = [_Connection(port, expected) for _ in range(connections)]
    for connection in opened:
        await connection.connect()
    started = time.perf_counter()
    if calls_per_second is None:
        await asyncio.gather(
            *(
                _one_after_the_other(connection, requests[number::connections])
                for number, connection in enumerate(opened)
            )
        )
    else:
        await _at_a_pace(opened, requests, calls_per_second, started)
    seconds = time.perf_counter() - started
    for connection in opened:
        connection.close()
    latencies = sorted(latency for each in opened for latency in each.latencies)
    return Load(seconds, latencies, sum(each.refused for each in opened))


async def _one_after_the_other(connection: _Connection, requests: Sequence[bytes]) -> None:
    for request in requests:
        await connection.call(request, time.perf_counter())


async def _at_a_pace(
    connections: Sequence[_Connection],
    requests: Sequence[bytes],
    calls_per_second: float,
    started: float,
) -> None:
    """Send each request when it is due; a call that had to wait for a connection counts from then.

    So a server that stalls is charged for all that came due meanwhile.
    """
    free: asyncio.Queue[_Connection] = asyncio.Queue()
    for connection in connections:
        free.put_nowait(connection)

    async def call(connection: _Connection, request: bytes, due: float) -> None:
        await connection.call(request, due)
        free.put_nowait(connection)

    async with asyncio.TaskGroup() as calls:
        for number, request in enumerate(requests):
            due = started + number / calls_per_second
            ahead = due - time.perf_counter()
            if ahead > 0:
                await asyncio.sleep(ahead)
            calls.create_task(call(await free.get(), request, due))


def _child(*arguments: Any) -> Load:
    return uvloop.run(_send_all(*arguments))


def send(
    port: int,
    requests: Sequence[bytes],
    connections: int,
    expected: bytes = b'"Success"',
    calls_per_second: float | None = None,
) -> Load:
    """Send the requests from a process of its own, `connections` at a time at most.

    Args:
        port: of a server on the loopback.
        requests: each sent once.
        connections: kept open, one call under way on each.
        expected: what the body of every reply must hold.
        calls_per_second: the pace; None sends each request as soon as a connection is free.
    """
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(_child, (port, requests, connections, expected, calls_per_second))
