"""What a service's generated module is written in: structures, leaf types, descriptions.

The modules in `waag.wire.generated` hold one `Shape` per structure of a botocore model and end
with one `Service`. This module gives those words their meaning; it neither reads models nor
decodes anything.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Meta, Struct, inspect

TIMESTAMP = "timestamp"
"""The key in `Meta.extra` that marks a timestamp; its value is one of the three formats below."""

SENSITIVE = "sensitive"
"""The key in `Meta.extra` that marks a value never to be repeated in a message."""

EPOCH_SECONDS = "epochSeconds"
DATE_TIME = "iso8601"
HTTP_DATE = "rfc822"

_WHOLE = (r"\A(?a:", r")\Z")


def whole_match(pattern: str) -> str:
    r"""The model's `pattern` as a Python expression that matches all of a value or nothing.

    The services match whole values, with the ASCII meaning of \d, \s and \w; Python's own $
    would let a newline at the end pass.
    """
    return pattern.join(_WHOLE)


def modelled_pattern(expression: str) -> str:
    """The model's pattern in what `whole_match` made of it."""
    start, end = _WHOLE
    return expression.removeprefix(start).removesuffix(end)


def marks(node: inspect.Type) -> Mapping[str, Any]:
    """What `Meta.extra` says of a type; empty if nothing."""
    extra: Mapping[str, Any] | None = getattr(node, "extra", None)
    return extra or {}


class Shape(Struct, frozen=True, omit_defaults=True, gc=False):
    """A structure on the wire: an input, an output, an error, or one nested in those.

    A decoded value is a tree and can hold no cycle, so the garbage collector need not track it.
    """


class OneOf(Shape, frozen=True):
    """A union: a structure of which exactly one member is set."""

    def __post_init__(self) -> None:
        """Refuse none and more than one.

        Raises:
            ValueError: not exactly one member is set; msgspec turns it into its own refusal.
        """
        members = [getattr(self, name) for name in self.__struct_fields__]
        if len(members) - members.count(None) != 1:
            raise ValueError("Expected exactly one member to be set")


class Unit(Shape, frozen=True):
    """The input of an operation that takes none."""


# The types' own ranges; a model's narrower bounds stand in their place.
Integer = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
Long = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]

EPOCH_LIMIT = 9_223_372_036_854
"""Seconds either way of 1970 whose microseconds fit in 64 bits: 292,000 years.

A time sent in milliseconds by mistake lies within, so that the service's own rule refuses it.
"""

_EpochNumber = (
    Annotated[int, Meta(ge=-EPOCH_LIMIT, le=EPOCH_LIMIT)]
    | Annotated[float, Meta(ge=-EPOCH_LIMIT, le=EPOCH_LIMIT)]
)

# Seconds since the Unix epoch, the number exactly as sent. The names say how JSON writes it;
# CBOR writes all three as tag 1.
Timestamp = Annotated[_EpochNumber, Meta(extra={TIMESTAMP: EPOCH_SECONDS})]
DateTimeTimestamp = Annotated[_EpochNumber, Meta(extra={TIMESTAMP: DATE_TIME})]
HttpDateTimestamp = Annotated[_EpochNumber, Meta(extra={TIMESTAMP: HTTP_DATE})]


class Operation(Struct, frozen=True):
    """One operation of a service.

    Attributes:
        name: as in X-Amz-Target and in the path.
        input: `Unit` if the operation takes nothing.
        output: None if the operation answers nothing.
        errors: the names of the errors the model lists for it.
    """

    name: str
    input: type[Shape]
    output: type[Shape] | None
    errors: tuple[str, ...]


class ErrorShape(Struct, frozen=True):
    """One modelled error of a service.

    Attributes:
        status: the modelled HTTP status; where there is none, 500 for a fault, else 400.
        message_member: the wire name of the message, `message` or `Message`.
        struct: the error's members.
        summary: the first sentence of its documentation.
    """

    name: str
    status: int
    message_member: str
    struct: type[Shape]
    summary: str


class Service(Struct, frozen=True):
    """One service as its model describes it.

    Attributes:
        slug: the name of its generated module.
        namespace: what stands before the # in an absolute shape id.
        target_prefix: its Smithy name: before the dot in X-Amz-Target, and in the path.
        signing_name: the service in a signature's credential scope.
        json_version: 1.0 or 1.1; None if the model lists no JSON protocol.
        protocols: as the model lists them, the preferred one first.
    """

    slug: str
    service_id: str
    namespace: str
    target_prefix: str
    signing_name: str
    api_version: str
    json_version: str | None
    protocols: tuple[str, ...]
    operations: Mapping[str, Operation]
    errors: Mapping[str, ErrorShape]
