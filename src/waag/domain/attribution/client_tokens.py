"""Client tokens: a request that is sent again is answered again, and carried out once.

A token stands for the first request that succeeded with it, for as long as
`AttributionChoices.client_token_seconds`, within one account, catalog and operation.
"""

from hashlib import sha256
from typing import Any

import msgspec

from waag.domain.attribution.identifiers import Scope
from waag.domain.attribution.refusals import ClientTokenConflict
from waag.domain.instants import Instant


class TokenUse(msgspec.Struct, frozen=True):
    """A token as a request has it.

    Attributes:
        operation: the one that is asked for.
        digest: of the parameters, without the token.
    """

    scope: Scope
    operation: str
    token: str
    digest: bytes


class UsedToken(msgspec.Struct, frozen=True):
    """What a token stands for.

    Attributes:
        digest: of the parameters of the request that succeeded.
        reply: what it was answered, as the services write it down.
    """

    digest: bytes
    reply: bytes


class KeptReply(msgspec.Struct, frozen=True):
    """A reply that is kept under a token, in the transaction of what it tells.

    Attributes:
        used: when.
        expired: a token last used then, or before, stands for nothing any more.
    """

    use: TokenUse
    reply: bytes
    used: Instant
    expired: Instant


def fingerprint(parameters: Any) -> bytes:
    """The same for the same parameters, however they were written on the wire.

    Args:
        parameters: of a request, decoded, without its token.
    """
    return sha256(msgspec.json.encode(parameters, order="deterministic")).digest()


def check_token(use: TokenUse, used: UsedToken) -> None:
    """Refuse another request with a token that stands for one.

    Raises:
        ClientTokenConflict: the parameters differ.
    """
    if use.digest != used.digest:
        raise ClientTokenConflict(
            f"Conflicting client token submitted for a new request body: ClientToken {use.token!r} "
            f"was used for another {use.operation} request of {use.scope}. Send a new request with "
            "a token of its own."
        )
