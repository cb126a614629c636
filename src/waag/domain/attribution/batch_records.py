"""The records of a batch, each judged by itself: its days, its share, its deal, its months.

What the records come to together is judged in `batch_sums`; what becomes of the batch, in `batch`.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Literal, TypeAlias

import msgspec

from waag.domain.attribution.allocations import (
    Allocation,
    AllocationChange,
    Claim,
    EntityType,
    Status,
    deal_called,
    deal_id,
)
from waag.domain.attribution.choices import AllocationMonths
from waag.domain.attribution.months import (
    Month,
    first_day,
    format_month,
    is_first_day,
    is_last_day,
    last_day,
    month_of_day,
    read_day,
)
from waag.domain.attribution.percent import WHOLE, Hundredths, read_percent
from waag.domain.market import Deal

LAUNCHED = "Launched"
"""The stage in which revenue may be attributed to an opportunity."""

ErrorCode: TypeAlias = Literal[
    "ACCESS_DENIED",
    "ALLOCATION_CAP_EXCEEDED",
    "CONCURRENT_MODIFICATION",
    "IMMUTABLE_ALLOCATION",
    "INTERNAL_ERROR",
    "INVALID_VALUE",
    "RESOURCE_NOT_FOUND",
]


class RecordError(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One error in a batch; `record` counts from 0."""

    record: int
    code: ErrorCode
    message: str


class Findings:
    """Errors by record: each has its own in the order in which they were found."""

    def __init__(self, records: int) -> None:
        self._by_record: list[list[RecordError]] = [[] for _ in range(records)]

    def add(self, record: int, code: ErrorCode, message: str) -> None:
        """One error more."""
        self._by_record[record].append(RecordError(record, code, message))

    def in_order(self) -> Sequence[RecordError]:
        """All of them, in the order of the records."""
        return [error for errors in self._by_record for error in errors]


class OpenMonths(msgspec.Struct, frozen=True):
    """From which month on allocations may be created, and from which on updated."""

    created: Month
    updated: Month


class Deals(msgspec.Struct, frozen=True):
    """Whose deals may be named, and where they and their customers are looked up.

    Attributes:
        owners: the attribution's account, and those of its connected subsidiaries.
        find: a deal by its type and id.
        is_customer: whether there is an account with these digits.
    """

    owners: frozenset[str]
    find: Callable[[str, str], Deal | None]
    is_customer: Callable[[str], bool]


class Part(msgspec.Struct, frozen=True, gc=False):
    """What an allocation takes of each month from its first to its last."""

    first: Month
    last: Month
    hundredths: Hundredths
    status: Status

    @property
    def is_active(self) -> bool:
        """Whether it counts."""
        return self.status == "ACTIVE"


class Placed(msgspec.Struct, frozen=True, gc=False):
    """A record that can be set beside others: its months and what it leads from are known.

    Attributes:
        claim: of the change.
        before: what is updated; None for a record that creates.
        was: the part of that.
        part: what the record asks for; of an impossible share, what it was before.
    """

    record: int
    change: AllocationChange
    claim: Claim
    before: Allocation | None
    was: Part | None
    part: Part


def part_of(allocation: Allocation) -> Part:
    """What an allocation takes."""
    first, last, _ = span_of(allocation.effective_from, allocation.effective_until)
    return Part(first, last, allocation.hundredths, allocation.status)


@lru_cache(4096)
def span_of(begins: str, ends: str) -> tuple[Month, Month, tuple[str, ...]]:
    """The months that two days are in, and what keeps them from spanning whole months.

    Args:
        begins: a day of the calendar, YYYY-MM-DD.
        ends: another.
    """
    first, last = read_day(begins), read_day(ends)
    assert first is not None, "checked where the request was read"
    assert last is not None, "likewise"
    months = month_of_day(first), month_of_day(last)
    wrong: list[str] = []
    if not is_first_day(first):
        wrong.append(
            f"EffectiveFrom {begins} is not the first day of a month, such as "
            f"{first_day(months[0])}."
        )
    if not is_last_day(last):
        wrong.append(
            f"EffectiveUntil {ends} is not the last day of a month, such as {last_day(months[1])}."
        )
    if last < first:
        wrong.append(f"EffectiveUntil {ends} is before EffectiveFrom {begins}.")
    return *months, tuple(wrong)


