"""Signatures as S3 has them: raw paths, unsigned and streamed bodies, signatures in the query.

Decides nothing about what the signer may do. SigV4a is not taken here.
Source: Amazon S3 API Reference, "Authenticating Requests (AWS Signature Version 4)".
"""

import hmac
from collections.abc import Callable, Mapping
from functools import lru_cache

import msgspec

from waag.domain.instants import Instant
from waag.exchange import Request
from waag.wire import sigv4
from waag.wire.authentication import (
    Credentials,
    check_clocks,
    check_scope,
    check_session_token,
    check_signed_headers,
)
from waag.wire.aws_chunked import ChunkSigner, unchunked
from waag.wire.presigned import is_presigned, parse_presigned
from waag.wire.presigned_v2 import REGION, is_presigned_v2, verify_presigned_v2
from waag.wire.signature_refusals import (
    AccessKeyUnknown,
    AlgorithmUnsupported,
    AuthenticationTokenMissing,
    HeaderUnsigned,
    PayloadMismatch,
    SignatureDuplicated,
    SignatureMismatch,
)
from waag.wire.sigv4 import Authorization

UNSIGNED = "UNSIGNED-PAYLOAD"
STREAMED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
STREAMED_WITH_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
UNSIGNED_WITH_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"

_STREAMS = (STREAMED, STREAMED_WITH_TRAILER, UNSIGNED_WITH_TRAILER)
_PAYLOAD = "x-amz-content-sha256"
"""Under the signature whether it is named or not: its value is a part of what is signed."""

_REMEMBERED = 1024


class SignedObject(msgspec.Struct, frozen=True):
    """Who signed, and the body without the chunks it came in.

    Attributes:
        trailers: headers that came after the body, names in lower case.
    """

    access_key_id: str
    region: str
    body: bytes
    trailers: Mapping[str, str]


class _Signature(msgspec.Struct, frozen=True):
    """What a request says about its signature, wherever it says so."""

    authorization: Authorization
    timestamp: str
    query: str
    payload: str
    session_token: str | None


class ObjectAuthenticator:
    """Verifies signatures of requests to S3, and presigned ones of any service.

    Args:
        credentials: the credentials of an access key id, None if nobody has it.
    """

    def __init__(self, credentials: Callable[[str], Credentials | None]) -> None:
        self._credentials = credentials
        self._signing_key = lru_cache(_REMEMBERED)(sigv4.signing_key)

    def authenticate(
        self, request: Request, service: str, now: tuple[Instant, ...]
    ) -> SignedObject:
        """The proven signer of a request, and its body.

        Args:
            request: as received.
            service: its signing name.
            now: what the clocks show, one at least; the date has to be near any one of them.

        Raises:
            SignatureRefused: a subclass says what is wrong.
        """
        if service == "s3" and is_presigned_v2(request.query):
            access_key_id = verify_presigned_v2(request, self._credentials, now)
            return SignedObject(access_key_id, REGION, request.body, {})
        signature = _signature(request, now, raw=service == "s3")
        authorization = signature.authorization
        scope = authorization.scope
        if scope.region is None:
            raise AlgorithmUnsupported(
                f"Unsupported AWS 'algorithm': '{authorization.algorithm}'.",
                f"The request is signed with {authorization.algorithm}; S3 here takes "
                f"{sigv4.ALGORITHM}.",
            )
        check_scope(scope, scope.region, service, signature.timestamp)
        _check_extensions(request, authorization)
        credentials = self._credentials(authorization.access_key_id)
        if credentials is None:
            raise AccessKeyUnknown(
                f"Waag holds no credentials for the access key id {authorization.access_key_id!r}."
            )
        secret = credentials.secret_access_key
        key = self._signing_key(secret, scope.date, scope.region, scope.service)
        _check_signature(request, signature, key, raw=service == "s3")
        check_session_token(signature.session_token, credentials.session_token)
        body, trailers = _body(request, signature, key)
        return SignedObject(authorization.access_key_id, scope.region, body, trailers)


