"""The allocations of a marketplace revenue share: created, edited, read as of any revision."""

from collections.abc import Callable, Sequence

import msgspec

from waag.domain.attribution.choices import AttributionChoices
from waag.domain.attribution.client_tokens import TokenUse
from waag.domain.attribution.identifiers import ID_BYTES, IdKind, Scope, new_id
from waag.domain.attribution.records import Direction
from waag.domain.attribution.refusals import ConcurrentModification, ResourceUnknown
from waag.domain.attribution.revisions import Revision, check_latest
from waag.domain.attribution.share_allocations import (
    AllocationEdit,
    AllocationTerms,
    Given,
    ShareAllocation,
    first_version,
    next_version,
)
from waag.domain.attribution.shares import (
    Share,
    ShareAllocationFilters,
    ShareAllocationPlace,
    with_allocation,
)
from waag.domain.instants import Instant
from waag.domain.market import Market
from waag.ports import PageTokens, RandomBytes
from waag.ports.revenue_shares import RevenueShares, ShareAllocationQuery
from waag.services.attribution.idempotency import Decided, Idempotency
from waag.services.attribution.paging import open_place, page_context, seal_place
from waag.services.attribution.shares import find_share

ATTEMPTS_MAX = 16
"""How often a creation is tried that others keep overtaking."""


class ShownAllocation(msgspec.Struct, frozen=True):
    """An allocation of a share, and what the market says of its product now.

    Attributes:
        share: as of the revision that is looked at.
        title: the product's; None if the market has no such product.
    """

    share: Share
    allocation: ShareAllocation
    title: str | None


class NewAllocation(msgspec.Struct, frozen=True):
    """What a request to create an allocation says."""

    scope: Scope
    product: str
    terms: AllocationTerms
    token: TokenUse | None


class EditedAllocation(msgspec.Struct, frozen=True):
    """What a request to edit an allocation says.

    Attributes:
        revision: of the share, which the edit was made of.
    """

    scope: Scope
    product: str
    allocation_id: str
    revision: Revision
    edit: AllocationEdit
    token: TokenUse | None


class AllocationsAsked(msgspec.Struct, frozen=True):
    """What a request to list allocations says.

    Attributes:
        revision: as of which; None for the latest at the first page.
        next_token: as the page before gave it; None for the first.
    """

    scope: Scope
    product: str
    filters: ShareAllocationFilters
    revision: Revision | None
    direction: Direction
    limit: int
    next_token: str | None


class ListedAllocations(msgspec.Struct, frozen=True):
    """A page of a share's allocations.

    Attributes:
        next_token: None on the last page.
    """

    allocations: Sequence[ShownAllocation]
    next_token: str | None


