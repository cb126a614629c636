"""A charge: what somebody owes for usage or by terms, and how the amount came to be."""

from decimal import Decimal
from enum import Enum

import msgspec

from waag.domain.billing.money import to_text, total
from waag.domain.instants import Instant

AMOUNT_MAX = 10**13
"""The largest amount of a charge, in minor units; 900,000 of them fit into one sum."""


class ChargeKind(Enum):
    """What is charged."""

    USAGE = "usage"
    FREE_TRIAL = "free-trial"
    """Usage at no charge, since the agreement was in its free trial."""
    DEMONSTRATION = "demonstration"
    """Usage at no charge, since the seller demonstrates its product."""
    CONTRACT = "contract-fee"
    ANNUAL = "annual-fee"
    MONTHLY = "monthly-fee"
    SCHEDULED = "scheduled-payment"


class Step(msgspec.Struct, frozen=True, array_like=True):
    """One multiplication: so many units at a price; the amount is exact, not rounded.

    Attributes:
        what: which units these are.
        quantity: of units, a decimal.
        price: of one.
        amount: the product.
    """

    what: str
    quantity: str
    price: str
    amount: str


class Charge(msgspec.Struct, frozen=True):
    """One line of a bill to come.

    Attributes:
        month: of the books, in which it is billed.
        customer, agreement, dimension: numbers; None where it is for no dimension.
        at: when it arose.
        starts, ends: the time that it is for.
        usage_month: whose usage it is for; another than `month` if that came late.
        quantity: in micro-units.
        records: how many usage records it is for.
        amount: in minor units, the sum of the steps rounded once.
    """

    id: str
    kind: ChargeKind
    month: str
    customer: int
    agreement: int
    dimension: int | None
    description: str
    at: Instant
    starts: Instant
    ends: Instant
    usage_month: str | None
    quantity: int
    records: int
    amount: int
    currency: str
    steps: tuple[Step, ...]


def bounded(amount: int, currency: str, steps: tuple[Step, ...]) -> tuple[int, tuple[Step, ...]]:
    """An amount that the books can hold, with its steps.

    A larger one, which nobody means, is not charged; a step says so. It must not keep the books of
    everybody else from being closed.
    """
    if abs(amount) <= AMOUNT_MAX:
        return amount, steps
    what = f"not charged: more than {to_text(AMOUNT_MAX, currency)} {currency}"
    exact = total(Decimal(step.amount) for step in steps)
    return 0, (*steps, Step(what, "", "", plain(-exact)))


def plain(number: Decimal) -> str:
    """A decimal without exponent and without zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
