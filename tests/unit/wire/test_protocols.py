"""Which operation a request asks for in which protocol, and how replies are written."""

import gzip

import cbor2
import msgspec
import pytest

from waag.exchange import Request
from waag.wire.generated import commerce_analytics, entitlement, metering, revenue_measurement
from waag.wire.protocols import (
    BodyTooLarge,
    MediaTypeUnsupported,
    MethodNotAllowed,
    NotClaimed,
    OperationUnknown,
    ProtocolAmbiguous,
    by_target,
)
from waag.wire.protocols.aws_json import AWS_JSON_1_0, AWS_JSON_1_1
from waag.wire.protocols.choice import claim, protocol_of
from waag.wire.protocols.content_encoding import decompressed
from waag.wire.protocols.rpc_v2_cbor import RPC_V2_CBOR
from waag.wire.shapes import Unit
from waag.wire.violations import NotSerializable

SERVICES = by_target(
    module.SERVICE for module in (metering, entitlement, commerce_analytics, revenue_measurement)
)
PRM = revenue_measurement.SERVICE
BATCH = metering.SERVICE.operations["BatchMeterUsage"]
TAG = PRM.operations["TagResource"]
TARGET = "AWSMPMeteringService.BatchMeterUsage"
JSON_1_1 = "application/x-amz-json-1.1"
CBOR = "application/cbor"
PATH = "/service/AWSMPEntitlementService/operation/GetEntitlements"


