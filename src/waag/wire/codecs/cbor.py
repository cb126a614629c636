"""CBOR as rpc-v2-cbor writes it: bodies to structures and back.

Decoding takes every form a client may choose (any width of number, half floats, lengths definite
or not) and refuses what the protocol has no use for: tags but 1 for timestamps, duplicate keys,
keys that are not text, bytes after the value, nesting beyond `MAXIMUM_DEPTH`. Undefined is null.
Encoding writes definite lengths, no half floats, and timestamps as tag 1 over an integer where
the second is whole, else over a double.

An empty body is an empty map. Members that are not known are skipped, and null is as good as
absent. Nothing here knows HTTP.
"""

from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from math import isfinite
from struct import pack
from typing import Any, Generic, TypeVar, cast

import msgspec
from cbor2 import CBORDecodeError, CBORDecoder, CBOREncoder, CBORTag, dumps, undefined
from msgspec import inspect

from waag.wire.codecs.leaves import Rewrite, rewriting, timestamp_format
from waag.wire.examination import Unreadable, refusal
from waag.wire.shapes import Shape
from waag.wire.violations import NotSerializable

S = TypeVar("S", bound=Shape)

MAXIMUM_DEPTH = 64
"""How deep maps, lists and tags may nest; the inputs of these services need 7."""

_NATIVE = (bytes,)
_UNDEFINED = b"\xf7"
_DOUBLE = 0xFB


class TaggedTimestamp(msgspec.Struct, frozen=True):
    """What stood under tag 1: seconds since 1970, as sent."""

    seconds: Any


class _NonFinite(msgspec.Struct, frozen=True):
    """A float that cbor2 by itself would write as a half."""

    value: float


class CborCodec(Generic[S]):
    """Bodies of one structure. Making one is slow: take it from `cbor_codec`."""

    def __init__(self, shape: type[S]) -> None:
        self._shape = shape
        self._read_leaves = rewriting(shape, _read)
        self._write_leaves = rewriting(shape, _write)

    def decode(self, body: bytes) -> S:
        """The structure in `body`.

        Raises:
            NotSerializable: `body` is not CBOR of this protocol, or a value is of the wrong type.
            ShapeViolated: the types are right, but constraints are broken.
        """
        plain: Any = _plain(body) if body else {}
        if self._read_leaves is not None:
            plain = self._read_leaves(plain)
        try:
            return msgspec.convert(plain, self._shape, builtin_types=_NATIVE)
        except msgspec.ValidationError as error:
            raise refusal(plain, self._shape, str(error)) from None

    def encode(self, value: S) -> bytes:
        """The structure as a body; members that are None are left out."""
        plain = msgspec.to_builtins(value, builtin_types=_NATIVE)
        if self._write_leaves is not None:
            plain = self._write_leaves(plain)
        return dumps(plain, default=_write_double)


@cache
def cbor_codec(shape: type[S]) -> CborCodec[S]:
    """The codec of a structure, made at its first use."""
    return CborCodec(shape)


def encode_plain(members: Mapping[str, Any]) -> bytes:
    """A map of plain values and structures, none of them special to CBOR: an error."""
    return dumps(msgspec.to_builtins(members, builtin_types=_NATIVE))


def _plain(body: bytes) -> Any:
    """The one value in `body`, timestamps as `TaggedTimestamp`.

    Raises:
        NotSerializable: `body` is not CBOR as this protocol has it.
    """
    stream = BytesIO(body)
    decoder = CBORDecoder(
        stream,
        semantic_decoders=_TAGS,
        max_depth=MAXIMUM_DEPTH,
        allow_duplicate_keys=False,
        strict_hashable_types=True,
    )
    try:
        value = decoder.decode()
    except CBORDecodeError as error:
        cause = f": {error.__cause__}" if error.__cause__ else ""
        raise NotSerializable(f"The body is not CBOR for this protocol: {error}{cause}.") from None
    if stream.tell() != len(body):
        raise NotSerializable(f"The CBOR value ends at byte {stream.tell()}, the body does not.")
    return _undefined_as_null(value) if _UNDEFINED in body else value


def _undefined_as_null(value: Any) -> Any:
    if value is undefined:
        return None
    if isinstance(value, list):
        items = cast("list[Any]", value)
        return [_undefined_as_null(item) for item in items]
    if isinstance(value, dict):
        members = cast("dict[Any, Any]", value)
        return {key: _undefined_as_null(member) for key, member in members.items()}
    return value


class _OnlyTimestamps(dict[int, Callable[[Any, Any], Any]]):
    """What to do with each tag: keep tag 1, refuse all others, even those cbor2 knows."""

    def __missing__(self, tag: int) -> Callable[[Any, Any], Any]:
        def refuse(_value: Any, _immutable: Any) -> Any:
            raise ValueError(f"tag {tag} has no meaning here")

        return refuse


def _timestamp(value: Any, _immutable: Any) -> TaggedTimestamp:
    return TaggedTimestamp(value)


_TAGS = _OnlyTimestamps({1: _timestamp})


def _read(node: inspect.Type) -> Rewrite | None:
    return None if timestamp_format(node) is None else _read_timestamp


def _write(node: inspect.Type) -> Rewrite | None:
    if isinstance(node, inspect.FloatType):
        return _write_float
    return None if timestamp_format(node) is None else _write_timestamp


def _read_timestamp(value: Any) -> Any:
    if isinstance(value, TaggedTimestamp):
        return value.seconds
    return Unreadable(value, "a timestamp under tag 1")


def _write_timestamp(value: float) -> CBORTag:
    return CBORTag(1, int(value) if value == int(value) else value)


def _write_float(value: float) -> float | _NonFinite:
    return value if isfinite(value) else _NonFinite(value)


def _write_double(encoder: CBOREncoder, value: _NonFinite) -> None:
    encoder.write(pack(">Bd", _DOUBLE, value.value))
