"""The official test suite of Signature Version 4, as botocore's source distribution carries it.

Each case is a folder: .sreq is the signed request, .creq its canonical request, .sts its string to
sign, and .authz its Authorization header, which is what counts here.
"""

import os
from pathlib import Path

import pytest

from waag.domain.instants import parse_instant
from waag.exchange import Request
from waag.wire import sigv4
from waag.wire.authentication import Authenticator, Credentials, Signer

ACCESS_KEY_ID = "AKIDEXAMPLE"
SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SERVICE = "service"
NOW = parse_instant("2015-08-30T12:36:00Z")

LEFT_OUT: dict[str, str] = {}
"""The cases that are not run, each with the reason. botocore's own four pass here."""


def _suite() -> Path:
    """Find the suite; without it the run has to fail, not to pass with fewer tests."""
    folder = os.environ.get("WAAG_VECTORS", "")
    suite = Path(folder, "tests/unit/auth/aws4_testsuite")
    if not folder or not suite.is_dir():
        pytest.fail(
            "WAAG_VECTORS has to name the folder of botocore's extracted source distribution, "
            f"with tests/unit/auth/aws4_testsuite in it; it is {folder!r}. "
            "`make test` fetches the distribution and sets the variable.",
            pytrace=False,
        )
    return suite


SUITE = _suite()
CASES = sorted(path.parent.relative_to(SUITE).as_posix() for path in SUITE.rglob("*.req"))
CONFORMING = [case for case in CASES if case not in LEFT_OUT]


def _read(case: str, extension: str) -> str:
    """One file of a case, one character a byte, with plain line ends."""
    folder = SUITE / case
    text = (folder / f"{folder.name}.{extension}").read_bytes().decode("latin-1")
    return text.replace("\r\n", "\n")


def _signed_request(case: str) -> Request:
    """The signed request as a server would hand it on: folded lines unfolded, names lowered."""
    head, _, body = _read(case, "sreq").partition("\n\n")
    request_line, *lines = head.split("\n")
    # A target may hold a bare space (get-space), so the line is cut at the outermost ones.
    method, _, rest = request_line.partition(" ")
    path, _, query = rest.rpartition(" ")[0].partition("?")
    headers: dict[str, str] = {}
    name = ""
    for line in lines:
        if line.startswith(" "):
            headers[name] += f" {line.strip()}"
            continue
        name, _, value = line.partition(":")
        name, value = name.lower(), value.strip()
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    # The .sreq of get-vanilla-with-session-token carries the signature of another case.
    headers["authorization"] = _read(case, "authz")
    return Request(method, path, query, headers, body.encode("latin-1"), "127.0.0.1")


def _canonical_request(case: str) -> str:
    request = _signed_request(case)
    authorization = sigv4.parse_authorization(_read(case, "authz"), dated=True)
    body_hash = sigv4.payload_hash(request.body)
    return sigv4.canonical_request(request, authorization.signed_headers, body_hash)


def _string_to_sign(case: str) -> str:
    request = _signed_request(case)
    authorization = sigv4.parse_authorization(_read(case, "authz"), dated=True)
    timestamp = request.headers["x-amz-date"]
    canonical = _read(case, "creq")
    return sigv4.string_to_sign(authorization.algorithm, timestamp, authorization.scope, canonical)


def _signer(case: str) -> Signer:
    request = _signed_request(case)
    token = request.headers.get("x-amz-security-token")
    credentials = {ACCESS_KEY_ID: Credentials(SECRET_ACCESS_KEY, token)}
    return Authenticator(credentials.get).authenticate(request, SERVICE, (NOW,))


def test_the_suite_is_whole():
    """The suite has the 34 cases that were published."""
    assert len(CASES) == 34


@pytest.mark.parametrize("case", CONFORMING)
def test_canonical_request(case: str):
    """The canonical request of the signed request is the published one."""
    assert _canonical_request(case) == _read(case, "creq")


@pytest.mark.parametrize("case", CONFORMING)
def test_string_to_sign(case: str):
    """The string to sign of the published canonical request is the published one."""
    assert _string_to_sign(case) == _read(case, "sts")


@pytest.mark.parametrize("case", CONFORMING)
def test_signature(case: str):
    """The signature of the published string to sign is the published one."""
    authorization = sigv4.parse_authorization(_read(case, "authz"), dated=True)
    key = sigv4.signing_key(SECRET_ACCESS_KEY, "20150830", "us-east-1", SERVICE)
    assert sigv4.signature(key, _read(case, "sts")) == authorization.signature


@pytest.mark.parametrize("case", CONFORMING)
def test_verification(case: str):
    """The signed request is accepted with the Authorization header of the suite."""
    assert _signer(case) == Signer(ACCESS_KEY_ID, "us-east-1", sigv4.ALGORITHM)


def test_nothing_is_left_out_without_need():
    """Every case left out exists, and still differs in canonical request or string to sign."""
    conforming = [
        case
        for case in LEFT_OUT
        if case not in CASES
        or (
            _canonical_request(case) == _read(case, "creq")
            and _string_to_sign(case) == _read(case, "sts")
        )
    ]
    assert conforming == []
