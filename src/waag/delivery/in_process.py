"""botocore's requests answered in this process: for the embedded AWS, which needs no address.

What is signed and how replies are read stay botocore's; no socket is between the two.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from waag.exchange import Reply, Request

NOWHERE = "http://embedded-aws"
"""An address for botocore to sign; nothing is sent there."""

_CLIENT = "127.0.0.1"


def answered_by(answer: Callable[[Request], Reply], client: Any) -> None:
    """Have all requests of a client answered by a function.

    Args:
        answer: answers one signed request on the thread that asks.
        client: botocore's.
    """
    make = import_module("botocore.awsrequest").AWSResponse

    def before_send(request: Any, **_: object) -> Any:
        reply = answer(_received(request))
        return make(request.url, reply.status, dict(reply.headers), _Raw(reply.body))

    client.meta.events.register("before-send", before_send)


class _Raw(BytesIO):
    """A body as botocore reads it of urllib3."""

    def stream(self, amount: int = 65536, **_: object) -> Iterator[bytes]:
        """Its pieces."""
        while piece := self.read(amount):
            yield piece


def _received(sent: Any) -> Request:
    """A request as a server would have it."""
    parts = urlsplit(str(sent.url))
    headers = {name.lower(): _text(value) for name, value in sent.headers.items()}
    # Put in by what sends over a socket; it is under every signature.
    headers.setdefault("host", parts.netloc)
    return Request(
        sent.method,
        parts.path or "/",
        parts.query,
        headers,
        _bytes(sent.body),
        _CLIENT,
    )


def _bytes(body: Any) -> bytes:
    """A body as botocore hands it on: nothing, text, bytes or a file of them."""
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, bytes) else body.read()


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
