"""Who sent a request: verifies its signature against the credentials Waag was given.

Refuses in the order AWS does: header, date, signed headers, scope, access key, signature, session
token. Decides nothing about what the signer may do. Presigned requests are not taken.
"""

import hmac
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

import msgspec

from waag.domain.instants import MINUTE, SECOND, Instant
from waag.exchange import Request
from waag.wire import sigv4, sigv4a
from waag.wire.signature_refusals import (
    AccessKeyUnknown,
    AuthenticationTokenMissing,
    CredentialMisscoped,
    HeaderUnsigned,
    PayloadMismatch,
    SessionTokenInvalid,
    SignatureDuplicated,
    SignatureExpired,
    SignatureMismatch,
    SignatureNotYetCurrent,
)
from waag.wire.sigv4 import Authorization, Scope

SKEW: Instant = 5 * MINUTE
"""How far a request's date may lie before or after a clock."""

# Strangers can have headers remembered, so both their number and their length have a bound.
_REMEMBERED = 1024
_LONGEST_REMEMBERED = 1024

_HEADERS_AS_AWS_NAMES_THEM = {
    "host": "'Host' or ':authority'",
    "date": "'Date'",
    "x-amz-date": "'X-Amz-Date'",
    "x-amz-region-set": "'X-Amz-Region-Set'",
    "x-amz-target": "'X-Amz-Target'",
}


class Credentials(msgspec.Struct, frozen=True):
    """What belongs to an access key id; shows no secret when printed.

    Attributes:
        secret_access_key: never leaves the process.
        session_token: None for a long-term access key.
    """

    secret_access_key: str
    session_token: str | None

    def __repr__(self) -> str:
        """Name the kind of credentials alone."""
        kind = "long-term" if self.session_token is None else "temporary"
        return f"Credentials({kind})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Show as little to rich as to repr."""
        return [("kind", "long-term" if self.session_token is None else "temporary")]


class Signer(msgspec.Struct, frozen=True, gc=False):
    """Who signed a request, proven.

    Attributes:
        access_key_id: known to Waag.
        region: the one the request was signed for.
        algorithm: `sigv4.ALGORITHM` or `sigv4.ASYMMETRIC_ALGORITHM`.
    """

    access_key_id: str
    region: str
    algorithm: str