def _signature(request: Request, now: tuple[Instant, ...], *, raw: bool) -> _Signature:
    headers = request.headers
    header = headers.get("authorization")
    if is_presigned(request.query):
        if header is not None:
            raise SignatureDuplicated(
                "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, "
                "Signature query string parameter or the Authorization header should be specified",
                "The request is signed in its query and in its Authorization header.",
            )
        presigned = parse_presigned(request.query)
        presigned.check_clocks(now)
        check_signed_headers(presigned.authorization, headers, "host")
        query = "&".join(
            piece for piece in request.query.split("&") if not piece.startswith("X-Amz-Signature=")
        )
        # Only S3 lets a presigned request have any body.
        usual = presigned.payload if raw else sigv4.payload_hash(request.body)
        payload = headers.get("x-amz-content-sha256", usual)
        return _Signature(
            presigned.authorization, presigned.timestamp, query, payload, presigned.session_token
        )
    if header is None or not header.startswith("AWS4-"):
        raise AuthenticationTokenMissing("The request is not signed with Signature Version 4.")
    date = sigv4.signing_date(headers)
    authorization = sigv4.parse_authorization(header, dated=date is not None)
    dated_by, timestamp = date or ("", "")
    check_clocks(timestamp, now)
    check_signed_headers(authorization, headers, dated_by)
    payload = headers.get("x-amz-content-sha256", UNSIGNED)
    token = headers.get("x-amz-security-token")
    return _Signature(authorization, timestamp, request.query, payload, token)


def _check_extensions(request: Request, authorization: Authorization) -> None:
    """Refuse what would change a request's meaning without being under its signature.

    Whoever holds a presigned address could else copy by it, or read another's bytes.
    """
    for name in request.headers:
        if name.startswith("x-amz-") and name not in (*authorization.signed_headers, _PAYLOAD):
            raise HeaderUnsigned(
                "There were headers present in the request which were not signed",
                f"The header {name} is not among the signed headers, which are "
                f"{';'.join(authorization.signed_headers)}.",
            )


def _check_signature(request: Request, signature: _Signature, key: bytes, *, raw: bool) -> None:
    authorization = signature.authorization
    headers = request.headers
    try:
        named = "".join(
            [
                f"{name}:{sigv4.canonical_header_value(headers[name])}\n"
                for name in authorization.signed_headers
            ]
        )
    except KeyError as absent:
        raise SignatureMismatch(
            f"The header {absent.args[0]!r} is among the signed headers but not in the request."
        ) from None
    # S3 takes the path as it was sent: nothing is encoded twice, no segment is taken away.
    path = request.path if raw else sigv4.canonical_uri(request.path)
    canonical = (
        f"{request.method}\n{path}\n{sigv4.canonical_query(signature.query)}\n{named}\n"
        f"{';'.join(authorization.signed_headers)}\n{signature.payload}"
    )
    to_sign = sigv4.string_to_sign(
        authorization.algorithm, signature.timestamp, authorization.scope, canonical
    )
    expected = sigv4.signature(key, to_sign)
    if not hmac.compare_digest(expected.encode(), authorization.signature.encode()):
        token = signature.session_token
        shown = canonical.replace(token, "(session token)") if token else canonical
        raise SignatureMismatch(
            f"The signature is not that of access key {authorization.access_key_id!r} over this "
            f"request. The canonical request should have been\n{shown}\n"
            f"and the string to sign\n{to_sign}"
        )


def _body(request: Request, signature: _Signature, key: bytes) -> tuple[bytes, Mapping[str, str]]:
    payload = signature.payload
    if payload in _STREAMS:
        signer = None
        if payload != UNSIGNED_WITH_TRAILER:
            authorization = signature.authorization
            scope = authorization.scope.text
            signer = ChunkSigner(key, signature.timestamp, scope, authorization.signature)
        length = request.headers.get("x-amz-decoded-content-length")
        return unchunked(request.body, signer, length)
    if payload != UNSIGNED and not hmac.compare_digest(
        payload.encode(), sigv4.payload_hash(request.body).encode()
    ):
        raise PayloadMismatch(
            f"The header x-amz-content-sha256 holds {payload!r}; the SHA-256 of the body is "
            f"{sigv4.payload_hash(request.body)}."
        )
    return request.body, {}
