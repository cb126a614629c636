"""Registration: what a registration token says, and which customer it stands for.

Whether a text is a token at all is for whoever sealed it; what may have become of one on its way is
told by `token_damage`.

Source: meteringmarketplace/2016-01-14, ResolveCustomer. The order of the checks, and the choices
where that text is silent or others contradict it, are listed in docs/compatibility.md.
"""

from enum import Enum
from typing import Annotated

import msgspec

from waag.domain.instants import INSTANT_MAX, SECOND, Instant, format_instant
from waag.domain.market import Integration, Market
from waag.domain.refusals import RegionDisabled, TokenExpired, TokenInvalid

TOKEN_CHARACTERS_MAX = 512
"""Source: marketplace-agreement, the shape of a registration token."""


class TokenUse(Enum):
    """How often a token may be resolved within its lifetime."""

    REUSABLE = "reusable"
    """Any number of times, with the same answer."""
    SINGLE = "single"
    """Once: "the buyer has resubmitted the registration token" is a cause of its expiry."""


class RegistrationChoices(msgspec.Struct, frozen=True):
    """Which reading is taken where AWS's sources contradict each other."""

    token_lifetime_seconds: Annotated[int, msgspec.Meta(ge=0)] = 14_400
    token_use: TokenUse = TokenUse.REUSABLE


class Registration(msgspec.Struct, frozen=True):
    """What a token says.

    Attributes:
        token: bytes that no other token has.
        agreement: the agreement's id.
        expires: the first instant at which the token is no longer taken.
    """

    token: bytes
    agreement: str
    issued: Instant
    expires: Instant


class ResolvedCustomer(msgspec.Struct, frozen=True):
    """Who registers for which product, in the identifiers that the product's integration uses.

    Attributes:
        agreement_id: given to products with concurrent agreements, as the license is.
    """

    customer_aws_account_id: str
    product_code: str
    customer_identifier: str | None = None
    license_arn: str | None = None
    agreement_id: str | None = None


def expiry(choices: RegistrationChoices, now: Instant) -> Instant:
    """Until when a token that is issued now is taken."""
    return min(now + choices.token_lifetime_seconds * SECOND, INSTANT_MAX)


def find_customer(
    registration: Registration, *, market: Market, seller_id: str, region: str, now: Instant
) -> ResolvedCustomer:
    """The customer that a token stands for.

    Args:
        registration: what the token says.
        market: where its agreement is looked up.
        seller_id: the calling account.
        region: of the endpoint that was called.
        now: what the clock shows; one turned back makes an expired token valid again.

    Raises:
        TokenInvalid: its agreement is not there, or is to another seller's product.
        RegionDisabled: the product is not offered in the Region called.
        TokenExpired: its lifetime is over.
    """
    agreement = market.agreement(registration.agreement)
    product = None if agreement is None else market.product(agreement.product_id)
    if agreement is None or product is None:
        raise TokenInvalid(
            f"The token is for agreement {registration.agreement}, which this market has not."
        )
    if product.seller_id != seller_id:
        raise TokenInvalid(
            f"The token is for product {product.code} of account {product.seller_id}; account "
            f"{seller_id} called. Call with credentials of the account that published the product."
        )
    if region not in product.regions:
        raise RegionDisabled(
            f"Product {product.code} is not offered in {region}; it is in "
            f"{', '.join(sorted(product.regions))}."
        )
    if now >= registration.expires:
        raise TokenExpired(
            f"Issued at {format_instant(registration.issued)}, it was valid until "
            f"{format_instant(registration.expires)}; it is {format_instant(now)}."
        )
    if product.integration is Integration.LEGACY:
        return ResolvedCustomer(
            agreement.buyer_id, product.code, customer_identifier=agreement.customer_identifier
        )
    return ResolvedCustomer(
        agreement.buyer_id,
        product.code,
        license_arn=agreement.license_arn,
        agreement_id=agreement.id,
    )
