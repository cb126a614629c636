"""Who signed a request: what independent signers sign is accepted, and no garbage gets further."""
# pyright: reportUnknownMemberType=false, reportPrivateUsage=false
# botocore has no type hints; one test counts what is remembered.

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC
from email.utils import parsedate_to_datetime

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from botocore.crt.auth import CrtSigV4AsymAuth
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rich.pretty import pretty_repr
from signed_requests import (
    ACCESS_KEY_ID,
    BODY,
    CREDENTIALS,
    HEADERS,
    NOW,
    SECRET_ACCESS_KEY,
    SERVICE,
    SESSION_TOKEN,
    TEMPORARY_KEY_ID,
    authenticate,
    refusal,
    signed,
    with_authorization,
    with_headers,
)

from waag.domain.instants import HOUR, MINUTE, from_datetime, parse_instant
from waag.exchange import Request
from waag.wire.authentication import Authenticator, Credentials, Signer
from waag.wire.signature_refusals import SignatureMismatch, SignatureRefused
from waag.wire.sigv4 import ALGORITHM, ASYMMETRIC_ALGORITHM, payload_hash

SIGNED = signed()
TEMPORARY = signed(access_key_id=TEMPORARY_KEY_ID, session_token=SESSION_TOKEN)
ASYMMETRIC = signed(algorithm=ASYMMETRIC_ALGORITHM)

BYTES = st.characters(max_codepoint=255)
FRAGMENTS = st.sampled_from(
    [
        "AWS4-HMAC-SHA256",
        "AWS4-ECDSA-P256-SHA256",
        "AWS4-",
        " ",
        ",",
        ", ",
        "=",
        "/",
        ";",
        "*",
        "Credential=",
        "SignedHeaders=",
        "Signature=",
        "AKIDEXAMPLE",
        "20260803",
        "eu-west-1",
        "aws-marketplace",
        "aws4_request",
        "host",
        "x-amz-date",
        "x-amz-region-set",
        "30",
        "ab",
        "20260803T101500Z",
        "Mon, 03 Aug 2026",
        "10:15:00",
        "GMT",
        "-0000",
        "+9999",
        "%",
        "%zz",
        "..",
        "X-Amz-Algorithm",
        "&",
    ]
)
GARBAGE = st.text(BYTES) | st.lists(FRAGMENTS).map("".join)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        pytest.param(
            signed(), Signer(ACCESS_KEY_ID, "eu-west-1", ALGORITHM), id="long-term access key"
        ),
        pytest.param(
            signed(access_key_id=TEMPORARY_KEY_ID, session_token=SESSION_TOKEN),
            Signer(TEMPORARY_KEY_ID, "eu-west-1", ALGORITHM),
            id="session token signed",
        ),
        pytest.param(
            signed(
                access_key_id=TEMPORARY_KEY_ID,
                session_token=SESSION_TOKEN,
                token_after_signing=True,
            ),
            Signer(TEMPORARY_KEY_ID, "eu-west-1", ALGORITHM),
            id="session token added after signing",
        ),
        pytest.param(
            signed(path="/a//b/../%20/", query="b=2&a=%7e&a=1"),
            Signer(ACCESS_KEY_ID, "eu-west-1", ALGORITHM),
            id="path and query that need canonical form",
        ),
        pytest.param(
            signed(headers={**HEADERS, "x-note": "a   b\tc"}),
            Signer(ACCESS_KEY_ID, "eu-west-1", ALGORITHM),
            id="header with a run of spaces",
        ),
        pytest.param(
            signed(headers={**HEADERS, "x-note": "caf\xe9 \u20ac"}),
            Signer(ACCESS_KEY_ID, "eu-west-1", ALGORITHM),
            id="header in UTF-8",
        ),
        pytest.param(
            signed(stated_hash=payload_hash(BODY)),
            Signer(ACCESS_KEY_ID, "eu-west-1", ALGORITHM),
            id="hash of the body stated",
        ),
        pytest.param(
            signed(method="GET", body=b""),
            Signer(ACCESS_KEY_ID, "eu-west-1", ALGORITHM),
            id="no body",
        ),
        pytest.param(
            signed(algorithm=ASYMMETRIC_ALGORITHM, region="*"),
            Signer(ACCESS_KEY_ID, "us-east-1", ASYMMETRIC_ALGORITHM),
            id="SigV4a for every region",
        ),
        pytest.param(
            signed(algorithm=ASYMMETRIC_ALGORITHM, region="us-*,eu-west-1"),
            Signer(ACCESS_KEY_ID, "eu-west-1", ASYMMETRIC_ALGORITHM),
            id="SigV4a for a set of regions",
        ),
        pytest.param(
            signed(
                algorithm=ASYMMETRIC_ALGORITHM,
                access_key_id=TEMPORARY_KEY_ID,
                session_token=SESSION_TOKEN,
            ),
            Signer(TEMPORARY_KEY_ID, "eu-west-1", ASYMMETRIC_ALGORITHM),
            id="SigV4a with a session token",
        ),
        pytest.param(
            with_headers(signed(), user_agent="a proxy's", amz_sdk_request="attempt=1"),
            Signer(ACCESS_KEY_ID, "eu-west-1", ALGORITHM),
            id="unsigned headers added",
        ),
    ],
)
def test_signed_request_is_accepted(request_: Request, expected: Signer):
    """What awscrt signs is accepted, and the signer told."""
    assert authenticate(request_) == expected


