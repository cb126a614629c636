"""Registration: tokens issued for an agreement, and the customer that one stands for."""

import msgspec

from waag.domain.instants import Instant, format_instant
from waag.domain.market import Market
from waag.domain.refusals import Refusal, TokenInvalid, TokenUsed
from waag.domain.registration import (
    TOKEN_CHARACTERS_MAX,
    RegistrationChoices,
    ResolvedCustomer,
    TokenUse,
    expiry,
    find_customer,
)
from waag.domain.token_damage import repaired
from waag.ports import Caller, RegistrationTokens, UsedTokens

_SHOWN_CHARACTERS = 24
_USUAL_REGION = "us-east-1"


class AgreementNotRegistrable(Refusal):
    """No agreement with which a buyer is sent to the seller's page."""

    rule = "registration.agreement"


class IssuedToken(msgspec.Struct, frozen=True):
    """A registration token, and the first instant at which it is no longer taken."""

    token: str
    expires: Instant


def issue_token(
    agreement_id: str,
    *,
    market: Market,
    choices: RegistrationChoices,
    now: Instant,
    tokens: RegistrationTokens,
) -> IssuedToken:
    """A token as a buyer's browser brings it to the seller's page.

    Raises:
        AgreementNotRegistrable: no such agreement, or to a product that is not SaaS.
        StoreUnavailable: the market could not be read.
    """
    agreement = market.agreement(agreement_id)
    if agreement is None:
        raise AgreementNotRegistrable(f"There is no agreement {agreement_id!r}.")
    product = market.product(agreement.product_id)
    assert product is not None, "no agreement without its product"
    if not product.type.is_saas:
        raise AgreementNotRegistrable(
            f"Agreement {agreement.id} is to product {product.code}, which is sold as "
            f"{product.type.value}: only buyers of SaaS products register on the seller's page."
        )
    expires = expiry(choices, now)
    return IssuedToken(tokens.seal(agreement.id, now, expires), expires)


def resolve_customer(
    token: str,
    caller: Caller,
    *,
    market: Market,
    choices: RegistrationChoices,
    now: Instant,
    tokens: RegistrationTokens,
    used_tokens: UsedTokens,
) -> ResolvedCustomer:
    """The customer that a token stands for; a token of one use is used up when it is known.

    Raises:
        Refusal: see `waag.domain.registration.find_customer`.
        TokenInvalid: no token of this server's.
        TokenUsed: it was used up before.
        StoreUnavailable: the store could not be read or written; the token is not used.
    """
    registration = None if len(token) > TOKEN_CHARACTERS_MAX else tokens.open(token)
    if registration is None:
        raise TokenInvalid(_why_invalid(token, tokens))
    customer = find_customer(
        registration, market=market, seller_id=caller.account_id, region=caller.region, now=now
    )
    if choices.token_use is TokenUse.SINGLE:
        used_at = used_tokens.use(registration.token, now)
        if used_at is not None:
            raise TokenUsed(
                f"It was used up at {format_instant(used_at)}: the buyer has resubmitted it, or "
                "the same call was sent again. A token is taken once here."
            )
    return customer


def find_seller(token: str, *, market: Market, tokens: RegistrationTokens) -> Caller | None:
    """Who would call ResolveCustomer with a token: the seller, in a Region of the product.

    None if it is no token, or one for an agreement that is not there.
    """
    registration = None if len(token) > TOKEN_CHARACTERS_MAX else tokens.open(token)
    agreement = None if registration is None else market.agreement(registration.agreement)
    product = None if agreement is None else market.product(agreement.product_id)
    if product is None:
        return None
    region = _USUAL_REGION if _USUAL_REGION in product.regions else min(product.regions)
    return Caller(product.seller_id, f"arn:aws:iam::{product.seller_id}:root", region)


def _why_invalid(token: str, tokens: RegistrationTokens) -> str:
    """What became of a token on its way, if that can be undone; else what was sent instead."""
    if len(token) > TOKEN_CHARACTERS_MAX:
        return f"{len(token)} characters were sent; a token has {TOKEN_CHARACTERS_MAX} at most."
    before, damages = repaired(token)
    registration = tokens.open(before) if damages else None
    if registration is not None:
        return (
            f"The token was damaged on its way: {'; '.join(damages)}. As it was issued, for "
            f"agreement {registration.agreement}, it would have been known."
        )
    shown = token if len(token) <= _SHOWN_CHARACTERS else f"{token[:_SHOWN_CHARACTERS]}..."
    return (
        f"{shown!r} ({len(token)} characters) is no token that this server issued: it was altered "
        "or cut short, or another server issued it."
    )
