"""The judgement on a batch of changes: all of it is applied, or every error in it is told.

What a batch comes to is judged by its net effect: what it takes away in a month makes room for
what it adds there, in whatever order the records stand.

Source: StartRevenueAttributionAllocationsTask and RevenueAttributionAllocationErrorDetail; the
developer guide on revenue attribution for the cap, the window and the deals. Where these are silent
the reading is in docs/compatibility.md.
"""

from collections.abc import Callable, Sequence

import msgspec

from waag.domain.attribution.allocations import Allocation, Batch
from waag.domain.attribution.batch_records import (
    Deals,
    Findings,
    OpenMonths,
    Placed,
    RecordChecks,
    RecordError,
)
from waag.domain.attribution.batch_sums import check_cap, check_claims
from waag.domain.attribution.choices import AllocationMonths
from waag.domain.attribution.months import day_of, month_of
from waag.domain.attribution.revisions import Revision
from waag.domain.instants import Instant

PREVIOUS_MONTH_DAYS = 7
"""Through which day of a month allocations of the month before may be updated."""


class Setting(msgspec.Struct, frozen=True):
    """What a batch is judged by, beside itself and what stands.

    Attributes:
        opened: which months may be changed.
        deals: None for a catalog whose deals and customers are not looked up.
        months: whether an allocation may last for several.
    """

    opened: OpenMonths
    deals: Deals | None
    months: AllocationMonths = AllocationMonths.SEVERAL


class Writing(msgspec.Struct, frozen=True):
    """How new versions are written down.

    Attributes:
        new_id: another id for an allocation at each call.
    """

    revision: Revision
    now: Instant
    new_id: Callable[[], str]


def open_months(submitted: Instant) -> OpenMonths:
    """What a batch may change that was submitted then."""
    month = month_of(submitted)
    previous_too = day_of(submitted).day <= PREVIOUS_MONTH_DAYS
    return OpenMonths(month, month - 1 if previous_too else month)


def days_touched(batch: Batch) -> tuple[str, str]:
    """The first and the last day that a batch says anything about."""
    begins = min(change.effective_from for change in batch)
    return begins, max(change.effective_until for change in batch)


def judge(
    batch: Batch, standing: Sequence[Allocation], setting: Setting
) -> tuple[Sequence[Placed], Sequence[RecordError]]:
    """What becomes of a batch.

    Args:
        batch: as it was submitted.
        standing: the attribution's allocations as they are; at least those of the days that the
            batch touches, and those that it names.
        setting: what it is judged by.

    Returns:
        Every record, to be applied, and no errors; or every error, in the order of the records.
    """
    found = Findings(len(batch))
    named = {change.allocation_id for change in batch}
    by_id = {each.id: each for each in standing if each.id in named}
    checks = RecordChecks(found, setting.opened, setting.deals, setting.months)
    placed: list[Placed] = []
    for record, change in enumerate(batch):
        each = checks.place(record, change, by_id)
        if each is not None:
            placed.append(each)
    replaced = {each.change.allocation_id for each in placed}
    opened = setting.opened.updated
    begins, ends = days_touched(batch)
    beside = [
        each
        for each in standing
        if each.effective_until >= begins
        and each.effective_from <= ends
        and each.status == "ACTIVE"
        and each.id not in replaced
    ]
    check_claims(placed, beside, opened, found)
    check_cap(placed, beside, opened, found)
    errors = found.in_order()
    return ((), errors) if errors else (placed, ())


def apply(placed: Sequence[Placed], writing: Writing) -> Sequence[Allocation]:
    """The versions that a batch leaves, in the order of its records."""
    return [_version(each, writing) for each in placed]


def _version(placed: Placed, writing: Writing) -> Allocation:
    change, before, part = placed.change, placed.before, placed.part
    return Allocation(
        writing.new_id() if before is None else before.id,
        writing.revision,
        change.entity_type,
        change.entity,
        change.customer,
        change.percent,
        part.hundredths,
        change.effective_from,
        change.effective_until,
        part.status,
        writing.now if before is None else before.created,
        writing.now,
    )
