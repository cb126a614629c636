"""Servers told to stop: what is in flight is finished first."""

import os
import signal
import socket
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Self

import msgspec
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from server import DEADLINE, POLDER, live_server, waag_process
from waag.config import Settings

NOW = datetime(2026, 5, 14, 10, 20, 30, tzinfo=UTC)
BODY = msgspec.json.encode(
    {
        "ProductCode": "1poldertab2lytics3legacy4",
        "UsageRecords": [
            {
                "Timestamp": NOW.timestamp(),
                "CustomerIdentifier": "moLenBank01",
                "Dimension": "users",
                "Quantity": 5,
            }
        ],
    }
)


class InFlight:
    """A call whose headers have arrived and whose body has come half way."""

    def __init__(self, server) -> None:
        request = AWSRequest(
            "POST",
            server.endpoint + "/",
            {
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": "AWSMPMeteringService.BatchMeterUsage",
            },
            BODY,
        )
        SigV4Auth(Credentials(*POLDER), "aws-marketplace", "us-east-1").add_auth(request)
        headers = {
            **request.headers,
            "Host": server.endpoint.removeprefix("http://"),
            "Content-Length": len(BODY),
            "Expect": "100-continue",
        }
        self._socket = socket.create_connection(("127.0.0.1", server.port), DEADLINE)
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._socket.sendall(f"POST / HTTP/1.1\r\n{head}\r\n".encode())
        # Waag asks for the body: from here on the call is in flight.
        assert self._socket.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"
        self._socket.sendall(BODY[:50])

    def __enter__(self) -> Self:
        """The call; its connection is closed when the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._socket.close()

    def finish(self) -> tuple[int, list[str]]:
        """Send the rest: the status and what became of the records."""
        self._socket.sendall(BODY[50:])
        answer = b"".join(iter(lambda: self._socket.recv(65536), b""))
        head, _, body = answer.partition(b"\r\n\r\n")
        results = msgspec.json.decode(body)["Results"]
        return int(head.split()[1]), [each["Status"] for each in results]


def wait_until_closed(port: int) -> None:
    """Wait until nobody listens on a port."""
    deadline = time.monotonic() + DEADLINE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), DEADLINE).close()
        except ConnectionRefusedError:
            return
        except ConnectionResetError:  # closed while this one was on its way
            continue
        assert time.monotonic() < deadline


@contextmanager
def serving(folder):
    """A server in a process of its own, its clock frozen at NOW."""
    with waag_process(folder / "data") as server:
        server.ask("PUT", "/clock", {"mode": "frozen", "now": NOW.isoformat()})
        yield server


@pytest.fixture(scope="module", params=[signal.SIGTERM, signal.SIGINT])
def ended(request, tmp_path_factory):
    """A server told to stop while it had nothing to do, but one connection at rest: its end."""
    with (
        serving(tmp_path_factory.mktemp("ended")) as server,
        socket.create_connection(("127.0.0.1", server.port), DEADLINE) as resting,
    ):
        resting.sendall(b"GET /healthz HTTP/1.1\r\nHost: waag\r\n\r\n")
        assert resting.recv(65536).startswith(b"HTTP/1.1 200")
        server.stop(request.param)
        return server


@pytest.fixture(scope="module", params=[signal.SIGTERM, signal.SIGINT])
def interrupted(request, tmp_path_factory):
    """A server told to stop in the middle of a call: its end, and the call's answer."""
    with serving(tmp_path_factory.mktemp("interrupted")) as server, InFlight(server) as call:
        server.process.send_signal(request.param)
        wait_until_closed(server.port)
        answer = call.finish()
        server.process.wait(DEADLINE)
        return server, answer


class TestIdle:
    """A server that has nothing to do."""

    def test_ends_well(self, ended):
        """The exit code says that all is done; a connection at rest does not keep it."""
        assert ended.process.returncode == 0

    def test_leaves_nothing_running(self, ended):
        """No process that it started is left."""
        with pytest.raises(ProcessLookupError):
            os.killpg(ended.process.pid, 0)

    def test_leaves_its_port(self, ended):
        """Nobody listens there any more."""
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", ended.port), DEADLINE)

    def test_leaves_one_ledger_file(self, ended):
        """Its log has been written into it."""
        assert [each.name for each in ended.data.glob("ledger*")] == ["ledger.sqlite"]

    def test_says_nothing_on_standard_error(self, ended):
        """No traceback, no warning."""
        assert ended.standard_error.read_text() == ""


class TestInFlight:
    """A server in the middle of a call."""

    def test_answers_it(self, interrupted):
        """The caller gets its answer though the server was told to stop before."""
        _, answer = interrupted
        assert answer == (200, ["Success"])

    def test_then_ends_well(self, interrupted):
        """The exit code says that all is done."""
        server, _ = interrupted
        assert server.process.returncode == 0

    def test_keeps_what_it_accepted(self, interrupted):
        """The record is in the ledger of the next server."""
        server, _ = interrupted
        with live_server(Settings(data=server.data)) as again:
            assert len(again.ask("GET", "/usage-records")["usage_records"]) == 1
