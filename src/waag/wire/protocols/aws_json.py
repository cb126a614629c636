"""AWS JSON 1.0 and 1.1: the operation in X-Amz-Target, the input in a JSON body.

The path counts for nothing. The two versions differ in the content type and in `__type`, which
1.0 writes as an absolute shape id and 1.1 as a bare name. Nothing here knows what an operation
means.
"""

from collections.abc import Mapping
from typing import Any, Literal

from waag.exchange import Reply, Request
from waag.wire.codecs.json import encode_plain, json_codec
from waag.wire.protocols import (
    Claim,
    MediaTypeUnsupported,
    MethodNotAllowed,
    OperationUnknown,
    Services,
    absolute_shape_id,
    error_body,
    headers_of_status,
    media_type,
)
from waag.wire.shapes import Operation, Service, Shape


class AwsJson:
    """One version of the protocol."""

    def __init__(self, version: Literal["1.0", "1.1"]) -> None:
        self.name = f"aws-json-{version}"
        self.content_type = f"application/x-amz-json-{version}"
        self._absolute_ids = version == "1.0"

    def claim(self, request: Request, services: Services) -> Claim:
        """See `WireProtocol.claim`. Content types are refused as the services refuse them: 404."""
        if request.method != "POST":
            raise MethodNotAllowed(request.method)
        if media_type(request) != self.content_type:
            raise MediaTypeUnsupported(
                f"The content type is '{media_type(request)}'; {self.content_type} is expected.",
                code="UnknownOperationException",
                status=404,
            )
        target = request.headers.get("x-amz-target", "")
        prefix, _, name = target.partition(".")
        service = services.get(prefix)
        operation = None if service is None else service.operations.get(name)
        if service is None or operation is None:
            raise OperationUnknown(
                f"X-Amz-Target '{target}' names no operation served here; the services are "
                f"{', '.join(services)}.",
                code="UnknownOperationException",
                status=400,
            )
        return Claim(self, service, operation)

    def decode(self, operation: Operation, body: bytes) -> Any:
        """See `WireProtocol.decode`."""
        return json_codec(operation.input).decode(body)

    def reply(self, operation: Operation, output: Shape | None, request_id: str) -> Reply:
        """See `WireProtocol.reply`. An operation without output answers an empty object."""
        body = (
            b"{}"
            if output is None or operation.output is None
            else json_codec(operation.output).encode(output)
        )
        headers = (("content-type", self.content_type), ("x-amzn-requestid", request_id))
        return Reply(200, headers, body)

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
        """See `WireProtocol.error_reply`. The code stands in a header too, for newer clients."""
        kind = absolute_shape_id(service, code) if self._absolute_ids else code
        headers = (
            ("content-type", self.content_type),
            ("x-amzn-requestid", request_id),
            ("x-amzn-errortype", code),
            *headers_of_status(status),
        )
        body = encode_plain(error_body(kind, service, code, message, members))
        return Reply(status, headers, body)


AWS_JSON_1_0 = AwsJson("1.0")
AWS_JSON_1_1 = AwsJson("1.1")
