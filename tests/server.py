"""A whole Waag on a real socket: in a thread of the test's own process, or in one of its own."""

import asyncio
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import boto3
import botocore.config
import msgspec
import urllib3
import uvloop

from waag.bootstrap.keeper import Keeper
from waag.config import Settings
from waag.ports.analytics import DataSets
from waag.processes.single import SingleFront

POLDER = ("AKIAWAAGDEMOPOLDER01", "polder-demo-secret-access-key-0000000001")
RESOLVER = ("AKIAWAAGDEMOPOLDER02", "polder-demo-secret-access-key-0000000002")
DIJK = ("AKIAWAAGDEMODIJK0001", "dijk-demo-secret-access-key-000000000001")
MOLEN = (
    "ASIAWAAGDEMOMOLEN001",
    "molen-demo-secret-access-key-00000000001",
    "molen-demo-session-token",
)
MOLEN_TASK = (
    "ASIAWAAGDEMOMOLEN002",
    "molen-demo-secret-access-key-00000000002",
    "molen-demo-task-session-token",
)


DEADLINE = 30
"""Seconds after which whatever a test waits for has failed to come."""


class RunningWaag:
    """A running Waag: where it listens, and how to speak to it."""

    def __init__(self, endpoint: str, token: str, data: Path) -> None:
        self.endpoint = endpoint
        self.token = token
        self.data = data

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.endpoint.rsplit(":", 1)[1])

    def client(
        self,
        credentials: tuple[str, ...] = POLDER,
        service: str = "meteringmarketplace",
        region: str = "us-east-1",
        **config: Any,
    ) -> Any:
        """A boto3 client that speaks to this server and sends everything once."""
        settings = {"retries": {"total_max_attempts": 1}, "read_timeout": 30, **config}
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            aws_access_key_id=credentials[0],
            aws_secret_access_key=credentials[1],
            aws_session_token=credentials[2] if len(credentials) > 2 else None,
            config=botocore.config.Config(**settings),
        )

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """One call of the admin API as the operator; decoded JSON back."""
        answer = urllib3.request(
            method,
            f"{self.endpoint}/admin/v1{path}",
            body=body if isinstance(body, bytes | None) else msgspec.json.encode(body),
            headers={"Authorization": f"Bearer {self.token}", **headers},
            retries=False,
        )
        return msgspec.json.decode(answer.data)

    def latest_call(self) -> Any:
        """The latest API call as the operator sees it."""
        return self.ask("GET", "/calls?limit=1")["calls"][0]


class LiveServer(RunningWaag):
    """A Waag in a thread of the test's own process."""

    def __init__(self, endpoint: str, keeper: Keeper, data: Path) -> None:
        super().__init__(endpoint, keeper.operator_token, data)
        self.keeper = keeper


class WaagProcess(RunningWaag):
    """A Waag in a process of its own, as `waag serve` starts it."""

    def __init__(
        self, endpoint: str, process: subprocess.Popen[str], data: Path, standard_error: Path
    ) -> None:
        super().__init__(endpoint, (data / "operator-token").read_text(), data)
        self.process = process
        self.standard_error = standard_error

    def fronts(self) -> list[int]:
        """The process ids of its fronts."""
        pid = self.process.pid
        return [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait for the end: the exit code."""
        self.process.send_signal(number)
        return self.process.wait(DEADLINE)


@contextmanager
def live_server(
    settings: Settings, data_sets: DataSets | None = None, **injected: Any
) -> Generator[LiveServer]:
    """Run a server until the block ends; it listens on a free port of the loopback."""
    built = {} if data_sets is None else {"data_sets": data_sets}
    keeper = Keeper(settings, **injected, **built)
    try:
        with served(SingleFront(settings, keeper, **injected)) as endpoint:
            yield LiveServer(endpoint, keeper, settings.data)
    finally:
        keeper.close()


class Serves(Protocol):
    """What serves on listening sockets until it is stopped."""

    async def start(self, *listeners: socket.socket) -> None:
        """Serve."""
        ...

    async def stop(self, grace_seconds: float) -> None:
        """Finish what is in flight."""
        ...


@contextmanager
def served(
    server: Serves,
    new_loop: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop,
) -> Generator[str]:
    """Serve until the block ends: the address."""
    # Named as TCP, so that the loop turns Nagle's algorithm off and no answer is held back.
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener,
        asyncio.Runner(loop_factory=new_loop) as runner,
    ):
        listener.bind(("127.0.0.1", 0))
        loop = runner.get_loop()
        loop.run_until_complete(server.start(listener))
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            asyncio.run_coroutine_threadsafe(server.stop(DEADLINE), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join(DEADLINE)


@contextmanager
def waag_process(data: Path, *options: str) -> Generator[WaagProcess]:
    """Run `waag serve` on a free port until the block ends, or until the test ends it before."""
    command = [sys.executable, "-m", "waag", "serve", "--port=0", f"--data={data}", *options]
    standard_error = data.with_name(f"{data.name}.stderr")
    with (
        standard_error.open("a") as errors,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, process_group=0
        ) as process,
    ):
        deadline = threading.Timer(DEADLINE, process.kill)
        deadline.start()
        try:
            assert process.stdout is not None
            announced = process.stdout.readline()
            assert announced.startswith("Waag at "), standard_error.read_text()
            endpoint = announced.removeprefix("Waag at ").strip()
            yield WaagProcess(endpoint, process, data, standard_error)
        finally:
            deadline.cancel()
            process.terminate()
            try:
                process.wait(DEADLINE)
            finally:
                process.kill()
