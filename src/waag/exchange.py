"""What comes in and what goes out, whoever answers it: one HTTP request, one reply.

Free of any server's types, so that whoever answers runs the same behind a socket, at the far end
of a relay, and in a test.
"""

from collections.abc import Mapping

import msgspec

OVERSIZED = "waag.oversized"
"""The ASGI extension that says what `Request.oversized` says, to applications that are asked."""


class Request(msgspec.Struct, frozen=True, gc=False):
    """One HTTP request as it came over the wire, nothing decoded.

    Attributes:
        method: upper case.
        path: as sent, percent-encoding kept, without the query.
        query: as sent, without the question mark; empty if there is none.
        headers: names in lower case; values in Latin-1 with the ends trimmed; a header sent more
            than once holds its values joined by a comma, in order.
        body: the exact bytes; empty if there were more than are taken.
        client: the peer's address, for the condition key aws:SourceIp.
        oversized: whether there were more bytes than are taken.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    client: str
    oversized: bool = False


class Reply(msgspec.Struct, frozen=True, gc=False):
    """One HTTP reply: a status, headers with names in lower case, and the exact body.

    Attributes:
        dropped: whether the connection is closed without a word of all this.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    dropped: bool = False


NO_REPLY = Reply(0, (), b"", dropped=True)
"""What a request is answered with that gets no answer."""
