"""The official protocol vectors: 90 requests are understood, 125 responses are readable.

A request is taken as the vector writes it and as botocore's own serializer does; a response as
our protocols write it must give botocore's own parser what the vector expects. Vectors about what
a client must put up with (other ways to name an error, unknown members) still say what it must
end up with: that is what we send. No vector is left out.
"""

import base64
import copy
import gzip
import math

import msgspec
import pytest
from botocore.awsrequest import HeadersDict
from botocore.parsers import JSONParser, RpcV2CBORParser
from botocore.serialize import JSONSerializer, RpcV2CBORSerializer
from botocore.utils import parse_timestamp
from msgspec import inspect
from vector_services import vectors

from waag.exchange import Request
from waag.wire.codecs.leaves import rewriting
from waag.wire.protocols import by_target
from waag.wire.protocols.choice import claim
from waag.wire.protocols.content_encoding import decompressed

REQUESTS = vectors("input")
RESPONSES = vectors("output")
SUCCESSES = [vector for vector in RESPONSES if "error" not in vector.case]
ERRORS = [vector for vector in RESPONSES if "error" in vector.case]

SPECIAL_FLOATS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
REQUEST_ID = "8c3e8d1f-0f6c-4b7e-9d5a-3f1c2b4a5d6e"
BODY_LIMIT = 1 << 20


def each(cases):
    """Run a test once for each of `cases`."""
    return pytest.mark.parametrize("vector", [pytest.param(case, id=case.id) for case in cases])


def test_every_request_vector_is_here():
    """The three files of requests hold 90 cases."""
    assert len(REQUESTS) == 90


def test_every_response_vector_is_here():
    """The three files of responses hold 125 cases."""
    assert len(RESPONSES) == 125


@each(REQUESTS)
def test_a_request_as_the_vector_writes_it(vector):
    """The vector's request is claimed and decoded to the vector's parameters."""
    assert understood(official_request(vector), vector) == parameters(vector)


@each(REQUESTS)
def test_a_request_as_botocore_writes_it(vector):
    """What botocore sends for the vector's parameters is decoded to those parameters."""
    assert understood(botocore_request(vector), vector) == parameters(vector)


@each(SUCCESSES)
def test_a_response(vector):
    """What we send for the vector's result, botocore reads as that result."""
    reply = vector.protocol.reply(vector.operation, output(vector), REQUEST_ID)
    read = read_by_botocore(reply, vector, vector.operation_model.output_shape)
    assert read == vector.case["result"]


@each(ERRORS)
def test_an_error(vector):
    """What we send for the vector's error, botocore reads as that error."""
    reply = error_reply(vector)
    shape = vector.model.shape_for(vector.case["errorCode"])
    read = read_by_botocore(reply, vector, None) | read_by_botocore(reply, vector, shape)
    error = {"Code": vector.case["errorCode"], "Message": vector.case.get("errorMessage", "")}
    assert read == {"Error": error, **vector.case["error"]}


@each(ERRORS)
def test_the_status_of_an_error(vector):
    """The status of an error is the one in the vector."""
    assert error_reply(vector).status == vector.case["response"]["status_code"]


def understood(request, vector):
    """What our protocols make of `request`, in the form of the vectors."""
    claimed = claim(request, by_target([vector.service]))
    value = claimed.protocol.decode(claimed.operation, decompressed(request, BODY_LIMIT))
    return plain(value)


def plain(value):
    """A structure in the form of the vectors: floats and blobs as text, nothing that is null."""
    built = msgspec.to_builtins(value, builtin_types=(bytes,))
    rewrite = rewriting(type(value), written_leaf)
    return built if rewrite is None else rewrite(built)


def written_leaf(node):
    """How the vectors write a leaf of type `node`."""
    if isinstance(node, inspect.BytesType):
        return bytes.decode
    return special_float_as_text if isinstance(node, inspect.FloatType) else None


def special_float_as_text(value):
    """A float as the vectors write it."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else f"{'-' * (value < 0)}Infinity"


def read_leaf(node):
    """How a leaf of type `node` is read from a vector."""
    if isinstance(node, inspect.BytesType):
        return str.encode
    if isinstance(node, inspect.FloatType):
        return lambda value: SPECIAL_FLOATS.get(value, value)
    return None


def parameters(vector):
    """The parameters of a request, without those that are null."""
    return {name: value for name, value in vector.case["params"].items() if value is not None}


def botocore_request(vector):
    """The request that botocore makes of the vector's parameters."""
    serializer = (RpcV2CBORSerializer if vector.file == "smithy-rpc-v2-cbor" else JSONSerializer)()
    given = {
        name: SPECIAL_FLOATS.get(value, value) if isinstance(value, str) else value
        for name, value in vector.case["params"].items()
    }
    sent = serializer.serialize_to_request(given, vector.operation_model)
    return request(sent["method"], sent["url_path"], sent["headers"], sent["body"])


def official_request(vector):
    """The vector's request; where it leaves headers or body open, they are botocore's."""
    serialized = vector.case["serialized"]
    usual = botocore_request(vector)
    headers = {**usual.headers, **lower_case(serialized.get("headers", {}))}
    if "content-encoding" in headers:
        body = gzip.compress(usual.body)
    elif vector.file == "smithy-rpc-v2-cbor":
        body = base64.b64decode(serialized["body"])
    else:
        body = serialized.get("body", "").encode()
    return request(serialized["method"], serialized["uri"], headers, body)


def request(method, path, headers, body):
    """A request as our server would hand it on."""
    return Request(
        method=method,
        path=path,
        query="",
        headers=lower_case(headers),
        body=body,
        client="192.0.2.1",
    )


def lower_case(headers):
    """Headers with their names in lower case."""
    return {name.lower(): value for name, value in headers.items()}


def output(vector):
    """The vector's result as the operation's output structure."""
    shape = vector.operation.output
    if shape is None:
        return None
    result = copy.deepcopy(vector.case["result"])
    rewrite = rewriting(shape, read_leaf)
    return msgspec.convert(
        result if rewrite is None else rewrite(result), shape, builtin_types=(bytes,)
    )


def error_reply(vector):
    """What we send for the vector's error."""
    code = vector.case["errorCode"]
    error = vector.service.errors[code]
    members = dict(vector.case["error"])
    members.pop(error.message_member, None)
    return vector.protocol.error_reply(
        service=vector.service,
        code=code,
        status=error.status,
        message=vector.case.get("errorMessage", ""),
        members=members,
        request_id=REQUEST_ID,
    )


def read_by_botocore(reply, vector, shape):
    """What botocore's own parser reads in our reply, without its metadata."""
    parser_class = RpcV2CBORParser if vector.file == "smithy-rpc-v2-cbor" else JSONParser
    parser = parser_class(timestamp_parser=lambda value: parse_timestamp(value).timestamp())
    response = {
        "status_code": reply.status,
        "headers": HeadersDict(dict(reply.headers)),
        "body": reply.body,
        "context": {"operation_name": vector.operation.name},
    }
    read = parser.parse(response, shape)
    read.pop("ResponseMetadata", None)
    return as_text(read)


def as_text(value):
    """What botocore read, with floats and blobs written as in the vectors."""
    match value:
        case dict():
            return {name: as_text(member) for name, member in value.items()}
        case list():
            return [as_text(item) for item in value]
        case bytes():
            return value.decode()
        case float():
            return special_float_as_text(value)
        case _:
            return value
