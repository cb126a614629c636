"""The edge to ASGI: a scope and a stream of messages in, one reply out."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, TypeAlias

from waag.exchange import Reply, Request
from waag.wire.pipeline import BODY_BYTES_MAX, Pipeline

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

DISCARDED_BYTES_MAX = 8 * 1024 * 1024
"""How much of a body that is too large is read and dropped, so that the caller, still sending,
gets to read the refusal; beyond it the connection is closed."""


class _Disconnected(Exception):
    """The caller went away before its request was whole."""


class WireApp:
    """The ASGI application of the AWS protocols."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request; a caller that went away while sending is answered nothing."""
        try:
            request = await _read(scope, receive)
        except _Disconnected:
            return
        reply = await self._pipeline.answer(request)
        await _write(reply, send, close=request.oversized)


async def _read(scope: MutableMapping[str, Any], receive: Receive) -> Request:
    body, oversized = await _body(receive)
    client = scope.get("client")
    return Request(
        scope["method"],
        scope["raw_path"].decode("latin-1"),
        scope["query_string"].decode("latin-1"),
        _headers(scope["headers"]),
        body,
        client[0] if client else "127.0.0.1",
        oversized,
    )


async def _body(receive: Receive) -> tuple[bytes, bool]:
    """The body and whether there was more than is taken; of such a body nothing is kept."""
    chunks: list[bytes] = []
    size = 0
    more = True
    while more and size <= DISCARDED_BYTES_MAX:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Disconnected
        chunk = message.get("body", b"")
        more = message.get("more_body", False)
        size += len(chunk)
        if size <= BODY_BYTES_MAX:
            chunks.append(chunk)
        else:
            chunks.clear()
    return b"".join(chunks), size > BODY_BYTES_MAX


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name_bytes, value_bytes in raw:
        name = name_bytes.decode("latin-1").lower()
        value = value_bytes.decode("latin-1").strip()
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


async def _write(reply: Reply, send: Send, *, close: bool) -> None:
    headers = [(name.encode(), value.encode()) for name, value in reply.headers]
    headers.append((b"content-length", str(len(reply.body)).encode()))
    if close:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})
