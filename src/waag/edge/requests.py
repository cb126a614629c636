"""Requests out of bytes: the parser's events put together, one whole request after the other.

Heads and bodies are bounded here. Nothing here knows of sockets or time.
"""

from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from typing import NoReturn

import msgspec
from httptools import (
    HttpParserError,
    HttpParserInvalidURLError,
    HttpParserUpgrade,
    HttpRequestParser,
    parse_url,
)

from waag.edge.replies import error_reply
from waag.exchange import Reply, Request

_BETWEEN = len(": \r\n")


class Bounds(msgspec.Struct, frozen=True):
    """How much of a request is taken.

    Attributes:
        head_bytes: of the target and the headers together.
        discarded_bytes: how much of a body that is too large is read and dropped, so that the
            caller, still sending, gets to read the refusal.
    """

    head_bytes: int = 64 * 1024
    discarded_bytes: int = 8 * 1024 * 1024


class Unreadable(Exception):
    """What came is no request that is taken; nothing after it can be read.

    Attributes:
        reply: what the caller is told.
    """

    def __init__(self, status: HTTPStatus, code: str, message: str) -> None:
        super().__init__(message)
        self.reply: Reply = error_reply(status, code, message)


class _Enough(Exception):
    """Stops the parser, which calls back until its input is used up."""


