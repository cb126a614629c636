"""Why a signature was refused: the branch of the tree of refusals that authentication raises.

    SignatureRefused
    ├── AuthenticationTokenMissing      no Authorization header of Signature Version 4
    ├── SignatureIncomplete             the header, or the date, lacks a part or is malformed
    │   └── AlgorithmUnsupported        an algorithm other than SigV4 and SigV4a
    ├── SignatureInvalid                well formed, but it does not prove who sent the request
    │   ├── SignatureDuplicated         a signature in the header and another in the query
    │   ├── SignatureExpired            signed too long before every clock
    │   ├── SignatureNotYetCurrent      signed too far after every clock
    │   ├── HeaderUnsigned              a header that has to be signed is not
    │   ├── CredentialMisscoped         another service, date, region or terminator
    │   ├── PayloadMismatch             the stated hash of the body is not its hash
    │   └── SignatureMismatch           computed over other bytes or with another secret
    └── SecurityTokenInvalid            credentials that Waag does not hold
        ├── AccessKeyUnknown            nobody has this access key
        ├── SessionTokenInvalid         the session token is missing, wrong, or not wanted
        └── SessionExpired              the session is over

`message` is AWS's text, sent to the caller; `why` explains to the operator. Neither holds a secret
access key, a session token, or the signature that would have passed.
"""

from typing import ClassVar

from waag.domain.instants import Instant, format_instant
from waag.domain.market import Principal
from waag.domain.refusals import Refusal


class SignatureRefused(Refusal):
    """A request whose sender is not proven.

    Attributes:
        code: AWS's error code.
        message: AWS's text for the caller, to the letter where one has been observed.
    """

    rule = "signature.refused"
    code: ClassVar[str]

    def __init__(self, message: str, why: str) -> None:
        super().__init__(why)
        self.message = message


class AuthenticationTokenMissing(SignatureRefused):
    """The request carries no Authorization header of Signature Version 4."""

    rule = "signature.missing"
    code = "MissingAuthenticationTokenException"

    def __init__(self, why: str) -> None:
        super().__init__("Missing Authentication Token", why)


class SignatureIncomplete(SignatureRefused):
    """The Authorization header or the date lacks a part, or is malformed."""

    rule = "signature.incomplete"
    code = "IncompleteSignatureException"


class AlgorithmUnsupported(SignatureIncomplete):
    """The header names an algorithm that is neither SigV4 nor SigV4a."""

    rule = "signature.algorithm"


class SignatureInvalid(SignatureRefused):
    """The signature is well formed, but it does not prove who sent the request."""

    rule = "signature.invalid"
    code = "InvalidSignatureException"


class SignatureDuplicated(SignatureInvalid):
    """The request is signed in the Authorization header and in the query at once."""

    rule = "signature.duplicated"


class SignatureExpired(SignatureInvalid):
    """The request was signed too long ago."""

    rule = "signature.expired"


class SignatureNotYetCurrent(SignatureInvalid):
    """The request was signed too far in the future."""

    rule = "signature.early"


class HeaderUnsigned(SignatureInvalid):
    """A header that has to be signed is not among the signed headers."""

    rule = "signature.headers"


class CredentialMisscoped(SignatureInvalid):
    """The credential is scoped to another service, date, region or terminator."""

    rule = "signature.scope"


class SignatureMismatch(SignatureInvalid):
    """The signature was computed over other bytes, or with another secret access key."""

    rule = "signature.mismatch"

    def __init__(self, why: str) -> None:
        super().__init__(
            "The request signature we calculated does not match the signature you provided. "
            "Check your AWS Secret Access Key and signing method. "
            "Consult the service documentation for details.",
            why,
        )


class PayloadMismatch(SignatureMismatch):
    """The header x-amz-content-sha256 does not hold the hash of the body."""

    rule = "signature.payload"


class SecurityTokenInvalid(SignatureRefused):
    """The access key, or the session token that belongs to it, is not one Waag holds."""

    rule = "signature.token"
    code = "UnrecognizedClientException"

    def __init__(self, why: str) -> None:
        super().__init__("The security token included in the request is invalid.", why)


class AccessKeyUnknown(SecurityTokenInvalid):
    """Nobody has this access key."""

    rule = "signature.key"


class SessionTokenInvalid(SecurityTokenInvalid):
    """The session token is missing, is another one, or came with a long-term access key."""

    rule = "signature.session"


class SessionExpired(SecurityTokenInvalid):
    """The credentials were those of a session, and it is over."""

    rule = "signature.expired-session"
    code = "ExpiredTokenException"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.message = "The security token included in the request is expired"


def refuse_expired(principal: Principal, now: Instant) -> None:
    """Refuse a session that is over.

    Raises:
        SessionExpired: by what the clock shows.
    """
    if principal.expires is not None and principal.expires <= now:
        raise SessionExpired(
            f"The session {principal.arn} ended at {format_instant(principal.expires)}; the clock "
            f"shows {format_instant(now)}. Assume the role anew."
        )