class RecordChecks:
    """Checks one record after another; what is looked up is looked up once for the batch.

    Args:
        found: where errors go.
        opened: which months may be changed.
        deals: None for a catalog whose deals and customers are not looked up.
        months: whether an allocation may last for several.
    """

    def __init__(
        self, found: Findings, opened: OpenMonths, deals: Deals | None, months: AllocationMonths
    ) -> None:
        self._found = found
        self._opened = opened
        self._deals = deals
        self._one_month = months is AllocationMonths.ONE
        self._objections: dict[tuple[str, str], tuple[ErrorCode, str] | None] = {}
        self._customers: dict[str, bool] = {}

    def place(
        self, record: int, change: AllocationChange, by_id: Mapping[str, Allocation]
    ) -> Placed | None:
        """Check a record; None if it cannot be set beside others."""
        before = None
        if change.allocation_id is not None:
            before = by_id.get(change.allocation_id)
            self._check_identity(record, change, before)
        hundredths = read_percent(change.percent)
        if hundredths > WHOLE:
            self._found.add(
                record,
                "INVALID_VALUE",
                f"RevenueSharePercent {change.percent} is more than 100; it is from 0 to 100.",
            )
            hundredths = 0 if before is None else before.hundredths
        first, last, wrong = span_of(change.effective_from, change.effective_until)
        if self._one_month and not wrong and first != last:
            wrong = (f"EffectiveUntil {change.effective_until} is not in EffectiveFrom's month.",)
        for each in wrong:
            self._found.add(record, "INVALID_VALUE", each)
        status = change.status or ("ACTIVE" if before is None else before.status)
        if self._deals is not None and (change.action == "CREATE" or status == "ACTIVE"):
            self._check_parties(record, change, self._deals)
        if wrong or (change.action == "UPDATE" and before is None):
            return None
        was = None if before is None else part_of(before)
        part = Part(first, last, hundredths, status)
        self._check_months(record, was, part)
        return Placed(record, change, change.claim, before, was, part)

    def _check_identity(
        self, record: int, change: AllocationChange, before: Allocation | None
    ) -> None:
        if before is None:
            self._found.add(
                record,
                "RESOURCE_NOT_FOUND",
                f"The revenue attribution has no allocation {change.allocation_id}.",
            )
            return
        members = ("EntityType", "EntityIdentifier", "CustomerAwsAccountId")
        for member, given, kept in zip(members, change.claim, before.claim, strict=True):
            if given != kept:
                self._found.add(
                    record,
                    "INVALID_VALUE",
                    f"{member} of {before.id} cannot be changed; create another allocation.",
                )

    def _check_parties(self, record: int, change: AllocationChange, deals: Deals) -> None:
        deal = (change.entity_type, change.entity)
        if deal not in self._objections:
            self._objections[deal] = _objection(*deal, deals)
        objection = self._objections[deal]
        if objection is not None:
            self._found.add(record, *objection)
        customer = change.customer
        if customer not in self._customers:
            self._customers[customer] = deals.is_customer(customer)
        if not self._customers[customer]:
            why = "CustomerAwsAccountId is not that of an account that exists."
            self._found.add(record, "RESOURCE_NOT_FOUND", why)

    def _check_months(self, record: int, was: Part | None, part: Part) -> None:
        opened = self._opened.created if was is None else self._opened.updated
        earliest = _earliest_change(was, part)
        if earliest < opened:
            done = "created" if was is None else "changed"
            self._found.add(
                record,
                "IMMUTABLE_ALLOCATION",
                f"Allocations of {format_month(earliest)} can no longer be {done}; those of "
                f"{format_month(opened)} and later can.",
            )


def _objection(entity_type: EntityType, entity: str, deals: Deals) -> tuple[ErrorCode, str] | None:
    """Why nothing can be attributed to a deal."""
    deal = deals.find(entity_type, deal_id(entity))
    if deal is None:
        return "RESOURCE_NOT_FOUND", f"{deal_called(entity_type, entity)} does not exist."
    if deal.owner in deals.owners and deal.stage == LAUNCHED and deals.is_customer(deal.customer):
        return None
    name = deal_called(entity_type, entity)
    if deal.owner not in deals.owners:
        return "ACCESS_DENIED", f"{name} is neither yours nor a connected subsidiary's."
    if not deals.is_customer(deal.customer):
        who = "valid buyer account" if entity_type == "OFFER" else "customer AWS account"
        return "INVALID_VALUE", f"{name} has no {who}."
    if entity_type == "OPPORTUNITY" and deal.stage != LAUNCHED:
        stage = f"the stage {deal.stage}" if deal.stage else "no stage"
        return "INVALID_VALUE", f"{name} is in {stage}; it has to be {LAUNCHED}."
    return None


def _earliest_change(was: Part | None, part: Part) -> Month:
    """The first month in which something changes; if nothing does, the first month it has."""
    if was is None:
        return part.first
    if was.last != part.last and msgspec.structs.replace(was, last=part.last) == part:
        return min(was.last, part.last) + 1
    return min(was.first, part.first)