class Authenticator:
    """Verifies signatures; remembers the keys it derived and the headers it parsed.

    What it remembers is bounded, and keys are remembered by the secret they come from: credentials
    may change at any time.

    Args:
        credentials: the credentials of an access key id, None if nobody has it.
    """

    def __init__(self, credentials: Callable[[str], Credentials | None]) -> None:
        self._credentials = credentials
        self._authorizations: dict[str, Authorization] = {}
        self._signing_key = lru_cache(_REMEMBERED)(sigv4.signing_key)
        self._public_key = lru_cache(_REMEMBERED)(sigv4a.public_key)

    def authenticate(self, request: Request, service: str, now: tuple[Instant, ...]) -> Signer:
        """The proven signer of a request.

        Args:
            request: as received.
            service: the signing name of the claimed operation, such as "aws-marketplace".
            now: what the clocks show, one at least; the date has to be near any one of them.

        Raises:
            SignatureRefused: a subclass says what is wrong.
        """
        headers = request.headers
        header = _authorization_header(request)
        date = sigv4.signing_date(headers)
        authorization = self._parse(header, dated=date is not None)
        # Parsing has refused a request without a date.
        dated_by, timestamp = date or ("", "")
        check_clocks(timestamp, now)
        check_signed_headers(authorization, headers, dated_by)
        region = _region(authorization, headers)
        check_scope(authorization.scope, region, service, timestamp)
        access_key_id = authorization.access_key_id
        credentials = self._credentials(access_key_id)
        if credentials is None:
            raise AccessKeyUnknown(
                f"Waag holds no credentials for the access key id {access_key_id!r}."
            )
        self._check_signature(request, authorization, credentials, timestamp)
        check_session_token(headers.get("x-amz-security-token"), credentials.session_token)
        return Signer(access_key_id, region, authorization.algorithm)

    def _parse(self, header: str, *, dated: bool) -> Authorization:
        """Parse the header, or reuse what came before the signature in an earlier one."""
        before, _, signature = header.rpartition(", Signature=")
        if not (before and signature and dated) or "," in signature:
            return sigv4.parse_authorization(header, dated=dated)
        known = self._authorizations.get(before)
        if known is None:
            known = sigv4.parse_authorization(header, dated=dated)
            if len(before) <= _LONGEST_REMEMBERED:
                if len(self._authorizations) >= _REMEMBERED:
                    self._authorizations.clear()
                self._authorizations[before] = known
            return known
        return Authorization(
            known.algorithm, known.access_key_id, known.scope, known.signed_headers, signature
        )

    def _check_signature(
        self,
        request: Request,
        authorization: Authorization,
        credentials: Credentials,
        timestamp: str,
    ) -> None:
        body_hash = sigv4.payload_hash(request.body)
        _check_payload(request.headers.get("x-amz-content-sha256"), body_hash)
        try:
            canonical = sigv4.canonical_request(request, authorization.signed_headers, body_hash)
        except KeyError as absent:
            raise SignatureMismatch(
                f"The header {absent.args[0]!r} is among the signed headers but not in the "
                "request; a proxy may have removed or renamed it."
            ) from None
        to_sign = sigv4.string_to_sign(
            authorization.algorithm, timestamp, authorization.scope, canonical
        )
        if not self._verify(authorization, credentials, to_sign):
            token = sigv4.canonical_header_value(request.headers.get("x-amz-security-token", ""))
            shown = canonical.replace(token, "(session token)") if token else canonical
            raise SignatureMismatch(
                f"The signature is not that of access key {authorization.access_key_id!r} over "
                f"this request. The canonical request should have been\n{shown}\n"
                f"and the string to sign\n{to_sign}"
            )

    def _verify(self, authorization: Authorization, credentials: Credentials, to_sign: str) -> bool:
        """Whether the signature is one by these credentials."""
        scope = authorization.scope
        secret = credentials.secret_access_key
        if scope.region is None:
            key = self._public_key(authorization.access_key_id, secret)
            return sigv4a.verify(key, to_sign, authorization.signature)
        key = self._signing_key(secret, scope.date, scope.region, scope.service)
        expected = sigv4.signature(key, to_sign)
        return hmac.compare_digest(expected.encode(), authorization.signature.encode())


def _authorization_header(request: Request) -> str:
    """The Authorization header, if it is the one signature and of Signature Version 4."""
    header = request.headers.get("authorization")
    if request.query and _is_presigned(request.query):
        if header is not None:
            raise SignatureDuplicated(
                "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as "
                "HTTP header.",
                "The request is signed in its query and in its Authorization header; leave the "
                "query parameters X-Amz-… out.",
            )
        raise AuthenticationTokenMissing(
            "The request is presigned: its signature is in the query. Waag does not take "
            "presigned requests; sign with an Authorization header."
        )
    if header is None:
        raise AuthenticationTokenMissing("The request has no Authorization header: sign it.")
    if not header.startswith("AWS4-"):
        raise AuthenticationTokenMissing(
            f"The Authorization header is of the scheme {header.partition(' ')[0]!r}, not of "
            f"{sigv4.ALGORITHM} or {sigv4.ASYMMETRIC_ALGORITHM}."
        )
    return header


def _is_presigned(query: str) -> bool:
    return any(
        unquote(parameter.partition("=")[0]) == "X-Amz-Algorithm" for parameter in query.split("&")
    )


def check_clocks(timestamp: str, now: tuple[Instant, ...]) -> None:
    """Refuse a date further than SKEW from every clock, to the second.

    A request's date has no fractions of a second, so the clocks' are cut off.
    """
    date = sigv4.parse_timestamp(timestamp)
    for clock in now:
        if -SKEW <= date - clock // SECOND * SECOND <= SKEW:
            return
    nearest = min(now, key=lambda clock: abs(date - clock))
    clocks = " and ".join(sigv4.format_timestamp(clock) for clock in now)
    why = (
        f"The request is dated {timestamp}; Waag's clocks show {clocks}, and 5 minutes are allowed."
    )
    shown = sigv4.format_timestamp(nearest)
    if date < nearest:
        raise SignatureExpired(
            f"Signature expired: {timestamp} is now earlier than "
            f"{sigv4.format_timestamp(nearest - SKEW)} ({shown} - 5 min.)",
            why,
        )
    raise SignatureNotYetCurrent(
        f"Signature not yet current: {timestamp} is still later than "
        f"{sigv4.format_timestamp(nearest + SKEW)} ({shown} + 5 min.)",
        why,
    )


