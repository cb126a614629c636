"""ASGI applications asked in the process."""

import asyncio
import json

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from waag.edge.asgi import ask
from waag.exchange import OVERSIZED, Reply, Request

REQUEST = Request(
    "PUT", "/a%20b", "c=%20d", {"x-of": "1,2", "host": "waag"}, b"\xff", "192.0.2.7", oversized=True
)


def asked(endpoint, path="/a b"):
    """What an application with one endpoint replies."""
    app = Starlette(routes=[Route(path, endpoint, methods=["PUT"])])
    return asyncio.run(ask(app, REQUEST))


def test_the_request_is_whole():
    """Method, decoded and raw path, query, headers, body, client."""

    async def endpoint(request):
        body = await request.body()
        raw = request.scope["raw_path"].decode()
        told = OVERSIZED in request.scope["extensions"]
        line = [request.method, request.scope["path"], raw, request.url.query]
        return JSONResponse([line, request.headers.items(), body.hex(), request.client.host, told])

    assert json.loads(asked(endpoint).body) == [
        ["PUT", "/a b", "/a%20b", "c=%20d"],
        [["x-of", "1,2"], ["host", "waag"]],
        "ff",
        "192.0.2.7",
        True,
    ]


def test_the_reply_is_whole():
    """Status, headers, also repeated ones, and body; its length is counted elsewhere."""

    async def endpoint(_request):
        response = Response(b"\xff", 418, {"x-a": "\xe9"})
        response.headers.append("x-a", "2")
        return response

    assert asked(endpoint) == Reply(418, (("x-a", "\xe9"), ("x-a", "2")), b"\xff")


def test_a_body_in_parts_is_put_together():
    """Nothing is streamed."""

    async def endpoint(_request):
        return StreamingResponse(iter([b"a", b"", b"b"]))

    assert asked(endpoint).body == b"ab"
