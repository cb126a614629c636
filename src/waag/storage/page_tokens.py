"""Page tokens: where a list goes on, sealed with AES-256-GCM under a key made from the ledger's.

Nothing is kept of them: a token given before a restart, or by another process of the same server,
is as good as any. What is listed, and what a position in it means, is others' concern.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256

import msgspec
from cryptography.exceptions import InvalidTag

from waag.domain.refusals import PageTokenInvalid
from waag.ports import RandomBytes
from waag.storage.secret_box import cipher_for

_NONCE_BYTES = 12
_TAG_BYTES = 16
_DIGEST_BYTES = 16
_SHOWN_CHARACTERS = 16


class _Sealed(msgspec.Struct, frozen=True, array_like=True):
    """What a token holds.

    Attributes:
        digests: of what it was given in, by name.
    """

    position: bytes
    digests: dict[str, bytes]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Sealed).decode


class SealedPageTokens:
    """Implements the port `PageTokens`; for any thread.

    Args:
        secret_key: the data directory's; the tokens' own key is derived from it.
        random_bytes: for a nonce in each token.
    """

    def __init__(self, secret_key: bytes, random_bytes: RandomBytes) -> None:
        self._cipher = cipher_for(secret_key, b"waag page tokens")
        self._random_bytes = random_bytes

    def seal(self, position: bytes, context: Mapping[str, bytes]) -> str:
        """A token in the URL-safe alphabet; it grows with the position, not with the context."""
        nonce = self._random_bytes(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, _encode(_Sealed(position, _digests(context))), None)
        return urlsafe_b64encode(nonce + sealed).decode().rstrip("=")

    def open(self, token: str, context: Mapping[str, bytes]) -> bytes:
        """The position; see `waag.ports.PageTokens.open`."""
        octets = _octets(token)
        if octets is None:
            raise PageTokenInvalid(
                f"{_shown(token)} is not a token of this server; send NextToken as the page "
                "before gave it."
            )
        try:
            opened = self._cipher.decrypt(octets[:_NONCE_BYTES], octets[_NONCE_BYTES:], None)
        except InvalidTag as error:
            raise PageTokenInvalid(
                f"{_shown(token)} was altered, or another server gave it; send NextToken as the "
                "page before gave it."
            ) from error
        sealed = _decode(opened)
        digests = _digests(context)
        differing = [name for name in digests if sealed.digests.get(name) != digests[name]]
        if differing:
            raise PageTokenInvalid(
                f"{_shown(token)} was given for another {' and another '.join(differing)}; only "
                "the request that it was given for, repeated with it, goes on."
            )
        return sealed.position


def _digests(context: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: sha256(value).digest()[:_DIGEST_BYTES] for name, value in context.items()}


def _octets(token: str) -> bytes | None:
    """What a token's text stands for; None if it is no such text."""
    try:
        octets = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    written = urlsafe_b64encode(octets).decode().rstrip("=")
    return octets if written == token and len(octets) > _NONCE_BYTES + _TAG_BYTES else None


def _shown(token: str) -> str:
    """The beginning of what a caller sent, marked where it was cut."""
    return f"NextToken {token[:_SHOWN_CHARACTERS]!r}{'...' * (len(token) > _SHOWN_CHARACTERS)}"
