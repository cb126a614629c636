"""Smithy RPC v2 CBOR: the operation in the path, the input in a CBOR body.

Only the last four segments of the path count: /service/{service}/operation/{operation}. Nothing
here knows what an operation means.
"""

from collections.abc import Mapping
from typing import Any

from waag.exchange import Reply, Request
from waag.wire.codecs.cbor import cbor_codec, encode_plain
from waag.wire.protocols import (
    Claim,
    MediaTypeUnsupported,
    MethodNotAllowed,
    OperationUnknown,
    ProtocolAmbiguous,
    Services,
    absolute_shape_id,
    error_body,
    headers_of_status,
    media_type,
)
from waag.wire.shapes import Operation, Service, Shape

CONTENT_TYPE = "application/cbor"
SEGMENTS = 4


class RpcV2Cbor:
    """The protocol, which has one version."""

    name = "rpc-v2-cbor"

    def claim(self, request: Request, services: Services) -> Claim:
        """See `WireProtocol.claim`. A request without body needs no content type."""
        if request.method != "POST":
            raise MethodNotAllowed(request.method)
        if "x-amz-target" in request.headers or "x-amzn-target" in request.headers:
            raise ProtocolAmbiguous(
                "The request has both smithy-protocol and X-Amz-Target; it may have only one.",
                code="MalformedHttpRequestException",
                status=400,
            )
        if request.body and media_type(request) != CONTENT_TYPE:
            raise MediaTypeUnsupported(
                f"The content type is '{media_type(request)}'; {CONTENT_TYPE} is expected.",
                code="UnsupportedMediaTypeException",
                status=415,
            )
        service, operation = _named(request.path, services)
        if service is None or operation is None:
            raise OperationUnknown(
                f"The path '{request.path}' names no operation served here; it would end in "
                f"/service/S/operation/O, where S is one of {', '.join(services)}.",
                code="UnknownOperationException",
                status=404,
            )
        return Claim(self, service, operation)

    def decode(self, operation: Operation, body: bytes) -> Any:
        """See `WireProtocol.decode`."""
        return cbor_codec(operation.input).decode(body)

    def reply(self, operation: Operation, output: Shape | None, request_id: str) -> Reply:
        """See `WireProtocol.reply`. An operation without output answers nothing at all."""
        if output is None or operation.output is None:
            return Reply(200, _headers(request_id), b"")
        body = cbor_codec(operation.output).encode(output)
        return Reply(200, (*_headers(request_id), ("content-type", CONTENT_TYPE)), body)

    def error_reply(
        self,
        *,
        service: Service | None,
        code: str,
        status: int,
        message: str,
        members: Mapping[str, Any],
        request_id: str,
    ) -> Reply:
        """See `WireProtocol.error_reply`."""
        kind = absolute_shape_id(service, code)
        body = encode_plain(error_body(kind, service, code, message, members))
        headers = (
            *_headers(request_id),
            ("content-type", CONTENT_TYPE),
            *headers_of_status(status),
        )
        return Reply(status, headers, body)


def _named(path: str, services: Services) -> tuple[Service | None, Operation | None]:
    """What the last segments of `path` name; the service bare or with its namespace."""
    segments = path.split("/")[-SEGMENTS:]
    if len(segments) != SEGMENTS or segments[0] != "service" or segments[2] != "operation":
        return None, None
    namespace, _, name = segments[1].rpartition(".")
    service = services.get(name)
    if service is None or namespace not in ("", service.namespace):
        return None, None
    return service, service.operations.get(segments[3])


def _headers(request_id: str) -> tuple[tuple[str, str], ...]:
    return (("smithy-protocol", RpcV2Cbor.name), ("x-amzn-requestid", request_id))


RPC_V2_CBOR = RpcV2Cbor()
