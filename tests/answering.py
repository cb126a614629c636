"""An endpoint that gives the answers it was told to, in order."""

import re
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

DEADLINE = 30
_CREDENTIAL = re.compile(r"Credential=(\w+)/\d+/([\w-]+)/")


class Asked(NamedTuple):
    """A request: whose key signed it, and for which Region."""

    key: str
    region: str
    body: str


class Endpoint:
    """What was asked of it, in order."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[Asked] = []


@contextmanager
def answering(*answers: tuple[int, str]) -> Generator[Endpoint]:
    """An endpoint on a free port until the block ends."""
    left = list(answers)

    class Handler(BaseHTTPRequestHandler):
        """Gives the next answer."""

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            found = _CREDENTIAL.search(self.headers["authorization"])
            assert found is not None
            endpoint.asked.append(Asked(found[1], found[2], body))
            status, text = left.pop(0)
            self.send_response(status)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = do_PUT = _answer  # noqa: N815 - named by HTTP

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        endpoint = Endpoint(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield endpoint
        finally:
            server.shutdown()
            thread.join(DEADLINE)
