"""What revenue measurement needs of the store.

Reads are of one moment each. A write is one transaction, on disk when it returns; whoever decided
on what was read before finds out there whether that still holds. A write with a reply to keep does
nothing if the reply's token stands for something already, and returns that.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from waag.domain.attribution.client_tokens import KeptReply, TokenUse, UsedToken
from waag.domain.attribution.identifiers import Resource, Scope
from waag.domain.attribution.records import (
    Attribution,
    AttributionFilters,
    AttributionPlace,
    Direction,
)
from waag.domain.attribution.revisions import Revision
from waag.domain.attribution.tags import Tag
from waag.domain.instants import Instant


class AttributionQuery(msgspec.Struct, frozen=True):
    """A page of the attributions of a scope, by when they were modified and by id.

    Attributes:
        after: None for the first page.
    """

    scope: Scope
    filters: AttributionFilters
    direction: Direction
    after: AttributionPlace | None
    limit: int


class AttributionPage(msgspec.Struct, frozen=True):
    """A page, each attribution as it was when its list was begun.

    Attributes:
        end: where the page ends; None if nothing follows.
    """

    attributions: Sequence[Attribution]
    end: AttributionPlace | None


class Attributions(Protocol):
    """Attributions and all their revisions.

    Raises:
        StoreUnavailable: from any call; a write has changed nothing.
    """

    def attribution(
        self, scope: Scope, attribution_id: str, revision: Revision | None = None
    ) -> Attribution | None:
        """The attribution as of a revision; None for the latest."""
        ...

    def page(self, asked: AttributionQuery) -> AttributionPage:
        """At most `asked.limit` attributions."""
        ...

    def create(
        self, new: Attribution, tags: Sequence[Tag], most: int, reply: KeptReply | None
    ) -> UsedToken | None:
        """Keep a new attribution and its tags.

        Args:
            new: with an id that none has.
            tags: each key once.
            most: how many attributions the scope may have.
            reply: kept with it, under its token.

        Raises:
            AlreadyExists: another attribution of the scope has the name.
            AttributionQuotaExceeded: the scope has as many as it may have.
        """
        ...

    def update(self, changed: Attribution, reply: KeptReply | None) -> UsedToken | None:
        """Keep a new revision, the one after the latest that it was made of.

        Raises:
            ConcurrentModification: the latest is another one by now.
        """
        ...


class ResourceTags(Protocol):
    """Tags of attributions and shares.

    Raises:
        StoreUnavailable: from any call; a write has changed nothing.
    """

    def tags(self, resource: Resource) -> Mapping[str, str] | None:
        """Values by key, in order of keys; None if there is no such resource."""
        ...

    def set_tags(self, resource: Resource, tags: Sequence[Tag], most: int) -> None:
        """Add tags, or give those that are there another value.

        Raises:
            ResourceUnknown: there is no such resource.
            FieldsInvalid: it would have more than `most` tags.
        """
        ...

    def remove_tags(self, resource: Resource, keys: Sequence[str]) -> None:
        """Take tags away; keys that are not there do not matter.

        Raises:
            ResourceUnknown: there is no such resource.
        """
        ...


class ClientTokens(Protocol):
    """What client tokens stand for."""

    def used(self, use: TokenUse, expired: Instant) -> UsedToken | None:
        """What a token stands for; None if nothing, or since no later than `expired`.

        Raises:
            StoreUnavailable: the store could not be read.
        """
        ...
