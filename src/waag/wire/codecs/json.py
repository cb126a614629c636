"""JSON as the awsJson protocols write it: bodies to structures and back.

Where a structure holds nothing that JSON writes in a way of its own, msgspec does all the work.
Timestamps in epoch seconds are native numbers; but floats may be "NaN", "Infinity" or
"-Infinity", and timestamps of the other two formats are text, so a structure with such leaves
goes through plain values.

An empty body is an empty object. Members that are not known are skipped, and null is as good as
absent. Of members with the same name the last counts, but each must be right. Whole numbers must
be written as such: 5.0 and 1e3 are refused where an integer is asked for. Nesting is bounded by
the interpreter's own limit (about 1,000). Nothing here knows HTTP.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache
from math import isfinite, isnan
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import inspect

from waag.domain.refusals import Refusal
from waag.wire.codecs.leaves import Rewrite, rewriting, timestamp_format
from waag.wire.examination import Unreadable, refusal
from waag.wire.shapes import DATE_TIME, HTTP_DATE, Shape
from waag.wire.violations import NotSerializable

S = TypeVar("S", bound=Shape)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SPECIAL_FLOATS = {text: float(text) for text in ("NaN", "Infinity", "-Infinity")}

_TOO_DEEP = "The body is nested too deeply."

_encode = msgspec.json.Encoder().encode


class JsonCodec(Generic[S]):
    """Bodies of one structure. Making one is slow: take it from `json_codec`.

    Attributes:
        encode: the structure as a body; members that are None are left out.
    """

    def __init__(self, shape: type[S]) -> None:
        self._shape = shape
        self._decode = _decoding(shape)
        self._read_leaves = rewriting(shape, _read_or_blob)
        self.encode: Callable[[S], bytes] = _encoding(shape)

    def decode(self, body: bytes) -> S:
        """The structure in `body`.

        Raises:
            NotSerializable: `body` is no JSON object, or a value is of the wrong type.
            ShapeViolated: the types are right, but constraints are broken.
        """
        try:
            # msgspec does not look at what it skips; a body must be UTF-8 as a whole.
            if not body.isascii():
                body.decode()
            return self._decode(body or b"{}")
        except msgspec.DecodeError as error:
            raise self._refusal(body or b"{}", str(error)) from None
        except UnicodeDecodeError as error:
            raise NotSerializable(f"The body is not UTF-8: {error}.") from None
        except RecursionError:
            raise NotSerializable(_TOO_DEEP) from None

    def _refusal(self, body: bytes, error: str) -> Refusal:
        try:
            plain = msgspec.json.decode(body)
            if self._read_leaves is not None:
                plain = self._read_leaves(plain)
            return refusal(plain, self._shape, error)
        except msgspec.DecodeError as malformed:
            return NotSerializable(f"The body is not JSON: {malformed}.")
        except RecursionError:
            return NotSerializable(_TOO_DEEP)


@cache
def json_codec(shape: type[S]) -> JsonCodec[S]:
    """The codec of a structure, made at its first use."""
    return JsonCodec(shape)


def encode_plain(members: Mapping[str, Any]) -> bytes:
    """An object of plain values and structures, none of them special to JSON: an error."""
    return _encode(members)


def _decoding(shape: type[S]) -> Callable[[bytes], S]:
    read = rewriting(shape, _read)
    if read is None:
        return msgspec.json.Decoder(shape).decode

    def decode(body: bytes) -> S:
        return msgspec.convert(read(msgspec.json.decode(body)), shape)

    return decode


def _encoding(shape: type[S]) -> Callable[[S], bytes]:
    write = rewriting(shape, _write)
    if write is None:
        return _encode

    def encode(value: S) -> bytes:
        return _encode(write(msgspec.to_builtins(value)))

    return encode


def _read(node: inspect.Type) -> Rewrite | None:
    if isinstance(node, inspect.FloatType):
        return _read_float
    return _READ_TIMESTAMP.get(timestamp_format(node))


def _read_or_blob(node: inspect.Type) -> Rewrite | None:
    """As `_read`, and the blobs that msgspec reads by itself."""
    return _read_blob if isinstance(node, inspect.BytesType) else _read(node)


def _write(node: inspect.Type) -> Rewrite | None:
    if isinstance(node, inspect.FloatType):
        return _write_float
    return _WRITE_TIMESTAMP.get(timestamp_format(node))


def _read_float(value: Any) -> Any:
    return _SPECIAL_FLOATS.get(value, value) if isinstance(value, str) else value


def _write_float(value: float) -> float | str:
    if isfinite(value):
        return value
    return "NaN" if isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _read_blob(value: Any) -> Any:
    try:
        return msgspec.convert(value, bytes)
    except msgspec.ValidationError:
        return Unreadable(value, "base64 text")


def _read_date_time(value: Any) -> Any:
    try:
        return _epoch_seconds(datetime.fromisoformat(value))
    except (TypeError, ValueError):
        return Unreadable(value, "a date and time such as 2000-01-02T20:34:56Z")


def _write_date_time(value: float) -> str:
    return (_EPOCH + timedelta(seconds=value)).isoformat().replace("+00:00", "Z")


def _read_http_date(value: Any) -> Any:
    try:
        return _epoch_seconds(parsedate_to_datetime(value))
    except (AttributeError, TypeError, ValueError):
        return Unreadable(value, "a date and time such as Sun, 02 Jan 2000 20:34:56 GMT")


def _write_http_date(value: float) -> str:
    return format_datetime(_EPOCH + timedelta(seconds=value), usegmt=True)


def _epoch_seconds(instant: datetime) -> float:
    """Seconds since 1970, an int when whole.

    Raises:
        TypeError: `instant` has no offset from UTC.
    """
    seconds = (instant - _EPOCH) / timedelta(seconds=1)
    return int(seconds) if seconds.is_integer() else seconds


# A timestamp in epoch seconds is a number like any other, and needs no rewriting.
_READ_TIMESTAMP: dict[str | None, Rewrite] = {
    DATE_TIME: _read_date_time,
    HTTP_DATE: _read_http_date,
}
_WRITE_TIMESTAMP: dict[str | None, Rewrite] = {
    DATE_TIME: _write_date_time,
    HTTP_DATE: _write_http_date,
}
