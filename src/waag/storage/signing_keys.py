"""Key pairs that registrations are signed with: made once, kept encrypted, never handed out."""

from collections.abc import Callable, Sequence

import apsw
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from waag.domain.instants import Instant
from waag.domain.market import Product
from waag.domain.refusals import StoreUnavailable
from waag.domain.workload_registration import PublicKey
from waag.storage.data_directory import DataDirectoryRefused
from waag.storage.queries import query
from waag.storage.secret_box import SecretBox
from waag.storage.writer import Writer

KEY_BITS = 2048
"""The smallest RSA key that PS256 is for. Source: RFC 7518, section 3.5."""

_PSS = padding.PSS(padding.MGF1(SHA256()), salt_length=padding.PSS.DIGEST_LENGTH)


def make_private_key() -> rsa.RSAPrivateKey:
    """A new key pair; takes some tenths of a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)


class SqliteSigningKeys:
    """Implements the port `SigningKeys`.

    Key pairs are made outside the transaction, since that takes long: of two made at once for one
    version the key of the table keeps the first, and nobody has seen the other.

    Args:
        writer: who owns the connection.
        secrets: opens and seals the private keys.
        make: a new key pair each time.
    """

    def __init__(
        self,
        writer: Writer,
        secrets: SecretBox,
        make: Callable[[], rsa.RSAPrivateKey] = make_private_key,
    ) -> None:
        self._writer = writer
        self._secrets = secrets
        self._make = make
        self._opened: dict[tuple[int, int], rsa.RSAPrivateKey] = {}

    def public_keys(self, product: Product, now: Instant) -> Sequence[PublicKey]:
        """Those of every version; see `waag.ports.SigningKeys.public_keys`."""
        keys = self._writer.change(lambda connection: _public_keys(connection, product))
        if keys:
            return keys
        made = self._make()

        def put(connection: apsw.Connection) -> Sequence[PublicKey]:
            self._put(connection, product, 1, made, now)
            return _public_keys(connection, product)

        return self._writer.change(put)

    def rotate(self, product: Product, now: Instant) -> PublicKey:
        """Make a new version; see `waag.ports.SigningKeys.rotate`."""
        self.public_keys(product, now)
        made = self._make()

        def put(connection: apsw.Connection) -> PublicKey:
            newest = _public_keys(connection, product)[-1]
            self._put(connection, product, newest.version + 1, made, now)
            return _public_keys(connection, product)[-1]

        return self._writer.change(put)

    def sign(self, product: Product, version: int, message: bytes) -> bytes:
        """Sign as PS256 does; see `waag.ports.SigningKeys.sign`."""
        key = self._opened.get((product.number, version))
        if key is None:
            key = self._opened[product.number, version] = self._open(product, version)
        return key.sign(message, _PSS, SHA256())

    def _put(
        self,
        connection: apsw.Connection,
        product: Product,
        version: int,
        key: rsa.RSAPrivateKey,
        now: Instant,
    ) -> None:
        private = key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),  # what is sealed is encrypted
        )
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        sealed = self._secrets.seal(private, _sealed_under(product, version))
        query(
            connection,
            "put_signing_key",
            (product.number, version, sealed, public.decode(), now),
        )

    def _open(self, product: Product, version: int) -> rsa.RSAPrivateKey:
        asked = (product.number, version)
        [(sealed,)] = self._writer.change(
            lambda connection: query(connection, "private_key", asked)
        )
        try:
            private = self._secrets.open(sealed, _sealed_under(product, version))
        except DataDirectoryRefused as refused:
            raise StoreUnavailable(refused.why) from refused
        key = serialization.load_der_private_key(private, password=None)
        assert isinstance(key, rsa.RSAPrivateKey), "as it was put"
        return key


def _public_keys(connection: apsw.Connection, product: Product) -> Sequence[PublicKey]:
    return [PublicKey(*row) for row in query(connection, "public_keys", (product.number,))]


def _sealed_under(product: Product, version: int) -> str:
    return f"product {product.code}, public key version {version},"
