"""An ASGI application asked in the process: one whole request in, one whole reply out.

Nothing is streamed, and of HTTP's extensions none is offered.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import unquote

from waag.exchange import OVERSIZED, Reply, Request

Message: TypeAlias = MutableMapping[str, Any]
Asgi: TypeAlias = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]


async def ask(app: Asgi, request: Request) -> Reply:
    """What an application answers.

    Args:
        app: is told by the extension `OVERSIZED` that a body was too large to be taken.
        request: its body goes in one piece.
    """
    sent: list[Message] = []
    coming: list[Message] = [{"type": "http.request", "body": request.body, "more_body": False}]

    async def receive() -> Message:
        return coming.pop() if coming else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(_scope(request), receive, send)
    start, *parts = sent
    headers = [
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"]
    ]
    return Reply(
        start["status"],
        tuple(header for header in headers if header[0] != "content-length"),  # the edge counts
        b"".join([part.get("body", b"") for part in parts]),
    )


def _scope(request: Request) -> Message:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote(request.path),
        "raw_path": request.path.encode("latin-1"),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in request.headers.items()
        ],
        "client": (request.client, 0),
        "server": None,
        "extensions": {OVERSIZED: {}} if request.oversized else {},
    }
