"""AWS Signature Version 4: the texts and keys of the specification, over a request as received.

Pure functions. Judges neither clocks nor scopes nor signers: `waag.wire.authentication` does.
Source: IAM User Guide, "Create a signed AWS API request", for services other than S3.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.parse import quote, unquote_to_bytes

import msgspec

from waag.domain.instants import SECOND, Instant, from_datetime, parse_instant, to_datetime
from waag.exchange import Request
from waag.wire.signature_refusals import AlgorithmUnsupported, SignatureIncomplete

ALGORITHM = "AWS4-HMAC-SHA256"
ASYMMETRIC_ALGORITHM = "AWS4-ECDSA-P256-SHA256"
TERMINATOR = "aws4_request"

_CREDENTIAL_FORMS = {
    ALGORITHM: "keyid/date/region/service/term",
    ASYMMETRIC_ALGORITHM: "keyid/date/service/term",
}

_EVERY_DIGIT_ZERO = str.maketrans("123456789", "000000000")


class Scope(msgspec.Struct, frozen=True, gc=False):
    """What a credential is good for.

    Attributes:
        date: YYYYMMDD if well formed; compared, never parsed.
        region: None in SigV4a, whose regions are in the header x-amz-region-set.
        service: the signing name.
        terminator: always "aws4_request" if well formed.
    """

    date: str
    region: str | None
    service: str
    terminator: str

    @property
    def text(self) -> str:
        """The scope as the string to sign holds it."""
        if self.region is None:
            return f"{self.date}/{self.service}/{self.terminator}"
        return f"{self.date}/{self.region}/{self.service}/{self.terminator}"


class Authorization(msgspec.Struct, frozen=True, gc=False):
    """The Authorization header, parsed.

    Attributes:
        algorithm: ALGORITHM or ASYMMETRIC_ALGORITHM.
        access_key_id: as sent.
        scope: the rest of the credential.
        signed_headers: sorted, letter case as sent.
        signature: hexadecimal if well formed; compared, never trusted.
    """

    algorithm: str
    access_key_id: str
    scope: Scope
    signed_headers: tuple[str, ...]
    signature: str


def parse_authorization(header: str, *, dated: bool) -> Authorization:
    """Read an Authorization header; of a repeated parameter the last counts, as on AWS.

    Args:
        header: the header's value.
        dated: whether the request has a date; if not, that is among the missing parts.

    Raises:
        SignatureIncomplete: a part is missing, or is not name=value, or the credential has too
            few or too many elements.
        AlgorithmUnsupported: neither SigV4 nor SigV4a.
    """
    algorithm, _, parameters_text = header.partition(" ")
    parameters: dict[str, str] = {}
    for parameter in parameters_text.split(","):
        name, equal_sign, value = parameter.lstrip(" ").partition("=")
        if not equal_sign:
            raise SignatureIncomplete(
                f"'{name}' not a valid key=value pair (missing equal-sign) in Authorization "
                f"header: '{header}'.",
                f"The Authorization header holds {name!r} where Credential=…, SignedHeaders=… "
                "and Signature=…, separated by commas, are expected.",
            )
        parameters[name] = value
    credential = parameters.get("Credential")
    signature_text = parameters.get("Signature")
    signed_headers = parameters.get("SignedHeaders")
    if not (credential and signature_text and signed_headers and dated):
        raise _incomplete(header, parameters, dated=dated)
    access_key_id, scope = _parse_credential(algorithm, credential)
    names = tuple(sorted(signed_headers.split(";")))
    return Authorization(algorithm, access_key_id, scope, names, signature_text)


def _incomplete(header: str, parameters: Mapping[str, str], *, dated: bool) -> SignatureIncomplete:
    missing = [
        f"Authorization header requires '{name}' parameter."
        for name in ("Credential", "Signature", "SignedHeaders")
        if not parameters.get(name)
    ]
    if not dated:
        missing.append(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
        )
    return SignatureIncomplete(
        f"{' '.join(missing)} Authorization={header}",
        "The request needs Credential, SignedHeaders and Signature in its Authorization header, "
        f"and a header X-Amz-Date or Date. {' '.join(missing)}",
    )


def _parse_credential(algorithm: str, credential: str) -> tuple[str, Scope]:
    """Split a credential into the access key id and the scope."""
    form = _CREDENTIAL_FORMS.get(algorithm)
    if form is None:
        raise AlgorithmUnsupported(
            f"Unsupported AWS 'algorithm': '{algorithm}'.",
            f"The Authorization header names the algorithm {algorithm!r}; Waag verifies "
            f"{ALGORITHM} and {ASYMMETRIC_ALGORITHM}.",
        )
    elements = credential.split("/")
    expected = form.count("/") + 1
    if len(elements) != expected:
        raise SignatureIncomplete(
            f"Credential must have exactly {expected} slash-delimited elements, "
            f"e.g. {form}, got '{credential}'",
            f"The credential {credential!r} does not have the form {form} of {algorithm}.",
        )
    access_key_id, date, *region, service, terminator = elements
    return access_key_id, Scope(date, region[0] if region else None, service, terminator)


def signing_date(headers: Mapping[str, str]) -> tuple[str, str] | None:
    """The header that dates the signature, and its date as the string to sign holds it.

    X-Amz-Date counts before Date. A date that cannot be read is given back as sent, for
    `parse_timestamp` to refuse.

    Returns:
        the name, x-amz-date or date, and a timestamp; None if the request has neither.
    """
    timestamp = headers.get("x-amz-date")
    if timestamp is not None:
        return "x-amz-date", timestamp
    date = headers.get("date")
    if date is None:
        return None
    try:
        moment = parsedate_to_datetime(date)
        if moment.tzinfo is None:
            # RFC 5322: the offset -0000 says UTC, and nothing about where the sender is.
            moment = moment.replace(tzinfo=UTC)
        return "date", format_timestamp(from_datetime(moment))
    except (ValueError, OverflowError):
        return "date", date


def parse_timestamp(timestamp: str) -> Instant:
    """Read YYYYMMDDTHHMMSSZ, the basic format of ISO 8601.

    Raises:
        SignatureIncomplete: of another format, or not on the calendar.
    """
    if timestamp.translate(_EVERY_DIGIT_ZERO) == "00000000T000000Z":
        try:
            return parse_instant(timestamp)
        except ValueError:
            pass
    raise SignatureIncomplete(
        f"Date must be in ISO-8601 'basic format'. Got '{timestamp}'. "
        "See http://en.wikipedia.org/wiki/ISO_8601",
        f"The request is dated {timestamp!r}; the form is 20261121T100000Z.",
    )


def format_timestamp(instant: Instant) -> str:
    """Write YYYYMMDDTHHMMSSZ; what is below a second is cut off."""
    moment = to_datetime(instant // SECOND * SECOND).isoformat()
    return moment.replace("-", "").replace(":", "").removesuffix("+0000") + "Z"


def payload_hash(body: bytes) -> str:
    """The SHA-256 of the body, in lower-case hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def canonical_request(request: Request, signed_headers: tuple[str, ...], body_hash: str) -> str:
    """The canonical request; one character of it is one byte.

    Args:
        request: as received.
        signed_headers: sorted names.
        body_hash: the `payload_hash` of the body.

    Raises:
        KeyError: a signed header is not in the request.
    """
    headers = request.headers
    canonical_headers = "".join(
        [f"{name}:{canonical_header_value(headers[name])}\n" for name in signed_headers]
    )
    return (
        f"{request.method}\n{canonical_uri(request.path)}\n{canonical_query(request.query)}\n"
        f"{canonical_headers}\n{';'.join(signed_headers)}\n{body_hash}"
    )


