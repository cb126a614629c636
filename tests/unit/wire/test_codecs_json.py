"""JSON bodies to structures and back, hard inputs among them."""

import math
from typing import Annotated

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waag.domain.refusals import Refusal
from waag.wire.codecs.json import JsonCodec, json_codec
from waag.wire.generated.metering import BatchMeterUsageRequest, MeterUsageRequest
from waag.wire.shapes import (
    DateTimeTimestamp,
    HttpDateTimestamp,
    Long,
    OneOf,
    Shape,
    Timestamp,
)
from waag.wire.violations import NotSerializable, ShapeViolated


class Choice(OneOf, frozen=True, kw_only=True):
    """A union."""

    text: str | None = None
    number: Long | None = None


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
    date: HttpDateTimestamp | None = None
    doubles: list[float] | None = None
    sparse_doubles: list[float | None] | None = None
    moments_by_name: dict[str, DateTimeTimestamp] | None = None
    choice: Choice | None = None
    nested: "Leaves | None" = None


class Plain(Shape, frozen=True, kw_only=True):
    """Nothing that JSON writes in a way of its own."""

    text: str | None = None
    epoch: Timestamp | None = None
    nested: "Plain | None" = None


LEAVES = json_codec(Leaves)
PLAIN = json_codec(Plain)


def refused(codec, body):
    """The refusal that `body` meets."""
    with pytest.raises(Refusal) as caught:
        codec.decode(body)
    return caught.value


@pytest.mark.parametrize(
    ("body", "value"),
    [
        pytest.param(b"", Leaves(), id="an empty body"),
        pytest.param(b" {} ", Leaves(), id="white space around"),
        pytest.param(b'{"text":null}', Leaves(), id="null is absent"),
        pytest.param(b'{"new":{"a":[1,{}]}}', Leaves(), id="an unknown member"),
        pytest.param(b'{"nested":{"new":1}}', Leaves(nested=Leaves()), id="an unknown one inside"),
        pytest.param(b'{"text":"a","text":"b"}', Leaves(text="b"), id="the last of two"),
        pytest.param('{"text":"€"}'.encode(), Leaves(text="€"), id="UTF-8"),
        pytest.param(b'{"text":"\\ud83d\\ude00"}', Leaves(text="😀"), id="a surrogate pair"),
        pytest.param(b'{"whole":-0}', Leaves(whole=0), id="minus zero"),
        pytest.param(b'{"double":5}', Leaves(double=5.0), id="a whole double"),
        pytest.param(b'{"double":"Infinity"}', Leaves(double=math.inf), id="infinity"),
        pytest.param(b'{"double":"-Infinity"}', Leaves(double=-math.inf), id="minus infinity"),
        pytest.param(b'{"blob":"Zm9v"}', Leaves(blob=b"foo"), id="a blob"),
        pytest.param(b'{"doubles":[1,"Infinity"]}', Leaves(doubles=[1, math.inf]), id="in a list"),
        pytest.param(
            b'{"sparse_doubles":[null,1.5]}', Leaves(sparse_doubles=[None, 1.5]), id="null, sparse"
        ),
        pytest.param(
            b'{"moment":"2019-12-16T22:48:18-01:00"}', Leaves(moment=1576540098), id="an offset"
        ),
        pytest.param(
            b'{"moment":"2000-01-02T20:34:56.123Z"}', Leaves(moment=946845296.123), id="a fraction"
        ),
        pytest.param(
            b'{"date":"Sun, 02 Jan 2000 20:34:56 GMT"}', Leaves(date=946845296), id="an HTTP date"
        ),
        pytest.param(
            b'{"moments_by_name":{"a":"1970-01-01T00:00:01Z"}}',
            Leaves(moments_by_name={"a": 1}),
            id="in a map",
        ),
        pytest.param(b'{"choice":{"number":3}}', Leaves(choice=Choice(number=3)), id="a union"),
        pytest.param(
            b'{"choice":{"text":null,"number":3}}',
            Leaves(choice=Choice(number=3)),
            id="a union with a null",
        ),
    ],
)
def test_it_reads(body, value):
    """A body is read as the value it stands for."""
    assert LEAVES.decode(body) == value


def test_it_reads_a_nan():
    """The text NaN is read as not a number."""
    assert math.isnan(LEAVES.decode(b'{"double":"NaN"}').double)


