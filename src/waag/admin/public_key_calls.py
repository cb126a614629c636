"""The admin API's calls on public keys of container products: looked at, and rotated."""

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from waag.admin.openapi import Call
from waag.domain.instants import format_instant
from waag.domain.market import Market, Product, ProductType
from waag.domain.refusals import Refusal
from waag.domain.workload_registration import PublicKey
from waag.ports import Clock, SigningKeys


class NoPublicKeys(Refusal):
    """No such product, or none that software registers with."""

    rule = "admin.public-keys"


class PublicKeyAnswer(msgspec.Struct, frozen=True):
    """A public key, in PEM, and since when a newer one is in its place."""

    version: int
    pem: str
    made_at: str
    rotated_at: str | None


class PublicKeysAnswer(msgspec.Struct, frozen=True):
    """Every public key of a product, oldest first."""

    product_code: str
    public_keys: tuple[PublicKeyAnswer, ...]


class PublicKeyCalls:
    """What the operator may do with the keys that registrations are signed with.

    Args:
        market: finds the products.
        clock: tells when a key is made.
        signing_keys: keeps the key pairs.
    """

    def __init__(self, market: Market, clock: Clock, signing_keys: SigningKeys) -> None:
        self._market = market
        self._clock = clock
        self._signing_keys = signing_keys

    def calls(self) -> tuple[Call, ...]:
        """Every call, and which method answers it."""
        return (
            Call(
                "GET",
                "/products/{code}/public-keys",
                self.public_keys,
                "The public keys that registrations with a container product are verified with",
                answer=PublicKeysAnswer,
            ),
            Call(
                "POST",
                "/products/{code}/public-keys",
                self.rotate_public_key,
                "Make a new version; those before it go on working",
                answer=PublicKeyAnswer,
            ),
        )

    async def public_keys(self, request: Request) -> PublicKeysAnswer:
        """Every public key of a product."""
        product = self._product(request)
        keys = await run_in_threadpool(self._signing_keys.public_keys, product, self._clock.now())
        return PublicKeysAnswer(product.code, tuple(map(_to_answer, keys)))

    async def rotate_public_key(self, request: Request) -> PublicKeyAnswer:
        """Make a new version."""
        product = self._product(request)
        made = await run_in_threadpool(self._signing_keys.rotate, product, self._clock.now())
        return _to_answer(made)

    def _product(self, request: Request) -> Product:
        code = request.path_params["code"]
        product = self._market.product_by_code(code)
        if product is None:
            raise NoPublicKeys(f"There is no product with the product code {code!r}.")
        if product.type is not ProductType.CONTAINER:
            raise NoPublicKeys(
                f"Product {code} is sold as {product.type.value}; only container products have "
                "public keys."
            )
        return product


def _to_answer(key: PublicKey) -> PublicKeyAnswer:
    rotated = None if key.rotated is None else format_instant(key.rotated)
    return PublicKeyAnswer(key.version, key.pem, format_instant(key.made), rotated)
