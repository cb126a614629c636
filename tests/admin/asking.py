"""Calls of the admin API as they go over the wire, and what comes back."""

import json
from typing import Any, NamedTuple

import urllib3


class Answer(NamedTuple):
    """An answer of the admin API, its body decoded."""

    status: int
    body: Any
    headers: Any

    @property
    def error(self) -> Any:
        """Why the call was refused."""
        return self.body["error"]


def ask(server, call: str, body: object = None, **headers: str) -> Answer:
    """One call as the operator, such as "GET /clock"; see `send`."""
    method, path = call.split(" ", 1)
    operator = {"authorization": f"Bearer {server.token}"}
    return send(server, f"{method} /admin/v1{path}", body, **(operator | headers))


def send(server, call: str, body: object = None, **headers: str) -> Answer:
    """One request with only these headers; a body that is not bytes is sent as JSON."""
    method, path = call.split(" ", 1)
    content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    reply = urllib3.request(
        method, server.endpoint + path, body=content, headers=headers, retries=False, timeout=30
    )
    assert reply.headers["content-type"] == "application/json"
    return Answer(reply.status, json.loads(reply.data) if reply.data else None, reply.headers)
