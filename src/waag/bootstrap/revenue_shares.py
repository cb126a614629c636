"""Marketplace revenue shares, put together: a part of revenue measurement."""

from waag.bootstrap.features import Surroundings
from waag.services.attribution.idempotency import Idempotency
from waag.services.attribution.share_allocations import ShareAllocations
from waag.services.attribution.shares import MarketplaceRevenueShares
from waag.storage.attribution.shares import SqliteRevenueShares
from waag.storage.page_tokens import SealedPageTokens
from waag.storage.reader import Reader
from waag.wire.operations import DeskOperations
from waag.wire.operations.attribution_access import AttributionAccess
from waag.wire.operations.revenue_shares import (
    revenue_share_operations,
    share_allocation_operations,
)


def revenue_share_desk(
    around: Surroundings, reader: Reader, idempotency: Idempotency, access: AttributionAccess
) -> DeskOperations:
    """The operations on shares and their allocations."""
    stored = SqliteRevenueShares(around.writer, reader)
    page_tokens = SealedPageTokens(around.secret_key, around.random_bytes)
    choices = around.settings.choices.attribution
    shares = MarketplaceRevenueShares(
        stored, idempotency, market=around.market, page_tokens=page_tokens, choices=choices
    )
    allocations = ShareAllocations(
        stored,
        idempotency,
        market=around.market,
        page_tokens=page_tokens,
        choices=choices,
        random_bytes=around.random_bytes,
    )
    return {
        **revenue_share_operations(clock=around.clock, shares=shares, access=access),
        **share_allocation_operations(clock=around.clock, allocations=allocations, access=access),
    }
