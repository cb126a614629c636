"""Signature Version 4A: key derivation against published keys, verification against awscrt."""
# pyright: reportUnknownMemberType=false
# awscrt has no type hints.

from datetime import UTC, datetime

import pytest
from awscrt import auth, http
from hypothesis import given, settings
from hypothesis import strategies as st

from waag.exchange import Request
from waag.wire import sigv4, sigv4a

ACCESS_KEY_ID = "AKIDEXAMPLE"
SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SIGNED_AT = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)

# The case get-vanilla of aws-c-auth's signing test suite for SigV4A, and its two signatures.
STRING_TO_SIGN = (
    "AWS4-ECDSA-P256-SHA256\n20150830T123600Z\n20150830/service/aws4_request\n"
    "cf59db423e841c8b7e3444158185aa261b724a5c27cbe762676f3eed19f4dc02"
)
SIGNATURE = (
    "3045022018b4e277d0281864beb51d3600e23f88510ea5031d68ddfbb68614b82a5eb7d2"
    "022100effb9c5f22ed9ef3ae0ab243d21f06bce82365bbb79529a07b6888c343ae5f8c"
)
ANOTHER_SIGNATURE = (
    "3046022100fddaaf816a31e30d04973875b13bc27b98da10907a3a1872fd5819a221334abc"
    "022100de2ee81d83b54f31efc82834de07e6cd4d5c6f25bfa08e0f29a15bb0977c343e"
)

# A slash or a comma would end an access key id in the Authorization header.
ACCESS_KEY_IDS = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="/,"),
    min_size=1,
    max_size=128,
)
SECRET_ACCESS_KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1)


def signed_by_awscrt(access_key_id: str, secret_access_key: str) -> tuple[str, str]:
    """The string to sign and the signature of a request that awscrt signed."""
    request = http.HttpRequest("GET", "/", http.HttpHeaders([("Host", "example.amazonaws.com")]))
    config = auth.AwsSigningConfig(
        algorithm=auth.AwsSigningAlgorithm.V4_ASYMMETRIC,
        signature_type=auth.AwsSignatureType.HTTP_REQUEST_HEADERS,
        credentials_provider=auth.AwsCredentialsProvider.new_static(
            access_key_id, secret_access_key
        ),
        region="us-east-1",
        service="service",
        date=SIGNED_AT,
    )
    auth.aws_sign_request(request, config).result()
    headers = {name.lower(): value for name, value in request.headers}
    authorization = sigv4.parse_authorization(headers["authorization"], dated=True)
    received = Request("GET", "/", "", headers, b"", "127.0.0.1")
    canonical = sigv4.canonical_request(
        received, authorization.signed_headers, sigv4.payload_hash(b"")
    )
    to_sign = sigv4.string_to_sign(
        authorization.algorithm, headers["x-amz-date"], authorization.scope, canonical
    )
    return to_sign, authorization.signature


@pytest.mark.parametrize(
    ("access_key_id", "secret_access_key", "x", "y"),
    [
        pytest.param(
            "AKISORANDOMAASORANDOM",
            "q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom",
            "15d242ceebf8d8169fd6a8b5a746c41140414c3b07579038da06af89190fffcb",
            "0515242cedd82e94799482e4c0514b505afccf2c0c98d6a553bf539f424c5ec0",
            id="aws-c-auth key derivation tests",
        ),
        pytest.param(
            ACCESS_KEY_ID,
            SECRET_ACCESS_KEY,
            "b6618f6a65740a99e650b33b6b4b5bd0d43b176d721a3edfea7e7d2d56d936b1",
            "865ed22a7eadc9c5cb9d2cbaca1b3699139fedc5043dc6661864218330c8e518",
            id="aws-c-auth signing test suite",
        ),
    ],
)
def test_public_key_is_the_published_one(
    access_key_id: str, secret_access_key: str, x: str, y: str
):
    """An access key has its published public key."""
    point = sigv4a.public_key(access_key_id, secret_access_key).public_numbers()
    assert (f"{point.x:064x}", f"{point.y:064x}") == (x, y)


def test_private_scalar_is_the_published_one():
    """The access key of aws-c-auth's key derivation tests has its published private key."""
    scalar = sigv4a.private_scalar(
        "AKISORANDOMAASORANDOM", "q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom"
    )
    assert f"{scalar:064x}" == "7fd3bd010c0d9c292141c2b77bfbde1042c92e6836fff749d1269ec890fca1bd"


@settings(max_examples=100, deadline=None)
@given(ACCESS_KEY_IDS, SECRET_ACCESS_KEYS)
def test_what_awscrt_signs_verifies(access_key_id: str, secret_access_key: str):
    """Whatever the access key, the derived public key verifies a signature by awscrt."""
    to_sign, signature = signed_by_awscrt(access_key_id, secret_access_key)
    assert sigv4a.verify(sigv4a.public_key(access_key_id, secret_access_key), to_sign, signature)


@pytest.mark.parametrize("signature", [SIGNATURE, ANOTHER_SIGNATURE])
def test_published_signature_verifies(signature: str):
    """Each published signature of one string to sign verifies."""
    key = sigv4a.public_key(ACCESS_KEY_ID, SECRET_ACCESS_KEY)
    assert sigv4a.verify(key, STRING_TO_SIGN, signature)


@pytest.mark.parametrize(
    ("to_sign", "signature"),
    [
        pytest.param(STRING_TO_SIGN + "0", SIGNATURE, id="another string"),
        pytest.param(STRING_TO_SIGN, SIGNATURE.upper(), id="capitals"),
        pytest.param(STRING_TO_SIGN, SIGNATURE[:4] + " " + SIGNATURE[4:], id="a space"),
        pytest.param(STRING_TO_SIGN, SIGNATURE[:-1], id="half a byte less"),
        pytest.param(STRING_TO_SIGN, SIGNATURE[:-2], id="a byte less"),
        pytest.param(STRING_TO_SIGN, SIGNATURE + "00", id="a byte more"),
        pytest.param(STRING_TO_SIGN, SIGNATURE + "*", id="padding"),
        pytest.param(STRING_TO_SIGN, "", id="empty"),
        pytest.param(STRING_TO_SIGN, "3006020100020100", id="zeros"),
        pytest.param(STRING_TO_SIGN, "\xb2" * 8, id="not ASCII"),
    ],
)
def test_other_signature_does_not_verify(to_sign: str, signature: str):
    """A signature verifies over its own string alone, and has one spelling."""
    key = sigv4a.public_key(ACCESS_KEY_ID, SECRET_ACCESS_KEY)
    assert not sigv4a.verify(key, to_sign, signature)


def test_another_key_does_not_verify():
    """A signature verifies with the key of its own access key alone."""
    assert not sigv4a.verify(
        sigv4a.public_key(ACCESS_KEY_ID, "another secret"), STRING_TO_SIGN, SIGNATURE
    )


@pytest.mark.parametrize(
    ("region_set", "region"),
    [
        ("eu-west-1", "eu-west-1"),
        ("us-west-2,eu-west-1", "us-west-2"),
        ("us-*, eu-west-1", "eu-west-1"),
        ("*", "us-east-1"),
        ("us-*", "us-east-1"),
        ("eu-*,us-*", "us-east-1"),
        ("eu-*", None),
        ("*-1", None),
        ("", None),
        (" , ", None),
    ],
)
def test_region_of_a_set(region_set: str, region: str | None):
    """The region is the first named outright, else us-east-1 if a wildcard covers it."""
    assert sigv4a.region_of(region_set) == region
