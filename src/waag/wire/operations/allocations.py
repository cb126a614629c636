"""Allocations of revenue attributions, and the tasks that change them."""

from waag.domain.attribution.records import whole_milliseconds
from waag.ports import Caller, Clock
from waag.services.attribution.allocations import RevenueAllocations
from waag.services.attribution.tasks import AllocationTaskCommands
from waag.wire.generated import revenue_measurement as wire
from waag.wire.operations import Answer, DeskOperations
from waag.wire.operations.attribution_access import AttributionAccess
from waag.wire.translate.allocations import (
    from_wire_allocation_list,
    from_wire_task,
    to_wire_allocation,
    to_wire_allocations,
    to_wire_started,
    to_wire_task,
)
from waag.wire.translate.attribution import from_wire_revision, scope_of


def allocation_operations(
    *,
    clock: Clock,
    allocations: RevenueAllocations,
    tasks: AllocationTaskCommands,
    access: AttributionAccess,
) -> DeskOperations:
    """The table of what is about allocations.

    Args:
        clock: tells when a task is started.
        allocations: the services that read.
        tasks: those that change.
        access: what it takes to be let in.
    """

    def start(request: wire.StartRevenueAttributionAllocationsTaskInput, caller: Caller) -> Answer:
        asked = from_wire_task(request, caller.account_id, caller.arn)
        return Answer(to_wire_started(tasks.start(asked, whole_milliseconds(clock.now()))))

    def task(request: wire.GetRevenueAttributionAllocationsTaskInput, caller: Caller) -> Answer:
        scope = scope_of(request, caller.account_id)
        return Answer(to_wire_task(tasks.latest(scope, request.revenue_attribution_identifier)))

    def get(request: wire.GetRevenueAttributionAllocationInput, caller: Caller) -> Answer:
        shown = allocations.get(
            scope_of(request, caller.account_id),
            request.revenue_attribution_identifier,
            request.revenue_attribution_allocation_id,
            from_wire_revision(request.revenue_attribution_revision),
        )
        return Answer(to_wire_allocation(shown))

    def page(request: wire.ListRevenueAttributionAllocationsInput, caller: Caller) -> Answer:
        asked = from_wire_allocation_list(request, caller.account_id)
        return Answer(to_wire_allocations(allocations.page(asked)))

    return access.guarding(
        {
            wire.GetRevenueAttributionAllocationInput: get,
            wire.GetRevenueAttributionAllocationsTaskInput: task,
            wire.ListRevenueAttributionAllocationsInput: page,
            wire.StartRevenueAttributionAllocationsTaskInput: start,
        }
    )
