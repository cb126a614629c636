"""What RegisterUsage refuses, and the token it answers.

A call is refused by the first of these checks that it does not pass:

    workload → Region → product → Region of the product → public key → platform → entitlement

The last two are for a workload's first call alone.

Source: meteringmarketplace/2016-01-14, RegisterUsage; AWS Marketplace Seller Guide, RegisterUsage;
RFC 7515 (JWS) and RFC 7518, section 3.5 (PS256).
"""

from base64 import urlsafe_b64encode
from collections.abc import Sequence

import msgspec

from waag.domain.instants import SECOND, Instant
from waag.domain.market import Market, Product, ProductType
from waag.domain.refusals import (
    ApiDisabled,
    PlatformUnsupported,
    ProductUnknown,
    PublicKeyVersionUnknown,
    TaskElsewhere,
)
from waag.domain.workloads import CONTAINER_PLATFORMS, Workload

_HEADER = b'{"alg":"PS256","typ":"JWT"}'


class SubmittedRegistration(msgspec.Struct, frozen=True):
    """A call of RegisterUsage as submitted."""

    product_code: str
    public_key_version: int
    nonce: str | None


class PublicKey(msgspec.Struct, frozen=True):
    """A public key that a seller verifies registrations with.

    Attributes:
        version: from 1 up.
        pem: SubjectPublicKeyInfo in PEM.
        made: when it was made.
        rotated: when the next one was made; None for the newest.
    """

    version: int
    pem: str
    made: Instant
    rotated: Instant | None


class _Claims(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    product_code: str
    public_key_version: int
    nonce: str | None = None
    iat: int


def find_container_product(
    registration: SubmittedRegistration, workload: Workload, region: str, market: Market
) -> Product:
    """The container product that a workload registers with.

    Args:
        registration: as submitted.
        workload: who registers.
        region: of the endpoint that was called.
        market: finds the product.

    Raises:
        TaskElsewhere: the task or pod runs in another Region.
        ProductUnknown: no such product code, or of another kind of product.
        ApiDisabled: the product is not offered in the Region.
    """
    if region != workload.region:
        raise TaskElsewhere(
            f"The {workload} runs in {workload.region}; the endpoint called is {region}'s."
        )
    product = market.product_by_code(registration.product_code)
    if product is None:
        raise ProductUnknown(
            f"There is no product with the product code {registration.product_code!r}."
        )
    if product.type is not ProductType.CONTAINER:
        raise ProductUnknown(
            f"Product {product.code} is sold as {product.type.value}; only container products are "
            "registered with RegisterUsage."
        )
    if region not in product.regions:
        raise ApiDisabled(
            f"Product {product.code} is not offered in {region}; it is in "
            f"{', '.join(sorted(product.regions))}."
        )
    return product


def find_public_key(version: int, keys: Sequence[PublicKey], product: Product) -> PublicKey:
    """The public key of a version.

    Raises:
        PublicKeyVersionUnknown: there is none.
    """
    for key in keys:
        if key.version == version:
            return key
    raise PublicKeyVersionUnknown(
        f"Product {product.code} has no public key of version {version}; it has versions 1 to "
        f"{keys[-1].version}."
    )


def check_platform(workload: Workload) -> None:
    """A workload can be registered on ECS and EKS, Fargate included.

    Raises:
        PlatformUnsupported: it runs elsewhere.
    """
    if workload.platform not in CONTAINER_PLATFORMS:
        raise PlatformUnsupported(
            f"The {workload} runs on {workload.platform}; RegisterUsage is for "
            f"{' and '.join(CONTAINER_PLATFORMS)}."
        )


def to_signing_input(registration: SubmittedRegistration, now: Instant) -> bytes:
    """Header and claims of the token, as they are signed: two parts of base64url.

    Claims are named as AWS's own samples read them; a nonce is in it if one was sent.
    """
    claims = _Claims(
        product_code=registration.product_code,
        public_key_version=registration.public_key_version,
        nonce=registration.nonce,
        iat=now // SECOND,
    )
    return _base64url(_HEADER) + b"." + _base64url(msgspec.json.encode(claims))


def to_jwt(signing_input: bytes, signature: bytes) -> str:
    """The compact serialization of a signed token."""
    return (signing_input + b"." + _base64url(signature)).decode()


def _base64url(octets: bytes) -> bytes:
    return urlsafe_b64encode(octets).rstrip(b"=")