def request(method="POST", path="/", body=b"{}", **headers):
    """A request whose headers are given with underscores for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(method=method, path=path, query="", headers=named, body=body, client="192.0.2.1")


def json_request(target=TARGET, content_type=JSON_1_1, method="POST", **headers):
    """A request in AWS JSON."""
    return request(method, content_type=content_type, x_amz_target=target, **headers)


def cbor_request(path=PATH, content_type=CBOR, method="POST", body=b"\xa0", **headers):
    """A request in RPC v2 CBOR."""
    return request(
        method, path, body, content_type=content_type, smithy_protocol="rpc-v2-cbor", **headers
    )


def names(claimed):
    """The protocol, service and operation of a claim."""
    return claimed.protocol.name, claimed.service.slug, claimed.operation.name


def refused(asked):
    """The refusal that a request meets."""
    with pytest.raises(NotClaimed) as caught:
        claim(asked, SERVICES)
    return caught.value


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param(
            json_request(), ("aws-json-1.1", "metering", "BatchMeterUsage"), id="JSON 1.1"
        ),
        pytest.param(
            json_request(content_type="application/x-amz-json-1.0"),
            ("aws-json-1.0", "metering", "BatchMeterUsage"),
            id="JSON 1.0",
        ),
        pytest.param(
            json_request(content_type="Application/X-AMZ-JSON-1.1; charset=utf-8"),
            ("aws-json-1.1", "metering", "BatchMeterUsage"),
            id="a content type with a parameter",
        ),
        pytest.param(
            json_request("PartnerCentralRevenueMeasurement.TagResource"),
            ("aws-json-1.1", "revenue_measurement", "TagResource"),
            id="a CBOR service in JSON",
        ),
        pytest.param(
            json_request("MarketplaceCommerceAnalytics20150701.GenerateDataSet"),
            ("aws-json-1.1", "commerce_analytics", "GenerateDataSet"),
            id="commerce analytics",
        ),
        pytest.param(cbor_request(), ("rpc-v2-cbor", "entitlement", "GetEntitlements"), id="CBOR"),
        pytest.param(
            cbor_request("/service/AWSMPMeteringService/operation/BatchMeterUsage"),
            ("rpc-v2-cbor", "metering", "BatchMeterUsage"),
            id="a JSON service in CBOR",
        ),
        pytest.param(
            cbor_request(f"/prefix/69{PATH}"),
            ("rpc-v2-cbor", "entitlement", "GetEntitlements"),
            id="a prefix in the path",
        ),
        pytest.param(
            cbor_request(
                "/service/com.amazonaws.marketplaceentitlementservice.AWSMPEntitlementService"
                "/operation/GetEntitlements"
            ),
            ("rpc-v2-cbor", "entitlement", "GetEntitlements"),
            id="an absolute service name",
        ),
        pytest.param(
            request("POST", PATH, b"", smithy_protocol="rpc-v2-cbor"),
            ("rpc-v2-cbor", "entitlement", "GetEntitlements"),
            id="CBOR without body, content type or accept",
        ),
    ],
)
def test_a_request_is_claimed(asked, expected):
    """A request names its operation in the way of its protocol."""
    assert names(claim(asked, SERVICES)) == expected


METHOD = (MethodNotAllowed, "MethodNotAllowedException", 405)
JSON_TYPE = (MediaTypeUnsupported, "UnknownOperationException", 404)
CBOR_TYPE = (MediaTypeUnsupported, "UnsupportedMediaTypeException", 415)
JSON_UNKNOWN = (OperationUnknown, "UnknownOperationException", 400)
CBOR_UNKNOWN = (OperationUnknown, "UnknownOperationException", 404)
AMBIGUOUS = (ProtocolAmbiguous, "MalformedHttpRequestException", 400)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param(json_request(method="GET"), METHOD, id="JSON: GET"),
        pytest.param(cbor_request(method="PUT"), METHOD, id="CBOR: PUT"),
        pytest.param(request("GET", body=b""), METHOD, id="neither: GET"),
        pytest.param(request(), JSON_TYPE, id="neither: no content type"),
        pytest.param(json_request(content_type="application/json"), JSON_TYPE, id="JSON: plain"),
        pytest.param(json_request(content_type=CBOR), JSON_TYPE, id="JSON: CBOR alone"),
        pytest.param(
            json_request("x.y", content_type="text/plain"), JSON_TYPE, id="JSON: type before target"
        ),
        pytest.param(json_request("x.y", method="GET"), METHOD, id="JSON: method before target"),
        pytest.param(request(content_type=JSON_1_1), JSON_UNKNOWN, id="JSON: no target"),
        pytest.param(json_request("BatchMeterUsage"), JSON_UNKNOWN, id="JSON: no service"),
        pytest.param(json_request("AWSMPMeteringService"), JSON_UNKNOWN, id="JSON: no operation"),
        pytest.param(json_request(f"{TARGET}."), JSON_UNKNOWN, id="JSON: a dot after"),
        pytest.param(json_request(TARGET.lower()), JSON_UNKNOWN, id="JSON: lower case"),
        pytest.param(
            json_request("AWSMPMeteringService.GetEntitlements"),
            JSON_UNKNOWN,
            id="JSON: another service's operation",
        ),
        pytest.param(cbor_request(content_type=JSON_1_1), CBOR_TYPE, id="CBOR: JSON type"),
        pytest.param(cbor_request(content_type=""), CBOR_TYPE, id="CBOR: no type with a body"),
        pytest.param(cbor_request(f"{PATH}/"), CBOR_UNKNOWN, id="CBOR: a slash after"),
        pytest.param(cbor_request(PATH.lower()), CBOR_UNKNOWN, id="CBOR: lower case"),
        pytest.param(cbor_request("/"), CBOR_UNKNOWN, id="CBOR: the root"),
        pytest.param(
            cbor_request(PATH.removeprefix("/service")), CBOR_UNKNOWN, id="CBOR: three segments"
        ),
        pytest.param(
            cbor_request(PATH.replace("/service/", "/Service/")), CBOR_UNKNOWN, id="CBOR: Service"
        ),
        pytest.param(
            cbor_request(PATH.replace("AWSMP", "com.example.AWSMP")),
            CBOR_UNKNOWN,
            id="CBOR: another namespace",
        ),
        pytest.param(
            cbor_request(PATH.replace("/GetE", "/com.amazonaws.GetE")),
            CBOR_UNKNOWN,
            id="CBOR: an absolute operation",
        ),
        pytest.param(
            cbor_request(PATH.replace("GetE", "%47etE")), CBOR_UNKNOWN, id="CBOR: an escape"
        ),
        pytest.param(cbor_request(x_amz_target=TARGET), AMBIGUOUS, id="both: X-Amz-Target"),
        pytest.param(cbor_request(x_amzn_target=TARGET), AMBIGUOUS, id="both: X-Amzn-Target"),
    ],
)
def test_a_request_is_refused(asked, expected):
    """What is not asked for as a protocol has it is refused in that protocol's way."""
    refusal = refused(asked)
    assert (type(refusal), refusal.code, refusal.status) == expected


