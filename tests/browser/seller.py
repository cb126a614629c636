"""A seller's own landing page: takes the form, and asks ResolveCustomer with boto3."""

import html
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

DEADLINE = 30
TOKEN = "x-amzn-marketplace-token"


class Seller:
    """What came to it, and what it found out.

    Attributes:
        url: of its site.
        forms: as they were posted, in order.
        resolved: what ResolveCustomer answered, in order.
    """

    def __init__(self, url: str, client: Callable[[], Any]) -> None:
        self.url = url
        self._client = client
        self.forms: list[dict[str, str]] = []
        self.resolved: list[dict[str, str]] = []

    def register(self, body: str) -> str:
        """Who registers, as the page says it."""
        form = dict(parse_qsl(body, keep_blank_values=True, strict_parsing=True))
        self.forms.append(form)
        answer = self._client().resolve_customer(RegistrationToken=form[TOKEN])
        answer.pop("ResponseMetadata")
        self.resolved.append(answer)
        return f"Hello, customer {answer['CustomerAWSAccountId']}"


@contextmanager
def seller(client: Callable[[], Any]) -> Generator[Seller]:
    """A site on a free port until the block ends.

    `/register` takes the form; `/detour` takes it, too, and then leads to another site; `/trap` has
    a form that goes to wherever its query says.
    """

    class Handler(BaseHTTPRequestHandler):
        """Answers for the seller."""

        def do_POST(self) -> None:
            """Take the form."""
            assert self.headers["content-type"] == "application/x-www-form-urlencoded"
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            said = taken.register(body)
            if self.path == "/detour":
                self.send_response(303)
                self.send_header("location", f"http://localhost:{port}/welcome")
                self.send_header("content-length", "0")
                self.end_headers()
            else:
                self._page(f"<h1>{said}</h1>")

        def do_GET(self) -> None:
            """Any other page."""
            path, _, query = self.path.partition("?")
            if path == "/trap":
                fields = "".join(
                    f'<input type="hidden" name="{name}" value="{value}">'
                    for name, value in (("command", "cancel"), ("offer", "public"))
                )
                action = html.escape(query)
                self._page(f'<form method="post" action="{action}">{fields}<button>Win</button>')
            else:
                self._page("<h1>Welcome</h1>")

        def _page(self, content: str) -> None:
            body = f"<!doctype html><link rel=icon href='data:,'>{content}".encode()
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        port = server.server_address[1]
        taken = Seller(f"http://127.0.0.1:{port}", client)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield taken
        finally:
            server.shutdown()
            thread.join(DEADLINE)
