"""A request to the embedded S3: which bucket and key, which sub-resource, what headers and XML."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree as ET

from waag.exchange import Reply
from waag.sandbox.embedded_aws import Call
from waag.sandbox.refusals import InputInvalid

KEY_BYTES_MAX = 1024

_HOST_SUFFIX = ".localhost"


class S3Request:
    """What a call asks of S3.

    Attributes:
        bucket: its name; empty where the service itself is asked.
        key: an object's; empty where the bucket is asked.
        query: parameters, decoded; those that only belong to a signature are left out.
        headers: checksums that came after the body among them.
        body: out of the chunks it may have come in.

    Raises:
        InputInvalid: the path or the query is no UTF-8, or the key is too long.
    """

    def __init__(self, call: Call) -> None:
        request = call.request
        self.call = call
        self.method = request.method
        self.body = call.caller.body
        # Nothing else may come after a body: those of one in unsigned chunks nobody has signed.
        checksums = {
            name: value
            for name, value in call.caller.trailers.items()
            if name.startswith("x-amz-checksum-")
        }
        self.headers: Mapping[str, str] = {**checksums, **request.headers}
        host = request.headers.get("host", "").partition(":")[0]
        path = request.path.removeprefix("/")
        if host.endswith(_HOST_SUFFIX):
            self.bucket, raw_key = host.removesuffix(_HOST_SUFFIX), path
        else:
            raw_bucket, _, raw_key = path.partition("/")
            self.bucket = _decoded(raw_bucket)
        self.key = _decoded(raw_key)
        if len(self.key.encode()) > KEY_BYTES_MAX:
            raise InputInvalid("KeyTooLongError", "Your key is too long")
        pairs = (piece.partition("=") for piece in request.query.split("&") if piece)
        decoded = (
            (_decoded(name), _decoded(value.replace("+", "%20"))) for name, _, value in pairs
        )
        self.query: Mapping[str, str] = {
            name: value for name, value in decoded if not name.startswith("X-Amz-")
        }

    def number(self, name: str, usual: int, most: int) -> int:
        """A parameter that is a number from 0 on; more than `most` counts as that.

        Raises:
            InputInvalid: it is no such number.
        """
        text = self.query.get(name, str(usual))
        if not (text.isascii() and text.isdecimal()):
            raise InputInvalid("InvalidArgument", f"Provided {name} not an integer or within range")
        return min(int(text), most)


def _decoded(text: str) -> str:
    try:
        return unquote_to_bytes(text.encode("latin-1")).decode()
    except UnicodeDecodeError:
        raise InputInvalid("InvalidURI", "Couldn't parse the specified URI.") from None


def read_xml(body: bytes) -> ET.Element:
    """A document, its names without namespaces.

    Raises:
        InputInvalid: it is none, or declares a type.
    """
    malformed = InputInvalid(
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
    )
    if b"<!" in body:
        raise malformed
    try:
        root = ET.fromstring(body)  # noqa: S314 - see above
    except (ET.ParseError, ValueError, LookupError):
        raise malformed from None
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def text_of(element: ET.Element, name: str) -> str:
    """The text of a child; empty if there is none."""
    return element.findtext(name) or ""


def empty_reply(call: Call, status: int = 200, headers: Mapping[str, Any] | None = None) -> Reply:
    """A reply without a body."""
    named = [("x-amz-request-id", call.request_id)]
    named += [(name, str(value)) for name, value in (headers or {}).items()]
    return Reply(status, tuple(named), b"")
