"""Which of an attribution's allocations are listed, and where a page of them ends."""

import msgspec

from waag.domain.attribution.allocations import EntityType, Status
from waag.domain.attribution.revisions import Revision

PAGE_ALLOCATIONS = 100
"""How many there are on a page unless MaxResults says otherwise."""


class DayBounds(msgspec.Struct, frozen=True):
    """From a day on, and until before another; None for no bound. Days are YYYY-MM-DD."""

    since: str | None = None
    before: str | None = None


class AllocationFilters(msgspec.Struct, frozen=True):
    """All that every filter lets pass; of a filter's values one is enough.

    Attributes:
        entity_types: None for any; so it is with `entities`, `customers` and `status`.
        entities: deals, as they were submitted.
        begins: of the first day.
        ends: of the last day.
    """

    entity_types: frozenset[EntityType] | None = None
    entities: frozenset[str] | None = None
    customers: frozenset[str] | None = None
    status: Status | None = None
    begins: DayBounds = DayBounds()
    ends: DayBounds = DayBounds()


class AllocationPlace(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ends, in a list of the allocations as of one revision.

    Attributes:
        effective_from: of the last one on the page; so is `id`.
    """

    revision: Revision
    effective_from: str
    id: str
