"""The texts and keys of Signature Version 4: what the official suite leaves untold."""

import pytest

from waag.exchange import Request
from waag.wire import sigv4
from waag.wire.signature_refusals import SignatureIncomplete
from waag.wire.sigv4 import Authorization, Scope

SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SYMMETRIC = "Credential=AKID/20261121/eu-west-1/aws-marketplace/aws4_request"
ASYMMETRIC = "Credential=AKID/20261121/partnercentral/aws4_request"
MISSING = "Authorization header requires '{}' parameter."


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", "/"),
        ("/a/.", "/a"),
        ("/a/b/..", "/a"),
        ("/a/b/../", "/a/"),
        ("/../a", "/a"),
        ("/a//b/", "/a/b/"),
        ("/a/..//", "/"),
        ("/a%20b", "/a%2520b"),
        ("/%2e%2e/a", "/%252e%252e/a"),
        ("/a=b:c@d,e;f+g~", "/a%3Db%3Ac%40d%2Ce%3Bf%2Bg~"),
        ("/\xe1\x88\xb4", "/%E1%88%B4"),
    ],
)
def test_canonical_uri(path: str, expected: str):
    """The path loses dot and empty segments and is encoded as received, as awscrt does it."""
    assert sigv4.canonical_uri(path) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ""),
        ("a", "a="),
        ("b=2&a=1", "a=1&b=2"),
        ("a=2&a=1", "a=1&a=2"),
        ("a=1&&b=2&", "a=1&b=2"),
        ("=x", "=x"),
        ("a=b=c", "a=b%3Dc"),
        ("a=b+c", "a=b%2Bc"),
        ("a=b%20c", "a=b%20c"),
        ("a=%7e", "a=~"),
        ("a=%e1%88%b4", "a=%E1%88%B4"),
        ("a=\xe1\x88\xb4", "a=%E1%88%B4"),
        ("A=1&a=2&A-=3&A%3D=3", "A=1&A%3D=3&A-=3&a=2"),
        ("a=%zz", "a=%25zz"),
    ],
)
def test_canonical_query(query: str, expected: str):
    """Parameters are encoded anew and sorted by encoded name and value, as awscrt does it."""
    assert sigv4.canonical_query(query) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a b", "a b"), ("a   b  c", "a b c"), ("a\tb", "a b"), ('"a   b"', '"a b"'), ("", "")],
)
def test_canonical_header_value(value: str, expected: str):
    """Runs of spaces and tabs are one space, inside quotation marks too."""
    assert sigv4.canonical_header_value(value) == expected


def test_canonical_request_needs_every_signed_header():
    """A signed header that is absent has no canonical form."""
    request = Request("POST", "/", "", {"host": "localhost"}, b"", "127.0.0.1")
    with pytest.raises(KeyError, match="x-gone"):
        sigv4.canonical_request(request, ("host", "x-gone"), sigv4.payload_hash(b""))


def test_signing_key_is_the_published_one():
    """The example of the AWS General Reference gives its published key."""
    key = sigv4.signing_key(SECRET_ACCESS_KEY, "20150830", "us-east-1", "iam")
    assert key.hex() == "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param(
            f"AWS4-HMAC-SHA256 {SYMMETRIC}, SignedHeaders=host;x-amz-date, Signature=ab",
            Authorization(
                sigv4.ALGORITHM,
                "AKID",
                Scope("20261121", "eu-west-1", "aws-marketplace", "aws4_request"),
                ("host", "x-amz-date"),
                "ab",
            ),
            id="sigv4",
        ),
        pytest.param(
            f"AWS4-ECDSA-P256-SHA256 {ASYMMETRIC}, SignedHeaders=host, Signature=ab",
            Authorization(
                sigv4.ASYMMETRIC_ALGORITHM,
                "AKID",
                Scope("20261121", None, "partnercentral", "aws4_request"),
                ("host",),
                "ab",
            ),
            id="sigv4a",
        ),
        pytest.param(
            f"AWS4-HMAC-SHA256 Signature=ab,SignedHeaders=x;host,More=1,{SYMMETRIC}",
            Authorization(
                sigv4.ALGORITHM,
                "AKID",
                Scope("20261121", "eu-west-1", "aws-marketplace", "aws4_request"),
                ("host", "x"),
                "ab",
            ),
            id="any order, no spaces, names unsorted, one parameter more",
        ),
    ],
)
def test_authorization_is_parsed(header: str, expected: Authorization):
    """The header gives its algorithm, credential, sorted signed headers and signature."""
    assert sigv4.parse_authorization(header, dated=True) == expected


