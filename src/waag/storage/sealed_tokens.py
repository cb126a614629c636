"""Registration tokens: sealed, so that nothing is kept of one before it is used; and used once.

A token is AES-256-GCM in standard base64, under a key of its own derived from the data directory's.
All are 112 bytes long, whatever the agreement's id: 152 characters that begin with `Wg+/` and end
with `==`, so that a page which damages what URLs and forms give a meaning of their own damages
every token and not one in ten.
"""

from base64 import b64decode, b64encode
from struct import Struct

import apsw
from cryptography.exceptions import InvalidTag

from waag.domain.instants import Instant
from waag.domain.registration import Registration
from waag.ports import RandomBytes
from waag.storage.queries import query
from waag.storage.secret_box import cipher_for
from waag.storage.writer import Writer

_PREFIX = b64decode("Wg+/")
"""Tells this layout from later ones."""

_NONCE_BYTES = 12
_CONTENT = Struct(">qq65p")
"""When issued, when expiring, and the agreement's id, which has 64 characters at most."""

_TAG_BYTES = 16
_TOKEN_BYTES = len(_PREFIX) + _NONCE_BYTES + _CONTENT.size + _TAG_BYTES
TOKEN_CHARACTERS = len(b64encode(bytes(_TOKEN_BYTES)))


class SealedTokens:
    """Implements the port `RegistrationTokens`.

    Args:
        secret_key: the data directory's.
        random_bytes: for a nonce each time a token is sealed.
    """

    def __init__(self, secret_key: bytes, random_bytes: RandomBytes) -> None:
        self._cipher = cipher_for(secret_key, b"waag registration token")
        self._random_bytes = random_bytes

    def seal(self, agreement: str, issued: Instant, expires: Instant) -> str:
        """A token for an agreement; no two are the same."""
        nonce = self._random_bytes(_NONCE_BYTES)
        content = _CONTENT.pack(issued, expires, agreement.encode())
        return b64encode(_PREFIX + nonce + self._cipher.encrypt(nonce, content, _PREFIX)).decode()

    def open(self, token: str) -> Registration | None:
        """What was sealed; None for anything but a token to the letter."""
        if len(token) != TOKEN_CHARACTERS:
            return None
        try:
            octets = b64decode(token, validate=True)
        except ValueError:
            return None
        # The last character but the padding has bits that decode to nothing: one spelling counts.
        if not octets.startswith(_PREFIX) or b64encode(octets).decode() != token:
            return None
        nonce, sealed = octets[len(_PREFIX) :][:_NONCE_BYTES], octets[len(_PREFIX) + _NONCE_BYTES :]
        try:
            content = self._cipher.decrypt(nonce, sealed, _PREFIX)
        except InvalidTag:
            return None
        issued, expires, agreement = _CONTENT.unpack(content)
        return Registration(nonce, agreement.decode(), issued, expires)


class StoredTokenUse:
    """Implements the port `UsedTokens`.

    Args:
        writer: who owns the connection.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def use(self, token: bytes, now: Instant) -> Instant | None:
        """Use a token up; see `waag.ports.UsedTokens.use`."""

        def use(connection: apsw.Connection) -> Instant | None:
            if query(connection, "use_token", (token, now)):
                return None
            return query(connection, "token_used", (token,))[0][0]

        return self._writer.change(use)