@pytest.mark.parametrize("session_token", [None, SESSION_TOKEN])
@pytest.mark.parametrize(
    ("signer", "region", "expected"),
    [
        pytest.param(SigV4Auth, "eu-west-1", "eu-west-1", id="SigV4 in Python"),
        pytest.param(CrtSigV4AsymAuth, "*", "us-east-1", id="SigV4a by awscrt"),
    ],
)
def test_request_signed_by_botocore_is_accepted(
    signer: type[SigV4Auth | CrtSigV4AsymAuth],
    region: str,
    expected: str,
    session_token: str | None,
):
    """What botocore signs is accepted, the way boto3 calls it with and without awscrt."""
    access_key_id = ACCESS_KEY_ID if session_token is None else TEMPORARY_KEY_ID
    credentials = BotocoreCredentials(access_key_id, SECRET_ACCESS_KEY, session_token)
    path = "/service/PartnerCentralRevenueMeasurement/operation/ListRevenueAttributions"
    sending = AWSRequest(
        "POST",
        f"http://localhost:8080{path}",
        {"Host": "localhost:8080", "smithy-protocol": "rpc-v2-cbor"},
        b"\xa0",
    )
    signer(credentials, "partnercentral", region).add_auth(sending)
    headers = {name.lower(): value for name, value in sending.headers.items()}
    received = Request("POST", path, "", headers, b"\xa0", "127.0.0.1")
    now = parse_instant(headers["x-amz-date"])
    proven = Authenticator(CREDENTIALS.get).authenticate(received, "partnercentral", (now,))
    assert (proven.access_key_id, proven.region) == (access_key_id, expected)


def test_date_header_dates_a_request():
    """A request without X-Amz-Date is dated by its signed Date header."""
    credentials = BotocoreCredentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY)
    sending = AWSRequest("POST", "http://localhost/", {**HEADERS, "Date": "to be replaced"}, BODY)
    SigV4Auth(credentials, SERVICE, "eu-west-1").add_auth(sending)
    headers = {name.lower(): value for name, value in sending.headers.items()}
    received = Request("POST", "/", "", headers, BODY, "127.0.0.1")
    now = from_datetime(parsedate_to_datetime(headers["date"]).replace(tzinfo=UTC))
    assert authenticate(received, now=(now,)).access_key_id == ACCESS_KEY_ID


@pytest.mark.parametrize(
    "now",
    [
        pytest.param((NOW + 5 * MINUTE,), id="5 minutes ago"),
        pytest.param((NOW + 5 * MINUTE + 999_999,), id="5 minutes and a fraction ago"),
        pytest.param((NOW - 5 * MINUTE,), id="5 minutes ahead"),
        pytest.param((NOW + 9000 * HOUR, NOW), id="the second of two clocks"),
    ],
)
def test_date_near_a_clock_is_accepted(now: tuple[int, ...]):
    """A date within five minutes of any one clock, to the second, is accepted."""
    assert authenticate(SIGNED, now=now).access_key_id == ACCESS_KEY_ID


@settings(max_examples=500, deadline=None)
@given(st.sampled_from([SIGNED, ASYMMETRIC]), st.integers(0, 999), BYTES)
def test_any_byte_of_the_authorization_header_counts(request_: Request, index: int, byte: str):
    """With any one byte of its Authorization header altered, a request is refused."""
    header = request_.headers["authorization"]
    index %= len(header)
    altered = header[:index] + byte + header[index + 1 :]
    assume(altered != header)
    assert refusal(with_headers(request_, authorization=altered)).message


@settings(max_examples=500, deadline=None)
@given(
    path=GARBAGE,
    query=GARBAGE,
    headers=st.dictionaries(
        st.sampled_from(
            [
                "authorization",
                "date",
                "host",
                "x-amz-content-sha256",
                "x-amz-date",
                "x-amz-region-set",
                "x-amz-security-token",
                "x-amz-target",
            ]
        ),
        GARBAGE,
    ),
    signed_=st.sampled_from([SIGNED, TEMPORARY, ASYMMETRIC]),
)
def test_garbage_is_refused(path: str, query: str, headers: dict[str, str], signed_: Request):
    """Whatever path, query and headers hold, the request is refused, and never an error."""
    sent = {**signed_.headers, "x-amz-target": "unsigned", **headers}
    request = Request("POST", path, query, sent, b"garbage", "127.0.0.1")
    assert refusal(request).message


