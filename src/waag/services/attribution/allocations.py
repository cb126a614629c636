"""Allocations of attributions, read as of any revision: one of them, or a page."""

from collections.abc import Sequence

import msgspec

from waag.domain.attribution.allocations import Allocation, deal_id
from waag.domain.attribution.identifiers import Scope
from waag.domain.attribution.listing import AllocationFilters, AllocationPlace
from waag.domain.attribution.records import Attribution, Direction
from waag.domain.attribution.refusals import ResourceUnknown
from waag.domain.attribution.revisions import Revision, to_read
from waag.domain.market import Market
from waag.ports import PageTokens
from waag.ports.allocations import AllocationQuery, Allocations
from waag.ports.attribution import Attributions
from waag.services.attribution.attributions import find_attribution
from waag.services.attribution.paging import open_place, page_context, seal_place


class ShownAllocation(msgspec.Struct, frozen=True):
    """An allocation of an attribution, and what its deal is called; None if that is not known."""

    attribution: Attribution
    allocation: Allocation
    entity_name: str | None


class AllocationPage(msgspec.Struct, frozen=True):
    """A page of allocations; `next_token` is None on the last."""

    allocations: Sequence[ShownAllocation]
    next_token: str | None


class AllocationsAsked(msgspec.Struct, frozen=True):
    """A request for a page of an attribution's allocations.

    Attributes:
        attribution: its id or ARN.
        revision: None for the latest.
        next_token: as the page before gave it; None for the first.
    """

    scope: Scope
    attribution: str
    revision: Revision | None
    filters: AllocationFilters
    direction: Direction
    limit: int
    next_token: str | None


class RevenueAllocations:
    """The operations that read allocations.

    Args:
        attributions: whose they are.
        allocations: keeps them.
        market: knows what deals are called.
        page_tokens: seals and opens the tokens for next pages.
    """

    def __init__(
        self,
        attributions: Attributions,
        allocations: Allocations,
        *,
        market: Market,
        page_tokens: PageTokens,
    ) -> None:
        self._attributions = attributions
        self._allocations = allocations
        self._market = market
        self._page_tokens = page_tokens

    def get(
        self, scope: Scope, identifier: str, allocation_id: str, revision: Revision | None
    ) -> ShownAllocation:
        """An allocation as of a revision of its attribution; None for the latest.

        Raises:
            ResourceUnknown: no such attribution of the caller's, no such revision of it, or no such
                allocation by then.
            StoreUnavailable: the store could not be read.
        """
        attribution = find_attribution(self._attributions, scope, identifier)
        wanted = to_read(revision, attribution.latest, _name(attribution))
        found = self._allocations.allocation(scope, attribution.id, allocation_id, wanted)
        if found is None:
            raise ResourceUnknown(
                f"{_name(attribution)} has no allocation {allocation_id} in revision {wanted}."
            )
        return self._shown(attribution, found)

    def page(self, asked: AllocationsAsked) -> AllocationPage:
        """Allocations in the order of their first day, a page after the other.

        All pages are of the revision that the first one was of.

        Raises:
            ResourceUnknown: no such attribution of the caller's, or no such revision of it.
            RequestInvalid: the token for the page is none, or of another list.
            StoreUnavailable: the store could not be read.
        """
        attribution = find_attribution(self._attributions, asked.scope, asked.attribution)
        same = msgspec.structs.replace(asked, attribution=attribution.id, next_token=None, limit=0)
        context = page_context("ListRevenueAttributionAllocations", asked.scope, same)
        after = open_place(self._page_tokens, asked.next_token, context, AllocationPlace)
        wanted = asked.revision if after is None else after.revision
        revision = to_read(wanted, attribution.latest, _name(attribution))
        found = self._allocations.page(
            AllocationQuery(
                asked.scope,
                attribution.id,
                revision,
                asked.filters,
                asked.direction,
                after,
                asked.limit + 1,
            )
        )
        shown = [self._shown(attribution, each) for each in found[: asked.limit]]
        if len(found) <= asked.limit:
            return AllocationPage(shown, None)
        last = shown[-1].allocation
        place = AllocationPlace(revision, last.effective_from, last.id)
        return AllocationPage(shown, seal_place(self._page_tokens, place, context))

    def _shown(self, attribution: Attribution, allocation: Allocation) -> ShownAllocation:
        deal = self._market.deal(allocation.entity_type, deal_id(allocation.entity))
        return ShownAllocation(attribution, allocation, None if deal is None else deal.name)


def _name(attribution: Attribution) -> str:
    return f"Revenue attribution {attribution.id}"