@pytest.mark.parametrize(
    ("asked", "protocol"),
    [
        pytest.param(json_request("x.y"), AWS_JSON_1_1, id="JSON 1.1, unknown operation"),
        pytest.param(
            request("GET", content_type="application/x-amz-json-1.0"), AWS_JSON_1_0, id="JSON 1.0"
        ),
        pytest.param(cbor_request("/", content_type=JSON_1_1), RPC_V2_CBOR, id="CBOR"),
        pytest.param(cbor_request(x_amz_target=TARGET), RPC_V2_CBOR, id="both"),
        pytest.param(
            request(smithy_protocol="rpc-v2-json"), AWS_JSON_1_1, id="an unknown Smithy protocol"
        ),
        pytest.param(request("GET", "/favicon.ico", b""), AWS_JSON_1_1, id="neither"),
    ],
)
def test_the_protocol_to_answer_in(asked, protocol):
    """Every request has a protocol to be answered in, even one that is refused."""
    assert protocol_of(asked) is protocol


@pytest.mark.parametrize("protocol", [AWS_JSON_1_0, AWS_JSON_1_1, RPC_V2_CBOR])
def test_an_empty_body_is_an_empty_structure(protocol):
    """An operation that takes nothing takes an empty body."""
    assert protocol.decode(msgspec.structs.replace(BATCH, input=Unit), b"") == Unit()


OUTPUT = metering.BatchMeterUsageResult(results=[], unprocessed_records=[])
JSON_HEADERS = (("content-type", JSON_1_1), ("x-amzn-requestid", "id"))
CBOR_HEADERS = (("smithy-protocol", "rpc-v2-cbor"), ("x-amzn-requestid", "id"))


def test_a_reply_in_json():
    """An output is an object, empty lists and all."""
    reply = AWS_JSON_1_1.reply(BATCH, OUTPUT, "id")
    body = b'{"Results":[],"UnprocessedRecords":[]}'
    assert (reply.status, reply.headers, reply.body) == (200, JSON_HEADERS, body)


def test_an_empty_output_in_json():
    """An output of which nothing is set is an empty object."""
    assert AWS_JSON_1_1.reply(BATCH, metering.BatchMeterUsageResult(), "id").body == b"{}"


def test_a_reply_without_output_in_json():
    """An operation without output answers an empty object."""
    reply = AWS_JSON_1_1.reply(TAG, None, "id")
    assert (reply.status, reply.headers, reply.body) == (200, JSON_HEADERS, b"{}")


def test_a_reply_in_cbor():
    """An output is a map, with its content type and protocol."""
    reply = RPC_V2_CBOR.reply(BATCH, OUTPUT, "id")
    headers = (*CBOR_HEADERS, ("content-type", CBOR))
    body = cbor2.dumps({"Results": [], "UnprocessedRecords": []})
    assert (reply.status, reply.headers, reply.body) == (200, headers, body)


def test_a_reply_without_output_in_cbor():
    """An operation without output answers no body and no content type."""
    reply = RPC_V2_CBOR.reply(TAG, None, "id")
    assert (reply.status, reply.headers, reply.body) == (200, CBOR_HEADERS, b"")


def error(protocol, service=None, code="ValidationException", status=400, message="m", **members):
    """The reply of an operation refused."""
    return protocol.error_reply(
        service=service,
        code=code,
        status=status,
        message=message,
        members=members,
        request_id="id",
    )


@pytest.mark.parametrize(
    ("protocol", "service", "code", "kind"),
    [
        (AWS_JSON_1_1, PRM, "ConflictException", "ConflictException"),
        (AWS_JSON_1_1, None, "UnknownOperationException", "UnknownOperationException"),
        (
            AWS_JSON_1_0,
            PRM,
            "ConflictException",
            "com.amazonaws.partnercentralrevenuemeasurement#ConflictException",
        ),
        (
            AWS_JSON_1_0,
            PRM,
            "SerializationException",
            "com.amazon.coral.service#SerializationException",
        ),
        (
            RPC_V2_CBOR,
            metering.SERVICE,
            "InvalidTagException",
            "com.amazonaws.marketplacemetering#InvalidTagException",
        ),
        (
            RPC_V2_CBOR,
            None,
            "UnknownOperationException",
            "com.amazon.coral.service#UnknownOperationException",
        ),
    ],
)
def test_the_type_of_an_error(protocol, service, code, kind):
    """JSON 1.1 names an error bare, the other two with the namespace it is of."""
    body = error(protocol, service, code).body
    decode = cbor2.loads if protocol is RPC_V2_CBOR else msgspec.json.decode
    assert decode(body)["__type"] == kind


