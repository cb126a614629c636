"""What marketplace revenue shares need of the store; writes are as in `waag.ports.attribution`."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from waag.domain.attribution.client_tokens import KeptReply, UsedToken
from waag.domain.attribution.identifiers import Scope
from waag.domain.attribution.records import Direction
from waag.domain.attribution.revisions import Revision
from waag.domain.attribution.share_allocations import ShareAllocation
from waag.domain.attribution.shares import (
    Share,
    ShareAllocationFilters,
    ShareAllocationPlace,
    ShareFilters,
    SharePlace,
)
from waag.domain.attribution.tags import Tag


class ShareQuery(msgspec.Struct, frozen=True):
    """A page of the shares of a scope, by when they were modified and by product.

    Attributes:
        after: None for the first page.
    """

    scope: Scope
    filters: ShareFilters
    direction: Direction
    after: SharePlace | None
    limit: int


class SharePage(msgspec.Struct, frozen=True):
    """A page, each share as it was when its list was begun.

    Attributes:
        end: where the page ends; None if nothing follows.
    """

    shares: Sequence[Share]
    end: SharePlace | None


class ShareAllocationQuery(msgspec.Struct, frozen=True):
    """A page of a share's allocations, by the day they begin on and by id.

    Attributes:
        share: as of the revision that is listed.
        after: of the same revision; None for the first page.
    """

    share: Share
    filters: ShareAllocationFilters
    direction: Direction
    after: ShareAllocationPlace | None
    limit: int


class ShareAllocationPage(msgspec.Struct, frozen=True):
    """A page of allocations as of one revision.

    Attributes:
        end: where the page ends; None if nothing follows.
    """

    allocations: Sequence[ShareAllocation]
    end: ShareAllocationPlace | None


class RevenueShares(Protocol):
    """Shares, their allocations, and all revisions of both.

    Raises:
        StoreUnavailable: from any call; a write has changed nothing.
    """

    def share(self, scope: Scope, product: str, revision: Revision | None = None) -> Share | None:
        """The share of a product as of a revision; None for the latest."""
        ...

    def page(self, asked: ShareQuery) -> SharePage:
        """At most `asked.limit` shares."""
        ...

    def create(self, new: Share, tags: Sequence[Tag], reply: KeptReply | None) -> UsedToken | None:
        """Keep a new share and its tags, each key once; the reply with it, under its token.

        Raises:
            AlreadyExists: the product has a share in the scope.
        """
        ...

    def allocation(self, share: Share, allocation_id: str) -> ShareAllocation | None:
        """An allocation of a share as of the revision that is looked at."""
        ...

    def active_allocations(self, share: Share) -> Sequence[ShareAllocation]:
        """The ACTIVE allocations of a share as of the revision that is looked at."""
        ...

    def allocations(self, asked: ShareAllocationQuery) -> ShareAllocationPage:
        """At most `asked.limit` allocations."""
        ...

    def put_allocation(
        self, changed: Share, made: ShareAllocation, reply: KeptReply | None
    ) -> UsedToken | None:
        """Keep a version of an allocation, and the revision of its share that it makes.

        Raises:
            ConcurrentModification: the share's latest revision is no longer the one before it.
        """
        ...