@pytest.mark.parametrize(
    ("header", "message"),
    [
        pytest.param(
            "AWS4-HMAC-SHA256 Signature=a, Credential, SignedHeaders=host",
            "'Credential' not a valid key=value pair (missing equal-sign) in Authorization "
            "header: 'AWS4-HMAC-SHA256 Signature=a, Credential, SignedHeaders=host'.",
            id="no equal-sign",
        ),
        pytest.param(
            "AWS4-HMAC-SHA256",
            "'' not a valid key=value pair (missing equal-sign) in Authorization "
            "header: 'AWS4-HMAC-SHA256'.",
            id="algorithm alone",
        ),
        pytest.param(
            "AWS4-HMAC-SHA256 a=b",
            f"{MISSING.format('Credential')} {MISSING.format('Signature')} "
            f"{MISSING.format('SignedHeaders')} Authorization=AWS4-HMAC-SHA256 a=b",
            id="no known parameter",
        ),
        pytest.param(
            f"AWS4-HMAC-SHA256 {SYMMETRIC}, SignedHeaders=host, Signature=",
            f"{MISSING.format('Signature')} Authorization=AWS4-HMAC-SHA256 {SYMMETRIC}, "
            "SignedHeaders=host, Signature=",
            id="empty signature",
        ),
        pytest.param(
            f"AWS4-HMAC-SHA512 {SYMMETRIC}, SignedHeaders=host, Signature=a",
            "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512'.",
            id="another algorithm",
        ),
        pytest.param(
            f"AWS4-HMAC-SHA256 {ASYMMETRIC}, SignedHeaders=host, Signature=a",
            "Credential must have exactly 5 slash-delimited elements, e.g. "
            "keyid/date/region/service/term, got 'AKID/20261121/partnercentral/aws4_request'",
            id="sigv4 without a region",
        ),
        pytest.param(
            f"AWS4-ECDSA-P256-SHA256 {SYMMETRIC}, SignedHeaders=host, Signature=a",
            "Credential must have exactly 4 slash-delimited elements, e.g. "
            "keyid/date/service/term, got "
            "'AKID/20261121/eu-west-1/aws-marketplace/aws4_request'",
            id="sigv4a with a region",
        ),
    ],
)
def test_malformed_authorization_is_refused(header: str, message: str):
    """A malformed header is refused with AWS's text."""
    with pytest.raises(SignatureIncomplete) as refused:
        sigv4.parse_authorization(header, dated=True)
    assert refused.value.message == message


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({}, None, id="none"),
        pytest.param(
            {"x-amz-date": "20261121T100000Z", "date": "Sat, 21 Nov 2026 11:00:00 GMT"},
            ("x-amz-date", "20261121T100000Z"),
            id="x-amz-date counts first",
        ),
        pytest.param(
            {"date": "Sat, 21 Nov 2026 10:00:00 GMT"}, ("date", "20261121T100000Z"), id="GMT"
        ),
        pytest.param(
            {"date": "Sat, 21 Nov 2026 10:00:00 -0000"}, ("date", "20261121T100000Z"), id="-0000"
        ),
        pytest.param(
            {"date": "Sat, 21 Nov 2026 12:00:00 +0200"}, ("date", "20261121T100000Z"), id="+0200"
        ),
        pytest.param({"date": "20261121T100000Z"}, ("date", "20261121T100000Z"), id="basic"),
        pytest.param({"date": "yesterday"}, ("date", "yesterday"), id="unreadable"),
        pytest.param(
            {"date": "Sat, 21 Nov 20261111111111 10:00:00 GMT"},
            ("date", "Sat, 21 Nov 20261111111111 10:00:00 GMT"),
            id="off every calendar",
        ),
    ],
)
def test_signing_date(headers: dict[str, str], expected: tuple[str, str] | None):
    """The date of a signature comes from X-Amz-Date, else from Date."""
    assert sigv4.signing_date(headers) == expected


@pytest.mark.parametrize(
    "timestamp",
    [
        "",
        "20261121",
        "20261121T100000",
        "20261121T100000+",
        "20261121 100000Z",
        "2026-11-21T10:00",
        "20261321T100000Z",
        "20261121T106000Z",
        "2026112\xb2T100000Z",
        "Sat, 21 Nov 2026",
    ],
)
def test_malformed_timestamp_is_refused(timestamp: str):
    """A date that is not in the basic format, or on no calendar, is refused with AWS's text."""
    with pytest.raises(SignatureIncomplete) as refused:
        sigv4.parse_timestamp(timestamp)
    assert refused.value.message == (
        f"Date must be in ISO-8601 'basic format'. Got '{timestamp}'. "
        "See http://en.wikipedia.org/wiki/ISO_8601"
    )


@pytest.mark.parametrize("timestamp", ["20261121T100059Z", "00010101T000000Z"])
def test_timestamp_is_written_as_it_is_read(timestamp: str):
    """Writing what was read gives the timestamp back."""
    assert sigv4.format_timestamp(sigv4.parse_timestamp(timestamp)) == timestamp


def test_fraction_of_a_second_is_cut_off():
    """A timestamp has no fractions of a second."""
    assert sigv4.format_timestamp(1_999_999) == "19700101T000001Z"
