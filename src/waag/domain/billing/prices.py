"""Which price a unit of usage has: whose terms hold, and since when.

What was agreed for a certain time (a contract, a private offer) keeps the prices of its acceptance.
A public offer that is paid as it is used follows the product: usage has the price in force when its
hour began, so that a price that changes in the middle of a month splits the month.

Source: AWS Marketplace Seller Guide: agreement feed, offer_revision_at_acceptance; changing prices
of public offers. Nothing there says from which instant a change holds for those subscribed already;
that it holds from the change on is our reading.
"""

from decimal import Decimal
from itertools import pairwise

import msgspec

from waag.domain.billing.history import History
from waag.domain.instants import DAY, HOUR, Instant, from_datetime
from waag.domain.market import Agreement, Dimension, OfferKind, Product
from waag.domain.months import Month
from waag.domain.quantities import MICRO_UNITS


class PriceTier(msgspec.Struct, frozen=True):
    """A price per unit for what lies below `up_to`, in micro-units; None has no limit."""

    price: Decimal
    up_to: int | None = None


class Price(msgspec.Struct, frozen=True):
    """What units of one dimension cost in a month.

    Attributes:
        tiers: in order; the last has no limit.
        covered: micro-units a month that are paid for already.
    """

    tiers: tuple[PriceTier, ...]
    covered: int = 0


FREE = Price((PriceTier(Decimal(0)),))


def accepted(agreement: Agreement) -> Instant:
    """When the buyer accepted its terms."""
    return agreement.starts if agreement.life is None else agreement.life.accepted


def is_private(agreement: Agreement) -> bool:
    """Whether its terms were made for this buyer."""
    terms = agreement.terms
    own = terms.prices or terms.payment_schedule or terms.wholesale_rate
    offered = agreement.life is not None and agreement.life.offer is OfferKind.PRIVATE
    return bool(own) or offered


def product_at(product: History[Product], agreement: Agreement, at: Instant) -> Product:
    """The product as its terms hold for an agreement at an instant."""
    fixed = is_private(agreement) or product.latest.type.is_contract
    return product.as_of(accepted(agreement) if fixed else at)


def price_of(
    dimension: Dimension, product: History[Product], agreement: Agreement, at: Instant
) -> Price:
    """What a unit of the dimension costs if it was used at an instant.

    A dimension that came later than the terms that hold is priced as it came.
    """
    given = agreement.terms.prices.get(dimension.key)
    sold = product_at(product, agreement, at)
    found = next((each for each in sold.dimensions if each.number == dimension.number), dimension)
    terms = sold.terms.dimensions.get(dimension.key)
    covered = 0
    if terms is not None and terms.covered_by is not None:
        covered = granted(agreement, terms.covered_by)
    if given is not None:
        return Price((PriceTier(Decimal(given)),), covered)
    if terms is None or not terms.tiers:
        return Price((PriceTier(Decimal(found.price)),), covered)
    return Price(
        tuple(
            PriceTier(Decimal(tier.price), None if tier.up_to is None else _micro(tier.up_to))
            for tier in terms.tiers
        ),
        covered,
    )


def granted(agreement: Agreement, dimension_key: str) -> int:
    """How many micro-units an agreement grants of a dimension; one unit where it is not a number.

    A thing that is granted or not (`true`, or a text) counts as one unit; `false` as none.
    """
    for entitlement in agreement.entitlements:
        if entitlement.dimension == dimension_key:
            value = entitlement.value
            if isinstance(value, str):
                return MICRO_UNITS
            return int(Decimal(str(int(value) if isinstance(value, bool) else value)) * MICRO_UNITS)
    return 0


def trial_ends(agreement: Agreement, product: Product) -> Instant | None:
    """Until when it is free of charge; None if it never was."""
    terms = agreement.terms
    if terms.free_trial_ends is not None:
        return from_datetime(terms.free_trial_ends)
    if agreement.life is not None and agreement.life.offer is OfferKind.FREE_TRIAL:
        return agreement.ends
    if product.terms.free_trial_days is not None:
        return accepted(agreement) + product.terms.free_trial_days * DAY
    return None


def segments(month: Month, product: History[Product]) -> list[tuple[int, int]]:
    """The hours of a month in parts in which the product's terms stay the same.

    Each is the first hour and the first hour no longer in it, counted from the epoch.
    """
    first, end = month.starts // HOUR, month.ends // HOUR
    changes = [-(-each // HOUR) for each in product.changes(month.starts, month.ends)]
    bounds = [first, *sorted({each for each in changes if first < each < end}), end]
    return list(pairwise(bounds))


def _micro(text: str) -> int:
    return int(Decimal(text) * MICRO_UNITS)
