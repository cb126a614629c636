"""Marketplace revenue shares: one for a product in a catalog, and what each revision of it says.

A share has allocations, and every change of one of them is a revision of the share. Like
everything here that has revisions, all of them stay and can be read.

Source: AWS Partner Central Developer Guide, Marketplace Revenue Shares.
"""

from datetime import date

import msgspec
from msgspec.structs import replace

from waag.domain.attribution.identifiers import Scope
from waag.domain.attribution.revisions import FIRST, Revision
from waag.domain.attribution.share_allocations import AllocationStatus, ShareAllocation
from waag.domain.instants import Instant

PAGE_SHARES = 25
"""How many shares, or allocations of one, are on a page unless MaxResults says otherwise."""


class ShareVersion(msgspec.Struct, frozen=True):
    """What one revision of a share says.

    Attributes:
        modified: when it was made.
        active: how many allocations are ACTIVE.
        total: how many there are, ACTIVE or not.
    """

    revision: Revision
    modified: Instant
    active: int = 0
    total: int = 0


class Share(msgspec.Struct, frozen=True):
    """A share as of one of its revisions.

    Attributes:
        product: the product's id, which is the share's too.
        version: the revision that is looked at.
        latest: the revision that it has by now.
    """

    scope: Scope
    product: str
    created: Instant
    version: ShareVersion
    latest: Revision


class ShareFilters(msgspec.Struct, frozen=True):
    """Which shares are listed; all that every filter lets pass.

    Attributes:
        products: ids; None for any.
        created_from: the earliest instant of creation.
        created_until: the latest.
    """

    products: frozenset[str] | None = None
    created_from: Instant | None = None
    created_until: Instant | None = None


class SharePlace(msgspec.Struct, frozen=True, array_like=True):
    """Where a page of shares ends, in a list of how things were at one moment.

    Attributes:
        moment: how many changes the scope's shares had seen by then.
        modified: of the last one on the page.
        product: of the last one on the page.
    """

    moment: int
    modified: Instant
    product: str


class ShareAllocationFilters(msgspec.Struct, frozen=True):
    """Which allocations of a share are listed; all that every filter lets pass.

    Attributes:
        status: None for any.
        begins_from: the earliest day to begin on.
        begins_before: the day that is too late to begin on.
    """

    status: AllocationStatus | None = None
    begins_from: date | None = None
    begins_before: date | None = None


class ShareAllocationPlace(msgspec.Struct, frozen=True, array_like=True):
    """Where a page of allocations ends, in a list of how a share stood at one revision.

    Attributes:
        revision: that one.
        effective_from: of the last one on the page.
        id: of the last one on the page.
    """

    revision: Revision
    effective_from: date
    id: str


def new_share(scope: Scope, product: str, now: Instant) -> Share:
    """A share to which nothing is allocated yet."""
    return Share(scope, product, now, ShareVersion(FIRST, now), FIRST)


def with_allocation(share: Share, before: ShareAllocation | None, made: ShareAllocation) -> Share:
    """The next revision of a share, by a version of one allocation.

    Args:
        share: as of its latest revision.
        before: the version that the new one takes the place of; None for a new allocation.
        made: the new version, of the revision after the latest.
    """
    was_active = before is not None and before.status == "ACTIVE"
    version = replace(
        share.version,
        revision=made.revision,
        modified=made.modified,
        active=share.version.active - was_active + (made.status == "ACTIVE"),
        total=share.version.total + (before is None),
    )
    return replace(share, version=version, latest=made.revision)
