"""Input that no SDK would let through, signed and sent as it is."""

import gzip
import json

import pytest
from market_now import NOW
from raw import JSON_1_1, send, send_signed

from waag.wire.generated.metering import BatchMeterUsageRequest
from waag.wire.routes import SERVICES

ANALYTICS = "1poldertab2lytics3legacy4"
SECONDS = NOW.timestamp()


def batch(*records, **members):
    """A batch as JSON bytes."""
    return json.dumps({"ProductCode": ANALYTICS, "UsageRecords": records} | members).encode()


def record(**given):
    """A record that is accepted; a member given as None is left out."""
    usual = {
        "Timestamp": SECONDS,
        "CustomerIdentifier": "moLenBank01",
        "Dimension": "users",
        "Quantity": 5,
    }
    return {name: value for name, value in (usual | given).items() if value is not None}


def with_text(old: str, new: str) -> bytes:
    """A batch of one record with some of its JSON text replaced."""
    text = batch(record()).decode()
    assert old in text
    return text.replace(old, new).encode()


ONE_ERROR = "1 validation error detected: "
DECIMAL_PATTERN = r"^(0|[1-9][0-9]{0,9})(\.[0-9]{1,6})?$"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            batch(*[record()] * 26),
            (
                "at 'usageRecords' failed to satisfy constraint: Member must have length less than "
                "or equal to 25"
            ),
        ),
        (
            batch(record(Quantity=2**31)),
            (
                "Value '2147483648' at 'usageRecords.1.member.quantity' failed to satisfy "
                "constraint: Member must have value less than or equal to 2147483647"
            ),
        ),
        (
            batch(record(Quantity=-1)),
            (
                "Value '-1' at 'usageRecords.1.member.quantity' failed to satisfy constraint: "
                "Member must have value greater than or equal to 0"
            ),
        ),
        (
            batch(record(Quantity=None, QuantityAsDecimal="1\n")),
            (
                "at 'usageRecords.1.member.quantityAsDecimal' failed to satisfy constraint: Member "
                f"must satisfy regular expression pattern: {DECIMAL_PATTERN}"
            ),
        ),
        (
            batch(record(Quantity=None, QuantityAsDecimal="017")),
            (
                "Value '017' at 'usageRecords.1.member.quantityAsDecimal' failed to satisfy "
                f"constraint: Member must satisfy regular expression pattern: {DECIMAL_PATTERN}"
            ),
        ),
        (
            batch(record(Quantity=None, QuantityAsDecimal="1e3")),
            (
                "Value '1e3' at 'usageRecords.1.member.quantityAsDecimal' failed to satisfy "
                f"constraint: Member must satisfy regular expression pattern: {DECIMAL_PATTERN}"
            ),
        ),
        (
            batch(record(Quantity=None, QuantityAsDecimal="5"), record(QuantityAsDecimal="5")),
            "UsageRecords[1] has both Quantity and QuantityAsDecimal; send one.",
        ),
        (
            batch(record(Dimension=None)),
            (
                "Value null at 'usageRecords.1.member.dimension' failed to satisfy constraint: "
                "Member must not be null"
            ),
        ),
        (
            batch(None),
            "Value null at 'usageRecords.1.member' failed to satisfy constraint: Member must not "
            "be null",
        ),
        (
            b"{}",
            "Value null at 'usageRecords' failed to satisfy constraint: Member must not be null",
        ),
        (
            b"",
            "Value null at 'usageRecords' failed to satisfy constraint: Member must not be null",
        ),
        (
            with_text('"UsageRecords": [', '"UsageRecords": null, "X": ['),
            "Value null at 'usageRecords' failed to satisfy constraint: Member must not be null",
        ),
        (
            batch(
                record(
                    UsageAllocations=[{"AllocatedUsageQuantity": 0}] * 2501,
                )
            ),
            (
                "at 'usageRecords.1.member.usageAllocations' failed to satisfy constraint: Member "
                "must have length less than or equal to 2500"
            ),
        ),
        (
            batch(record(LicenseArn="aws:license-manager:us-east-1:1:license:l-1")),
            (
                "Value 'aws:license-manager:us-east-1:1:license:l-1' at "
                "'usageRecords.1.member.licenseArn' failed to satisfy constraint"
            ),
        ),
    ],
)
def test_a_broken_constraint_is_a_validation_error(shared_server, body, message):
    """A constraint of the shapes that is broken is named as AWS names it."""
    reply = send_signed(shared_server, body)
    assert (reply.status, reply.code) == (400, "ValidationException")
    assert message in reply.json["message"]


