"""Replies as bytes, and those few that the edge makes itself.

The edge answers alone only where no protocol can be made out; then in the form of AWS JSON 1.1,
which SDKs read best.
"""

import json
from http import HTTPStatus

from waag.exchange import Reply

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

_STATUS_LINES = {each.value: f"HTTP/1.1 {each.value} {each.phrase}\r\n" for each in HTTPStatus}


def rendered(reply: Reply, method: str, *, closes: bool) -> bytes:
    """The bytes of a reply, head and body together.

    Args:
        reply: without Connection, which is added here; and without Content-Length, unless it
            answers HEAD with the length that the body would have.
        method: what the request asked for; a reply to HEAD has no body.
        closes: whether the connection is closed after it.
    """
    fields = "".join([f"{name}: {value}\r\n" for name, value in reply.headers])
    status_line = _STATUS_LINES.get(reply.status) or f"HTTP/1.1 {reply.status} \r\n"
    closing = "connection: close\r\n" if closes else ""
    length = "" if _states_length(reply) else f"content-length: {len(reply.body)}\r\n"
    head = f"{status_line}{fields}{length}{closing}\r\n"
    return head.encode("latin-1", "replace") + (b"" if method == "HEAD" else reply.body)


def _states_length(reply: Reply) -> bool:
    """Whether a length would be wrong: of a reply without a body. Source: RFC 9110, 8.6."""
    if reply.body:
        return False
    return reply.status == HTTPStatus.NO_CONTENT or any(
        name == "content-length" for name, _ in reply.headers
    )


def error_reply(status: HTTPStatus, code: str, message: str) -> Reply:
    """An error in the form of AWS JSON 1.1."""
    headers = (("content-type", "application/x-amz-json-1.1"), ("x-amzn-errortype", code))
    return Reply(status, headers, json.dumps({"__type": code, "message": message}).encode())
