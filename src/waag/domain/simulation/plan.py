"""The plan of a simulation: every buyer's life, and what is done at which instant.

jobs     twice a day: sellers report what was used since; once a week workloads report
acts     buyers subscribe, upgrade, renew, cancel
money    the operator records payments in parts, and gives something back
"""

from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import groupby

import msgspec

from waag.domain.instants import DAY, HOUR, Instant
from waag.domain.market import Product, ProductType
from waag.domain.months import Month
from waag.domain.simulation.buyers import Buyer, Payer, account_ids, buyer
from waag.domain.simulation.chances import Chances
from waag.domain.simulation.lives import Act, Given, Life, live
from waag.domain.simulation.offerings import KINDS, can_be_bought

JOB = 12 * HOUR
"""How often sellers report usage: well within the day that they may wait."""

_SATURDAY, _SUNDAY, _WEEK = 2, 3, 7
"""Days since the epoch, a Thursday, modulo a week."""
_REASONS = ("outage", "billed twice", "goodwill", "wrong plan", "service level missed")
_GIVEN_BACK_HOUR = 15


class Asked(msgspec.Struct, frozen=True):
    """What is simulated.

    Attributes:
        seed: another makes another history.
        months: how many, from `first` on.
        customers: how many buyers sign up.
    """

    seed: int
    months: int
    customers: int
    first: Month

    @property
    def starts(self) -> Instant:
        """The first instant."""
        return self.first.starts

    @property
    def ends(self) -> Instant:
        """The first instant after the last month."""
        return self.first.plus(self.months).starts


class MoneyKind(Enum):
    """What the operator records."""

    PAYMENT = "payment"
    REFUND = "refund"
    CREDIT = "credit"


class Money(msgspec.Struct, frozen=True):
    """Something the operator records about the invoices of a buyer.

    Attributes:
        percent: of what is open, or of a line.
        draw: which of the buyer's lines, as a part of a thousand of all of them.
    """

    at: Instant
    kind: MoneyKind
    buyer_id: str
    percent: int
    draw: int = 0
    reason: str = ""


class Step(msgspec.Struct, frozen=True):
    """What is done at one instant.

    Attributes:
        job: whether sellers report then.
    """

    at: Instant
    job: bool
    acts: tuple[Act, ...]
    money: tuple[Money, ...]


class Plan(msgspec.Struct, frozen=True):
    """All that happens."""

    asked: Asked
    buyers: Sequence[Buyer]
    lives: Sequence[Life]
    steps: Sequence[Step]


def plan(asked: Asked, products: Sequence[Product], chances: Chances) -> Plan:
    """Make a plan.

    Args:
        asked: what is simulated.
        products: what can be bought, in an order that does not change.
        chances: as many as it takes.
    """
    ids = account_ids(asked.seed, asked.customers)
    buyers = [buyer(account_id, chances) for account_id in ids]
    lives: list[Life] = []
    for each in buyers:
        for product in _choose(products, chances):
            begins = _signs_up(asked, chances)
            lives.append(live(Given(len(lives), each, product, begins, asked.ends, chances)))
    acts = [act for each in lives for act in each.acts]
    money = list(_money(asked, buyers, chances))
    return Plan(asked, buyers, lives, tuple(_steps(asked, acts, money)))


def _choose(products: Sequence[Product], chances: Chances) -> list[Product]:
    """One product, or two that are not the same."""
    chosen: list[Product] = []
    for _ in range(2 if chances.happens(20) else 1):
        kind = chances.weighted(KINDS)
        product = chances.one_of([each for each in products if _is(each, kind)])
        if product not in chosen:
            chosen.append(product)
    return chosen


def _is(product: Product, kind: ProductType) -> bool:
    return product.type is kind and can_be_bought(product)


def _signs_up(asked: Asked, chances: Chances) -> Instant:
    """A day, seldom of a weekend; a quarter of all are there within three weeks."""
    days = (asked.ends - asked.starts) // DAY
    day = chances.whole(0, 20 if chances.happens(25) else days - 1)
    weekday = (asked.starts // DAY + day) % _WEEK
    if weekday in (_SATURDAY, _SUNDAY) and not chances.happens(30):
        day = max(0, day - (weekday - _SATURDAY + 1))
    return asked.starts + day * DAY


def _money(asked: Asked, buyers: Sequence[Buyer], chances: Chances) -> Iterator[Money]:
    """From the second month on, since there are no invoices before."""
    for number in range(1, asked.months):
        month = asked.first.plus(number)
        for each in buyers:
            account_id = each.account.id
            at = month.starts + chances.whole(8, 20) * DAY + _GIVEN_BACK_HOUR * HOUR
            if each.payer is Payer.IN_PARTS:
                yield Money(at, MoneyKind.PAYMENT, account_id, chances.one_of((50, 100)))
            elif each.payer is not Payer.NEVER and chances.happens(2):
                kind = MoneyKind.CREDIT if chances.happens(30) else MoneyKind.REFUND
                percent = chances.one_of((10, 25, 50, 100))
                draw = chances.whole(0, 999)
                yield Money(at, kind, account_id, percent, draw, chances.one_of(_REASONS))


def _steps(asked: Asked, acts: Sequence[Act], money: Sequence[Money]) -> Iterator[Step]:
    """In order of time; the last closes the last month."""
    at_instant = sorted(
        [*((each.at, 0, place) for place, each in enumerate(acts))]
        + [*((each.at, 1, place) for place, each in enumerate(money))]
        + [(at, 2, 0) for at in range(asked.starts + JOB, asked.ends + 1, JOB)]
    )
    for at, things in groupby(at_instant, lambda each: each[0]):
        listed = list(things)
        yield Step(
            at,
            any(which == 2 for _, which, _ in listed),  # noqa: PLR2004 - a job, as above
            tuple(acts[place] for _, which, place in listed if which == 0),
            tuple(money[place] for _, which, place in listed if which == 1),
        )
