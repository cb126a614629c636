"""What must hold in the terms about money of a market definition; see `market_mistakes`."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from waag.domain.billing.money import AmountRefused, from_text, minor_digits
from waag.domain.billing_terms import Tier
from waag.domain.market import AccountKind, DimensionType, Product
from waag.domain.market_definition import (
    INSTANT_EXPECTED,
    AgreementDefinition,
    DimensionDefinition,
    MarketDefinition,
    Mistake,
    Path,
    ProductDefinition,
)
from waag.domain.market_excerpt import MarketExcerpt

_PER_GRANTED, _PER_METERED = ("month", "year", "term"), ("unit", "hour")


def billing_mistakes_in(
    definition: MarketDefinition, market: MarketExcerpt, kinds: Mapping[str, AccountKind]
) -> Iterator[Mistake]:
    """Everything about money that does not hold if `definition` is to be applied.

    Args:
        definition: what is to be applied.
        market: at least what `excerpt_for` gathers.
        kinds: of every account that there would be.
    """
    for index, product in enumerate(definition.products):
        yield from _in_product(("products", index), product, market)
    products = {each.id: each for each in definition.products}
    for index, agreement in enumerate(definition.agreements):
        product = products.get(agreement.product) or market.products.get(agreement.product)
        if product is not None:
            yield from _in_agreement(("agreements", index), agreement, product, kinds)
    seen: set[str] = set()
    for index, rule in enumerate(definition.taxes):
        if rule.id in seen:
            yield Mistake(("taxes", index, "id"), f"a name of its own; {rule.id} is taken above")
        seen.add(rule.id)


def _in_product(path: Path, product: ProductDefinition, market: MarketExcerpt) -> Iterator[Mistake]:
    try:
        minor_digits(product.currency)
    except AmountRefused as refused:
        yield Mistake((*path, "currency"), f"a currency; {refused.why}")
    present = market.products.get(product.id)
    if present is not None and present.terms.currency != product.currency:
        yield Mistake((*path, "currency"), f"{present.terms.currency}, as before: bills are in it")
    granted = {each.key for each in product.dimensions if each.type is DimensionType.ENTITLED}
    for place, dimension in enumerate(product.dimensions):
        yield from _in_dimension((*path, "dimensions", place), dimension, granted)


def _in_dimension(
    path: Path, dimension: DimensionDefinition, granted: set[str]
) -> Iterator[Mistake]:
    entitled = dimension.type is DimensionType.ENTITLED
    possible = _PER_GRANTED if entitled else _PER_METERED
    if dimension.per is not None and dimension.per not in possible:
        expected = " or ".join(possible)
        yield Mistake((*path, "per"), f"{expected}, for a dimension that is {dimension.type.value}")
    if dimension.covered_by is not None and (entitled or dimension.covered_by not in granted):
        yield Mistake(
            (*path, "covered_by"), "an Entitled dimension of the product, for one that is not"
        )
    yield from _in_tiers((*path, "tiers"), dimension.tiers)


def _in_tiers(path: Path, tiers: Sequence[Tier]) -> Iterator[Mistake]:
    below = Decimal(0)
    for place, tier in enumerate(tiers):
        last = place == len(tiers) - 1
        if last is not (tier.up_to is None):
            yield Mistake((*path, place), "an up_to in every tier but the last")
        elif tier.up_to is not None:
            if Decimal(tier.up_to) <= below:
                yield Mistake((*path, place, "up_to"), f"more than {below}, where the tier begins")
            below = Decimal(tier.up_to)


def _in_agreement(
    path: Path,
    agreement: AgreementDefinition,
    product: ProductDefinition | Product,
    kinds: Mapping[str, AccountKind],
) -> Iterator[Mistake]:
    keys = {each.key for each in product.dimensions}
    for key in agreement.prices:
        if key not in keys:
            yield Mistake((*path, "prices"), f"dimensions of {agreement.product}, not {key!r}")
    defined = isinstance(product, ProductDefinition)
    currency = product.currency if defined else product.terms.currency
    for place, payment in enumerate(agreement.payment_schedule):
        where = (*path, "payment_schedule", place)
        if payment.at.tzinfo is None:
            yield Mistake((*where, "at"), INSTANT_EXPECTED)
        try:
            from_text(payment.amount, currency)
        except AmountRefused as refused:
            yield Mistake((*where, "amount"), f"an amount; {refused.why}")
    trial = agreement.free_trial_ends
    if trial is not None and trial.tzinfo is None:
        yield Mistake((*path, "free_trial_ends"), INSTANT_EXPECTED)
    if (agreement.reseller is None) is not (agreement.wholesale_rate is None):
        yield Mistake(path, "reseller and wholesale_rate together, or neither")
    if agreement.reseller is not None and kinds.get(agreement.reseller) is not AccountKind.SELLER:
        yield Mistake(
            (*path, "reseller"),
            f"an account of kind seller; {agreement.reseller} is none here",
        )
