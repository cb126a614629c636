"""MeterUsage and RegisterUsage: input that no SDK would let through; other protocols."""

import json

import cbor2
import pytest
from market_now import NOW
from raw import JSON_1_1, send_signed
from workload_market import AGENT, HARBOR, SCANNER, TASK, market

from server import MOLEN, MOLEN_TASK

SECONDS = NOW.timestamp()
CBOR = {
    "Smithy-Protocol": "rpc-v2-cbor",
    "Content-Type": "application/cbor",
    "Accept": "application/cbor",
}


def send(server, operation, members, who=MOLEN):
    """Send JSON members as they are."""
    headers = JSON_1_1 | {"X-Amz-Target": f"AWSMPMeteringService.{operation}"}
    return send_signed(server, json.dumps(members).encode(), headers=headers, credentials=who)


def usage(**given):
    """A report that is accepted; a member given as None is left out."""
    usual = {"ProductCode": SCANNER, "Timestamp": SECONDS, "UsageDimension": "hosts"}
    return {name: value for name, value in (usual | given).items() if value is not None}


ONE = "1 validation error detected: "


@pytest.mark.parametrize(
    ("operation", "members", "message"),
    [
        (
            "MeterUsage",
            usage(Timestamp=None),
            "Value null at 'timestamp' failed to satisfy constraint: Member must not be null",
        ),
        (
            "MeterUsage",
            usage(UsageDimension=""),
            "at 'usageDimension' failed to satisfy constraint: Member must have length greater "
            "than or equal to 1",
        ),
        (
            "MeterUsage",
            usage(UsageQuantity=-1),
            "at 'usageQuantity' failed to satisfy constraint: Member must have value greater than "
            "or equal to 0",
        ),
        (
            "MeterUsage",
            usage(UsageAllocations=[]),
            "at 'usageAllocations' failed to satisfy constraint: Member must have length greater "
            "than or equal to 1",
        ),
        (
            "MeterUsage",
            usage(ClientToken=""),
            "at 'clientToken' failed to satisfy constraint: Member must have length greater than "
            "or equal to 1",
        ),
        (
            "RegisterUsage",
            {"ProductCode": HARBOR, "PublicKeyVersion": 0},
            "at 'publicKeyVersion' failed to satisfy constraint: Member must have value greater "
            "than or equal to 1",
        ),
        (
            "RegisterUsage",
            {"ProductCode": HARBOR},
            "Value null at 'publicKeyVersion' failed to satisfy constraint: Member must not be "
            "null",
        ),
        (
            "RegisterUsage",
            {"ProductCode": HARBOR, "PublicKeyVersion": 1, "Nonce": "n" * 256},
            "at 'nonce' failed to satisfy constraint: Member must have length less than or equal "
            "to 255",
        ),
    ],
)
def test_a_broken_constraint_is_a_validation_error(shared_server, operation, members, message):
    """It is named as AWS names it."""
    reply = send(shared_server, operation, members)
    assert (reply.status, reply.code) == (400, "ValidationException")
    assert reply.json["message"].startswith(ONE)
    assert message in reply.json["message"]


@pytest.mark.parametrize(
    "members",
    [
        usage(Timestamp="2026-05-14T10:20:30Z"),
        usage(UsageQuantity=1.5),
        usage(UsageQuantity=True),
        usage(DryRun="true"),
        usage(UsageQuantityAsDecimal=5),
    ],
    ids=["text as a time", "fraction", "boolean", "text as a boolean", "number"],
)
def test_a_value_of_another_type_is_a_serialization_error(shared_server, members):
    """Before anything is judged."""
    reply = send(shared_server, "MeterUsage", members)
    assert (reply.status, reply.code) == (400, "SerializationException")


@pytest.mark.parametrize("timestamp", [-1, 0, 10**11, -(10**11), SECONDS * 1000, 0.5], ids=str)
def test_a_timestamp_far_off_is_out_of_bounds(shared_server, timestamp):
    """Also an instant that no calendar shows."""
    reply = send(shared_server, "MeterUsage", usage(Timestamp=timestamp))
    assert (reply.status, reply.code) == (400, "TimestampOutOfBoundsException")


def test_old_clients_send_no_token(server):
    """By the hour's rule alone the same again is the same record."""
    replies = [send(server, "MeterUsage", usage(DryRun=False, UsageQuantity=5)) for _ in range(2)]
    assert [(each.status, each.json) for each in replies] == [(200, replies[0].json)] * 2


def test_agentcore_has_to_send_a_token(server):
    """SDKs do so by themselves; older ones do not."""
    server.ask("PUT", "/market", market())
    members = usage(ProductCode=HARBOR, UsageDimension="scans")
    reply = send(server, "MeterUsage", members, AGENT.credentials)
    assert (reply.status, reply.code) == (400, "ValidationException")
    assert "ClientToken is required" in reply.json["message"]


def test_a_reply_has_no_members_but_the_modelled(server):
    """MeterUsage answers the id alone, RegisterUsage the signature alone."""
    metered = send(server, "MeterUsage", usage())
    registered = send(
        server, "RegisterUsage", {"ProductCode": HARBOR, "PublicKeyVersion": 1}, MOLEN_TASK
    )
    assert [list(each.json) for each in (metered, registered)] == [
        ["MeteringRecordId"],
        ["Signature"],
    ]


def send_cbor(server, operation, members, who):
    """Send members as CBOR; status and decoded reply."""
    path = f"/service/AWSMPMeteringService/operation/{operation}"
    reply = send_signed(server, cbor2.dumps(members), headers=CBOR, path=path, credentials=who)
    return reply.status, cbor2.loads(reply.body)


def test_usage_over_cbor_is_the_same_record(server):
    """Both protocols share the ledger."""
    first = send(server, "MeterUsage", usage(UsageQuantity=5)).json
    members = usage(Timestamp=cbor2.CBORTag(1, SECONDS), UsageQuantity=5)
    assert send_cbor(server, "MeterUsage", members, MOLEN) == (200, first)


def test_a_dry_run_over_cbor(server):
    """An error that no service models has a namespace of its own."""
    members = usage(Timestamp=cbor2.CBORTag(1, SECONDS), DryRun=True)
    assert send_cbor(server, "MeterUsage", members, MOLEN) == (
        400,
        {
            "__type": "com.amazon.coral.service#DryRunOperation",
            "message": "Request would have succeeded, but DryRun flag is set.",
        },
    )


def test_a_rotation_timestamp_over_cbor_is_a_timestamp(server):
    """Tag 1, as CBOR writes times."""
    server.ask("PUT", "/market", market())
    server.ask("POST", f"/products/{HARBOR}/public-keys")
    members = {"ProductCode": HARBOR, "PublicKeyVersion": 1}
    _, answer = send_cbor(server, "RegisterUsage", members, TASK.credentials)
    assert answer["PublicKeyRotationTimestamp"] == NOW
