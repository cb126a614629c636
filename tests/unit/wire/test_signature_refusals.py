"""Every way to be refused, with the exact message AWS's callers see."""

import msgspec
import pytest
from signed_requests import (
    ACCESS_KEY_ID,
    BODY,
    NOW,
    SESSION_TOKEN,
    TEMPORARY_KEY_ID,
    refusal,
    signed,
    with_authorization,
    with_headers,
)

from waag.domain.instants import HOUR, MINUTE, SECOND
from waag.exchange import Request
from waag.wire.signature_refusals import (
    AccessKeyUnknown,
    AlgorithmUnsupported,
    AuthenticationTokenMissing,
    CredentialMisscoped,
    HeaderUnsigned,
    PayloadMismatch,
    SessionTokenInvalid,
    SignatureDuplicated,
    SignatureExpired,
    SignatureIncomplete,
    SignatureMismatch,
    SignatureNotYetCurrent,
    SignatureRefused,
)
from waag.wire.sigv4 import ASYMMETRIC_ALGORITHM, payload_hash

INVALID_TOKEN = "The security token included in the request is invalid."
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method. "
    "Consult the service documentation for details."
)
MISSING = "Authorization header requires '{}' parameter. "
DATE_MISSING = (
    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
)
MUST_BE_SIGNED = "{} must be a 'SignedHeader' in the AWS Authorization."

SIGNED = signed()
ASYMMETRIC = signed(algorithm=ASYMMETRIC_ALGORITHM)
HEADER = SIGNED.headers["authorization"]


@pytest.mark.parametrize(
    ("refused", "rule", "code"),
    [
        (AuthenticationTokenMissing, "missing", "MissingAuthenticationTokenException"),
        (SignatureIncomplete, "incomplete", "IncompleteSignatureException"),
        (AlgorithmUnsupported, "algorithm", "IncompleteSignatureException"),
        (SignatureDuplicated, "duplicated", "InvalidSignatureException"),
        (SignatureExpired, "expired", "InvalidSignatureException"),
        (SignatureNotYetCurrent, "early", "InvalidSignatureException"),
        (HeaderUnsigned, "headers", "InvalidSignatureException"),
        (CredentialMisscoped, "scope", "InvalidSignatureException"),
        (PayloadMismatch, "payload", "InvalidSignatureException"),
        (SignatureMismatch, "mismatch", "InvalidSignatureException"),
        (AccessKeyUnknown, "key", "UnrecognizedClientException"),
        (SessionTokenInvalid, "session", "UnrecognizedClientException"),
    ],
)
def test_rule_and_code(refused: type[SignatureRefused], rule: str, code: str):
    """Each refusal has its rule and AWS's error code."""
    assert (refused.rule, refused.code) == (f"signature.{rule}", code)


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        pytest.param(with_headers(SIGNED, authorization=None), "no Authorization", id="none"),
        pytest.param(with_headers(SIGNED, authorization=""), "the scheme ''", id="empty"),
        pytest.param(with_headers(SIGNED, authorization="Bearer a"), "'Bearer'", id="bearer"),
        pytest.param(
            with_headers(
                msgspec.structs.replace(SIGNED, query="a=b&X%2DAmz-Algorithm=AWS4-HMAC-SHA256"),
                authorization=None,
            ),
            "does not take presigned requests",
            id="presigned",
        ),
    ],
)
def test_unsigned_request_is_refused(request_: Request, why: str):
    """A request without a header of Signature Version 4 is refused, and why is told."""
    refused = refusal(request_)
    assert type(refused) is AuthenticationTokenMissing
    assert refused.message == "Missing Authentication Token"
    assert why in refused.why


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        pytest.param(
            with_headers(SIGNED, x_amz_date=None),
            f"{DATE_MISSING}Authorization={HEADER}",
            id="date",
        ),
        pytest.param(
            with_headers(SIGNED, x_amz_date=None, authorization="AWS4-HMAC-SHA256 a=b"),
            f"{MISSING.format('Credential')}{MISSING.format('Signature')}"
            f"{MISSING.format('SignedHeaders')}{DATE_MISSING}Authorization=AWS4-HMAC-SHA256 a=b",
            id="everything",
        ),
        pytest.param(
            with_headers(SIGNED, x_amz_date="2026-08-03"),
            "Date must be in ISO-8601 'basic format'. Got '2026-08-03'. "
            "See http://en.wikipedia.org/wiki/ISO_8601",
            id="date malformed",
        ),
    ],
)
def test_incomplete_signature_is_refused(request_: Request, message: str):
    """A missing part is refused with AWS's text, which names every missing part."""
    refused = refusal(request_)
    assert (type(refused), refused.message) == (SignatureIncomplete, message)


