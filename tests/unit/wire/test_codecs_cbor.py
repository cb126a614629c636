"""CBOR bodies to structures and back, hard inputs among them."""

import math
import struct
from typing import Annotated

import cbor2
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waag.domain.refusals import Refusal
from waag.wire.codecs.cbor import MAXIMUM_DEPTH, cbor_codec
from waag.wire.shapes import DateTimeTimestamp, Long, Shape, Timestamp
from waag.wire.violations import NotSerializable, ShapeViolated


class Leaves(Shape, frozen=True, kw_only=True):
    """One member of every kind of leaf, and every way to hold one."""

    text: str | None = None
    whole: Annotated[int, msgspec.Meta(ge=0, le=9)] | None = None
    long: Long | None = None
    double: float | None = None
    truth: bool | None = None
    blob: bytes | None = None
    epoch: Timestamp | None = None
    moment: DateTimeTimestamp | None = None
    texts: list[str] | None = None
    epochs: list[Timestamp] | None = None
    doubles_by_name: dict[str, float] | None = None
    nested: "Leaves | None" = None


CODEC = cbor_codec(Leaves)


def cbor(text):
    """The bytes of `text`: hexadecimal, and ASCII between quotes; the last may be left open."""
    parts = text.split("'")
    parts[::2] = [bytes.fromhex(part) for part in parts[::2]]
    parts[1::2] = [part.encode() for part in parts[1::2]]
    return b"".join(parts)


def refused(body):
    """The refusal that `body` meets."""
    with pytest.raises(Refusal) as caught:
        CODEC.decode(body)
    return caught.value


@pytest.mark.parametrize(
    ("body", "value"),
    [
        pytest.param("", Leaves(), id="an empty body"),
        pytest.param("a0", Leaves(), id="an empty map"),
        pytest.param("bf ff", Leaves(), id="an empty map of indefinite length"),
        pytest.param("a1 64 'text' f6", Leaves(), id="null is absent"),
        pytest.param("a1 64 'text' f7", Leaves(), id="undefined is absent"),
        pytest.param("a1 63 'new' bf 61 'a' 9f 01 f7 ff ff", Leaves(), id="an unknown member"),
        pytest.param("a1 63 'new' f0", Leaves(), id="a simple value in an unknown member"),
        pytest.param("a1 63 'new' c1 00", Leaves(), id="a timestamp in an unknown member"),
        pytest.param("a1 64 'text' 61 'a'", Leaves(text="a"), id="text"),
        pytest.param("a1 64 'text' 7f 61 'a' 61 'b' ff", Leaves(text="ab"), id="text in chunks"),
        pytest.param("bf 7f 62 'te' 62 'xt' ff 61 'a' ff", Leaves(text="a"), id="a name in chunks"),
        pytest.param("a1 7804 'text' 7801 'a'", Leaves(text="a"), id="a length in two bytes"),
        pytest.param("a1 65 'whole' 05", Leaves(whole=5), id="an integer"),
        pytest.param("a1 65 'whole' 1b 0000000000000005", Leaves(whole=5), id="in eight bytes"),
        pytest.param("a1 64 'long' 3b 7fffffffffffffff", Leaves(long=-(2**63)), id="the least"),
        pytest.param("a1 66 'double' f9 3e00", Leaves(double=1.5), id="a half"),
        pytest.param("a1 66 'double' f9 0050", Leaves(double=2**-24 * 80), id="a subnormal half"),
        pytest.param("a1 66 'double' f9 fc00", Leaves(double=-math.inf), id="half minus infinity"),
        pytest.param("a1 66 'double' fa 3fc00000", Leaves(double=1.5), id="a single"),
        pytest.param("a1 66 'double' fb 3ff8000000000000", Leaves(double=1.5), id="a double"),
        pytest.param("a1 66 'double' 05", Leaves(double=5.0), id="a double as an integer"),
        pytest.param("a1 65 'truth' f5", Leaves(truth=True), id="true"),
        pytest.param("a1 64 'blob' 43 'foo'", Leaves(blob=b"foo"), id="bytes"),
        pytest.param("a1 64 'blob' 5f 41 'f' 42 'oo' ff", Leaves(blob=b"foo"), id="in chunks"),
        pytest.param("a1 64 'blob' 41 f7", Leaves(blob=b"\xf7"), id="the byte of undefined"),
        pytest.param("a1 65 'epoch' c1 1a 5f5e1000", Leaves(epoch=1600000000), id="whole seconds"),
        pytest.param("a1 65 'epoch' c1 fb 3ff8000000000000", Leaves(epoch=1.5), id="a fraction"),
        pytest.param("a1 65 'epoch' c1 20", Leaves(epoch=-1), id="before 1970"),
        pytest.param("a1 66 'moment' c1 01", Leaves(moment=1), id="its format ignored"),
        pytest.param("a1 66 'epochs' 82 c1 01 c1 02", Leaves(epochs=[1, 2]), id="in a list"),
        pytest.param(
            "a1 6f 'doubles_by_name' a1 61 'a' 01",
            Leaves(doubles_by_name={"a": 1.0}),
            id="in a map",
        ),
        pytest.param("a1 65 'texts' 9f ff", Leaves(texts=[]), id="an empty list"),
        pytest.param("a1 66 'nested' a0", Leaves(nested=Leaves()), id="a structure"),
    ],
)
def test_it_reads(body, value):
    """A body is read as the value it stands for, whichever form it has."""
    assert CODEC.decode(cbor(body)) == value


