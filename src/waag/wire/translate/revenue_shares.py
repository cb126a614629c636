"""Marketplace revenue shares: between the wire's structs and the domain's values."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypedDict

from waag.domain.attribution.identifiers import share_allocation_arn, share_resource
from waag.domain.attribution.months import read_day
from waag.domain.attribution.records import Direction
from waag.domain.attribution.refusals import Problem
from waag.domain.attribution.revisions import read_revision
from waag.domain.attribution.share_allocations import AllocationEdit, AllocationTerms
from waag.domain.attribution.shares import PAGE_SHARES, ShareAllocationFilters
from waag.domain.instants import Instant, from_epoch_seconds
from waag.services.attribution.share_allocations import (
    AllocationsAsked,
    EditedAllocation,
    ListedAllocations,
    NewAllocation,
    ShownAllocation,
)
from waag.services.attribution.shares import ListedShares, NewShare, SharesAsked, ShownShare
from waag.wire.generated import revenue_measurement as wire
from waag.wire.shapes import Shape
from waag.wire.translate.attribution import (
    from_wire_revision,
    from_wire_tags,
    from_wire_token,
    scope_of,
    to_epoch_seconds,
)

_DAYS = {
    "effective_from": "EffectiveFrom",
    "effective_until": "EffectiveUntil",
    "after_effective_from": "AfterEffectiveFrom",
    "before_effective_from": "BeforeEffectiveFrom",
    "after_effective_until": "AfterEffectiveUntil",
    "before_effective_until": "BeforeEffectiveUntil",
}
"""What members of requests are called that are days."""


def day_problems(request: Shape) -> Iterator[Problem]:
    """Which days of a request the calendar does not have; those in lists are not looked at."""
    for field, name in _DAYS.items():
        text: str | None = getattr(request, field, None)
        if text is not None and read_day(text) is None:
            yield Problem(name, f"{text} is not a day of the calendar.", "INVALID_STRING_FORMAT")


def from_wire_new_share(
    request: wire.CreateMarketplaceRevenueShareInput, account_id: str
) -> NewShare:
    """What is to be created."""
    scope = scope_of(request, account_id)
    return NewShare(
        scope,
        request.product_id,
        from_wire_tags(request.tags),
        from_wire_token(request, scope, "CreateMarketplaceRevenueShare"),
    )


def from_wire_shares_asked(
    request: wire.ListMarketplaceRevenueSharesInput, account_id: str
) -> SharesAsked:
    """Which shares are asked for: unless told otherwise the one that was modified last, first."""
    return SharesAsked(
        scope_of(request, account_id),
        _names(request.product_ids),
        _names(request.product_codes),
        _instant(request.created_after),
        _instant(request.created_before),
        Direction(request.sort_order or "DESCENDING"),
        request.max_results or PAGE_SHARES,
        request.next_token,
    )


def from_wire_new_allocation(
    request: wire.CreateMarketplaceRevenueShareAllocationInput, account_id: str
) -> NewAllocation:
    """What is to be created; its days are of the calendar."""
    scope = scope_of(request, account_id)
    start = read_day(request.effective_from)
    assert start is not None, "days that the calendar does not have are refused before"
    return NewAllocation(
        scope,
        request.product_id,
        AllocationTerms(start, _day(request.effective_until), request.revenue_share_percent),
        from_wire_token(request, scope, "CreateMarketplaceRevenueShareAllocation"),
    )


def from_wire_edited_allocation(
    request: wire.UpdateMarketplaceRevenueShareAllocationInput, account_id: str
) -> EditedAllocation:
    """What is to be edited; days are of the calendar."""
    scope = scope_of(request, account_id)
    return EditedAllocation(
        scope,
        request.product_id,
        request.marketplace_revenue_share_allocation_id,
        read_revision(request.marketplace_revenue_share_revision),
        AllocationEdit(
            _day(request.effective_from),
            _day(request.effective_until),
            request.revenue_share_percent,
            request.status,
        ),
        from_wire_token(request, scope, "UpdateMarketplaceRevenueShareAllocation"),
    )


def from_wire_allocations_asked(
    request: wire.ListMarketplaceRevenueShareAllocationsInput, account_id: str
) -> AllocationsAsked:
    """Which allocations are asked for: unless told otherwise the one that begins last, first."""
    return AllocationsAsked(
        scope_of(request, account_id),
        request.product_id,
        ShareAllocationFilters(
            request.status,
            _day(request.after_effective_from),
            _day(request.before_effective_from),
        ),
        from_wire_revision(request.marketplace_revenue_share_revision),
        Direction(request.sort_order or "DESCENDING"),
        request.max_results or PAGE_SHARES,
        request.next_token,
    )


def _names(listed: Sequence[str] | None) -> frozenset[str] | None:
    return None if listed is None else frozenset(listed)


def _instant(seconds: float | None) -> Instant | None:
    return None if seconds is None else from_epoch_seconds(seconds)


def _day(text: str | None) -> date | None:
    return None if text is None else read_day(text)


def to_wire_created_share(shown: ShownShare) -> wire.CreateMarketplaceRevenueShareOutput:
    """What is told of a new share."""
    share = shown.share
    return wire.CreateMarketplaceRevenueShareOutput(
        product_id=share.product,
        arn=share_resource(share.scope, share.product).arn,
        catalog=share.scope.catalog.value,
        product_code=shown.code,
        product_name=shown.title,
        created_date=to_epoch_seconds(share.created),
        last_modified_date=to_epoch_seconds(share.version.modified),
        revision=share.version.revision,
    )


def to_wire_share(shown: ShownShare) -> wire.GetMarketplaceRevenueShareOutput:
    """All there is to tell of a share."""
    share, version = shown.share, shown.share.version
    return wire.GetMarketplaceRevenueShareOutput(
        product_id=share.product,
        arn=share_resource(share.scope, share.product).arn,
        catalog=share.scope.catalog.value,
        product_code=shown.code,
        product_name=shown.title,
        created_date=to_epoch_seconds(share.created),
        last_modified_date=to_epoch_seconds(version.modified),
        revision=version.revision,
        latest_revision=share.latest,
        total_active_marketplace_revenue_share_allocation_count=version.active,
        total_marketplace_revenue_share_allocation_count=version.total,
    )


def to_wire_shares(listed: ListedShares) -> wire.ListMarketplaceRevenueSharesOutput:
    """A page of shares."""
    return wire.ListMarketplaceRevenueSharesOutput(
        marketplace_revenue_share_summaries=[_to_wire_summary(each) for each in listed.shares],
        next_token=listed.next_token,
    )


def _to_wire_summary(shown: ShownShare) -> wire.MarketplaceRevenueShareSummary:
    share, version = shown.share, shown.share.version
    return wire.MarketplaceRevenueShareSummary(
        product_id=share.product,
        arn=share_resource(share.scope, share.product).arn,
        catalog=share.scope.catalog.value,
        product_code=shown.code,
        product_name=shown.title,
        created_date=to_epoch_seconds(share.created),
        last_modified_date=to_epoch_seconds(version.modified),
        latest_revision=version.revision,
        total_active_marketplace_revenue_share_allocation_count=version.active,
        total_marketplace_revenue_share_allocation_count=version.total,
    )


class _Common(TypedDict):
    """What all outputs say of an allocation."""

    marketplace_revenue_share_allocation_id: str
    product_id: str
    product_name: str | None
    effective_from: str
    effective_until: str | None
    revenue_share_percent: str
    status: wire.AllocationStatus
    created_date: float
    last_modified_date: float


def to_wire_created_allocation(
    shown: ShownAllocation,
) -> wire.CreateMarketplaceRevenueShareAllocationOutput:
    """What is told of a new allocation."""
    return wire.CreateMarketplaceRevenueShareAllocationOutput(
        **_common(shown),
        arn=_arn(shown),
        latest_marketplace_revenue_share_revision=str(shown.share.latest),
    )


def to_wire_edited_allocation(
    shown: ShownAllocation,
) -> wire.UpdateMarketplaceRevenueShareAllocationOutput:
    """What is told of an edited allocation."""
    return wire.UpdateMarketplaceRevenueShareAllocationOutput(
        **_common(shown),
        arn=_arn(shown),
        latest_marketplace_revenue_share_revision=str(shown.share.latest),
    )


def to_wire_allocation(shown: ShownAllocation) -> wire.GetMarketplaceRevenueShareAllocationOutput:
    """All there is to tell of an allocation."""
    return wire.GetMarketplaceRevenueShareAllocationOutput(
        **_common(shown),
        arn=_arn(shown),
        latest_marketplace_revenue_share_revision=str(shown.share.latest),
    )


def to_wire_allocations(
    listed: ListedAllocations,
) -> wire.ListMarketplaceRevenueShareAllocationsOutput:
    """A page of allocations; each has the ARN of its share. Source: the summary's Arn."""
    return wire.ListMarketplaceRevenueShareAllocationsOutput(
        marketplace_revenue_share_allocation_summaries=[
            wire.MarketplaceRevenueShareAllocationSummary(
                **_common(each), arn=share_resource(each.share.scope, each.share.product).arn
            )
            for each in listed.allocations
        ],
        next_token=listed.next_token,
    )


def _arn(shown: ShownAllocation) -> str:
    return share_allocation_arn(shown.share.scope, shown.allocation.id)


def _common(shown: ShownAllocation) -> _Common:
    allocation, until = shown.allocation, shown.allocation.effective_until
    return {
        "marketplace_revenue_share_allocation_id": allocation.id,
        "product_id": shown.share.product,
        "product_name": shown.title,
        "effective_from": allocation.effective_from.isoformat(),
        "effective_until": None if until is None else until.isoformat(),
        "revenue_share_percent": allocation.percent,
        "status": allocation.status,
        "created_date": to_epoch_seconds(allocation.created),
        "last_modified_date": to_epoch_seconds(allocation.modified),
    }
