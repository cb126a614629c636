"""A load of signed calls over many connections, every reply checked, each latency kept.

Each connection carries one call at a time: the next one at once, or when it is due. The load runs
in a process of its own, on plain sockets: what it costs is taken from the server's two cores.
"""

import multiprocessing
import select
import socket
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import processes

REPLY_BYTES_MAX = 64 * 1024
PATIENCE_SECONDS = 60.0
"""How long the load waits while no reply comes at all."""


class Expected(NamedTuple):
    """What the reply to every call must hold, beside the status 200 and the whole body."""

    text: bytes
    times: int


class Load(NamedTuple):
    """What a load came to.

    Attributes:
        seconds: from the first request to the last reply.
        latencies: seconds of each call, sorted.
        refused: replies that were not as expected.
        cpu_seconds: what the load itself took of the processors meanwhile.
        idle_seconds: what nobody took of them, added up over all cores.
    """

    seconds: float
    latencies: list[float]
    refused: int
    cpu_seconds: float
    idle_seconds: float

    @property
    def calls_per_second(self) -> float:
        """Calls answered in a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """The latency that so large a share of the calls did not exceed, in seconds."""
        return self.latencies[min(int(len(self.latencies) * share), len(self.latencies) - 1)]


class _Connection:
    """Carries one call at a time, on a new connection where the server closed the last.

    Args:
        port: of the server.
        expected: of every reply.
        poll: tells when a reply comes.
        opened: the connections by their descriptors; this one enters itself.
    """

    def __init__(
        self, port: int, expected: Expected, poll: select.epoll, opened: dict[int, "_Connection"]
    ) -> None:
        self.due = 0.0
        self._port = port
        self._expected = expected
        self._poll = poll
        self._opened = opened
        self._reply = bytearray(REPLY_BYTES_MAX)
        self._room = memoryview(self._reply)
        self._open()

    def _open(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(0)
        self._opened[self._socket.fileno()] = self
        self._poll.register(self._socket, select.EPOLLIN)

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def send(self, request: bytes, due: float) -> None:
        """Send a request; its latency counts from `due`."""
        self.due = due
        self._received = 0
        if self._socket.send(request) != len(request):
            raise ConnectionError("the socket did not take a whole request")

    def receive(self) -> bool | None:
        """Take what has come: whether the reply is as expected, None while it is not whole."""
        count = self._socket.recv_into(self._room[self._received :])
        if count == 0:
            raise ConnectionError("closed before the reply, or a reply too long")
        self._received += count
        end = self._reply.find(b"\r\n\r\n", 0, self._received)
        if end < 0:
            return None
        head = self._reply[:end].lower()
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        if self._received < end + 4 + length:
            return None
        if b"connection: close" in head:
            self.close()
            self._open()
        return (
            head.startswith(b"http/1.1 200")
            and self._received == end + 4 + length
            and self._reply.count(self._expected.text, end, self._received) == self._expected.times
        )


class _Sender:
    """Sends each request once, over whichever connection is free.

    Args:
        connections: all of them free.
        requests: in the order they are sent.
        calls_per_second: the pace; None sends each request as soon as a connection is free.
    """

    def __init__(
        self,
        connections: Sequence[_Connection],
        requests: Sequence[bytes],
        calls_per_second: float | None,
    ) -> None:
        self._free = list(connections)
        self._requests = requests
        self._interval = None if calls_per_second is None else 1 / calls_per_second
        self._sent = 0
        self._started = time.perf_counter()

    def free(self, connection: _Connection) -> None:
        """Let a connection carry another call."""
        self._free.append(connection)

    def send_due(self, now: float) -> float:
        """Send what is due and has a connection; seconds until the next one is due.

        A call that had to wait for a connection counts from when it was due, so a server that
        stalls is charged for all that came due meanwhile.
        """
        while self._free and self._sent < len(self._requests):
            due = now if self._interval is None else self._started + self._sent * self._interval
            if due > now:
                return due - now
            self._free.pop().send(self._requests[self._sent], due)
            self._sent += 1
        return PATIENCE_SECONDS


def _send_all(
    port: int,
    sign: Callable[[], Sequence[bytes]],
    count: int,
    expected: Expected,
    calls_per_second: float | None,
) -> Load:
    requests = sign()
    latencies: list[float] = []
    refused = 0
    with select.epoll() as poll:
        opened: dict[int, _Connection] = {}
        connections = [_Connection(port, expected, poll, opened) for _ in range(count)]
        idle_before, cpu_before = processes.idle_seconds(), time.process_time()
        started = time.perf_counter()
        sender = _Sender(connections, requests, calls_per_second)
        wait = sender.send_due(started)
        while len(latencies) < len(requests):
            ready = poll.poll(wait)
            if not ready and wait == PATIENCE_SECONDS:
                raise TimeoutError(f"no reply for {PATIENCE_SECONDS:.0f} s")
            for descriptor, _ in ready:
                connection = opened[descriptor]
                as_expected = connection.receive()
                if as_expected is None:
                    continue
                now = time.perf_counter()
                latencies.append(now - connection.due)
                refused += not as_expected
                sender.free(connection)
                wait = sender.send_due(now)
            wait = sender.send_due(time.perf_counter())
        seconds = time.perf_counter() - started
        cpu_seconds = time.process_time() - cpu_before
        idle_seconds = processes.idle_seconds() - idle_before
        for connection in connections:
            connection.close()
    return Load(seconds, sorted(latencies), refused, cpu_seconds, idle_seconds)


def send(
    port: int,
    sign: Callable[[], Sequence[bytes]],
    connections: int,
    expected: Expected,
    calls_per_second: float | None = None,
) -> Load:
    """Send requests from a process of its own, `connections` at a time at most.

    Args:
        port: of a server on the loopback.
        sign: makes the requests, each sent once. It runs in the other process before the clock
            starts, so that they lie in that process's memory; it must be picklable.
        connections: kept open, one call under way on each.
        expected: of every reply.
        calls_per_second: the pace, kept to a millisecond; None sends each request as soon as a
            connection is free.

    Raises:
        ConnectionError: the server closed a connection before it replied.
        TimeoutError: it did not reply for a minute.
    """
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(_send_all, (port, sign, connections, expected, calls_per_second))
