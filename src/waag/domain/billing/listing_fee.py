"""The marketplace's listing fee: which part of the revenue before tax it keeps.

    public   SaaS and contracts 3 %, AMI and container 20 %
    private  3 % under 1 million of contract value, 2 % to under 10 million, 1.5 % from there
    renewed  1.5 % of a private offer that renews another
    sold by a reseller + 0.5 points; to a buyer in South Korea + 1 point since 2025-04-01

Source: AWS Marketplace Seller Guide, listing fees since 2024-01-05. It gives the steps of contract
value in US dollars; in another currency the same numbers are taken of that. Before 2024-01-05 the
fees were others, which were not published; the same are taken.
"""

from decimal import Decimal

from waag.domain.billing.fees import contract_value
from waag.domain.billing.history import History
from waag.domain.billing.money import EXACT, minor_digits
from waag.domain.billing.prices import is_private
from waag.domain.instants import Instant, parse_instant
from waag.domain.market import Agreement, Product, ProductType

SOUTH_KOREA_SINCE: Instant = parse_instant("2025-04-01T00:00:00Z")

_PUBLIC_SAAS, _PUBLIC_SERVER = Decimal("0.03"), Decimal("0.2")
_PRIVATE = ((1_000_000, Decimal("0.03")), (10_000_000, Decimal("0.02")))
_PRIVATE_LARGEST = _RENEWED = Decimal("0.015")
_RESOLD, _SOUTH_KOREA = Decimal("0.005"), Decimal("0.01")


def listing_fee_rate(
    product: ProductType,
    *,
    private: bool,
    renewal: bool = False,
    resold: bool = False,
    value: Decimal = Decimal(0),
    country: str | None = None,
    at: Instant = 0,
) -> Decimal:
    """The documented rate.

    Args:
        product: what is sold.
        private: whether it was offered to this buyer alone.
        renewal: whether the offer renews one before.
        resold: whether a reseller sells it.
        value: of the contract, in the currency's own unit.
        country: the buyer's.
        at: when it is billed.
    """
    if private:
        rate = next((rate for below, rate in _PRIVATE if value < below), _PRIVATE_LARGEST)
        if renewal:
            rate = _RENEWED
    else:
        rate = _PUBLIC_SAAS if product.is_saas else _PUBLIC_SERVER
    if resold:
        rate = EXACT.add(rate, _RESOLD)
    if country == "KR" and at >= SOUTH_KOREA_SINCE:
        rate = EXACT.add(rate, _SOUTH_KOREA)
    return rate


def fee_rate_of(
    agreement: Agreement, product: History[Product], country: str | None, at: Instant
) -> str:
    """The rate that an agreement is billed with: its own, its product's, or the documented one."""
    own = agreement.terms.listing_fee_rate or product.as_of(at).terms.listing_fee_rate
    if own is not None:
        return own
    value = Decimal(contract_value(agreement, product))
    digits = minor_digits(product.latest.terms.currency)
    rate = listing_fee_rate(
        product.latest.type,
        private=is_private(agreement),
        renewal=agreement.life is not None and agreement.life.previous is not None,
        resold=agreement.terms.reseller is not None,
        value=value.scaleb(-digits),
        country=country,
        at=at,
    )
    return f"{rate:f}"
