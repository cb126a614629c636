"""What allocations and their tasks need of the store.

Reads are of one moment each. A write is one transaction, on disk when it returns.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

import msgspec

from waag.domain.attribution.allocations import Allocation
from waag.domain.attribution.client_tokens import KeptReply, UsedToken
from waag.domain.attribution.identifiers import Scope
from waag.domain.attribution.listing import AllocationFilters, AllocationPlace
from waag.domain.attribution.records import Attribution, Direction
from waag.domain.attribution.revisions import Revision
from waag.domain.attribution.tasks import DueTask, NewTask, Outcome, Task
from waag.domain.instants import Instant
from waag.domain.market import Deal


class AllocationQuery(msgspec.Struct, frozen=True):
    """A page of an attribution's allocations as of a revision, by their first day and their id.

    Attributes:
        after: None for the first page.
    """

    scope: Scope
    attribution: str
    revision: Revision
    filters: AllocationFilters
    direction: Direction
    after: AllocationPlace | None
    limit: int


class Allocations(Protocol):
    """Allocations and all their versions.

    Raises:
        StoreUnavailable: from any call.
    """

    def allocation(
        self, scope: Scope, attribution_id: str, allocation_id: str, revision: Revision
    ) -> Allocation | None:
        """The allocation as of a revision of the attribution."""
        ...

    def page(self, asked: AllocationQuery) -> Sequence[Allocation]:
        """At most `asked.limit` allocations."""
        ...

    def touched(
        self, scope: Scope, attribution_id: str, days: tuple[str, str], ids: Sequence[str]
    ) -> Sequence[Allocation]:
        """The allocations as they are: those of the days from one to another, and by their ids."""
        ...


class AllocationTasks(Protocol):
    """Tasks, kept from their submission on.

    Raises:
        StoreUnavailable: from any call; a write has changed nothing.
    """

    def start(self, task: NewTask, reply: KeptReply | None) -> UsedToken | None:
        """Keep a task; see `waag.ports.attribution` on the reply.

        Raises:
            RevisionMismatch: the attribution has another revision than it was submitted for.
            ConcurrentModification: the attribution has a task in progress.
        """
        ...

    def latest(self, scope: Scope, attribution_id: str) -> Task | None:
        """The one of an attribution that was submitted last."""
        ...

    def due(self, now: Instant, limit: int) -> Sequence[DueTask]:
        """At most `limit` tasks to be carried out, in the order in which they fell due."""
        ...

    def next_due(self) -> Instant | None:
        """When the next one is to be carried out; None if none is in progress."""
        ...

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Write what becomes of tasks, of all in one transaction.

        Of one that is no longer in progress nothing is written. One whose attribution has moved on
        fails with that error.
        """
        ...


class DealLookUps(Protocol):
    """What a batch names, looked up at once.

    Raises:
        StoreUnavailable: from any call.
    """

    def deals(self, names: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], Deal]:
        """Those that there are, by type and id."""
        ...

    def accounts(self, ids: Collection[str]) -> frozenset[str]:
        """Those that there are."""
        ...


class AttributionsOverview(Protocol):
    """Attributions and tasks of all accounts, for the operator.

    Raises:
        StoreUnavailable: from any call.
    """

    def attributions(
        self, account_id: str | None, after: tuple[str, str, str], limit: int
    ) -> Sequence[Attribution]:
        """At most `limit` attributions after an account, catalog and id, in that order."""
        ...

    def attribution_by_id(self, attribution_id: str) -> Attribution | None:
        """The one with this id."""
        ...

    def task_by_id(self, task_id: str) -> Task | None:
        """The one with this id."""
        ...
