"""Fees: what an agreement costs by its terms, whatever is used.

    price per term    on acceptance, for the whole term; again for what a renewal adds
    price per year    on each anniversary of the start, for the year that begins
    price per month   each month on the day of the start, for the month that begins
    payment schedule  on its dates, in place of all of these

More that is granted within a term is charged when it is, for the part of the term that is left, by
time; of a year or month it counts from the next. Nothing is given back for less, or for an end
before the term's: a refund is the operator's to make. An agreement whose subscription failed has no
fees. Fees whose date has come are charged; those to come are not any more once the agreement has
ended.

Source: AWS Marketplace Seller Guide: up-front charges on acceptance, payment schedules on their
dates. The share of a term that is left is by time; AWS publishes no formula.
"""

from collections.abc import Iterator, Mapping

import msgspec

from waag.domain.billing.charges import Charge, ChargeKind, Step, bounded
from waag.domain.billing.history import History, Version
from waag.domain.billing.money import from_text, round_to_minor, share, to_text
from waag.domain.billing.names import derived
from waag.domain.billing.prices import accepted, granted, price_of, product_at
from waag.domain.billing.rating import exact_amount, steps_of
from waag.domain.instants import INSTANT_MIN, SECOND, Instant, from_datetime
from waag.domain.market import Agreement, AgreementStatus, Dimension, DimensionType, Product
from waag.domain.months import month_of, months_later

MONTHS: Mapping[str, int] = {"month": 1, "year": 12}
KINDS: Mapping[str, ChargeKind] = {
    "year": ChargeKind.ANNUAL,
    "month": ChargeKind.MONTHLY,
}
CONTRACT_VALUE_MONTHS_MAX = 120
"""How much of an agreement without an end counts for its value: ten years."""


class Fee(msgspec.Struct, frozen=True):
    """A fee before it is charged.

    Attributes:
        at: when it is due to be charged.
        starts, ends: the time that it is for.
        quantity: in micro-units.
        amount: in minor units.
    """

    kind: ChargeKind
    dimension: Dimension | None
    description: str
    at: Instant
    starts: Instant
    ends: Instant
    quantity: int
    amount: int
    steps: tuple[Step, ...]


def fees(agreement: History[Agreement], product: History[Product], until: Instant) -> list[Fee]:
    """Every fee whose date comes by `until`, in order of date.

    What is told of the agreement later changes none of those before.
    """
    found: list[Fee] = []
    if agreement.latest.life and agreement.latest.life.status is AgreementStatus.FAILED:
        return found
    if agreement.latest.terms.payment_schedule:
        found += _scheduled(agreement, product)
    elif not agreement.latest.terms.demonstration:
        found += _for_terms(agreement, product)
        found += _recurring(agreement, product, until)
    return sorted((each for each in found if each.at <= until), key=_place)


def next_fee(
    agreement: History[Agreement], product: History[Product], after: Instant
) -> Instant | None:
    """The date of the first fee after an instant, as far as terms are known."""
    horizon = months_later(after, MONTHS["year"] + 1)
    schedule = agreement.latest.terms.payment_schedule
    if schedule:
        horizon = max(from_datetime(each.at) for each in schedule)
    dates = [each.at for each in fees(agreement, product, horizon) if each.at > after]
    return min(dates, default=None)


def contract_value(agreement: Agreement, product: History[Product]) -> int:
    """What an agreement is worth by its terms alone, in minor units; 0 if paid as it is used."""
    only = History((Version(INSTANT_MIN, agreement),))
    until = agreement.ends or months_later(agreement.starts, CONTRACT_VALUE_MONTHS_MAX)
    return sum(each.amount for each in fees(only, product, until))


def to_charge(fee: Fee, agreement: Agreement, currency: str, booked: Instant) -> Charge:
    """A fee as it is billed; `booked` is its date, or later where that month was closed."""
    dimension = fee.dimension
    key = "" if dimension is None else dimension.key
    return Charge(
        derived("charge", agreement.id, fee.kind.value, key, fee.at, fee.starts),
        fee.kind,
        str(month_of(booked)),
        agreement.customer,
        agreement.number,
        None if dimension is None else dimension.number,
        fee.description,
        booked,
        fee.starts,
        fee.ends,
        None,
        fee.quantity,
        0,
        fee.amount,
        currency,
        fee.steps,
    )


def _place(fee: Fee) -> tuple[Instant, Instant, int]:
    return fee.at, fee.starts, 0 if fee.dimension is None else fee.dimension.number


