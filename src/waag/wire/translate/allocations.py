"""Allocations and their tasks: between the wire's structs and the domain's values."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TypeVar

from waag.domain.attribution.allocations import AllocationChange
from waag.domain.attribution.identifiers import attribution_resource
from waag.domain.attribution.listing import PAGE_ALLOCATIONS, AllocationFilters, DayBounds
from waag.domain.attribution.months import read_day
from waag.domain.attribution.records import Direction
from waag.domain.attribution.refusals import Problem
from waag.domain.attribution.revisions import read_revision
from waag.domain.attribution.tasks import Task
from waag.services.attribution.allocations import AllocationPage, AllocationsAsked, ShownAllocation
from waag.services.attribution.tasks import StartedTask, TaskAsked
from waag.wire.generated import revenue_measurement as wire
from waag.wire.translate.attribution import (
    from_wire_revision,
    from_wire_token,
    scope_of,
    to_epoch_seconds,
)

_ID = "RevenueAttributionAllocationId"

T = TypeVar("T")


def batch_problems(
    request: wire.StartRevenueAttributionAllocationsTaskInput,
) -> Sequence[Problem]:
    """What the records of a batch show to be wrong, and their shape cannot say."""
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, record in enumerate(request.revenue_share_allocations):
        allocation_id = record.revenue_attribution_allocation_id
        if (
            (allocation_id is None) is (record.action == "CREATE")
            and allocation_id not in seen
            and _is_day(record.effective_from)
            and _is_day(record.effective_until)
        ):
            if allocation_id is not None:
                seen.add(allocation_id)
            continue
        problems += _record_problems(f"RevenueShareAllocations[{index}]", record, seen)
    return problems


def _record_problems(
    path: str, record: wire.RevenueShareAllocation, seen: set[str]
) -> Iterator[Problem]:
    name, allocation_id = f"{path}.{_ID}", record.revenue_attribution_allocation_id
    if record.action == "UPDATE" and allocation_id is None:
        yield Problem(name, f"{_ID} is required when Action is UPDATE.", "REQUIRED_FIELD_MISSING")
    if record.action == "CREATE" and allocation_id is not None:
        yield Problem(name, f"{_ID} has no place where Action is CREATE.", "INVALID_VALUE")
    if allocation_id is not None and allocation_id in seen:
        message = f"{allocation_id} occurs more than once; a batch changes an allocation once."
        yield Problem(name, message, "DUPLICATE_VALUE")
    if allocation_id is not None:
        seen.add(allocation_id)
    for member, day in (
        ("EffectiveFrom", record.effective_from),
        ("EffectiveUntil", record.effective_until),
    ):
        yield from _day_problems(f"{path}.{member}", day)


@lru_cache(4096)
def _is_day(text: str) -> bool:
    return read_day(text) is not None


def _day_problems(name: str, day: str) -> Iterator[Problem]:
    if not _is_day(day):
        message = f"{day} is not a day of the calendar."
        yield Problem(name, message, "INVALID_STRING_FORMAT")


def from_wire_task(
    request: wire.StartRevenueAttributionAllocationsTaskInput, account_id: str, caller: str
) -> TaskAsked:
    """The batch that is submitted."""
    scope = scope_of(request, account_id)
    return TaskAsked(
        scope,
        request.revenue_attribution_identifier,
        read_revision(request.revenue_attribution_revision),
        [_from_wire_record(each) for each in request.revenue_share_allocations],
        request.description,
        caller,
        from_wire_token(request, scope, "StartRevenueAttributionAllocationsTask"),
    )


def from_wire_allocation_list(
    request: wire.ListRevenueAttributionAllocationsInput, account_id: str
) -> AllocationsAsked:
    """Which page is asked for; EffectiveFrom is all there is to sort by, ascending if not told."""
    filters = AllocationFilters(
        _values(request.entity_type_filters),
        _values(request.entity_identifier_filters),
        _values(request.customer_aws_account_id_filters),
        request.status_filter,
        DayBounds(request.after_effective_from, request.before_effective_from),
        DayBounds(request.after_effective_until, request.before_effective_until),
    )
    return AllocationsAsked(
        scope_of(request, account_id),
        request.revenue_attribution_identifier,
        from_wire_revision(request.revenue_attribution_revision),
        filters,
        Direction(request.sort_order or "ASCENDING"),
        request.max_results or PAGE_ALLOCATIONS,
        request.next_token,
    )


def _values(listed: Sequence[T] | None) -> frozenset[T] | None:
    return None if listed is None else frozenset(listed)


def to_wire_started(
    started: StartedTask,
) -> wire.StartRevenueAttributionAllocationsTaskOutput:
    """What is told of a task when it is started: always that it is in progress."""
    return wire.StartRevenueAttributionAllocationsTaskOutput(
        task_id=started.id,
        status="IN_PROGRESS",
        catalog=started.scope.catalog.value,
        revenue_attribution_arn=attribution_resource(started.scope, started.attribution).arn,
        started_at=to_epoch_seconds(started.started),
        total_revenue_attribution_allocation_records=started.total,
    )


def to_wire_task(task: Task) -> wire.GetRevenueAttributionAllocationsTaskOutput:
    """All there is to tell of a task; once it has ended, with what."""
    scope, end = task.name.scope, task.end
    failed = end is not None and end.committed is None
    return wire.GetRevenueAttributionAllocationsTaskOutput(
        task_id=task.id,
        status=task.status.value,
        catalog=scope.catalog.value,
        revenue_attribution_arn=attribution_resource(scope, task.name.attribution).arn,
        started_at=to_epoch_seconds(task.started),
        ended_at=None if end is None else to_epoch_seconds(end.ended),
        total_revenue_attribution_allocation_records=len(task.batch),
        description=task.description,
        revenue_attribution_latest_revision=(
            None if end is None or end.committed is None else str(end.committed)
        ),
        error_detail_list=_to_wire_errors(task) if failed else None,
    )


def to_wire_allocation(shown: ShownAllocation) -> wire.GetRevenueAttributionAllocationOutput:
    """All there is to tell of an allocation."""
    allocation = shown.allocation
    return wire.GetRevenueAttributionAllocationOutput(
        revenue_attribution_allocation_id=allocation.id,
        revenue_attribution_identifier=shown.attribution.id,
        entity_type=allocation.entity_type,
        entity_identifier=allocation.entity,
        entity_name=shown.entity_name,
        customer_aws_account_id=allocation.customer,
        revenue_share_percent=allocation.percent,
        effective_from=allocation.effective_from,
        effective_until=allocation.effective_until,
        status=allocation.status,
        created_date=to_epoch_seconds(allocation.created),
        last_modified_date=to_epoch_seconds(allocation.modified),
        revenue_attribution_revision=str(allocation.revision),
        revenue_attribution_latest_revision=str(shown.attribution.latest),
    )


def to_wire_allocations(page: AllocationPage) -> wire.ListRevenueAttributionAllocationsOutput:
    """A page; its list is there even if it is empty."""
    return wire.ListRevenueAttributionAllocationsOutput(
        revenue_attribution_allocation_summaries=[
            _to_wire_summary(each) for each in page.allocations
        ],
        next_token=page.next_token,
    )


def _from_wire_record(record: wire.RevenueShareAllocation) -> AllocationChange:
    return AllocationChange(
        record.action,
        record.revenue_attribution_allocation_id,
        record.entity_type,
        record.entity_identifier,
        record.customer_aws_account_id,
        record.revenue_share_percent,
        record.effective_from,
        record.effective_until,
        record.status,
    )


def _to_wire_errors(task: Task) -> list[wire.RevenueAttributionAllocationErrorDetail]:
    assert task.end is not None, "it has failed"
    details: list[wire.RevenueAttributionAllocationErrorDetail] = []
    for error in task.end.errors:
        change = task.batch[error.record]
        details.append(
            wire.RevenueAttributionAllocationErrorDetail(
                revenue_attribution_allocation_id=change.allocation_id,
                entity_type=change.entity_type,
                entity_id=change.entity,
                customer_aws_account_id=change.customer,
                effective_from=change.effective_from,
                effective_until=change.effective_until,
                action=change.action,
                error_code=error.code,
                error_message=error.message,
            )
        )
    return details


def _to_wire_summary(shown: ShownAllocation) -> wire.RevenueAttributionAllocationSummary:
    allocation = shown.allocation
    return wire.RevenueAttributionAllocationSummary(
        revenue_attribution_allocation_id=allocation.id,
        revenue_attribution_identifier=shown.attribution.id,
        entity_type=allocation.entity_type,
        entity_identifier=allocation.entity,
        entity_name=shown.entity_name,
        customer_aws_account_id=allocation.customer,
        revenue_share_percent=allocation.percent,
        effective_from=allocation.effective_from,
        effective_until=allocation.effective_until,
        status=allocation.status,
    )
