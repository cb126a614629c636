"""Attributions: what stays the same of one, and what each revision of it says."""

from enum import Enum

import msgspec

from waag.domain.attribution.identifiers import Scope
from waag.domain.attribution.revisions import FIRST, Revision
from waag.domain.instants import Instant

PAGE_ATTRIBUTIONS = 25
"""How many there are on a page unless MaxResults says otherwise. Source: the developer guide."""

_MILLISECOND = 1000


class AttributionVersion(msgspec.Struct, frozen=True):
    """What one revision of an attribution says.

    Attributes:
        modified: when it was made.
        description: None if none was ever given.
        effective_from: the first day of the earliest active allocation, YYYY-MM-DD.
        effective_until: the last day of the latest active allocation.
        active: how many allocations are active.
        total: how many there are, active or not.
    """

    revision: Revision
    modified: Instant
    description: str | None
    effective_from: str | None = None
    effective_until: str | None = None
    active: int = 0
    total: int = 0


class Attribution(msgspec.Struct, frozen=True):
    """An attribution as of one of its revisions.

    Attributes:
        product: the product's id or ARN as it was given; None for one that covers everything.
        version: the revision that is looked at.
        latest: the revision that it has by now.
    """

    scope: Scope
    id: str
    name: str
    tenancy_model: str
    product: str | None
    created: Instant
    version: AttributionVersion
    latest: Revision


class Direction(Enum):
    """Which way a list goes."""

    ASCENDING = "ASCENDING"
    DESCENDING = "DESCENDING"


class AttributionPlace(msgspec.Struct, frozen=True, array_like=True):
    """Where a page of attributions ends, in a list of how things were at one moment.

    Attributes:
        moment: how many changes the scope had seen by then.
        modified: of the last one on the page.
        id: of the last one on the page.
    """

    moment: int
    modified: Instant
    id: str


class AttributionFilters(msgspec.Struct, frozen=True):
    """Which attributions are listed; all that every filter lets pass.

    Attributes:
        ids: None for any; else these.
        created_from: the earliest instant of creation.
        created_until: the latest.
    """

    ids: frozenset[str] | None = None
    created_from: Instant | None = None
    created_until: Instant | None = None


def whole_milliseconds(now: Instant) -> Instant:
    """The instant that is kept: no finer than it is shown, so that what is shown finds it again."""
    return now - now % _MILLISECOND


def new_version(
    before: AttributionVersion, now: Instant, description: str | None
) -> AttributionVersion:
    """The revision after one, with another description; None keeps the one there is."""
    return msgspec.structs.replace(
        before,
        revision=before.revision + 1,
        modified=now,
        description=before.description if description is None else description,
    )


def first_version(now: Instant, description: str | None) -> AttributionVersion:
    """What a new attribution says: nothing is allocated to it yet."""
    return AttributionVersion(FIRST, now, description)
