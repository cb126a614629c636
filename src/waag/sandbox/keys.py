"""Ids and secrets in the forms that AWS's have."""

from base64 import b32encode, b64encode

from waag.ports import RandomBytes

_UNIQUE_LETTERS = 17
_KEY_LETTERS = 16
_SECRET_BYTES = 30
_TOKEN_BYTES = 192


class KeyMaker:
    """Makes them out of unpredictable bytes.

    Args:
        random_bytes: so many of them.
    """

    def __init__(self, random_bytes: RandomBytes) -> None:
        self._random_bytes = random_bytes

    def unique_id(self, prefix: str) -> str:
        """Such as AIDA and 17 letters or digits."""
        return prefix + self._letters(_UNIQUE_LETTERS)

    def access_key_id(self, prefix: str) -> str:
        """AKIA for a long-term key, ASIA for a session's, and 16 letters or digits."""
        return prefix + self._letters(_KEY_LETTERS)

    def secret_access_key(self) -> str:
        """40 characters."""
        return b64encode(self._random_bytes(_SECRET_BYTES)).decode()

    def session_token(self) -> str:
        """256 characters."""
        return b64encode(self._random_bytes(_TOKEN_BYTES)).decode()

    def _letters(self, count: int) -> str:
        return b32encode(self._random_bytes(15)).decode()[:count]