@pytest.mark.parametrize("number", ["1795246108.674", "1795246108", "1795246108.0", "-1.5", "0"])
def test_a_timestamp_is_echoed_as_sent(number):
    """A number of epoch seconds is written again exactly as it was read."""
    body = f'{{"epoch":{number}}}'.encode()
    assert PLAIN.encode(PLAIN.decode(body)) == body


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("[]", "The body: expected a structure, found a list."),
        ("null", "The body: expected a structure, found null."),
        ('"a"', "The body: expected a structure, found the string 'a'."),
        ('{"text":5}', "text: expected a string, found the number '5'."),
        ('{"whole":5.0}', "whole: expected an integer, found the number '5.0'."),
        ('{"whole":1e3}', "whole: expected an integer, found the number '1000.0'."),
        ('{"whole":"5"}', "whole: expected an integer, found the string '5'."),
        ('{"whole":true}', "whole: expected an integer, found a boolean."),
        ('{"truth":1}', "truth: expected true or false, found the number '1'."),
        ('{"double":"nan"}', "double: expected a number, found the string 'nan'."),
        ('{"double":[]}', "double: expected a number, found a list."),
        ('{"blob":"not base64"}', "blob: expected base64 text, found the string 'not base64'."),
        ('{"doubles":{}}', "doubles: expected a list, found a structure."),
        ('{"moments_by_name":[]}', "moments_by_name: expected a map, found a list."),
        ('{"nested":[]}', "nested: expected a structure, found a list."),
        (
            '{"nested":{"epoch":"2000-01-02T20:34:56Z"}}',
            (
                "nested.epoch: expected seconds since 1970, at most 9223372036854 either way, "
                "found the string '2000-01-02T20:34:56Z'."
            ),
        ),
        (
            '{"epoch":1e300}',
            (
                "epoch: expected seconds since 1970, at most 9223372036854 either way, "
                "found the number '1e+300'."
            ),
        ),
        (
            '{"moment":946845296}',
            (
                "moment: expected a date and time such as 2000-01-02T20:34:56Z, "
                "found the number '946845296'."
            ),
        ),
        (
            '{"moment":"2000-01-02T20:34:56"}',
            (
                "moment: expected a date and time such as 2000-01-02T20:34:56Z, "
                "found the string '2000-01-02T20:34:56'."
            ),
        ),
        (
            '{"date":"yesterday"}',
            (
                "date: expected a date and time such as Sun, 02 Jan 2000 20:34:56 GMT, "
                "found the string 'yesterday'."
            ),
        ),
        ('{"choice":{}}', "choice: expected exactly one of text, number, found a structure."),
        (
            '{"choice":{"text":"a","number":1}}',
            "choice: expected exactly one of text, number, found a structure.",
        ),
        (
            '{"text":5,"whole":"5"}',
            (
                "text: expected a string, found the number '5'; "
                "whole: expected an integer, found the string '5'."
            ),
        ),
    ],
)
def test_it_refuses_wrong_types(body, why):
    """A value of the wrong type is refused, with its place and what was expected."""
    assert refused(LEAVES, body.encode()).why == why


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"{", id="cut short"),
        pytest.param(b" ", id="white space alone"),
        pytest.param(b"{} x", id="bytes after"),
        pytest.param(b'{"text":"a",}', id="a comma too many"),
        pytest.param(b'{"double":NaN}', id="NaN bare"),
        pytest.param(b'{"new":Infinity}', id="infinity bare, in an unknown member"),
        pytest.param(b'{"double":01}', id="a leading zero"),
        pytest.param(b'{"double":1e999}', id="a number too large for a double"),
        pytest.param(b'{"whole":' + b"9" * 5000 + b"}", id="an integer of 5,000 digits"),
        pytest.param(b'{"text":"\\ud800"}', id="half a surrogate pair"),
        pytest.param(b'{"text":"a\nb"}', id="a newline in a string"),
        pytest.param(b"\xef\xbb\xbf{}", id="a byte order mark"),
        pytest.param('{"text":"a"}'.encode("utf-16"), id="UTF-16"),
    ],
)
def test_it_refuses_what_is_no_json(body):
    """Bytes that are no JSON are refused as such, wherever the fault lies."""
    why = refused(LEAVES, body).why
    assert why.startswith(("The body is not JSON: ", "The body is not UTF-8: "))


@pytest.mark.parametrize("codec", [LEAVES, PLAIN], ids=["special", "plain"])
@pytest.mark.parametrize("body", [b'{"new":"\xff"}', b'{"\xff":1}'], ids=["value", "name"])
def test_it_refuses_bytes_that_are_no_utf8(codec, body):
    """Bytes that are no UTF-8 are refused even in a member that is skipped."""
    assert refused(codec, body).why.startswith("The body is not UTF-8: ")


@pytest.mark.parametrize("codec", [LEAVES, PLAIN], ids=["special", "plain"])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[" * 100_000, id="lists"),
        pytest.param(b'{"new":' + b"[" * 100_000, id="lists in an unknown member"),
        pytest.param(b'{"nested":' * 100_000, id="a recursive structure"),
        pytest.param(b'{"nested":' * 400 + b"5" + b"}" * 400, id="a type deep inside"),
    ],
)
def test_it_survives_depth(codec, body):
    """However deep a body nests, it is refused as no serialization of the structure."""
    assert isinstance(refused(codec, body), NotSerializable)


