"""Secrets at rest: AES-256-GCM under the data directory's key, bound to the access key id."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from waag.ports import RandomBytes
from waag.storage.data_directory import DataDirectoryRefused

_NONCE_BYTES = 12


class SecretBox:
    """Seals and opens a principal's secrets.

    Args:
        key: 32 bytes.
        random_bytes: for a nonce each time something is sealed.
    """

    def __init__(self, key: bytes, random_bytes: RandomBytes) -> None:
        self._cipher = AESGCM(key)
        self._random_bytes = random_bytes

    def seal(self, secret: bytes, access_key_id: str) -> bytes:
        """Nonce and ciphertext; of use only under the same access key id."""
        nonce = self._random_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, access_key_id.encode())

    def open(self, sealed: bytes, access_key_id: str) -> bytes:
        """What was sealed.

        Raises:
            DataDirectoryRefused: sealed with another key, for another id, or altered.
        """
        nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, ciphertext, access_key_id.encode())
        except InvalidTag as error:
            raise DataDirectoryRefused(
                f"The credentials of {access_key_id} were not encrypted with this data "
                "directory's secret-key. Put the secret-key back that lay beside this ledger."
            ) from error


def cipher_for(secret_key: bytes, purpose: bytes) -> AESGCM:
    """AES-256-GCM under a key of its own, derived from the data directory's for one purpose."""
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=purpose).derive(secret_key))