def _scheduled(agreement: History[Agreement], product: History[Product]) -> Iterator[Fee]:
    currency = product.latest.terms.currency
    for version in agreement.versions:
        schedule = version.entry.terms.payment_schedule
        for place, payment in enumerate(schedule, 1):
            at = from_datetime(payment.at)
            ends = version.entry.ends
            if agreement.as_of(at) is version.entry and (ends is None or at < ends):
                amount = from_text(payment.amount, currency)
                what = f"Scheduled payment {place} of {len(schedule)}"
                paid = (Step(what, "1", payment.amount, payment.amount),)
                amount, steps = bounded(amount, currency, paid)
                until = at if ends is None else ends
                yield Fee(ChargeKind.SCHEDULED, None, what, at, at, until, 0, amount, steps)


def _priced(agreement: Agreement, product: History[Product], per: str) -> Iterator[Dimension]:
    """The dimensions that an agreement may grant something of, at a price for this time."""
    sold = product_at(product, agreement, accepted(agreement))
    for dimension in product.latest.dimensions:
        if dimension.type is DimensionType.ENTITLED:
            terms = sold.terms.dimensions.get(dimension.key)
            if ((terms.per if terms else None) or "term") == per:
                yield dimension


def _for_terms(agreement: History[Agreement], product: History[Product]) -> Iterator[Fee]:
    first = agreement.versions[0].entry
    for dimension in _priced(first, product, "term"):
        starts, ends = first.starts, first.ends or first.starts
        have = granted(first, dimension.key)
        if have:
            yield _term_fee(dimension, first, product, accepted(first), (starts, ends), have)
        for version in agreement.versions[1:]:
            changed, at = version.entry, version.since
            now_granted = granted(changed, dimension.key)
            if changed.ends is not None and changed.ends > ends:
                if now_granted:
                    term = (ends, changed.ends)
                    yield _term_fee(dimension, changed, product, at, term, now_granted)
                starts, ends, have = ends, changed.ends, now_granted
            elif now_granted > have:
                if at < ends:
                    yield _added_fee(dimension, changed, product, at, (starts, ends), have)
                have = now_granted


def _term_fee(  # noqa: PLR0917 - a fee's own parts
    dimension: Dimension,
    agreement: Agreement,
    product: History[Product],
    at: Instant,
    term: tuple[Instant, Instant],
    quantity: int,
    kind: ChargeKind = ChargeKind.CONTRACT,
) -> Fee:
    steps = steps_of(quantity, price_of(dimension, product, agreement, at))
    currency = product.latest.terms.currency
    amount, steps = bounded(round_to_minor(exact_amount(steps), currency), currency, steps)
    return Fee(kind, dimension, f"{dimension.key}, fee", at, *term, quantity, amount, steps)


def _added_fee(  # noqa: PLR0917 - a fee's own parts
    dimension: Dimension,
    agreement: Agreement,
    product: History[Product],
    at: Instant,
    term: tuple[Instant, Instant],
    before: int,
) -> Fee:
    """What is granted beyond `before`, for the part of the term that is left."""
    starts, ends = term
    quantity = granted(agreement, dimension.key) - before
    steps = steps_of(quantity, price_of(dimension, product, agreement, at), before)
    currency = product.latest.terms.currency
    whole, steps = bounded(round_to_minor(exact_amount(steps), currency), currency, steps)
    left = max(at, starts)
    amount = share(whole, ends - left, ends - starts)
    seconds = f"{(ends - left) // SECOND} of {(ends - starts) // SECOND} seconds of the term"
    charged = (*steps, Step(seconds, "", "", to_text(amount - whole, currency)))
    return Fee(
        ChargeKind.CONTRACT,
        dimension,
        f"{dimension.key}, added",
        at,
        left,
        ends,
        quantity,
        amount,
        charged,
    )


def _recurring(
    agreement: History[Agreement], product: History[Product], until: Instant
) -> Iterator[Fee]:
    first = agreement.versions[0].entry
    for per, months in MONTHS.items():
        for dimension in _priced(first, product, per):
            date, past = first.starts, 0
            while date <= until:
                standing = agreement.as_of(date)
                if standing.ends is not None and date >= standing.ends:
                    break
                past += 1
                following = months_later(first.starts, months * past)
                quantity = granted(standing, dimension.key)
                if quantity:
                    term = (date, min(following, standing.ends or following))
                    yield _term_fee(dimension, standing, product, date, term, quantity, KINDS[per])
                date = following