@pytest.mark.parametrize(
    ("member", "constraint"),
    [
        ('"whole":-1', "Member must have value greater than or equal to 0"),
        ('"whole":10', "Member must have value less than or equal to 9"),
        (
            '"long":9223372036854775808',
            "Member must have value less than or equal to 9223372036854775807",
        ),
        ('"doubles":[1,null]', "Member must not be null"),
        ('"moments_by_name":{"a":null}', "Member must not be null"),
    ],
)
def test_it_refuses_broken_constraints(member, constraint):
    """A value of the right type that breaks a constraint is a violation of it."""
    violated = refused(LEAVES, f"{{{member}}}".encode())
    assert [violation.constraint for violation in violated.violations] == [constraint]


@pytest.mark.parametrize("account", ["1\n", "\n1", "\u0661", "1 ", ""])
def test_a_pattern_matches_the_whole_value(account):
    """A pattern holds for all of a value, in ASCII: no newline, blank or foreign digit passes."""
    record = {"Timestamp": 1, "Dimension": "d", "CustomerAWSAccountId": account}
    body = msgspec.json.encode({"UsageRecords": [record]})
    assert isinstance(refused(json_codec(BatchMeterUsageRequest), body), ShapeViolated)


def test_wrong_types_come_before_constraints():
    """Where a type is wrong, broken constraints are not told."""
    why = refused(LEAVES, b'{"whole":-1,"text":5}').why
    assert why == "text: expected a string, found the number '5'."


def test_an_earlier_member_of_the_same_name_must_fit_too():
    """A member that is wrong is refused though a later one of its name is right."""
    assert isinstance(refused(PLAIN, b'{"text":5,"text":"a"}'), NotSerializable)


@pytest.mark.parametrize(
    ("value", "body"),
    [
        (Leaves(), b"{}"),
        (Leaves(text=""), b'{"text":""}'),
        (Leaves(double=1.5), b'{"double":1.5}'),
        (Leaves(double=math.nan), b'{"double":"NaN"}'),
        (Leaves(double=math.inf), b'{"double":"Infinity"}'),
        (Leaves(double=-math.inf), b'{"double":"-Infinity"}'),
        (Leaves(blob=b"foo"), b'{"blob":"Zm9v"}'),
        (Leaves(epoch=1.0), b'{"epoch":1.0}'),
        (Leaves(moment=946845296), b'{"moment":"2000-01-02T20:34:56Z"}'),
        (Leaves(moment=0.123), b'{"moment":"1970-01-01T00:00:00.123000Z"}'),
        (Leaves(date=946845296), b'{"date":"Sun, 02 Jan 2000 20:34:56 GMT"}'),
        (Leaves(doubles=[]), b'{"doubles":[]}'),
        (Leaves(sparse_doubles=[None, math.nan]), b'{"sparse_doubles":[null,"NaN"]}'),
        (Leaves(nested=Leaves(double=math.nan)), b'{"nested":{"double":"NaN"}}'),
    ],
)
def test_it_writes(value, body):
    """A value is written in the one way of this format."""
    assert LEAVES.encode(value) == body


def test_metering_needs_no_rewriting():
    """A batch of usage is decoded by msgspec alone."""
    decoder = JsonCodec(BatchMeterUsageRequest)._decode.__self__
    assert isinstance(decoder, msgspec.json.Decoder)


def test_a_codec_is_made_once():
    """The codec of a structure is the same object every time."""
    assert json_codec(MeterUsageRequest) is json_codec(MeterUsageRequest)


@settings(deadline=None)
@given(st.binary(max_size=64))
def test_any_bytes_are_read_or_refused(body):
    """No bytes raise anything but a refusal."""
    assert outcome(body) in (Leaves, NotSerializable, ShapeViolated)


def outcome(body):
    """The type of what comes of `body`."""
    try:
        return type(LEAVES.decode(body))
    except Refusal as refusal:
        return type(refusal)


NUMBERS = st.floats(allow_nan=False)


@settings(deadline=None)
@given(
    st.builds(
        Leaves,
        text=st.none() | st.text(st.characters(codec="utf-8")),
        whole=st.none() | st.integers(0, 9),
        double=st.none() | NUMBERS,
        blob=st.none() | st.binary(),
        epoch=st.none() | st.integers(-(10**12), 10**12) | st.floats(-1e12, 1e12),
        moment=st.none() | st.integers(-(10**10), 10**10),
        doubles=st.none() | st.lists(NUMBERS),
        moments_by_name=st.none()
        | st.dictionaries(st.text(st.characters(codec="utf-8")), st.integers(0, 10**9)),
    )
)
def test_what_is_written_is_read_back(value):
    """Reading what was written gives the same value."""
    assert LEAVES.decode(LEAVES.encode(value)) == value
