"""Presigned requests to S3 of Signature Version 2, which boto3 still makes in older Regions.

In no other place is that version taken.
Source: Amazon S3 API Reference, "Signing and authenticating REST requests (AWS signature
version 2)", query string request authentication alternative.
"""

import hmac
from base64 import b64encode
from collections.abc import Callable
from urllib.parse import unquote

from waag.domain.instants import SECOND, Instant, format_instant
from waag.exchange import Request
from waag.wire.authentication import Credentials, check_session_token
from waag.wire.signature_refusals import (
    AccessKeyUnknown,
    SignatureExpired,
    SignatureIncomplete,
    SignatureMismatch,
)

REGION = "us-east-1"
"""Requests of this version name none."""

_SIGNED_PARAMETERS = frozenset(
    {
        *("acl", "delete", "location", "partNumber", "policy", "uploadId", "uploads"),
        *("response-cache-control", "response-content-disposition", "response-content-encoding"),
        *("response-content-language", "response-content-type", "response-expires"),
    }
)
_TOKEN = "x-amz-security-token"  # noqa: S105 - a parameter's name


def is_presigned_v2(query: str) -> bool:
    """Whether the query holds a signature of this version."""
    return "AWSAccessKeyId=" in query and "Signature=" in query


def verify_presigned_v2(
    request: Request,
    credentials: Callable[[str], Credentials | None],
    now: tuple[Instant, ...],
) -> str:
    """The access key id of whoever signed the query, proven.

    Raises:
        SignatureRefused: a subclass says what is wrong.
    """
    pieces = [piece.partition("=") for piece in request.query.split("&")]
    given = {unquote(name): unquote(value) for name, _, value in pieces}
    expires = given.get("Expires", "")
    if not (expires.isascii() and expires.isdecimal()):
        raise SignatureIncomplete(
            "Query-string authentication requires the Signature, Expires and AWSAccessKeyId "
            "parameters",
            f"The query has Expires {expires!r}; seconds since 1970 are expected.",
        )
    if all(clock > int(expires) * SECOND for clock in now):
        shown = " and ".join(map(format_instant, now))
        raise SignatureExpired(
            "Request has expired", f"It expired at {expires}; Waag's clocks show {shown}."
        )
    access_key_id = given["AWSAccessKeyId"]
    found = credentials(access_key_id)
    if found is None:
        raise AccessKeyUnknown(
            f"Waag holds no credentials for the access key id {access_key_id!r}."
        )
    to_sign = _string_to_sign(request, given, expires)
    digest = hmac.digest(found.secret_access_key.encode(), to_sign.encode(), "sha1")
    expected = b64encode(digest)
    if not hmac.compare_digest(expected, given.get("Signature", "").encode()):
        raise SignatureMismatch(
            f"The signature is not that of access key {access_key_id!r} over this request. "
            f"The string to sign should have been\n{to_sign.replace(given.get(_TOKEN) or ' ', ' ')}"
        )
    check_session_token(given.get(_TOKEN), found.session_token)
    return access_key_id


def _string_to_sign(request: Request, given: dict[str, str], expires: str) -> str:
    headers = request.headers
    extensions = {name: value for name, value in headers.items() if name.startswith("x-amz-")}
    if _TOKEN in given:
        extensions[_TOKEN] = given[_TOKEN]
    named = "".join([f"{name}:{extensions[name]}\n" for name in sorted(extensions)])
    told = sorted(_SIGNED_PARAMETERS & given.keys())
    resource = "&".join([f"{name}={given[name]}" if given[name] else name for name in told])
    host = headers.get("host", "").partition(":")[0]
    bucket = f"/{host.removesuffix('.localhost')}" if host.endswith(".localhost") else ""
    return (
        f"{request.method}\n{headers.get('content-md5', '')}\n{headers.get('content-type', '')}\n"
        f"{expires}\n{named}{bucket}{request.path}{'?' if resource else ''}{resource}"
    )