def test_it_reads_a_nan():
    """A half that is not a number is read as such."""
    assert math.isnan(CODEC.decode(cbor("a1 66 'double' f9 7e00")).double)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("80", "The body: expected a structure, found a list."),
        ("f6", "The body: expected a structure, found null."),
        ("c1 01", "The body: expected a structure, found a TaggedTimestamp."),
        ("a1 64 'text' 41 'a'", "text: expected a string, found bytes."),
        ("a1 64 'text' c1 01", "text: expected a string, found a TaggedTimestamp."),
        ("a1 64 'text' f0", "text: expected a string, found a CBORSimpleValue."),
        ("a1 65 'whole' f9 4500", "whole: expected an integer, found the number '5.0'."),
        ("a1 65 'whole' 61 '5'", "whole: expected an integer, found the string '5'."),
        ("a1 64 'blob' 64 'Zm9v'", "blob: expected bytes, found the string 'Zm9v'."),
        ("a1 66 'double' 63 'NaN'", "double: expected a number, found the string 'NaN'."),
        ("a1 65 'epoch' 01", "epoch: expected a timestamp under tag 1, found the number '1'."),
        (
            "a1 65 'epoch' c1 61 'a'",
            (
                "epoch: expected seconds since 1970, at most 9223372036854 either way, "
                "found the string 'a'."
            ),
        ),
        (
            "a1 65 'epoch' c1 f9 7e00",
            (
                "epoch: expected seconds since 1970, at most 9223372036854 either way, "
                "found the number 'nan'."
            ),
        ),
        (
            "a1 65 'epoch' c1 f9 7c00",
            (
                "epoch: expected seconds since 1970, at most 9223372036854 either way, "
                "found the number 'inf'."
            ),
        ),
        ("a1 41 't' 01", "The body: expected text for a key, found bytes."),
    ],
)
def test_it_refuses_wrong_types(body, why):
    """A value of the wrong type is refused, with its place and what was expected."""
    assert refused(cbor(body)).why == why


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("a1", id="cut short in a map"),
        pytest.param("bf", id="a map without end"),
        pytest.param("a1 64 'te", id="cut short in a name"),
        pytest.param("a1 64 'text' 65 'a'", id="cut short in text"),
        pytest.param("bf 61 'a' ff", id="a name without value"),
        pytest.param("ff", id="a break alone"),
        pytest.param("1c", id="a reserved width"),
        pytest.param("a0 00", id="a byte after the value"),
        pytest.param("a0 a0", id="a second value"),
        pytest.param("a2 61 'a' 01 61 'a' 02", id="a name twice"),
        pytest.param("a1 63 'new' a2 61 'a' 01 61 'a' 02", id="twice in an unknown member"),
        pytest.param("a1 61 80 01", id="a name that is no UTF-8"),
        pytest.param("a1 63 'new' 61 80", id="no UTF-8 in an unknown member"),
        pytest.param("a1 01 02", id="an integer for a name"),
        pytest.param("a1 a0 01", id="a map for a name"),
        pytest.param("a1 64 'text' 7f 41 'a' ff", id="bytes in a chunk of text"),
        pytest.param("d9d9f7 a0", id="self-described CBOR"),
        pytest.param("a1 65 'whole' c2 41 05", id="a big integer"),
        pytest.param("a1 65 'epoch' c0 74 '2000-01-02T20:34:56Z'", id="a timestamp as text"),
        pytest.param("a1 65 'texts' d81c 80", id="a shared value"),
        pytest.param("9b ffffffffffffffff", id="a list of 2**64 items"),
        pytest.param("5b ffffffffffffffff 00", id="bytes of length 2**64"),
        pytest.param("bb 00000000ffffffff", id="a map of 2**32 members"),
    ],
)
def test_it_refuses_what_is_no_cbor_of_the_protocol(body):
    """Bytes that are malformed, or use what the protocol has not, are refused."""
    assert isinstance(refused(cbor(body)), NotSerializable)


