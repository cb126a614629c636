"""Signatures as real clients make them, with and without the CRT, and requests altered after."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from market_now import NOW
from raw import JSON_1_1, send, send_signed

from server import MOLEN, POLDER, live_server
from waag.config import Choices, Settings
from waag.wire.faults import WireChoices

BODY = (
    '{"ProductCode":"1poldertab2lytics3legacy4","UsageRecords":[{"Timestamp":'
    f'{NOW.timestamp()},"CustomerIdentifier":"moLenBank01","Dimension":"users","Quantity":5}}]}}'
).encode()

# Prints the status of one record sent by a boto3 that signs as the arguments say.
CLIENT = """
import sys
endpoint, crt, scheme, access_key, secret = sys.argv[1:]
if crt == "without":
    sys.modules["awscrt"] = None  # as where botocore[crt] was not installed
import boto3, botocore.compat, botocore.config
assert botocore.compat.HAS_CRT is (crt == "with")
config = botocore.config.Config(retries={"total_max_attempts": 1})
if scheme:
    config = config.merge(botocore.config.Config(auth_scheme_preference=scheme))
client = boto3.client(
    "meteringmarketplace", region_name="us-east-1", endpoint_url=endpoint,
    aws_access_key_id=access_key, aws_secret_access_key=secret, config=config,
)
seen = []
client.meta.events.register(
    "before-send", lambda request, **_: seen.append(request.headers["Authorization"].decode()[:20])
)
answer = client.batch_meter_usage(
    ProductCode="1poldertab2lytics3legacy4",
    UsageRecords=[{"Timestamp": "2026-05-14T10:00:00Z", "CustomerIdentifier": "moLenBank01",
                   "Dimension": "users", "Quantity": 5}],
)
print(answer["Results"][0]["Status"], seen[0].split()[0])
"""


@pytest.mark.parametrize("crt", ["with", "without"])
def test_boto3_with_and_without_crt(server, crt):
    """A record is accepted whichever code signs it."""
    sent = subprocess.run(
        [sys.executable, "-c", CLIENT, server.endpoint, crt, "", *POLDER],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert sent.stdout.split() == ["Success", "AWS4-HMAC-SHA256"]


def test_boto3_signing_with_sigv4a(server):
    """A record signed with SigV4a, for any Region, is accepted."""
    client = server.client(signature_version="v4a")
    answer = client.batch_meter_usage(
        ProductCode="1poldertab2lytics3legacy4",
        UsageRecords=[
            {"Timestamp": NOW, "CustomerIdentifier": "moLenBank01", "Dimension": "users"}
        ],
    )
    assert answer["Results"][0]["Status"] == "Success"


@pytest.mark.parametrize("scheme", ["sigv4a", "sigv4"])
def test_revenue_measurement_passes_the_signature(shared_server, scheme):
    """Over CBOR either scheme is verified."""
    client = shared_server.client(
        service="partnercentral-revenue-measurement", auth_scheme_preference=scheme
    )
    assert client.list_revenue_attributions(Catalog="AWS")["RevenueAttributionSummaries"] == []


@pytest.mark.parametrize("scheme", ["sigv4a", "sigv4"])
def test_revenue_measurement_with_a_wrong_secret(shared_server, scheme):
    """Over CBOR either scheme refuses a signature by another secret, legibly for boto3."""
    client = shared_server.client(
        (POLDER[0], "another-secret"),
        service="partnercentral-revenue-measurement",
        auth_scheme_preference=scheme,
    )
    with pytest.raises(ClientError) as refused:
        client.list_revenue_attributions(Catalog="AWS")
    assert refused.value.response["Error"]["Code"] == "InvalidSignatureException"


def signed(server, credentials=POLDER, service="aws-marketplace", dated=None):
    """The headers of a valid request, as boto3 signs it."""
    request = AWSRequest("POST", server.endpoint + "/", dict(JSON_1_1), BODY)
    auth = SigV4Auth(Credentials(*credentials), service, "us-east-1")
    auth.add_auth(request)
    if dated is not None:
        request.context["timestamp"] = dated.strftime("%Y%m%dT%H%M%SZ")
        del request.headers["Authorization"]
        request.headers.replace_header("X-Amz-Date", request.context["timestamp"])
        signature = auth.signature(
            auth.string_to_sign(request, auth.canonical_request(request)), request
        )
        auth._inject_signature_to_request(request, signature)
    return dict(request.headers)


MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your "
    "AWS Secret Access Key and signing method. Consult the service documentation for details."
)


def refused_as(reply):
    """Status, code and message of a refusal."""
    return reply.status, reply.code, reply.json["message"]


def test_a_signed_request_passes(server):
    """The request that the tests below alter is accepted unaltered."""
    assert send(server, BODY, headers=signed(server)).status == 200


def test_an_altered_body(shared_server):
    """One byte of the body changed after signing."""
    reply = send(shared_server, BODY.replace(b":5", b":6"), headers=signed(shared_server))
    assert refused_as(reply) == (400, "InvalidSignatureException", MISMATCH)


def test_an_altered_header(shared_server):
    """A signed header changed after signing."""
    headers = signed(shared_server) | {"Content-Type": "application/x-amz-json-1.0"}
    reply = send(shared_server, BODY, headers=headers)
    assert reply.json["__type"] == "com.amazon.coral.service#InvalidSignatureException"


def test_an_altered_query(shared_server):
    """A query added after signing."""
    reply = send(shared_server, BODY, headers=signed(shared_server), path="/?a=b")
    assert refused_as(reply) == (400, "InvalidSignatureException", MISMATCH)


def test_an_altered_path(shared_server):
    """The path changed after signing."""
    reply = send(shared_server, BODY, headers=signed(shared_server), path="/x")
    assert refused_as(reply) == (400, "InvalidSignatureException", MISMATCH)


def test_a_wrong_secret(shared_server):
    """Signed with another secret access key."""
    headers = signed(shared_server, (POLDER[0], "another-secret"))
    reply = send(shared_server, BODY, headers=headers)
    assert refused_as(reply) == (400, "InvalidSignatureException", MISMATCH)


def test_an_unknown_key(shared_server):
    """Signed with an access key that nobody has."""
    headers = signed(shared_server, ("AKIANOBODYNOBODY0001", "secret"))
    reply = send(shared_server, BODY, headers=headers)
    assert refused_as(reply) == (
        400,
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
    )


def test_a_missing_session_token(shared_server):
    """A role session's key without its token."""
    reply = send(shared_server, BODY, headers=signed(shared_server, MOLEN[:2]))
    assert (reply.status, reply.code) == (400, "UnrecognizedClientException")