def check_signed_headers(
    authorization: Authorization, headers: Mapping[str, str], dated_by: str
) -> None:
    """Refuse if a header that decides what the request means is not under the signature."""
    required = ["host", dated_by]
    if "x-amz-target" in headers:
        required.append("x-amz-target")
    if authorization.scope.region is None:
        required.append("x-amz-region-set")
    for name in required:
        if name not in authorization.signed_headers:
            raise HeaderUnsigned(
                f"{_HEADERS_AS_AWS_NAMES_THEM[name]} must be a 'SignedHeader' in the AWS "
                "Authorization.",
                f"The signed headers are {';'.join(authorization.signed_headers)}; "
                f"{name} has to be one of them.",
            )


def _region(authorization: Authorization, headers: Mapping[str, str]) -> str:
    """The region the request was signed for, as its credential or its region set states it."""
    region = authorization.scope.region
    if region is not None:
        return region
    region_set = headers.get("x-amz-region-set", "")
    region = sigv4a.region_of(region_set)
    if region is None:
        raise CredentialMisscoped(
            f"Credential should be scoped to a valid region, not '{region_set}'. ",
            f"The header X-Amz-Region-Set holds {region_set!r}; it has to name a region, or cover "
            f"{sigv4a.DEFAULT_REGION} as * and us-* do.",
        )
    return region


def check_scope(scope: Scope, region: str, service: str, timestamp: str) -> None:
    """Refuse a credential scoped to anything else; AWS names every mistake in one message."""
    if (
        region
        and scope.service == service
        and scope.terminator == sigv4.TERMINATOR
        and scope.date == timestamp[:8]
    ):
        return
    mistakes: list[str] = []
    if not region:
        mistakes.append("Credential should be scoped to a valid region, not ''. ")
    if scope.service != service:
        mistakes.append(f"Credential should be scoped to correct service: '{service}'. ")
    if scope.terminator != sigv4.TERMINATOR:
        mistakes.append(
            "Credential should be scoped with a valid terminator: "
            f"'{sigv4.TERMINATOR}', not '{scope.terminator}'. "
        )
    if scope.date != timestamp[:8]:
        mistakes.append(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
            f"HTTP: '{scope.date}' != '{timestamp[:8]}', from '{timestamp}'."
        )
    raise CredentialMisscoped(
        "".join(mistakes),
        f"The credential is scoped to {scope.text!r}, for the region {region!r}; expected are the "
        f"date {timestamp[:8]}, a region, the service {service!r} and {sigv4.TERMINATOR!r}.",
    )


def _check_payload(stated: str | None, body_hash: str) -> None:
    """Refuse a stated hash that is not the body's, among them UNSIGNED-PAYLOAD."""
    if stated is None or hmac.compare_digest(stated.encode(), body_hash.encode()):
        return
    raise PayloadMismatch(
        f"The header x-amz-content-sha256 holds {stated!r}; the SHA-256 of the body is "
        f"{body_hash}. Bodies are signed: Waag takes neither UNSIGNED-PAYLOAD nor streamed chunks."
    )


def check_session_token(sent: str | None, expected: str | None) -> None:
    """Refuse unless both are absent or both are the same.

    Raises:
        SessionTokenInvalid: they are not.
    """
    if sent is None and expected is None:
        return
    if sent is None:
        raise SessionTokenInvalid(
            "The access key is temporary: the request needs the header X-Amz-Security-Token."
        )
    if expected is None:
        raise SessionTokenInvalid(
            "The access key is long-term and has no session token: leave the header "
            "X-Amz-Security-Token out."
        )
    if not hmac.compare_digest(sent.encode(), expected.encode()):
        raise SessionTokenInvalid(
            "The header X-Amz-Security-Token holds another session token than the access key's."
        )