class ShareAllocations:
    """The operations on the allocations of shares.

    Args:
        shares: keeps them.
        idempotency: what requests with a client token go through.
        market: whose products there are.
        page_tokens: seals and opens the tokens for next pages.
        choices: taken where AWS is silent.
        random_bytes: for ids.
    """

    def __init__(
        self,
        shares: RevenueShares,
        idempotency: Idempotency,
        *,
        market: Market,
        page_tokens: PageTokens,
        choices: AttributionChoices,
        random_bytes: RandomBytes,
    ) -> None:
        self._shares = shares
        self._idempotency = idempotency
        self._market = market
        self._page_tokens = page_tokens
        self._choices = choices
        self._random_bytes = random_bytes

    def create(self, asked: NewAllocation, now: Instant) -> ShownAllocation:
        """Create an allocation of the share as it is; overtaken, again of what it has become.

        Raises:
            ClientTokenConflict: the token stands for another request.
            ResourceUnknown: the product has no share in the scope.
            FieldsInvalid: what is asked for breaks rules.
            ConcurrentModification: it was overtaken as often as it is tried.
            StoreUnavailable: the store could not read or write.
        """

        def decide() -> Decided[ShownAllocation]:
            share = find_share(self._shares, asked.scope, asked.product)
            allocation_id = new_id(IdKind.SHARE_ALLOCATION, self._random_bytes(ID_BYTES))
            made = first_version(allocation_id, asked.terms, self._given(share, now))
            return self._decided(share, None, made)

        def attempt() -> ShownAllocation:
            return self._idempotency.once(asked.token, now, ShownAllocation, decide)

        return _until_not_overtaken(attempt)

    def update(self, asked: EditedAllocation, now: Instant) -> ShownAllocation:
        """Edit an allocation, if the share's latest revision is the one that the edit was made of.

        Raises:
            ClientTokenConflict: the token stands for another request.
            ResourceUnknown: no such share or allocation.
            RevisionMismatch: the share has another latest revision.
            FieldsInvalid: the edit breaks rules.
            ConcurrentModification: the share got another revision meanwhile.
            StoreUnavailable: the store could not read or write.
        """

        def decide() -> Decided[ShownAllocation]:
            share = find_share(self._shares, asked.scope, asked.product)
            current = self._find(share, asked.allocation_id)
            check_latest(asked.revision, share.latest)
            made = next_version(current, asked.edit, self._given(share, now))
            return self._decided(share, current, made)

        return self._idempotency.once(asked.token, now, ShownAllocation, decide)

    def get(
        self, scope: Scope, product: str, allocation_id: str, revision: Revision | None
    ) -> ShownAllocation:
        """An allocation as of a revision of its share; None for the latest.

        Raises:
            ResourceUnknown: no such share, revision or, as of it, allocation.
            StoreUnavailable: the store could not be read.
        """
        share = find_share(self._shares, scope, product, revision)
        return self._shown(share, self._find(share, allocation_id))

    def page(self, asked: AllocationsAsked) -> ListedAllocations:
        """A page of a share's allocations, all pages as of one revision.

        Raises:
            RequestInvalid: a token that was not given for this list.
            ResourceUnknown: no such share or revision.
            StoreUnavailable: the store could not be read.
        """
        same = msgspec.structs.replace(asked, next_token=None, limit=0)
        context = page_context("ListMarketplaceRevenueShareAllocations", asked.scope, same)
        after = open_place(self._page_tokens, asked.next_token, context, ShareAllocationPlace)
        revision = asked.revision if after is None else after.revision
        share = find_share(self._shares, asked.scope, asked.product, revision)
        page = self._shares.allocations(
            ShareAllocationQuery(share, asked.filters, asked.direction, after, asked.limit)
        )
        return ListedAllocations(
            [self._shown(share, each) for each in page.allocations],
            seal_place(self._page_tokens, page.end, context),
        )

    def _given(self, share: Share, now: Instant) -> Given:
        return Given(
            now,
            share.latest + 1,
            self._shares.active_allocations(share),
            self._choices.share_allocation_start,
        )

    def _decided(
        self, share: Share, before: ShareAllocation | None, made: ShareAllocation
    ) -> Decided[ShownAllocation]:
        changed = with_allocation(share, before, made)
        return Decided(
            self._shown(changed, made),
            lambda reply: self._shares.put_allocation(changed, made, reply),
        )

    def _find(self, share: Share, allocation_id: str) -> ShareAllocation:
        found = self._shares.allocation(share, allocation_id)
        if found is None:
            raise ResourceUnknown(
                f"The marketplace revenue share of product {share.product} in {share.scope} has no "
                f"allocation {allocation_id} as of its revision {share.version.revision}."
            )
        return found

    def _shown(self, share: Share, allocation: ShareAllocation) -> ShownAllocation:
        product = self._market.product(share.product)
        return ShownAllocation(share, allocation, None if product is None else product.title)


def _until_not_overtaken(attempt: Callable[[], ShownAllocation]) -> ShownAllocation:
    for _ in range(ATTEMPTS_MAX - 1):
        try:
            return attempt()
        except ConcurrentModification:
            continue
    return attempt()