def test_the_service_in_the_scope(shared_server):
    """Signed for another service: AWS's sentence, with its space at the end."""
    reply = send(shared_server, BODY, headers=signed(shared_server, service="s3"))
    assert refused_as(reply) == (
        400,
        "InvalidSignatureException",
        "Credential should be scoped to correct service: 'aws-marketplace'. ",
    )


def test_an_unsigned_request(shared_server):
    """No Authorization header at all."""
    reply = send(shared_server, BODY, headers=JSON_1_1)
    assert refused_as(reply) == (
        400,
        "MissingAuthenticationTokenException",
        "Missing Authentication Token",
    )


@pytest.mark.parametrize(
    ("minutes", "message"), [(-6, "Signature expired: "), (6, "Signature not yet current: ")]
)
def test_a_date_too_far_from_both_clocks(shared_server, minutes, message):
    """Neither the machine's time nor the turned clock is within five minutes of the date."""
    dated = datetime.fromtimestamp(shared_server.keeper.clock.real() / 1e6, UTC)
    headers = signed(shared_server, dated=dated + timedelta(minutes=minutes))
    reply = send(shared_server, BODY, headers=headers)
    assert reply.code == "InvalidSignatureException"
    assert reply.json["message"].startswith(message)


def test_a_date_by_the_turned_clock(server):
    """A client whose clock was corrected by the Date of replies signs by the turned clock."""
    headers = signed(server, dated=NOW + timedelta(minutes=4))
    assert send(server, BODY, headers=headers).status == 200


def test_what_was_signed_is_explained(shared_server):
    """The operator sees the canonical request that should have been signed, never a secret."""
    send_signed(shared_server, BODY, credentials=(POLDER[0], "another-secret"))
    call = shared_server.latest_call()
    assert call["rule"] == "signature.mismatch"
    assert "POST\n/\n\ncontent-type:application/x-amz-json-1.1\n" in call["why"]
    assert POLDER[1] not in call["why"]


def test_authentication_status_is_a_choice(tmp_path):
    """With authentication-status=403 a refused signature is a 403."""
    settings = Settings(
        data=tmp_path / "data", choices=Choices(wire=WireChoices(authentication_status=403))
    )
    with live_server(settings) as server:
        reply = send(server, BODY, headers=JSON_1_1)
    assert (reply.status, reply.code) == (403, "MissingAuthenticationTokenException")