@pytest.mark.parametrize("request_", [SIGNED, ASYMMETRIC], ids=["SigV4", "SigV4a"])
def test_changed_secret_counts_at_once(request_: Request):
    """What is remembered of the old secret access key does not outlive it."""
    credentials = {ACCESS_KEY_ID: Credentials(SECRET_ACCESS_KEY, None)}
    authenticator = Authenticator(credentials.get)
    authenticator.authenticate(request_, SERVICE, (NOW,))
    credentials[ACCESS_KEY_ID] = Credentials("another", None)
    with pytest.raises(SignatureMismatch):
        authenticator.authenticate(request_, SERVICE, (NOW,))


@pytest.mark.parametrize(
    ("request_", "again"),
    [
        pytest.param(SIGNED, SIGNED, id="same again"),
        pytest.param(
            with_authorization(SIGNED, "Signature=", "Signature=0, SignedHeaders=x, Signature="),
            SIGNED,
            id="after parameters repeated",
        ),
        pytest.param(
            with_headers(
                SIGNED, authorization=SIGNED.headers["authorization"] + ", SignedHeaders=x"
            ),
            SIGNED,
            id="after signed headers overridden",
        ),
        pytest.param(
            with_authorization(SIGNED, "Signature=", "Signature=0"), SIGNED, id="after a forgery"
        ),
    ],
)
def test_what_is_remembered_does_not_decide(request_: Request, again: Request):
    """A request is accepted whatever came before it."""
    authenticator = Authenticator(CREDENTIALS.get)
    with suppress(SignatureRefused):
        authenticator.authenticate(request_, SERVICE, (NOW,))
    assert authenticator.authenticate(again, SERVICE, (NOW,)).access_key_id == ACCESS_KEY_ID


def test_forgery_after_the_real_one_is_refused():
    """A header remembered does not let another signature pass."""
    authenticator = Authenticator(CREDENTIALS.get)
    authenticator.authenticate(SIGNED, SERVICE, (NOW,))
    with pytest.raises(SignatureMismatch):
        authenticator.authenticate(
            with_authorization(SIGNED, "Signature=", "Signature=0"), SERVICE, (NOW,)
        )


def test_what_is_remembered_is_bounded():
    """Headers of any number of access keys take a bounded place."""
    authenticator = Authenticator(CREDENTIALS.get)
    for number in range(3000):
        with pytest.raises(SignatureRefused):
            authenticator.authenticate(
                with_authorization(SIGNED, ACCESS_KEY_ID, f"AKIA{number}"), SERVICE, (NOW,)
            )
    assert len(authenticator._authorizations) <= 1024


def test_long_header_is_not_remembered():
    """A header that no SDK would send is verified, but takes no place."""
    authenticator = Authenticator(CREDENTIALS.get)
    headers = {f"x-note-{number}": "" for number in range(200)}
    authenticator.authenticate(signed(headers={**HEADERS, **headers}), SERVICE, (NOW,))
    assert authenticator._authorizations == {}


@pytest.mark.parametrize("render", [repr, str, pretty_repr])
@pytest.mark.parametrize("secret", [SECRET_ACCESS_KEY, SESSION_TOKEN])
def test_printed_credentials_show_no_secret(render: Callable[[object], str], secret: str):
    """Credentials print neither the secret access key nor the session token."""
    assert secret not in render(Credentials(SECRET_ACCESS_KEY, SESSION_TOKEN))


@pytest.mark.parametrize(
    "secret", [SECRET_ACCESS_KEY, SESSION_TOKEN, TEMPORARY.headers["authorization"][-64:]]
)
def test_explanation_shows_no_secret(secret: str):
    """Why a signature mismatches is told without secrets, nor the signature that would pass."""
    forged = with_authorization(TEMPORARY, "Signature=", "Signature=0")
    assert secret not in refusal(forged).why


def test_mismatch_is_explained():
    """Why a signature mismatches is told by the canonical request and the string to sign."""
    canonical = (
        "POST\n/\n\n"
        "content-type:application/x-amz-json-1.1\n"
        "host:metering.marketplace.us-east-1.amazonaws.com\n"
        "x-amz-date:20260803T101500Z\n"
        "x-amz-target:AWSMPMeteringService.MeterUsage\n\n"
        f"content-type;host;x-amz-date;x-amz-target\n{payload_hash(BODY)}"
    )
    assert refusal(signed(secret_access_key="another")).why == (
        "The signature is not that of access key 'AKIDEXAMPLE' over this request. "
        f"The canonical request should have been\n{canonical}\n"
        "and the string to sign\nAWS4-HMAC-SHA256\n20260803T101500Z\n"
        f"20260803/eu-west-1/aws-marketplace/aws4_request\n{payload_hash(canonical.encode())}"
    )