@pytest.mark.parametrize(
    ("service", "code", "message", "members"),
    [
        (PRM, "ConflictException", "m", {"Message": "m"}),
        (metering.SERVICE, "InvalidTagException", "m", {"message": "m"}),
        (metering.SERVICE, "ValidationException", "m", {"message": "m"}),
        (None, "UnknownOperationException", "m", {"message": "m"}),
        (None, "UnknownOperationException", "", {}),
    ],
)
def test_the_message_of_an_error(service, code, message, members):
    """The message's member is cased as the model has it, and left out if empty."""
    body = error(AWS_JSON_1_1, service, code, message=message).body
    assert msgspec.json.decode(body) == {"__type": code, **members}


def test_an_error_in_json():
    """An error has its code in a header too, and its own members beside the message."""
    reply = error(AWS_JSON_1_1, PRM, "ConflictException", 409, Reason="REVISION_MISMATCH")
    headers = (*JSON_HEADERS, ("x-amzn-errortype", "ConflictException"))
    body = b'{"__type":"ConflictException","Message":"m","Reason":"REVISION_MISMATCH"}'
    assert (reply.status, reply.headers, reply.body) == (409, headers, body)


def test_an_error_in_cbor():
    """An error has no header of its own, and its structures are maps."""
    field = revenue_measurement.ValidationExceptionField(
        name="Name", message="m", code="INVALID_VALUE"
    )
    reply = error(RPC_V2_CBOR, PRM, Reason="REQUEST_VALIDATION_FAILED", FieldList=[field])
    body = cbor2.dumps(
        {
            "__type": "com.amazonaws.partnercentralrevenuemeasurement#ValidationException",
            "Message": "m",
            "Reason": "REQUEST_VALIDATION_FAILED",
            "FieldList": [{"Name": "Name", "Message": "m", "Code": "INVALID_VALUE"}],
        }
    )
    headers = (*CBOR_HEADERS, ("content-type", CBOR))
    assert (reply.status, reply.headers, reply.body) == (400, headers, body)


@pytest.mark.parametrize("protocol", [AWS_JSON_1_1, RPC_V2_CBOR])
def test_a_refused_method_is_told_the_right_one(protocol):
    """A reply with status 405 says which method is allowed."""
    assert ("allow", "POST") in error(protocol, status=405).headers


LIMIT = 1000


@pytest.mark.parametrize(
    "encoding", [{}, {"content_encoding": "identity"}], ids=["none", "identity"]
)
def test_a_body_as_it_came(encoding):
    """A body without encoding is taken as it is."""
    assert decompressed(request(body=b"abc", **encoding), LIMIT) == b"abc"


@pytest.mark.parametrize("encoding", ["gzip", "GZIP"])
def test_a_compressed_body(encoding):
    """A body in gzip is decompressed, to the limit itself."""
    body = b"a" * LIMIT
    asked = request(body=gzip.compress(body), content_encoding=encoding)
    assert decompressed(asked, LIMIT) == body


@pytest.mark.parametrize("size", [LIMIT + 1, 10**8])
def test_a_body_that_grows_too_large(size):
    """A body is decompressed no further than the limit."""
    asked = request(body=gzip.compress(b"\0" * size), content_encoding="gzip")
    with pytest.raises(BodyTooLarge, match="more than 1000 bytes"):
        decompressed(asked, LIMIT)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{}", id="not compressed"),
        pytest.param(gzip.compress(b"{}")[:-1], id="cut short"),
        pytest.param(gzip.compress(b"{}") + b"x", id="bytes after"),
    ],
)
def test_a_body_that_is_no_gzip(body):
    """A body that is said to be gzip and is not, or not whole, is refused."""
    with pytest.raises(NotSerializable, match="gzip"):
        decompressed(request(body=body, content_encoding="gzip"), LIMIT)


def test_another_encoding():
    """An encoding that no model asks for is refused."""
    with pytest.raises(MediaTypeUnsupported, match="'br'"):
        decompressed(request(content_encoding="br"), LIMIT)
