"""Allocations as they stand, and changes of them as they are submitted.

An allocation gives a deal's customer a share of what an attribution measures, in each month from
its first to its last. What a whole batch of changes comes to is judged in `batch`.
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec

from waag.domain.attribution.percent import Hundredths
from waag.domain.attribution.revisions import Revision
from waag.domain.instants import Instant

EntityType: TypeAlias = Literal["OFFER", "OPPORTUNITY"]
Status: TypeAlias = Literal["ACTIVE", "INACTIVE"]
Action: TypeAlias = Literal["CREATE", "UPDATE"]

Claim: TypeAlias = tuple[EntityType, str, str]
"""What an attribution has one active allocation of in a month: type and id of a deal, customer."""


class Allocation(msgspec.Struct, frozen=True, gc=False):
    """One version of an allocation.

    Attributes:
        revision: of the attribution, in which this version was written.
        entity: the deal, as it was submitted: an id or an ARN.
        percent: as it was submitted; `hundredths`, what that comes to.
        effective_from: the first day of a month, YYYY-MM-DD; `effective_until`, the last of one.
        created: when the first version was written; `modified`, when this one was.
    """

    id: str
    revision: Revision
    entity_type: EntityType
    entity: str
    customer: str
    percent: str
    hundredths: Hundredths
    effective_from: str
    effective_until: str
    status: Status
    created: Instant
    modified: Instant

    @property
    def claim(self) -> Claim:
        """What it is the one of."""
        return self.entity_type, deal_id(self.entity), self.customer


class AllocationChange(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One record of a batch, as it was submitted.

    Attributes:
        allocation_id: given for an UPDATE alone.
        entity: an id or an ARN.
        effective_from: a day of the calendar, YYYY-MM-DD; so is `effective_until`.
        status: None for ACTIVE at a CREATE, and at an UPDATE for what it was.
    """

    action: Action
    allocation_id: str | None
    entity_type: EntityType
    entity: str
    customer: str
    percent: str
    effective_from: str
    effective_until: str
    status: Status | None = None

    @property
    def claim(self) -> Claim:
        """What it would be the one of."""
        return self.entity_type, deal_id(self.entity), self.customer


Batch: TypeAlias = Sequence[AllocationChange]
"""From 1 to 250 changes, no two of one allocation."""


def deal_called(entity_type: EntityType, entity: str) -> str:
    """A deal for a person: Offer offer-1."""
    return f"{'Offer' if entity_type == 'OFFER' else 'Opportunity'} {entity}"


def deal_id(entity: str) -> str:
    """The id of the deal that is named by it, or by an ARN."""
    return entity.rpartition("/")[2] if entity.startswith("arn:") else entity