def test_unsupported_algorithm_is_refused():
    """An algorithm of another name is refused with AWS's text."""
    refused = refusal(with_authorization(SIGNED, "HMAC-SHA256", "HMAC-SHA512"))
    assert (type(refused), refused.message) == (
        AlgorithmUnsupported,
        "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512'.",
    )


def test_two_signatures_are_refused():
    """A signature in the query next to the header is refused with AWS's text."""
    refused = refusal(msgspec.structs.replace(SIGNED, query="X-Amz-Algorithm=AWS4-HMAC-SHA256"))
    assert (type(refused), refused.message) == (
        SignatureDuplicated,
        "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    )


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(signed(secret_access_key="another"), id="secret"),
        pytest.param(
            signed(algorithm=ASYMMETRIC_ALGORITHM, secret_access_key="another"), id="SigV4a secret"
        ),
        pytest.param(with_headers(SIGNED, x_amz_target="AWSMPMeteringService.X"), id="header"),
        pytest.param(with_headers(SIGNED, content_type=None), id="signed header removed"),
        pytest.param(with_headers(SIGNED, x_amz_date="20260803T101501Z"), id="date"),
        pytest.param(with_authorization(SIGNED, "eu-west-1", "us-east-1"), id="region"),
        pytest.param(with_headers(ASYMMETRIC, x_amz_region_set="*"), id="region set"),
        pytest.param(with_authorization(SIGNED, "Signature=", "Signature=\xb2"), id="not ASCII"),
        pytest.param(msgspec.structs.replace(SIGNED, body=BODY + b" "), id="body"),
        pytest.param(msgspec.structs.replace(ASYMMETRIC, body=b""), id="SigV4a body"),
        pytest.param(msgspec.structs.replace(SIGNED, path="/a"), id="path"),
        pytest.param(msgspec.structs.replace(SIGNED, query="a=1"), id="query"),
        pytest.param(msgspec.structs.replace(SIGNED, method="GET"), id="method"),
    ],
)
def test_altered_request_is_refused(request_: Request):
    """A signature over anything else than the bytes received is refused with AWS's text."""
    refused = refusal(request_)
    assert (type(refused), refused.message) == (SignatureMismatch, MISMATCH)


@pytest.mark.parametrize(
    "stated",
    ["UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", payload_hash(b"")],
)
def test_stated_hash_of_another_body_is_refused(stated: str):
    """A header x-amz-content-sha256 that is not the hash of the body is refused."""
    refused = refusal(signed(stated_hash=stated))
    assert (type(refused), refused.message) == (PayloadMismatch, MISMATCH)


@pytest.mark.parametrize(
    ("now", "message"),
    [
        pytest.param(
            NOW + 35 * MINUTE,
            "Signature expired: 20260803T101500Z is now earlier than 20260803T104500Z "
            "(20260803T105000Z - 5 min.)",
            id="35 minutes ago",
        ),
        pytest.param(
            NOW + 5 * MINUTE + SECOND,
            "Signature expired: 20260803T101500Z is now earlier than 20260803T101501Z "
            "(20260803T102001Z - 5 min.)",
            id="5 minutes and a second ago",
        ),
        pytest.param(
            NOW - 5 * MINUTE - SECOND,
            "Signature not yet current: 20260803T101500Z is still later than 20260803T101459Z "
            "(20260803T100959Z + 5 min.)",
            id="5 minutes and a second ahead",
        ),
    ],
)
def test_date_far_from_the_clock_is_refused(now: int, message: str):
    """A date more than five minutes from the clock is refused with AWS's text."""
    assert refusal(SIGNED, now=(now,)).message == message


