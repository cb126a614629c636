"""The metering service over Smithy RPC v2 CBOR: the same rules, the caller's own protocol."""

import cbor2
import pytest
from market_now import NOW
from raw import send, send_signed

PATH = "/service/AWSMPMeteringService/operation/BatchMeterUsage"
CBOR = {
    "Smithy-Protocol": "rpc-v2-cbor",
    "Content-Type": "application/cbor",
    "Accept": "application/cbor",
}


def batch(**given):
    """A batch of one record that is accepted, as CBOR."""
    record = {
        "Timestamp": cbor2.CBORTag(1, NOW.timestamp()),
        "CustomerIdentifier": "moLenBank01",
        "Dimension": "users",
        "Quantity": 5,
    }
    members = {"ProductCode": "1poldertab2lytics3legacy4", "UsageRecords": [record | given]}
    return cbor2.dumps(members)


def send_cbor(server, body, path=PATH, headers=None, method="POST"):
    """Send a signed request and decode the reply, which must be CBOR."""
    reply = send_signed(server, body, headers=headers or CBOR, path=path, method=method)
    assert reply.headers["smithy-protocol"] == "rpc-v2-cbor"
    assert reply.headers["content-type"] == "application/cbor"
    return reply.status, cbor2.loads(reply.body)


def test_a_record_is_accepted(server):
    """A record over CBOR is accepted, and its timestamp echoed as a timestamp."""
    status, answer = send_cbor(server, batch())
    [result] = answer["Results"]
    assert (status, result["Status"], result["UsageRecord"]["Timestamp"]) == (200, "Success", NOW)


def test_both_protocols_share_the_ledger(server):
    """A record sent again over CBOR is the one that JSON sent."""
    _, first = send_cbor(server, batch())
    client = server.client()
    again = client.batch_meter_usage(
        ProductCode="1poldertab2lytics3legacy4",
        UsageRecords=[
            {
                "Timestamp": NOW,
                "CustomerIdentifier": "moLenBank01",
                "Dimension": "users",
                "Quantity": 5,
            }
        ],
    )
    ids = [answer["Results"][0]["MeteringRecordId"] for answer in (first, again)]
    assert ids[0] == ids[1]


def test_an_error_has_its_absolute_shape_id(shared_server):
    """A modelled error names its shape with the namespace of the model."""
    status, error = send_cbor(shared_server, batch(Dimension="x"))
    assert (status, error["__type"]) == (
        400,
        "com.amazonaws.marketplacemetering#InvalidUsageDimensionException",
    )


@pytest.mark.parametrize(
    "body",
    [
        b"\xff",
        b"\xa1",
        batch()[:-1],
        batch() + b"\x00",
        cbor2.dumps([]),
        batch(Timestamp=NOW.timestamp()),
        batch(Timestamp="2026-05-14T10:20:30Z"),
        batch(Timestamp=cbor2.CBORTag(1, float("nan"))),
        batch(Timestamp=cbor2.CBORTag(1, float("inf"))),
        batch(Timestamp=cbor2.CBORTag(0, "2026-05-14T10:20:30Z")),
        batch(Dimension=cbor2.CBORTag(1, 5)),
        batch(Quantity=5.0),
        b"\xa1\x6cUsageRecords" + b"\x81" * 100_000 + b"\x00",
        b"\xa1\x61\xff\x00",
    ],
    ids=map(str, range(14)),
)
def test_malformed_cbor_is_a_serialization_error(shared_server, body):
    """What is no CBOR of these types is a SerializationException, in CBOR."""
    status, error = send_cbor(shared_server, body)
    assert (status, error["__type"].partition("#")[2]) == (400, "SerializationException")


def test_an_unknown_operation(shared_server):
    """A path that names no operation is answered in CBOR."""
    status, error = send_cbor(shared_server, b"\xa0", path=PATH + "s")
    assert (status, error["__type"].partition("#")[2]) == (404, "UnknownOperationException")


def test_a_wrong_content_type(shared_server):
    """Another content type is answered in CBOR."""
    headers = CBOR | {"Content-Type": "application/json"}
    status, error = send_cbor(shared_server, b"{}", headers=headers)
    assert (status, error["__type"].partition("#")[2]) == (415, "UnsupportedMediaTypeException")


def test_two_protocols_at_once(shared_server):
    """A request with X-Amz-Target beside smithy-protocol is refused."""
    headers = CBOR | {"X-Amz-Target": "AWSMPMeteringService.BatchMeterUsage"}
    status, error = send_cbor(shared_server, batch(), headers=headers)
    assert (status, error["__type"].partition("#")[2]) == (400, "MalformedHttpRequestException")


def test_a_method_other_than_post(shared_server):
    """GET is answered in CBOR."""
    reply = send(shared_server, b"", headers=CBOR, path=PATH, method="GET")
    error = cbor2.loads(reply.body)
    assert (reply.status, error["__type"].partition("#")[2]) == (405, "MethodNotAllowedException")


def test_a_body_of_a_megabyte(shared_server):
    """A body that is too large is refused in CBOR."""
    status, error = send_cbor(shared_server, batch(Dimension="x" * 1_100_000))
    assert (status, error["__type"].partition("#")[2]) == (413, "RequestEntityTooLargeException")


def test_an_unsigned_request(shared_server):
    """A refused signature is answered in CBOR."""
    reply = send(shared_server, batch(), headers=CBOR, path=PATH)
    error = cbor2.loads(reply.body)
    assert error == {
        "__type": "com.amazon.coral.service#MissingAuthenticationTokenException",
        "message": "Missing Authentication Token",
    }
