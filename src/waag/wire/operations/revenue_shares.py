"""Marketplace revenue shares and their allocations."""

from waag.domain.attribution.records import whole_milliseconds
from waag.ports import Caller, Clock
from waag.services.attribution.share_allocations import ShareAllocations
from waag.services.attribution.shares import MarketplaceRevenueShares
from waag.wire.generated import revenue_measurement as wire
from waag.wire.operations import Answer, DeskOperations
from waag.wire.operations.attribution_access import AttributionAccess
from waag.wire.translate.attribution import from_wire_revision, scope_of
from waag.wire.translate.revenue_shares import (
    from_wire_allocations_asked,
    from_wire_edited_allocation,
    from_wire_new_allocation,
    from_wire_new_share,
    from_wire_shares_asked,
    to_wire_allocation,
    to_wire_allocations,
    to_wire_created_allocation,
    to_wire_created_share,
    to_wire_edited_allocation,
    to_wire_share,
    to_wire_shares,
)


def revenue_share_operations(
    *, clock: Clock, shares: MarketplaceRevenueShares, access: AttributionAccess
) -> DeskOperations:
    """The table of what is about shares.

    Args:
        clock: what everything is judged by.
        shares: the services.
        access: what it takes to be let in.
    """

    def create(request: wire.CreateMarketplaceRevenueShareInput, caller: Caller) -> Answer:
        asked = from_wire_new_share(request, caller.account_id)
        created = shares.create(asked, whole_milliseconds(clock.now()))
        return Answer(to_wire_created_share(created))

    def get(request: wire.GetMarketplaceRevenueShareInput, caller: Caller) -> Answer:
        scope = scope_of(request, caller.account_id)
        return Answer(to_wire_share(shares.get(scope, request.product_id, request.revision)))

    def page(request: wire.ListMarketplaceRevenueSharesInput, caller: Caller) -> Answer:
        return Answer(
            to_wire_shares(shares.page(from_wire_shares_asked(request, caller.account_id)))
        )

    return access.guarding(
        {
            wire.CreateMarketplaceRevenueShareInput: create,
            wire.GetMarketplaceRevenueShareInput: get,
            wire.ListMarketplaceRevenueSharesInput: page,
        }
    )


def share_allocation_operations(
    *, clock: Clock, allocations: ShareAllocations, access: AttributionAccess
) -> DeskOperations:
    """The table of what is about the allocations of shares; the arguments are as above."""

    def create(
        request: wire.CreateMarketplaceRevenueShareAllocationInput, caller: Caller
    ) -> Answer:
        asked = from_wire_new_allocation(request, caller.account_id)
        created = allocations.create(asked, whole_milliseconds(clock.now()))
        return Answer(to_wire_created_allocation(created))

    def update(
        request: wire.UpdateMarketplaceRevenueShareAllocationInput, caller: Caller
    ) -> Answer:
        asked = from_wire_edited_allocation(request, caller.account_id)
        edited = allocations.update(asked, whole_milliseconds(clock.now()))
        return Answer(to_wire_edited_allocation(edited))

    def get(request: wire.GetMarketplaceRevenueShareAllocationInput, caller: Caller) -> Answer:
        found = allocations.get(
            scope_of(request, caller.account_id),
            request.product_id,
            request.marketplace_revenue_share_allocation_id,
            from_wire_revision(request.marketplace_revenue_share_revision),
        )
        return Answer(to_wire_allocation(found))

    def page(request: wire.ListMarketplaceRevenueShareAllocationsInput, caller: Caller) -> Answer:
        asked = from_wire_allocations_asked(request, caller.account_id)
        return Answer(to_wire_allocations(allocations.page(asked)))

    return access.guarding(
        {
            wire.CreateMarketplaceRevenueShareAllocationInput: create,
            wire.GetMarketplaceRevenueShareAllocationInput: get,
            wire.ListMarketplaceRevenueShareAllocationsInput: page,
            wire.UpdateMarketplaceRevenueShareAllocationInput: update,
        }
    )
