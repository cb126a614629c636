"""What becomes of one buyer and one product: trial, subscription, renewals, the end.

All that is done has an instant at which a person might do it, where the buyer sits. Usage is for
whole hours in which an agreement is in force from beginning to end.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

import msgspec

from waag.domain.instants import DAY, HOUR, MINUTE, Instant
from waag.domain.market import Dimension, Entitlement, OfferKind, Product, ProductType
from waag.domain.months import months_later
from waag.domain.quantities import MICRO_UNITS
from waag.domain.simulation.buyers import Buyer, Payer
from waag.domain.simulation.chances import Chances
from waag.domain.simulation.offerings import granted
from waag.domain.simulation.usage import WEIGHTS, Habit, Rhythm

TRIAL_DAYS = (14, 14, 30)
_WEEKS_A_MONTH = 4
_METERED_MAX = 2
_SEATS_MAX = 2_000
_SUSPENDED_AFTER = 75 * DAY
"""From signing up, for a buyer who never pays: its first invoices are overdue by then."""

RHYTHMS = (
    (Rhythm.OFFICE, 52),
    (Rhythm.EVENING, 16),
    (Rhythm.ALWAYS, 6),
    (Rhythm.NIGHTLY, 26),
)


_TERMS = ((1, 25), (3, 20), (12, 55))
"""For how many months contracts are, and how likely that is."""


class Deed(Enum):
    """What is done."""

    SUBSCRIBE = "subscribe"
    AMEND = "amend"
    RENEW = "renew"
    SUSPEND = "suspend"
    CANCEL = "cancel"
    RUN_OUT = "run-out"
    """Nothing: the clock ends the agreement; its last usage is reported."""


class Act(msgspec.Struct, frozen=True):
    """Something done about a buyer's agreement to a product.

    Attributes:
        life: which one's, from 0.
        ends, granted: as the command takes them.
    """

    at: Instant
    life: int
    deed: Deed
    offer: OfferKind = OfferKind.PUBLIC
    ends: Instant | None = None
    granted: tuple[Entitlement, ...] = ()


class Life(msgspec.Struct, frozen=True):
    """A buyer and a product, from the first agreement to the last.

    Attributes:
        region: where it is used.
        windows: hours since the epoch, the first and the first no longer, in which it is in use.
        habits: one for each dimension that is used.
    """

    buyer: Buyer
    product: Product
    region: str
    acts: tuple[Act, ...]
    windows: tuple[tuple[int, int], ...]
    habits: tuple[Habit, ...]


class _Diary:
    """What is written down of a life as it goes on.

    Args:
        until: what comes then or later is left out.
    """

    def __init__(self, until: Instant) -> None:
        self.acts: list[Act] = []
        self.windows: list[tuple[int, int]] = []
        self._until = until
        self._since: Instant | None = None

    def write(self, act: Act) -> None:
        """Write down what is done."""
        if act.at >= self._until:
            return
        self.acts.append(act)
        if act.deed is not Deed.AMEND:
            self.close(act.at)
        if act.deed in (Deed.SUBSCRIBE, Deed.RENEW):
            self._since = act.at

    def close(self, at: Instant) -> None:
        """It is not used after an instant."""
        if self._since is not None:
            first, end = -(-self._since // HOUR), min(at, self._until) // HOUR
            if first < end:
                self.windows.append((first, end))
            self._since = None


class Given(msgspec.Struct, frozen=True):
    """What a life is made of.

    Attributes:
        number: by which acts name it.
        begins: the day of the first.
        ends: of the time that is looked at.
    """

    number: int
    buyer: Buyer
    product: Product
    begins: Instant
    ends: Instant
    chances: Chances

    def act(self, at: Instant, deed: Deed, **terms: Any) -> Act:
        """Something done."""
        return Act(at, self.number, deed, **terms)

    def hour(self, day: Instant) -> Instant:
        """A business hour where the buyer sits."""
        return business_hour(day, self.buyer.place.ahead, self.chances)


def live(given: Given) -> Life:
    """One life."""
    diary = _Diary(given.ends)
    product, buyer = given.product, given.buyer
    if product.type.is_contract:
        _contract(given, diary)
    else:
        _subscription(given, diary)
    diary.close(given.ends)
    regions = product.regions
    region = buyer.place.region if buyer.place.region in regions else min(regions)
    return Life(
        buyer, product, region, tuple(diary.acts), tuple(diary.windows), tuple(_habits(given))
    )


def _subscription(given: Given, diary: _Diary) -> None:
    """Pay as you go: perhaps a trial first, perhaps a farewell some month."""
    chances = given.chances
    at = given.hour(given.begins)
    if given.product.type is ProductType.SAAS_SUBSCRIPTION and chances.happens(45):
        ends = at + chances.one_of(TRIAL_DAYS) * DAY
        terms: dict[str, Any] = {"offer": OfferKind.FREE_TRIAL, "ends": ends}
        diary.write(given.act(at, Deed.SUBSCRIBE, **terms))
        diary.write(given.act(ends, Deed.RUN_OUT))
        if not chances.happens(62):
            return
        thinks_it_over = chances.whole(1, 6) * DAY
        at = ends if chances.happens(70) else given.hour(_day(ends + thinks_it_over))
    offer = OfferKind.PRIVATE if chances.happens(8) else OfferKind.PUBLIC
    diary.write(given.act(at, Deed.SUBSCRIBE, offer=offer))
    if given.buyer.payer is Payer.NEVER:
        suspended = given.hour(_day(at + _SUSPENDED_AFTER))
        diary.write(given.act(suspended, Deed.SUSPEND))
        diary.write(given.act(given.hour(_day(suspended + 20 * DAY)), Deed.CANCEL))
        return
    while (at := given.hour(_day(at + 30 * DAY))) < given.ends:
        if chances.happens(4):
            diary.write(given.act(at, Deed.CANCEL))
            return


def _contract(given: Given, diary: _Diary) -> None:
    """Paid in advance: upgraded half-way, renewed for more, or not."""
    chances = given.chances
    months = chances.weighted(_TERMS)
    offer = OfferKind.PRIVATE if chances.happens(20) else OfferKind.PUBLIC
    seats = _seats(given)
    at = given.hour(given.begins)
    ends = months_later(at, months)
    diary.write(given.act(at, Deed.SUBSCRIBE, offer=offer, ends=ends, granted=seats))
    while at < given.ends:
        middle = given.hour(_day((at + ends) // 2))
        if middle < ends - 2 * DAY and chances.happens(18):
            seats = _more(seats, chances.whole(10, 60))
            diary.write(given.act(middle, Deed.AMEND, granted=seats))
        elif middle < ends - 2 * DAY and chances.happens(3):
            diary.write(given.act(middle, Deed.CANCEL))
            return
        if given.buyer.payer is Payer.NEVER or not chances.happens(78):
            diary.write(given.act(ends, Deed.RUN_OUT))
            return
        at = given.hour(_day(ends - DAY))
        ends = months_later(ends, months)
        if chances.happens(35):
            seats = _more(seats, chances.whole(5, 40))
        diary.write(given.act(at, Deed.RENEW, ends=ends, granted=seats))


def _seats(given: Given) -> tuple[Entitlement, ...]:
    """What a contract grants: of one dimension what the buyer can spend, of others a little."""
    offered = granted(given.product)
    return tuple(
        Entitlement(each.key, max(1, min(_bought(given, each) // 4**place, _SEATS_MAX)))
        for place, each in enumerate(offered)
        if not place or given.chances.happens(50)
    )


def _bought(given: Given, dimension: Dimension) -> int:
    price = Decimal(dimension.price)
    return int(given.buyer.spends / price) if price else 1


def _more(granted_now: Sequence[Entitlement], percent: int) -> tuple[Entitlement, ...]:
    return tuple(
        Entitlement(each.dimension, int(each.value) + max(1, int(each.value) * percent // 100))
        for each in granted_now
    )


def _habits(given: Given) -> Iterator[Habit]:
    """How the product is used: by one rhythm, of each dimension what the buyer can spend."""
    chances, product = given.chances, given.product
    rhythm = chances.weighted(RHYTHMS) if product.type.is_saas else Rhythm.ALWAYS
    growth = chances.whole(-40, 140)
    metered = sorted(product.metered.values(), key=lambda each: each.number)[:_METERED_MAX]
    for dimension in metered:
        units = _bought(given, dimension) // len(metered)
        a_month = WEIGHTS[rhythm] * _WEEKS_A_MONTH
        yield Habit(
            dimension.key,
            rhythm,
            units * MICRO_UNITS * 100 // a_month,
            growth,
            given.buyer.place.ahead,
            chances.whole(0, 2**48),
            given.begins // HOUR,
        )


def _day(instant: Instant) -> Instant:
    return instant - instant % DAY


def business_hour(day: Instant, ahead: int, chances: Chances) -> Instant:
    """An instant of a day at which people work where clocks are so far ahead.

    There are only a few a day over all places, so that what is done is done together; the minute is
    the day's own.
    """
    of_day = (chances.one_of((10, 15)) - (ahead // 4) * 4) % 24
    return day + of_day * HOUR + (day // DAY * 17 + of_day * 7) % 60 * MINUTE
