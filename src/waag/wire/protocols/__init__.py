"""Where each AWS protocol keeps operation name, headers and errors: what they have in common.

`waag.wire.protocols.choice` tells which protocol a request speaks. Nothing here does I/O, knows
credentials, or knows what an operation means.
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, ClassVar, Protocol

from msgspec import Struct

from waag.domain.refusals import Refusal
from waag.exchange import Reply, Request
from waag.wire.shapes import Operation, Service, Shape

Services = Mapping[str, Service]
"""The services served, by their Smithy names."""

FRAMEWORK_NAMESPACE = "com.amazon.coral.service"
"""Where the errors live that every service may give and no model lists."""


def by_target(services: Iterable[Service]) -> Services:
    """The services by the name that stands in X-Amz-Target and in the path."""
    return {service.target_prefix: service for service in services}


class WireProtocol(Protocol):
    """One protocol: how a request names its operation, and how replies are written."""

    name: str

    def claim(self, request: Request, services: Services) -> "Claim":
        """The operation that `request` asks for.

        Raises:
            NotClaimed: the request asks for none that is served.
        """
        ...

    def decode(self, operation: Operation, body: bytes) -> Any:
        """The operation's input, a value of `operation.input`, from a body without encoding.

        Raises:
            NotSerializable: the body is malformed, or a value is of the wrong type.
            ShapeViolated: the types are right, but constraints are broken.
        """
        ...

    def reply(self, operation: Operation, output: Shape | None, request_id: str) -> Reply:
        """The reply of an operation carried out; `output` is None if it has none."""
        ...

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
        """The reply of an operation refused.

        Args:
            service: None if the request named none that is served.
            code: the error's name without namespace.
            status: the HTTP status.
            message: left out if empty.
            members: the error's other members by wire name; structures among them may be
                `Shape`s.
            request_id: as in a reply that succeeds.
        """
        ...


class Claim(Struct, frozen=True):
    """What a request asks for, and in which protocol."""

    protocol: WireProtocol
    service: Service
    operation: Operation


class NotClaimed(Refusal):
    """What is asked for is not served, or not asked for as the protocol has it.

    Attributes:
        code: the error's name in the protocol that refused.
        status: its HTTP status there.
    """

    def __init__(self, why: str, *, code: str, status: int) -> None:
        super().__init__(why)
        self.code = code
        self.status = status


class MethodNotAllowed(NotClaimed):
    """The method is not POST."""

    rule: ClassVar[str] = "protocol.method"

    def __init__(self, method: str) -> None:
        why = f"The method is {method}; every operation is a POST."
        super().__init__(why, code="MethodNotAllowedException", status=405)


class MediaTypeUnsupported(NotClaimed):
    """The content type or content encoding is none that the protocol has."""

    rule: ClassVar[str] = "protocol.media-type"


class OperationUnknown(NotClaimed):
    """No service served here has the operation named, or none is named."""

    rule: ClassVar[str] = "protocol.operation"


class ProtocolAmbiguous(NotClaimed):
    """The request speaks two protocols at once."""

    rule: ClassVar[str] = "protocol.ambiguous"


class BodyTooLarge(NotClaimed):
    """The body is longer, once decompressed, than is read."""

    rule: ClassVar[str] = "protocol.body-size"


def media_type(request: Request) -> str:
    """The content type without its parameters, in lower case; empty if there is none."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def headers_of_status(status: int) -> tuple[tuple[str, str], ...]:
    """What HTTP asks to be sent with a status, whatever the protocol. Source: RFC 9110, 15.5.6."""
    return (("allow", "POST"),) if status == HTTPStatus.METHOD_NOT_ALLOWED else ()


def absolute_shape_id(service: Service | None, code: str) -> str:
    """An error's name with the namespace of the service, or of the framework if not modelled."""
    if service is not None and code in service.errors:
        return f"{service.namespace}#{code}"
    return f"{FRAMEWORK_NAMESPACE}#{code}"


def error_body(
    kind: str, service: Service | None, code: str, message: str, members: Mapping[str, Any]
) -> dict[str, Any]:
    """An error as all protocols send it: `kind` as `__type`, the message, the other members.

    The message's member is cased as the service's model has it.
    """
    error = None if service is None else service.errors.get(code)
    body: dict[str, Any] = {"__type": kind}
    if message:
        body["message" if error is None else error.message_member] = message
    body.update(members)
    return body
