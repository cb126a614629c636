"""The servers under measurement, Waag and moto's, each a process of its own on the loopback.

Waag is a black box here: its command, its admin API, its sockets.
"""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

import msgspec
import urllib3

import processes
import signed_calls

WAAG = (sys.executable, "-m", "waag", "serve")


class Server(NamedTuple):
    """A running Waag.

    Attributes:
        data: its data directory.
        pid: of the process that was started; it may have started others.
        ready_seconds: from the start until it said that it is well.
    """

    data: Path
    pid: int
    port: int
    ready_seconds: float

    @property
    def host(self) -> str:
        """What calls are signed for."""
        return f"127.0.0.1:{self.port}"

    def put(self, path: str, body: bytes) -> float:
        """Ask the admin API for a change; the seconds until it was carried out.

        Raises:
            RuntimeError: it was not.
        """
        token = (self.data / "operator-token").read_text().strip()
        started = time.perf_counter()
        answer = urllib3.request(
            "PUT",
            f"http://{self.host}/admin/v1{path}",
            body=body,
            headers={"Authorization": f"Bearer {token}"},
            timeout=600,
        )
        seconds = time.perf_counter() - started
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"{path}: {answer.data.decode()}")
        return seconds


@contextmanager
def waag(data: Path, *options: str, under: Sequence[str] = ()) -> Generator[Server]:
    """A Waag with its data directory.

    Args:
        data: the data directory; made if it is not there.
        options: of `waag serve`.
        under: a command that runs the server in its own place, such as a tracer.
    """
    started = time.perf_counter()
    command = [*under, *WAAG, "--port", "0", "--data", str(data), *options]
    with processes.running(command) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        if not said:
            raise RuntimeError(f"{command} did not start")
        port = int(said.rsplit(":", 1)[1])
        urllib3.request("GET", f"http://127.0.0.1:{port}/healthz")
        yield Server(data, process.pid, port, time.perf_counter() - started)


def has_fronts() -> bool:
    """Whether this Waag can be told how many front processes to run."""
    told = subprocess.run([*WAAG, "--help"], capture_output=True, text=True, check=True)
    return "--fronts" in told.stdout


def prepare(data: Path, customers: int) -> None:
    """A data directory with the bench's market, the clock standing still; no server runs on it."""
    market_file = data.with_suffix(".yaml")
    market_file.write_bytes(signed_calls.market(customers))
    with waag(data, "--market", str(market_file)) as server:
        now = {"mode": "frozen", "now": signed_calls.NOW.isoformat()}
        server.put("/clock", msgspec.json.encode(now))


@contextmanager
def waag_on_copy(prepared: Path, *options: str, under: Sequence[str] = ()) -> Generator[Server]:
    """A Waag on a copy of a prepared data directory, which is deleted afterwards."""
    data = prepared.with_name(f"{prepared.name}-copy")
    shutil.copytree(prepared, data)
    try:
        with waag(data, *options, under=under) as server:
            yield server
    finally:
        shutil.rmtree(data)


@contextmanager
def moto(program: str) -> Generator[int]:
    """Moto's server, the peer; its port."""
    port = _free_port()
    command = [program, "-H", "127.0.0.1", "-p", str(port)]
    with processes.running(command, subprocess.DEVNULL, subprocess.DEVNULL):
        # It says nothing on being ready: connect until it answers.
        patience = urllib3.Retry(total=200, connect=200, backoff_factor=0.02, backoff_max=0.2)
        urllib3.request("GET", f"http://127.0.0.1:{port}/moto-api/", retries=patience)
        yield port


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
