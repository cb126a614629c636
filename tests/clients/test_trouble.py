"""What goes wrong on our side or on the way: answered in protocol, or not at all."""

import json
import os
import socket
from urllib.parse import urlsplit

import cbor2
import pytest
from market_now import NOW
from raw import send_signed

from server import live_server
from waag.config import Settings

RECORD = {
    "Timestamp": NOW.timestamp(),
    "CustomerIdentifier": "moLenBank01",
    "Dimension": "users",
    "Quantity": 5,
}
TWO_RECORDS = {"ProductCode": "1poldertab2lytics3legacy4", "UsageRecords": [RECORD, RECORD]}
PATH = "/service/AWSMPMeteringService/operation/BatchMeterUsage"
CBOR = {"Smithy-Protocol": "rpc-v2-cbor", "Content-Type": "application/cbor"}


class GivingOut:
    """Randomness that gives out, once armed, just when two record ids are wanted."""

    armed = False

    def __call__(self, count: int) -> bytes:
        """So many random bytes, or none."""
        if self.armed and count == 32:
            raise OSError("no more randomness")
        return os.urandom(count)


@pytest.fixture
def failing_server(tmp_path):
    """A server that fails unexpectedly on a batch of two records."""
    randomness = GivingOut()
    with live_server(Settings(data=tmp_path / "data"), random_bytes=randomness) as running:
        running.ask("PUT", "/clock", {"mode": "frozen", "now": NOW.isoformat()})
        randomness.armed = True
        yield running


def test_an_unexpected_failure_in_json(failing_server):
    """A failure of Waag's is the service's modelled fault, without a word of its inside."""
    reply = send_signed(failing_server, json.dumps(TWO_RECORDS).encode())
    assert (reply.status, reply.json) == (
        500,
        {
            "__type": "InternalServiceErrorException",
            "message": "An internal error has occurred. Retry your request.",
        },
    )


def test_an_unexpected_failure_in_cbor(failing_server):
    """The same in the caller's own protocol."""
    timestamp = cbor2.CBORTag(1, NOW.timestamp())
    records = [RECORD | {"Timestamp": timestamp}] * 2
    body = cbor2.dumps(TWO_RECORDS | {"UsageRecords": records})
    reply = send_signed(failing_server, body, headers=CBOR, path=PATH)
    assert (reply.status, cbor2.loads(reply.body)["__type"]) == (
        500,
        "com.amazonaws.marketplacemetering#InternalServiceErrorException",
    )


def test_after_a_failure_the_server_goes_on(failing_server):
    """The next call is served as if nothing had happened."""
    send_signed(failing_server, json.dumps(TWO_RECORDS).encode())
    one = json.dumps(TWO_RECORDS | {"UsageRecords": [RECORD]}).encode()
    assert send_signed(failing_server, one).json["Results"][0]["Status"] == "Success"


def test_a_caller_that_goes_away_in_the_middle(server):
    """Half a body and then nothing: nothing is recorded, and the server goes on."""
    address = urlsplit(server.endpoint)
    with socket.create_connection((address.hostname, address.port)) as caller:
        caller.sendall(
            b"POST / HTTP/1.1\r\nHost: waag\r\nContent-Type: application/x-amz-json-1.1\r\n"
            b"X-Amz-Target: AWSMPMeteringService.BatchMeterUsage\r\nContent-Length: 1000\r\n\r\n{"
        )
        caller.shutdown(socket.SHUT_WR)
        assert caller.recv(1) == b""
    assert server.ask("GET", "/calls")["calls"] == []


def test_a_body_that_never_ends(server):
    """A caller that sends on and on is refused and cut off; its bytes are not kept."""
    address = urlsplit(server.endpoint)
    with socket.create_connection((address.hostname, address.port), timeout=30) as caller:
        caller.sendall(
            b"POST / HTTP/1.1\r\nHost: waag\r\nContent-Type: application/x-amz-json-1.1\r\n"
            b"X-Amz-Target: AWSMPMeteringService.BatchMeterUsage\r\n"
            b"Content-Length: 100000000\r\n\r\n"
        )
        for _ in range(9):
            caller.sendall(b" " * 1024 * 1024)
        reply = caller.recv(65536)
    assert reply.startswith(b"HTTP/1.1 413")
    assert b"RequestEntityTooLargeException" in reply