@pytest.mark.parametrize("prefix", [b"\x81", b"\x9f", b"\xa1\x61a", b"\xc1", b"\xc6"])
def test_it_survives_depth(prefix):
    """However deep lists, maps or tags nest, the body is refused."""
    assert isinstance(refused(prefix * 100_000 + b"\x01"), NotSerializable)


def test_it_reads_to_the_depth_allowed():
    """A body may nest as deep as is said."""
    body = b"\xa1\x66nested" * (MAXIMUM_DEPTH - 1) + b"\xa1\x64text\x60"
    assert isinstance(CODEC.decode(body), Leaves)


def test_it_refuses_beyond_the_depth_allowed():
    """A body may not nest deeper than is said."""
    body = b"\xa1\x66nested" * MAXIMUM_DEPTH + b"\xa1\x64text\x60"
    assert "depth (64)" in refused(body).why


def test_every_other_tag_is_refused():
    """No tag but 1 is read, not even one that the CBOR library knows."""
    tags = [tag for tag in range(2**16 + 2) if tag != 1]
    assert [tag for tag in tags if not is_refused(tag)] == []


def is_refused(tag):
    """Whether a list under `tag`, in an unknown member, is refused."""
    try:
        CODEC.decode(cbor2.dumps({"new": cbor2.CBORTag(tag, [])}))
    except NotSerializable:
        return True
    return False


@pytest.mark.parametrize(
    ("body", "constraint"),
    [
        ("a1 65 'whole' 0a", "Member must have value less than or equal to 9"),
        ("a1 65 'texts' 81 f6", "Member must not be null"),
        ("a1 65 'texts' 81 f7", "Member must not be null"),
        ("a1 6f 'doubles_by_name' a1 61 'a' f6", "Member must not be null"),
    ],
)
def test_it_refuses_broken_constraints(body, constraint):
    """A value of the right type that breaks a constraint is a violation of it."""
    assert [found.constraint for found in refused(cbor(body)).violations] == [constraint]


@pytest.mark.parametrize(
    ("value", "body"),
    [
        (Leaves(), "a0"),
        (Leaves(text="a"), "a1 64 'text' 61 'a'"),
        (Leaves(whole=5), "a1 65 'whole' 05"),
        (Leaves(blob=b"foo"), "a1 64 'blob' 43 'foo'"),
        (Leaves(texts=[]), "a1 65 'texts' 80"),
        (Leaves(double=1.5), "a1 66 'double' fb 3ff8000000000000"),
        (Leaves(double=math.nan), "a1 66 'double' fb 7ff8000000000000"),
        (Leaves(double=-math.inf), "a1 66 'double' fb fff0000000000000"),
        (Leaves(epoch=1600000000), "a1 65 'epoch' c1 1a 5f5e1000"),
        (Leaves(epoch=1.0), "a1 65 'epoch' c1 01"),
        (Leaves(epoch=1.5), "a1 65 'epoch' c1 fb 3ff8000000000000"),
        (Leaves(moment=1), "a1 66 'moment' c1 01"),
        (Leaves(nested=Leaves(epoch=1)), "a1 66 'nested' a1 65 'epoch' c1 01"),
    ],
)
def test_it_writes(value, body):
    """A value is written in the one way of this format."""
    assert CODEC.encode(value) == cbor(body)


def test_a_timestamp_is_echoed_as_sent():
    """A fraction of a second is written again exactly as it was read."""
    body = cbor("a1 65 'epoch' c1 fb") + struct.pack(">d", 1795246108.674)
    assert CODEC.encode(CODEC.decode(body)) == body


@settings(deadline=None)
@given(st.binary(max_size=64))
def test_any_bytes_are_read_or_refused(body):
    """No bytes raise anything but a refusal."""
    assert outcome(body) in (Leaves, NotSerializable, ShapeViolated)


def outcome(body):
    """The type of what comes of `body`."""
    try:
        return type(CODEC.decode(body))
    except Refusal as refusal:
        return type(refusal)


NUMBERS = st.floats(allow_nan=False)
TEXT = st.text(st.characters(codec="utf-8"))


@settings(deadline=None)
@given(
    st.builds(
        Leaves,
        text=st.none() | TEXT,
        long=st.none() | st.integers(-(2**63), 2**63 - 1),
        double=st.none() | NUMBERS,
        truth=st.none() | st.booleans(),
        blob=st.none() | st.binary(),
        epoch=st.none() | st.integers(-(10**12), 10**12) | st.floats(-1e12, 1e12),
        texts=st.none() | st.lists(TEXT),
        doubles_by_name=st.none() | st.dictionaries(TEXT, NUMBERS),
    )
)
def test_what_is_written_is_read_back(value):
    """Reading what was written gives the same value."""
    assert CODEC.decode(CODEC.encode(value)) == value