def canonical_uri(path: str) -> str:
    """The path without dot segments and empty segments, percent-encoded once more.

    Encoding applies to the path as received: %20 becomes %2520, and %2E%2E is no dot segment.
    """
    if path == "/":
        return path
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment and segment != ".":
            segments.append(segment)
    end = "/" if segments and path.endswith("/") else ""
    return quote(f"/{'/'.join(segments)}{end}", safe="/", encoding="latin-1")


def canonical_query(query: str) -> str:
    """The parameters, sorted by encoded name and then value; every name gets an equals sign.

    Names and values are decoded and encoded anew, so that %7e and ~ are one; a plus is a plus.
    """
    if not query:
        return query
    pairs = sorted(
        (_encoded_anew(name), _encoded_anew(value))
        for name, _, value in (piece.partition("=") for piece in query.split("&") if piece)
    )
    return "&".join([f"{name}={value}" for name, value in pairs])


def _encoded_anew(text: str) -> str:
    return quote(unquote_to_bytes(text.encode("latin-1")), safe="")


def canonical_header_value(value: str) -> str:
    """A value, its ends trimmed already, with each run of spaces and tabs made one space."""
    if "  " in value or "\t" in value:
        return " ".join(filter(None, value.replace("\t", " ").split(" ")))
    return value


def string_to_sign(algorithm: str, timestamp: str, scope: Scope, canonical: str) -> str:
    """What is signed: algorithm, timestamp, scope, and the hash of the canonical request."""
    canonical_hash = hashlib.sha256(canonical.encode("latin-1")).hexdigest()
    return f"{algorithm}\n{timestamp}\n{scope.text}\n{canonical_hash}"


def signing_key(secret_access_key: str, date: str, region: str, service: str) -> bytes:
    """The key of one day, region and service: 32 bytes."""
    key = f"AWS4{secret_access_key}".encode()
    for step in (date, region, service, TERMINATOR):
        key = hmac.digest(key, step.encode(), "sha256")
    return key


def signature(key: bytes, to_sign: str) -> str:
    """The signature, in lower-case hexadecimal."""
    return hmac.digest(key, to_sign.encode(), "sha256").hex()
