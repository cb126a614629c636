"""Requests signed by awscrt, and ways to alter them, for the tests of authentication."""
# pyright: reportUnknownMemberType=false, reportUnknownLambdaType=false
# awscrt has no type hints.

import io
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec
import pytest
from awscrt import auth, http

from waag.domain.instants import parse_instant
from waag.exchange import Request
from waag.wire.authentication import Authenticator, Credentials, Signer
from waag.wire.signature_refusals import SignatureRefused
from waag.wire.sigv4 import ALGORITHM, ASYMMETRIC_ALGORITHM

ACCESS_KEY_ID = "AKIDEXAMPLE"
TEMPORARY_KEY_ID = "ASIAEXAMPLE"
SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SESSION_TOKEN = "AQoDYXdzEPT//////////wEXAMPLE=="
SERVICE = "aws-marketplace"
BODY = b'{"ProductCode":"4w1vgsrkqdkypbz43g7qkk4uz"}'
SIGNED_AT = datetime(2026, 8, 3, 10, 15, tzinfo=UTC)
NOW = parse_instant("2026-08-03T10:15:00Z")
HEADERS = {
    "host": "metering.marketplace.us-east-1.amazonaws.com",
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": "AWSMPMeteringService.MeterUsage",
}
CREDENTIALS = {
    ACCESS_KEY_ID: Credentials(SECRET_ACCESS_KEY, None),
    TEMPORARY_KEY_ID: Credentials(SECRET_ACCESS_KEY, SESSION_TOKEN),
}
SIGNERS = {
    ALGORITHM: auth.AwsSigningAlgorithm.V4,
    ASYMMETRIC_ALGORITHM: auth.AwsSigningAlgorithm.V4_ASYMMETRIC,
}


def signed(
    *,
    algorithm: str = ALGORITHM,
    method: str = "POST",
    path: str = "/",
    query: str = "",
    headers: Mapping[str, str] = HEADERS,
    body: bytes = BODY,
    access_key_id: str = ACCESS_KEY_ID,
    secret_access_key: str = SECRET_ACCESS_KEY,
    session_token: str | None = None,
    token_after_signing: bool = False,
    service: str = SERVICE,
    region: str = "eu-west-1",
    unsigned: tuple[str, ...] = (),
    stated_hash: str | None = None,
) -> Request:
    """A request that awscrt signed at SIGNED_AT, as the server hands it on.

    With a `stated_hash`, the header x-amz-content-sha256 holds it, and it is what is signed.
    """
    request = http.HttpRequest(
        method,
        f"{path}?{query}" if query else path,
        http.HttpHeaders(list(headers.items())),
        io.BytesIO(body),
    )
    config = auth.AwsSigningConfig(
        algorithm=SIGNERS[algorithm],
        signature_type=auth.AwsSignatureType.HTTP_REQUEST_HEADERS,
        credentials_provider=auth.AwsCredentialsProvider.new_static(
            access_key_id, secret_access_key, session_token
        ),
        region=region,
        service=service,
        date=SIGNED_AT,
        should_sign_header=lambda name: name.lower() not in unsigned,
        omit_session_token=token_after_signing,
        signed_body_value=stated_hash,
        signed_body_header_type=(
            auth.AwsSignedBodyHeaderType.NONE
            if stated_hash is None
            else auth.AwsSignedBodyHeaderType.X_AMZ_CONTENT_SHA_256
        ),
    )
    auth.aws_sign_request(request, config).result()
    # What awscrt writes in UTF-8, a server reads byte by byte.
    received = {name.lower(): value.encode().decode("latin-1") for name, value in request.headers}
    return Request(method, path, query, received, body, "127.0.0.1")


def with_headers(request: Request, **changes: str | None) -> Request:
    """The request with headers set, or left out where None; an underscore stands for a hyphen."""
    headers = dict(request.headers)
    for name, value in changes.items():
        headers.pop(name.replace("_", "-"), None)
        if value is not None:
            headers[name.replace("_", "-")] = value
    return msgspec.structs.replace(request, headers=headers)


def with_authorization(request: Request, old: str, new: str) -> Request:
    """The request with a part of its Authorization header replaced."""
    header = request.headers["authorization"]
    assert old in header
    return with_headers(request, authorization=header.replace(old, new))


def authenticate(request: Request, *, now: tuple[int, ...] = (NOW,)) -> Signer:
    """Authenticate against the two access keys of these tests."""
    return Authenticator(CREDENTIALS.get).authenticate(request, SERVICE, now)


def refusal(request: Request, *, now: tuple[int, ...] = (NOW,)) -> SignatureRefused:
    """The refusal of a request that has to be refused."""
    with pytest.raises(SignatureRefused) as refused:
        authenticate(request, now=now)
    return refused.value
