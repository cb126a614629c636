"""Signatures that stand in the query: read, with what they say of themselves.

Source: Amazon S3 API Reference, "Authenticating Requests: Using Query Parameters".
"""

from urllib.parse import unquote

import msgspec

from waag.domain.instants import MINUTE, SECOND, Instant
from waag.wire import sigv4
from waag.wire.presigned_v2 import is_presigned_v2
from waag.wire.signature_refusals import (
    SignatureExpired,
    SignatureIncomplete,
    SignatureNotYetCurrent,
)
from waag.wire.sigv4 import Authorization

EXPIRES_SECONDS_MAX = 7 * 24 * 60 * 60
EARLY: Instant = 15 * MINUTE
"""How far a presigned request's date may lie after a clock."""

_PREFIX = "X-Amz-"


class Presigned(msgspec.Struct, frozen=True):
    """A signature in the query.

    Attributes:
        timestamp: when it was signed, as sent.
        expires_seconds: for how long it holds from then on.
        session_token: as sent.
        payload: the stated hash of the body.
    """

    authorization: Authorization
    timestamp: str
    expires_seconds: int
    session_token: str | None
    payload: str

    def check_clocks(self, now: tuple[Instant, ...]) -> None:
        """Refuse what no clock finds current.

        Raises:
            SignatureExpired: its time is over.
            SignatureNotYetCurrent: its time has not come.
        """
        date = sigv4.parse_timestamp(self.timestamp)
        end = date + self.expires_seconds * SECOND
        if any(date - EARLY <= clock <= end for clock in now):
            return
        shown = " and ".join(sigv4.format_timestamp(clock) for clock in now)
        why = (
            f"The request was presigned at {self.timestamp} for {self.expires_seconds} seconds; "
            f"Waag's clocks show {shown}."
        )
        if all(clock > end for clock in now):
            raise SignatureExpired("Request has expired", why)
        raise SignatureNotYetCurrent("Request is not yet valid", why)


def parameters(query: str) -> dict[str, str]:
    """The query's parameters that belong to a signature, decoded."""
    pairs = (piece.partition("=") for piece in query.split("&"))
    decoded = ((unquote(name), unquote(value)) for name, _, value in pairs)
    return {name: value for name, value in decoded if name.startswith(_PREFIX)}


def is_presigned(query: str) -> bool:
    """Whether the query holds a signature."""
    return "X-Amz-Algorithm" in query and "X-Amz-Algorithm" in parameters(query)


def presigned_service(query: str) -> str:
    """The signing name of a signature in the query; empty if there is none."""
    if is_presigned_v2(query):
        return "s3"
    if "X-Amz-Credential" not in query:
        return ""
    elements = parameters(query).get("X-Amz-Credential", "").split("/")
    return elements[-2] if len(elements) > 1 else ""


def parse_presigned(query: str) -> Presigned:
    """Read the signature in a query.

    Raises:
        SignatureIncomplete: a part is missing or malformed.
        AlgorithmUnsupported: of another algorithm than SigV4.
    """
    given = parameters(query)
    header = (
        f"{given.get('X-Amz-Algorithm', '')} Credential={given.get('X-Amz-Credential', '')}, "
        f"SignedHeaders={given.get('X-Amz-SignedHeaders', '')}, "
        f"Signature={given.get('X-Amz-Signature', '')}"
    )
    timestamp = given.get("X-Amz-Date", "")
    authorization = sigv4.parse_authorization(header, dated=bool(timestamp))
    expires = given.get("X-Amz-Expires", "")
    if not (expires.isascii() and expires.isdecimal() and 0 < int(expires) <= EXPIRES_SECONDS_MAX):
        raise SignatureIncomplete(
            "X-Amz-Expires must be between 1 and 604800 seconds",
            f"The query has X-Amz-Expires {expires!r}; 1 to {EXPIRES_SECONDS_MAX} are taken.",
        )
    return Presigned(
        authorization,
        timestamp,
        int(expires),
        given.get("X-Amz-Security-Token"),
        given.get("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"),
    )
