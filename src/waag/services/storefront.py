"""The storefront: what a buyer is shown, and how one is sent on to the seller's page.

Subscribing, and whatever a buyer does later, is `waag.services.agreements`'s.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec

from waag.domain.agreement_states import AgreementUnknown, Command, possible, status_of
from waag.domain.instants import Instant
from waag.domain.market import (
    Account,
    AccountKind,
    Agreement,
    AgreementStatus,
    Market,
    OfferKind,
    Product,
)
from waag.domain.refusals import Refusal
from waag.domain.registration import RegistrationChoices
from waag.ports import Catalog, RegistrationTokens
from waag.services.registration import IssuedToken, issue_token


class NotListed(Refusal):
    """No such buyer or product."""

    rule = "storefront.unknown"


class NotSetUp(Refusal):
    """An agreement with which no buyer is sent to the seller's page."""

    rule = "storefront.set-up"


class BuyerPage(msgspec.Struct, frozen=True):
    """Buyers by number, and the number to go on from; None on the last page."""

    buyers: Sequence[Account]
    next: int | None


class Held(msgspec.Struct, frozen=True):
    """An agreement as its buyer sees it.

    Attributes:
        offer: None for one that a market file alone tells of.
        possible: what can be done with it now.
        registers: whether its buyer sets up an account with the seller.
    """

    agreement: Agreement
    product: Product
    seller: Account
    status: AgreementStatus
    offer: OfferKind | None
    possible: Sequence[Command]
    registers: bool


class Listing(msgspec.Struct, frozen=True):
    """A product as a buyer sees it, with the buyer's agreements to it that are not over."""

    product: Product
    seller: Account
    held: Sequence[Held]


class ListingPage(msgspec.Struct, frozen=True):
    """Products by number, and the number to go on from; None on the last page."""

    listings: Sequence[Listing]
    next: int | None


class AccountSetUp(msgspec.Struct, frozen=True):
    """What a browser posts to the seller's page, and where that is.

    Attributes:
        url: None if the seller has no page yet.
    """

    held: Held
    issued: IssuedToken
    url: str | None


_OVER = (
    AgreementStatus.CANCELLED,
    AgreementStatus.EXPIRED,
    AgreementStatus.RENEWED,
    AgreementStatus.FAILED,
)


def find_buyer(buyer_id: str, market: Market) -> Account:
    """The buyer with these twelve digits.

    Raises:
        NotListed: there is none.
        StoreUnavailable: the market could not be read; so with each of the others.
    """
    account = market.account(buyer_id)
    if account is None or account.kind is not AccountKind.BUYER:
        raise NotListed(f"There is no buyer account {buyer_id!r}.")
    return account


def list_buyers(catalog: Catalog, market: Market, *, after: int, limit: int) -> BuyerPage:
    """All that could buy something."""
    # One more than is shown tells whether there is a next page.
    ids = catalog.buyers(after, limit + 1)
    buyers = [find_buyer(each, market) for each in ids[:limit]]
    return BuyerPage(buyers, buyers[-1].number if len(ids) > limit else None)


def list_products(
    catalog: Catalog, market: Market, buyer_id: str, now: Instant, *, after: int, limit: int
) -> ListingPage:
    """All that can be bought."""
    ids = catalog.products(after, limit + 1)
    listings = [show_product(each, market, buyer_id, now) for each in ids[:limit]]
    return ListingPage(listings, listings[-1].product.number if len(ids) > limit else None)


def show_product(product_id: str, market: Market, buyer_id: str, now: Instant) -> Listing:
    """One product.

    Raises:
        NotListed: there is none with this id.
    """
    product = market.product(product_id)
    if product is None:
        raise NotListed(f"There is no product {product_id!r}.")
    agreements = market.agreements_of(product.id, buyer_id)
    held = [_held(each, market, now) for each in agreements if status_of(each, now) not in _OVER]
    return Listing(product, _seller(product, market), held)


def show_held(agreement_id: str, market: Market, buyer_id: str, now: Instant) -> Held:
    """One agreement of a buyer's.

    Raises:
        AgreementUnknown: the buyer has none with this id.
    """
    agreement = market.agreement(agreement_id)
    if agreement is None or agreement.buyer_id != buyer_id:
        raise AgreementUnknown(f"Account {buyer_id} has no agreement {agreement_id!r}.")
    return _held(agreement, market, now)


def set_up_account(
    agreement_id: str,
    buyer_id: str,
    *,
    market: Market,
    choices: RegistrationChoices,
    now: Instant,
    tokens: RegistrationTokens,
) -> AccountSetUp:
    """A new token, for the buyer's browser to bring to the seller's page; nothing is kept of it.

    Raises:
        AgreementUnknown: the buyer has none with this id.
        NotSetUp: it is not in force, or the seller's page has no address that a browser posts to.
        AgreementNotRegistrable: its product is not SaaS.
    """
    held = show_held(agreement_id, market, buyer_id, now)
    issued = issue_token(agreement_id, market=market, choices=choices, now=now, tokens=tokens)
    if not held.registers:
        raise NotSetUp(
            f"Agreement {agreement_id} is {held.status.value}: an account is set up while it is "
            "active."
        )
    url = held.product.fulfillment_url
    if url is not None and not _is_posted_to(url):
        raise NotSetUp(
            f"Product {held.product.code} has the fulfillment_url {url!r}; a browser posts to one "
            "such as https://seller.example/register."
        )
    return AccountSetUp(held, issued, url)


def _is_posted_to(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets around what is no address
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _held(agreement: Agreement, market: Market, now: Instant) -> Held:
    product = market.product(agreement.product_id)
    assert product is not None, "an agreement refers to its product"
    status = status_of(agreement, now)
    return Held(
        agreement,
        product,
        _seller(product, market),
        status,
        None if agreement.life is None else agreement.life.offer,
        possible(agreement, product, now),
        product.type.is_saas and status is AgreementStatus.ACTIVE,
    )


def _seller(product: Product, market: Market) -> Account:
    seller = market.account(product.seller_id)
    assert seller is not None, "a product refers to its seller"
    return seller
