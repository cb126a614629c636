"""An HTTP endpoint that takes events."""

import json
import threading
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from typing import Any

DEADLINE = 30


class Receiver:
    """What was POSTed to it, in order.

    Args:
        statuses: what the first requests are answered; all others with 200.
    """

    def __init__(self, statuses: Iterable[int] = ()) -> None:
        self.url = ""
        self.statuses = iter(tuple(statuses))
        self._received: SimpleQueue[Any] = SimpleQueue()

    def put(self, body: Any) -> int:
        """Take one event; how it is answered."""
        self._received.put(body)
        return next(self.statuses, 200)

    def next(self) -> Any:
        """The next event, once it is there."""
        return self._received.get(timeout=DEADLINE)

    def take(self, count: int) -> list[Any]:
        """So many events, once they are there."""
        return [self.next() for _ in range(count)]


@contextmanager
def receiver(*statuses: int) -> Generator[Receiver]:
    """An endpoint on a free port until the block ends."""
    taken = Receiver(statuses)

    class Handler(BaseHTTPRequestHandler):
        """Hands what it is sent to the receiver."""

        def do_POST(self) -> None:
            """Take one event."""
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(taken.put(body))
            self.send_header("location", "/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        taken.url = f"http://127.0.0.1:{server.server_address[1]}/events"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield taken
        finally:
            server.shutdown()
            thread.join(DEADLINE)
