"""A whole Waag on a real socket, in a thread of the test's own process."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import botocore.config
import msgspec
import urllib3
import uvicorn

from waag.bootstrap import Program
from waag.config import Settings

POLDER = ("AKIAWAAGDEMOPOLDER01", "polder-demo-secret-access-key-0000000001")
RESOLVER = ("AKIAWAAGDEMOPOLDER02", "polder-demo-secret-access-key-0000000002")
DIJK = ("AKIAWAAGDEMODIJK0001", "dijk-demo-secret-access-key-000000000001")
MOLEN = (
    "ASIAWAAGDEMOMOLEN001",
    "molen-demo-secret-access-key-00000000001",
    "molen-demo-session-token",
)


class LiveServer:
    """A running Waag with the demo market: where it listens, and how to speak to it."""

    def __init__(self, endpoint: str, program: Program, data: Path) -> None:
        self.endpoint = endpoint
        self.program = program
        self.data = data

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
            headers={"Authorization": f"Bearer {self.program.operator_token}", **headers},
            retries=False,
        )
        return msgspec.json.decode(answer.data)

    def latest_call(self) -> Any:
        """The latest API call as the operator sees it."""
        return self.ask("GET", "/calls?limit=1")["calls"][0]


@contextmanager
def live_server(settings: Settings, **injected: Any) -> Iterator[LiveServer]:
    """Run a server until the block ends; it listens on a free port of the loopback."""
    program = Program(settings, **injected)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        started = threading.Event()
        server = _Server(program, started)
        thread = threading.Thread(target=asyncio.run, args=(server.serve([listener]),))
        thread.start()
        started.wait(30)
        try:
            port = listener.getsockname()[1]
            yield LiveServer(f"http://127.0.0.1:{port}", program, settings.data)
        finally:
            server.should_exit = True
            thread.join(30)
            program.close()


class _Server(uvicorn.Server):
    def __init__(self, program: Program, started: threading.Event) -> None:
        super().__init__(
            uvicorn.Config(
                program, http="httptools", lifespan="off", log_level="warning", date_header=False
            )
        )
        self._announced = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._announced.set()