def test_every_violation_is_named(shared_server):
    """All broken constraints of a request are in the one message."""
    reply = send_signed(
        shared_server, batch(record(Dimension="", Quantity=-1), record(Quantity=-2))
    )
    assert reply.json["message"].startswith("3 validation errors detected: ")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"text"',
        b"{} {}",
        batch(record())[:-1],
        with_text(str(SECONDS), '"2026-05-14T10:20:30Z"'),
        with_text(str(SECONDS), f'"{SECONDS}"'),
        with_text(str(SECONDS), "NaN"),
        with_text(str(SECONDS), "Infinity"),
        with_text(str(SECONDS), "true"),
        with_text(str(SECONDS), "[]"),
        with_text('"Quantity": 5', '"Quantity": "5"'),
        with_text('"Quantity": 5', '"Quantity": 5.5'),
        with_text('"users"', "1"),
        with_text('"users"', '"us\\ud800ers"'),
        batch(record()).replace(b"users", b"\xff\xfe"),
        batch(record(), Extra="skipped").replace(b"skipped", b"\xff"),
        batch("record"),
        b'{"UsageRecords":' + b"[" * 100_000,
        b'{"UsageRecords":' + b'{"a":' * 100_000,
        b'{"Unknown":' + b"[" * 100_000 + b"]" * 100_000 + b',"UsageRecords":[]}',
    ],
    ids=map(str, range(21)),
)
def test_what_is_no_json_of_these_types_is_a_serialization_error(shared_server, body):
    """Malformed JSON and values of a wrong type are a SerializationException."""
    reply = send_signed(shared_server, body)
    assert (reply.status, reply.code) == (400, "SerializationException")


@pytest.mark.parametrize(
    "timestamp", [-1, 0, 10**11, -(10**11), SECONDS * 1000, 1e12, 0.5], ids=str
)
def test_a_timestamp_far_off_is_out_of_bounds(shared_server, timestamp):
    """Any instant, also one that no calendar shows, is refused by the window's own error."""
    reply = send_signed(shared_server, batch(record(Timestamp=timestamp)))
    assert (reply.status, reply.code) == (400, "TimestampOutOfBoundsException")


@pytest.mark.parametrize("timestamp", [10**18, -(10**18), 1e300], ids=str)
def test_a_timestamp_beyond_reckoning_is_refused(shared_server, timestamp):
    """A number that names no instant within 292,000 years is a SerializationException."""
    reply = send_signed(shared_server, batch(record(Timestamp=timestamp)))
    assert (reply.status, reply.code) == (400, "SerializationException")


def test_an_empty_batch_is_answered_empty(shared_server):
    """No records is within the shape's bounds; nothing is recorded."""
    reply = send_signed(shared_server, batch())
    assert (reply.status, reply.body) == (200, b'{"Results":[],"UnprocessedRecords":[]}')


def accepted(server, body):
    """Whether the one record of a batch was accepted."""
    reply = send_signed(server, body)
    return reply.status == 200 and reply.json["Results"][0]["Status"] == "Success"


def test_unknown_members_are_ignored(server):
    """Members that the shapes do not have are skipped at every depth."""
    assert accepted(server, batch(record(Colour={"a": [1]}), Extra=[{}]))


def test_a_null_member_is_as_good_as_absent(server):
    """An optional member may be null."""
    assert accepted(server, with_text('"Quantity": 5', '"Quantity": 5, "LicenseArn": null'))