class RequestReader:
    """Reads the requests of one connection.

    Args:
        client: the peer's address.
        take: is given each request as soon as it is whole.
        go_on: is called where the caller waits to be asked for the body.
        body_bytes_max: the largest body that is taken, by what is known of a request before it.
        bounds: see `Bounds`.

    Attributes:
        receiving: a request has begun to arrive and is not whole.
        done: no more requests are read; whatever else comes is dropped.
        broken_off: it was done before the caller had sent the whole of a request.
    """

    def __init__(
        self,
        client: str,
        *,
        take: Callable[[Request], None],
        go_on: Callable[[], None],
        body_bytes_max: Callable[[Request], int],
        bounds: Bounds,
    ) -> None:
        self._client = client
        self._take = take
        self._go_on = go_on
        self._body_bytes_max = body_bytes_max
        self._bounds = bounds
        self._parser = HttpRequestParser(self)
        self._as_sent: dict[str, str] | None = None
        self._ending = False
        self._barren_bytes = 0
        self.receiving = False
        self.done = False
        self.broken_off = False
        self._begin()

    def feed(self, data: bytes) -> None:
        """Read what arrived.

        Raises:
            Unreadable: it is no HTTP, or a head has no end.
        """
        if self.done:
            return
        # What completes no request and adds to no body: a head, or headers that trail a body.
        self._barren_bytes += len(data)
        left: list[bytes | memoryview] = [data]
        try:
            while left and not self.done:
                self._feed_last(left)
        except HttpParserError as error:
            self._stop(error)
        if self.receiving and self._barren_bytes > self._bounds.head_bytes:
            self._refuse_head()

    def end(self) -> None:
        """Take no request after the one that is arriving."""
        self._ending = True
        self.done = self.done or not self.receiving

    def break_off(self) -> None:
        """Read nothing more, though the caller may be sending."""
        self.receiving = False
        self.done = self.broken_off = True

    def _feed_last(self, left: list[bytes | memoryview]) -> None:
        """Feed the last of these parts; a request that offers another protocol is read as others.

        The parser takes it to have no body and what follows to be that protocol; so its head is
        read once more without the offer.
        """
        part = left.pop()
        try:
            self._parser.feed_data(part)
        except HttpParserUpgrade as upgrade:
            left.append(memoryview(part)[upgrade.args[0] :])
            if self._offered:
                left.append(self._head_without_offer())

    def _head_without_offer(self) -> bytes:
        method, version = self._parser.get_method().decode(), self._parser.get_http_version()
        head = f"{method} {self._target.decode('latin-1')} HTTP/{version}\r\n"
        for name, value in self._headers.items():
            if name != "upgrade":
                head += f"{name}: {value}\r\n"
        self._parser = HttpRequestParser(self)
        self._as_sent = self._headers
        return f"{head}\r\n".encode("latin-1")

    def _stop(self, error: HttpParserError) -> None:
        """Take the parser's word that nothing more can be read, unless it was told so."""
        if self.done:
            return
        if self._head_bytes > self._bounds.head_bytes:
            self._refuse_head()
        self.break_off()
        raise Unreadable(
            HTTPStatus.BAD_REQUEST,
            "SerializationException",
            f"This is not HTTP/1.1 as Waag reads it: {error}.",
        ) from error

    def _refuse_head(self) -> None:
        self.break_off()
        raise Unreadable(
            HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
            "RequestHeaderSectionTooLarge",
            "The request line and the headers have more than "
            f"{self._bounds.head_bytes} bytes together.",
        )

    # What the parser calls, in this order.

    def on_message_begin(self) -> None:
        """A request begins."""
        if self.done:
            raise _Enough
        self.receiving = True
        self._begin()

    def _begin(self) -> None:
        self._target = b""
        self._headers: dict[str, str] = {}
        self._head_bytes = 0
        self._head_whole = False
        self._offered = False
        self._chunks: list[bytes] = []
        self._size = 0

    def on_url(self, part: bytes) -> None:
        """The target, perhaps in parts."""
        self._target += part

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header; those that trail a body count for nothing."""
        self._head_bytes += len(name) + len(value) + _BETWEEN
        if self._head_whole:
            if self._head_bytes > self._bounds.head_bytes:
                raise _Enough
            return
        key = _lower(name)
        text = value.decode("latin-1").strip()
        headers = self._headers
        headers[key] = f"{headers[key]},{text}" if key in headers else text

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._head_bytes += len(self._target)
        if self._head_bytes > self._bounds.head_bytes:
            raise _Enough
        self._head_whole = True
        parser = self._parser
        if parser.should_upgrade() and parser.get_method() != b"CONNECT":
            self._offered = True
            return
        if self._as_sent is not None:
            self._headers, self._as_sent = self._as_sent, None
        self._path, self._query = _split(self._target)
        self._limit = self._body_bytes_max(self._request(b"", oversized=False))
        if self._headers.get("expect", "").lower() == "100-continue":
            if self._announced_bytes() > self._limit:
                self._refuse_body()
            self._go_on()

    def on_body(self, chunk: bytes) -> None:
        """A part of the body."""
        self._barren_bytes = 0
        self._size += len(chunk)
        if self._size <= self._limit:
            self._chunks.append(chunk)
            return
        self._chunks.clear()
        if self._size > self._bounds.discarded_bytes:
            self._refuse_body()

    def _announced_bytes(self) -> int:
        announced = self._headers.get("content-length", "")
        return int(announced) if announced.isascii() and announced.isdecimal() else 0

    def _refuse_body(self) -> NoReturn:
        """Take the request without its body, and read nothing more."""
        self._size = max(self._size, self._announced_bytes())
        self._complete(last=True)
        self.break_off()
        raise _Enough

    def on_message_complete(self) -> None:
        """The request is whole; one of HTTP/1.0 is the last of its connection."""
        if self._offered:
            return
        parser = self._parser
        keeps = parser.should_keep_alive() and parser.get_http_version() == "1.1"
        self._complete(last=self._ending or not keeps or parser.should_upgrade())

    def _complete(self, *, last: bool) -> None:
        self._barren_bytes = 0
        self.receiving = False
        oversized = self._size > self._limit
        self.done = last or oversized
        self._take(self._request(b"".join(self._chunks), oversized=oversized))

    def _request(self, body: bytes, *, oversized: bool) -> Request:
        return Request(
            self._parser.get_method().decode(),
            self._path,
            self._query,
            self._headers,
            body,
            self._client,
            oversized,
        )


@lru_cache(256)
def _lower(name: bytes) -> str:
    return name.decode("latin-1").lower()


def _split(target: bytes) -> tuple[str, str]:
    """Path and query of a target, usually a path; also of a whole address, as proxies are sent."""
    if not target.startswith(b"/") or b"#" in target:
        try:
            parsed = parse_url(target)
        except HttpParserInvalidURLError:
            pass  # the authority that CONNECT names: taken as a path, which nobody serves
        else:
            return (parsed.path or b"/").decode("latin-1"), (parsed.query or b"").decode("latin-1")
    path, _, query = target.decode("latin-1").partition("?")
    return path, query