def test_the_nearest_clock_is_told():
    """Of two clocks, the message names the one the request came nearest to."""
    refused = refusal(SIGNED, now=(NOW - 9000 * HOUR, NOW + HOUR))
    assert refused.message == (
        "Signature expired: 20260803T101500Z is now earlier than 20260803T111000Z "
        "(20260803T111500Z - 5 min.)"
    )


SERVICE_WRONG = "Credential should be scoped to correct service: 'aws-marketplace'. "
DATE_WRONG = (
    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
    "'20260802' != '20260803', from '20260803T101500Z'."
)


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        pytest.param(signed(service="partnercentral"), SERVICE_WRONG, id="service"),
        pytest.param(
            signed(algorithm=ASYMMETRIC_ALGORITHM, service="s3"), SERVICE_WRONG, id="SigV4a service"
        ),
        pytest.param(with_authorization(SIGNED, "20260803", "20260802"), DATE_WRONG, id="date"),
        pytest.param(
            with_authorization(SIGNED, "eu-west-1", ""),
            "Credential should be scoped to a valid region, not ''. ",
            id="region",
        ),
        pytest.param(
            signed(algorithm=ASYMMETRIC_ALGORITHM, region="eu-*"),
            "Credential should be scoped to a valid region, not 'eu-*'. ",
            id="region set",
        ),
        pytest.param(
            with_headers(ASYMMETRIC, x_amz_region_set=None),
            "Credential should be scoped to a valid region, not ''. ",
            id="region set removed",
        ),
        pytest.param(
            with_authorization(
                SIGNED, "20260803/eu-west-1/aws-marketplace/aws4", "20260802//s3/aws5"
            ),
            f"Credential should be scoped to a valid region, not ''. {SERVICE_WRONG}"
            "Credential should be scoped with a valid terminator: 'aws4_request', not "
            f"'aws5_request'. {DATE_WRONG}",
            id="everything",
        ),
    ],
)
def test_misscoped_credential_is_refused(request_: Request, message: str):
    """A credential scoped to anything else is refused with AWS's text, every mistake in it."""
    refused = refusal(request_)
    assert (type(refused), refused.message) == (CredentialMisscoped, message)


@pytest.mark.parametrize(
    ("request_", "name"),
    [
        pytest.param(with_authorization(SIGNED, "host;", ""), "'Host' or ':authority'", id="host"),
        pytest.param(
            with_authorization(SIGNED, "x-amz-date;", ""), "'X-Amz-Date'", id="x-amz-date"
        ),
        pytest.param(
            with_headers(SIGNED, x_amz_date=None, date="Mon, 03 Aug 2026 10:15:00 GMT"),
            "'Date'",
            id="date",
        ),
        pytest.param(signed(unsigned=("x-amz-target",)), "'X-Amz-Target'", id="x-amz-target"),
        pytest.param(
            with_authorization(ASYMMETRIC, ";x-amz-region-set", ""),
            "'X-Amz-Region-Set'",
            id="x-amz-region-set",
        ),
    ],
)
def test_unsigned_header_is_refused(request_: Request, name: str):
    """A header that decides what the request means has to be signed."""
    refused = refusal(request_)
    assert (type(refused), refused.message) == (HeaderUnsigned, MUST_BE_SIGNED.format(name))


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        pytest.param(signed(access_key_id="AKIANOBODY"), AccessKeyUnknown, id="unknown key"),
        pytest.param(signed(access_key_id=TEMPORARY_KEY_ID), SessionTokenInvalid, id="no token"),
        pytest.param(
            signed(access_key_id=TEMPORARY_KEY_ID, session_token="\xb2"),
            SessionTokenInvalid,
            id="wrong token",
        ),
        pytest.param(
            with_headers(SIGNED, x_amz_security_token=SESSION_TOKEN),
            SessionTokenInvalid,
            id="token with a long-term key",
        ),
        pytest.param(
            with_authorization(SIGNED, ACCESS_KEY_ID, TEMPORARY_KEY_ID),
            SessionTokenInvalid,
            id="a temporary key of the same secret",
        ),
    ],
)
def test_unknown_credentials_are_refused(request_: Request, expected: type[SignatureRefused]):
    """An access key or session token that Waag does not hold is refused with AWS's text."""
    refused = refusal(request_)
    assert (type(refused), refused.message) == (expected, INVALID_TOKEN)
