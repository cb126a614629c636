"""Allocations, batches of changes to them, and what becomes of these, for tests.

It is 15 August 2026; the default deal is O1, an opportunity of SELLER with BUYER.
"""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import msgspec

from builders import BUYER, OTHER_BUYER, OTHER_SELLER, SELLER, at
from waag.domain.attribution.allocations import Allocation, AllocationChange
from waag.domain.attribution.batch import Setting, Writing, apply, judge, open_months
from waag.domain.attribution.batch_records import Deals, RecordError
from waag.domain.attribution.months import last_day, month_of_day, read_day
from waag.domain.attribution.percent import read_percent
from waag.domain.instants import Instant
from waag.domain.market import Deal

MID_AUGUST = at("2026-08-15T12:00:00")
SUBSIDIARY = "120000000003"
DEALS = (
    Deal("OPPORTUNITY", "O1", "Expansion", SELLER, BUYER, "Launched"),
    Deal("OPPORTUNITY", "O2", "Renewal", SELLER, OTHER_BUYER, "Launched"),
    Deal("OPPORTUNITY", "O3", "Prospect", SELLER, BUYER, "Prospect"),
    Deal("OPPORTUNITY", "O4", "Draft", SELLER, BUYER),
    Deal("OPPORTUNITY", "O5", "No customer", SELLER, "999999999999", "Launched"),
    Deal("OPPORTUNITY", "O6", "A subsidiary's", SUBSIDIARY, BUYER, "Launched"),
    Deal("OPPORTUNITY", "O7", "Another's", OTHER_SELLER, BUYER, "Launched"),
    Deal("OFFER", "offer-1", "Private offer", SELLER, BUYER),
    Deal("OFFER", "offer-2", "To nobody", SELLER, "999999999999"),
)
BY_NAME = {(deal.type, deal.id): deal for deal in DEALS}


def days_of(month: str) -> Mapping[str, str]:
    """From the first to the last day of a month such as 2026-08, or of two with .. between."""
    first, _, last = month.partition("..")
    end = read_day(f"{last or first}-01")
    assert end is not None
    until = last_day(month_of_day(end)).isoformat()
    return {"effective_from": f"{first}-01", "effective_until": until}


def change(percent: str = "60", month: str = "2026-08", **given: Any) -> AllocationChange:
    """A record that creates; one that updates, if an `allocation_id` is given."""
    usual = {
        "action": "UPDATE" if "allocation_id" in given else "CREATE",
        "allocation_id": None,
        "entity_type": "OPPORTUNITY",
        "entity": "O1",
        "customer": BUYER,
        "percent": percent,
        **days_of(month),
        "status": None,
    }
    return AllocationChange(**(usual | given))


def allocation(percent: str = "60", month: str = "2026-08", **given: Any) -> Allocation:
    """One that stands, since July."""
    usual = {
        "id": "alloc-0000000000001",
        "revision": 1,
        "entity_type": "OPPORTUNITY",
        "entity": "O1",
        "customer": BUYER,
        "percent": percent,
        "hundredths": read_percent(percent),
        **days_of(month),
        "status": "ACTIVE",
        "created": at("2026-07-01T00:00:00"),
        "modified": at("2026-07-01T00:00:00"),
    }
    return Allocation(**(usual | given))


def setting(now: Instant = MID_AUGUST, **given: Any) -> Setting:
    """What SELLER's batch is judged by that was submitted at `now`."""
    accounts = {SELLER, OTHER_SELLER, BUYER, OTHER_BUYER}
    deals = Deals(
        frozenset({SELLER, SUBSIDIARY}), lambda *name: BY_NAME.get(name), accounts.__contains__
    )
    return msgspec.structs.replace(Setting(open_months(now), deals), **given)


def errors(
    *batch: AllocationChange, standing: Sequence[Allocation] = (), now: Instant = MID_AUGUST
) -> Sequence[RecordError]:
    """Every error in a batch."""
    return judge(batch, standing, setting(now))[1]


def codes(
    *batch: AllocationChange, standing: Sequence[Allocation] = (), now: Instant = MID_AUGUST
) -> list[tuple[int, str]]:
    """The records that have errors, and the codes of these."""
    return [(each.record, each.code) for each in errors(*batch, standing=standing, now=now)]


def applied(
    *batch: AllocationChange,
    standing: Sequence[Allocation] = (),
    now: Instant = MID_AUGUST,
    first: int = 100,
) -> Sequence[Allocation]:
    """The versions that a batch without errors leaves, as revision 2; ids count from `first`."""
    placed, found = judge(batch, standing, setting(now))
    assert not found
    numbers = count(first)
    return apply(placed, Writing(2, now, lambda: f"alloc-{next(numbers):013d}"))