def test_no_quantity_is_zero(server):
    """A record without a quantity counts as zero, a valid heartbeat."""
    send_signed(server, batch(record(Quantity=None)))
    [read] = server.ask("GET", "/usage-records")["usage_records"]
    assert read["quantity"] == "0"


def test_the_last_of_duplicate_keys_counts(server):
    """Of two members with the same name the last one is read."""
    send_signed(server, with_text('"Quantity": 5', '"Quantity": 5, "Quantity": 7'))
    [read] = server.ask("GET", "/usage-records")["usage_records"]
    assert read["quantity"] == "7"


@pytest.mark.parametrize("timestamp", [int(SECONDS), SECONDS, 1778754029.5], ids=str)
def test_a_timestamp_is_echoed_as_the_number_it_was(server, timestamp):
    """Whole and fractional epoch seconds come back exactly as sent."""
    reply = send_signed(server, batch(record(Timestamp=timestamp)))
    echoed = reply.json["Results"][0]["UsageRecord"]["Timestamp"]
    assert repr(echoed) == repr(timestamp)


def test_a_body_of_a_megabyte_is_too_large(shared_server):
    """A request has to be smaller than 1 MB."""
    body = batch(record()).ljust(1024 * 1024)
    reply = send_signed(shared_server, body)
    assert (reply.status, reply.code) == (413, "RequestEntityTooLargeException")


def test_a_body_just_below_a_megabyte_is_read(server):
    """One byte less than 1 MB is accepted."""
    assert accepted(server, batch(record()).ljust(1024 * 1024 - 1))


def test_a_compressed_bomb_is_too_large(shared_server):
    """A gzip body counts as what it unpacks to."""
    bomb = gzip.compress(b" " * 50_000_000)
    reply = send_signed(shared_server, bomb, headers=JSON_1_1 | {"Content-Encoding": "gzip"})
    assert (reply.status, reply.code) == (413, "RequestEntityTooLargeException")


def test_an_unknown_operation(shared_server):
    """A target that no service has is an UnknownOperationException."""
    headers = JSON_1_1 | {"X-Amz-Target": "AWSMPMeteringService.Nothing"}
    reply = send_signed(shared_server, b"{}", headers=headers)
    assert (reply.status, reply.code) == (400, "UnknownOperationException")


def test_an_unknown_service(shared_server):
    """A target of an unknown service is an UnknownOperationException."""
    headers = JSON_1_1 | {"X-Amz-Target": "Nobody.BatchMeterUsage"}
    reply = send_signed(shared_server, b"{}", headers=headers)
    assert (reply.status, reply.code) == (400, "UnknownOperationException")


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "application/cbor"])
def test_a_wrong_content_type(shared_server, content_type):
    """Another content type is answered as the services answer it, in JSON."""
    headers = JSON_1_1 | {"Content-Type": content_type}
    reply = send_signed(shared_server, batch(record()), headers=headers)
    assert (reply.status, reply.code) == (404, "UnknownOperationException")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
def test_a_method_other_than_post(shared_server, method):
    """Every operation is a POST; the refusal is JSON, never a page."""
    reply = send(shared_server, b"", headers={}, method=method)
    assert (reply.status, reply.code) == (405, "MethodNotAllowedException")


def test_every_operation_of_the_models_is_served(shared_server):
    """One by every front, all others at the keeper's desk."""
    known = {each.input for service in SERVICES for each in service.operations.values()}
    assert known == {BatchMeterUsageRequest, *shared_server.keeper.desk}


def test_a_valid_request_by_json_1_0(server):
    """Every service is served on every protocol; in 1.0 error ids are absolute."""
    headers = JSON_1_1 | {"Content-Type": "application/x-amz-json-1.0"}
    reply = send_signed(server, batch(record()), headers=headers)
    assert (reply.status, reply.headers["content-type"]) == (200, "application/x-amz-json-1.0")
