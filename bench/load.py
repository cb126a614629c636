"""A load of given requests over many connections, every reply checked, each latency kept.

Each connection sends its next request once the reply to the last is there. The load runs in a
process of its own.
"""

import asyncio
import multiprocessing
import time
from collections.abc import Sequence
from typing import NamedTuple, cast

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
    """Sends one request after the other, on a new connection where the server closes the last."""

    def __init__(self, port: int, requests: Sequence[bytes], expected: bytes) -> None:
        self.latencies: list[float] = []
        self.refused = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._port = port
        self._requests = iter(requests)
        self._expected = expected
        self._buffer = b""
        self._sent = 0.0

    async def connect(self) -> None:
        """Open a connection."""
        await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self._port)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection, and go on if a request is under way."""
        self._transport = cast("asyncio.Transport", transport)
        if self._sent:
            self.send_next()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give up if the server closed before it answered."""
        if self._buffer or exc is not None:
            self.done.set_exception(exc or ConnectionError("closed in the middle of a reply"))

    def send_next(self) -> None:
        """Send the next request, or be done."""
        request = next(self._requests, None)
        if request is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Once a reply is whole, check it and send the next request."""
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        headers = self._buffer[:head].lower()
        at = headers.index(b"content-length:") + len(b"content-length:")
        length = int(headers[at:].split(b"\r\n", 1)[0])
        if len(self._buffer) < head + 4 + length:
            return
        self.latencies.append(time.perf_counter() - self._sent)
        if not headers.startswith(b"http/1.1 200") or self._expected not in self._buffer:
            self.refused += 1
        self._buffer = b""
        if b"connection: close" in headers:
            self._transport.close()
            self._reconnecting = asyncio.ensure_future(self.connect())
        else:
            self.send_next()


async def _send_all(
    port: int, requests: Sequence[bytes], connections: int, expected: bytes
) -> Load:
    opened = [
        _Connection(port, requests[number::connections], expected) for number in range(connections)
    ]
    for connection in opened:
        await connection.connect()
    started = time.perf_counter()
    for connection in opened:
        connection.send_next()
    await asyncio.gather(*(connection.done for connection in opened))
    seconds = time.perf_counter() - started
    latencies = sorted(latency for each in opened for latency in each.latencies)
    return Load(seconds, latencies, sum(each.refused for each in opened))


def _child(port: int, requests: Sequence[bytes], connections: int, expected: bytes) -> Load:
    return uvloop.run(_send_all(port, requests, connections, expected))


def send(
    port: int, requests: Sequence[bytes], connections: int, expected: bytes = b'"Success"'
) -> Load:
    """Send the requests from a process of its own, `connections` at a time."""
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(_child, (port, requests, connections, expected))
