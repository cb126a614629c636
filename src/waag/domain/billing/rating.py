"""Rating: from quantities to charges, with the steps in between.

The units of a customer in a month are counted in the order in which they were used; what the
contract covers comes first, then tier by tier. The steps are exact, and their sum is rounded once
for each charge: an agreement, a dimension, and a part of the month in which one price held.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

import msgspec

from waag.domain.billing.charges import Charge, ChargeKind, Step, bounded, plain
from waag.domain.billing.history import History
from waag.domain.billing.money import EXACT, multiply, round_to_minor, to_text, total
from waag.domain.billing.names import derived
from waag.domain.billing.prices import FREE, Price, price_of
from waag.domain.instants import HOUR
from waag.domain.market import Agreement, Dimension, Product
from waag.domain.months import Month
from waag.domain.quantities import to_decimal


class UsageSum(msgspec.Struct, frozen=True):
    """What one agreement used of one dimension in a part of a month.

    Attributes:
        first_hour, end_hour: the part, counted from the epoch; the end is not in it.
        free: whether it was used in a free trial.
        quantity: in micro-units.
    """

    agreement: int
    dimension: int
    first_hour: int
    end_hour: int
    free: bool
    quantity: int
    records: int


class Charged(msgspec.Struct, frozen=True):
    """What was charged already for a part of a month: micro-units, records, minor units."""

    quantity: int = 0
    records: int = 0
    amount: int = 0


def steps_of(quantity: int, price: Price, before: int = 0) -> tuple[Step, ...]:
    """How a quantity is priced: a step for each price that some of it has.

    Args:
        quantity: in micro-units, 0 or more.
        price: of the dimension.
        before: micro-units of the same month that were priced before these.
    """
    steps: list[Step] = []
    at, end = before, before + quantity
    if at < price.covered and at < end:
        taken = min(end, price.covered) - at
        steps.append(_step("covered by the contract", taken, Decimal(0)))
        at += taken
    floor = 0
    for tier in price.tiers:
        ceiling = None if tier.up_to is None else tier.up_to + price.covered
        taken = (end if ceiling is None else min(end, ceiling)) - at
        if taken > 0:
            what = "units" if len(price.tiers) == 1 else _tier_name(floor, tier.up_to)
            steps.append(_step(what, taken, tier.price))
            at += taken
        floor = tier.up_to or 0
    return tuple(steps) or (_step("units", 0, price.tiers[0].price),)


def exact_amount(steps: Iterable[Step]) -> Decimal:
    """The sum of the steps, not rounded."""
    return total(Decimal(step.amount) for step in steps)


def rate(  # noqa: PLR0917 - what was used, by whose terms, and when
    sums: Sequence[UsageSum],
    agreement: Agreement,
    product: History[Product],
    month: Month,
    billed: Month,
    charged: Mapping[tuple[int, int, bool], Charged] | None = None,
) -> list[Charge]:
    """The charges for what one agreement used in a month.

    Args:
        sums: of this agreement, in any order.
        agreement: with whatever it grants then.
        product: as it was and is.
        month: in which it was used.
        billed: the month of the books that it is charged in.
        charged: by dimension, first hour and whether free: what was charged for the month before;
            only what is more is charged now.
    """
    charges: list[Charge] = []
    dimensions = {each.number: each for each in product.latest.dimensions}
    ordered = sorted(sums, key=lambda each: (each.dimension, each.first_hour, not each.free))
    for number, of_dimension in groupby(ordered, lambda each: each.dimension):
        before = 0
        for used in of_dimension:
            made = _charge(used, dimensions[number], agreement, product, before, (month, billed))
            if not used.free:
                before += used.quantity
            known = (charged or {}).get((number, used.first_hour, used.free))
            more = made if known is None else _more(made, known)
            if more is not None:
                charges.append(more)
    return charges


def _charge(  # noqa: PLR0917 - the parts of one multiplication
    used: UsageSum,
    dimension: Dimension,
    agreement: Agreement,
    product: History[Product],
    before: int,
    months: tuple[Month, Month],
) -> Charge:
    kind = ChargeKind.USAGE
    if agreement.terms.demonstration:
        kind = ChargeKind.DEMONSTRATION
    elif used.free:
        kind = ChargeKind.FREE_TRIAL
    starts = used.first_hour * HOUR
    paid = kind is ChargeKind.USAGE
    price = price_of(dimension, product, agreement, starts) if paid else FREE
    steps = steps_of(used.quantity, price, before if paid else 0)
    currency = product.latest.terms.currency
    amount, steps = bounded(round_to_minor(exact_amount(steps), currency), currency, steps)
    month, billed = months
    return Charge(
        derived("charge", agreement.id, dimension.key, used.first_hour, used.free, month, billed),
        kind,
        str(billed),
        agreement.customer,
        agreement.number,
        dimension.number,
        f"{dimension.key}, {dimension.unit}",
        billed.closes,
        starts,
        used.end_hour * HOUR,
        str(month),
        used.quantity,
        used.records,
        amount,
        currency,
        steps,
    )


def _more(made: Charge, known: Charged) -> Charge | None:
    """What came after the month was charged; None if nothing did."""
    quantity, amount = made.quantity - known.quantity, made.amount - known.amount
    if not quantity and not amount:
        return None
    charged = to_text(-known.amount, made.currency)
    before = Step("charged before", to_decimal(known.quantity), "", charged)
    return msgspec.structs.replace(
        made,
        id=derived("charge", made.id, known.quantity),
        quantity=quantity,
        records=made.records - known.records,
        amount=amount,
        description=f"{made.description}, late",
        steps=(*made.steps, before),
    )


def _step(what: str, quantity: int, price: Decimal) -> Step:
    units = Decimal(to_decimal(quantity))
    return Step(what, plain(units), plain(price), plain(multiply(units, price)))


def _tier_name(floor: int, up_to: int | None) -> str:
    above = f"above {to_decimal(floor)}" if floor else ""
    below = "" if up_to is None else f"up to {to_decimal(up_to)}"
    return " ".join(filter(None, (above, below))) or "units"


assert EXACT.prec >= 2 * len(str(2**63)), "any quantity times any price has its digits"
