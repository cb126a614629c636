"""Attributions and tasks of all accounts, as the operator looks at them."""

from collections.abc import Sequence

import msgspec

from waag.domain.attribution.allocations import Allocation
from waag.domain.attribution.identifiers import IdKind
from waag.domain.attribution.listing import AllocationFilters, AllocationPlace
from waag.domain.attribution.records import Attribution, Direction
from waag.domain.attribution.refusals import ResourceUnknown
from waag.domain.attribution.revisions import Revision, to_read
from waag.domain.attribution.tasks import Task
from waag.ports.allocations import (
    AllocationQuery,
    Allocations,
    AllocationTasks,
    AttributionsOverview,
)

READ_AT_ONCE = 1000
"""How many allocations are read in one step."""

BEFORE_ALL = ("", "", "")
"""Before every account, catalog and id."""


class AttributionsPage(msgspec.Struct, frozen=True):
    """Attributions in order of account, catalog and id; `next` is None on the last page."""

    attributions: Sequence[Attribution]
    next: tuple[str, str, str] | None


class AttributionWhole(msgspec.Struct, frozen=True):
    """An attribution with all its allocations as of a revision, by their first day."""

    attribution: Attribution
    revision: Revision
    allocations: Sequence[Allocation]


class AttributionsLookedAt:
    """What the operator asks for.

    Args:
        overview: finds attributions and tasks, whosever they are.
        allocations: those of one.
        tasks: the latest of one.
    """

    def __init__(
        self, overview: AttributionsOverview, allocations: Allocations, tasks: AllocationTasks
    ) -> None:
        self._overview = overview
        self._allocations = allocations
        self._tasks = tasks

    def page(
        self, account_id: str | None, after: tuple[str, str, str], limit: int
    ) -> AttributionsPage:
        """At most `limit` attributions, of one account or of all.

        Raises:
            StoreUnavailable: the store could not be read.
        """
        found = self._overview.attributions(account_id, after, limit + 1)
        if len(found) <= limit:
            return AttributionsPage(found, None)
        last = found[limit - 1]
        place = (last.scope.account_id, last.scope.catalog.value, last.id)
        return AttributionsPage(found[:limit], place)

    def show(self, attribution_id: str, revision: Revision | None) -> AttributionWhole:
        """One attribution as of a revision; None for the latest.

        Raises:
            ResourceUnknown: no such attribution, or no such revision of it.
            StoreUnavailable: the store could not be read.
        """
        attribution = self._find(attribution_id)
        wanted = to_read(revision, attribution.latest, f"Revenue attribution {attribution_id}")
        allocations: list[Allocation] = []
        after = None
        while True:
            asked = AllocationQuery(
                attribution.scope,
                attribution.id,
                wanted,
                AllocationFilters(),
                Direction.ASCENDING,
                after,
                READ_AT_ONCE,
            )
            found = self._allocations.page(asked)
            allocations += found
            if len(found) < READ_AT_ONCE:
                return AttributionWhole(attribution, wanted, allocations)
            after = AllocationPlace(wanted, found[-1].effective_from, found[-1].id)

    def task(self, name: str) -> Task:
        """A task by its id, or the latest of an attribution by that one's.

        Raises:
            ResourceUnknown: there is none.
            StoreUnavailable: the store could not be read.
        """
        if name.startswith(f"{IdKind.ATTRIBUTION.value}-"):
            attribution = self._find(name)
            task = self._tasks.latest(attribution.scope, attribution.id)
        else:
            task = self._overview.task_by_id(name)
        if task is None:
            raise ResourceUnknown(f"There is no allocations task {name}, or of it.")
        return task

    def _find(self, attribution_id: str) -> Attribution:
        attribution = self._overview.attribution_by_id(attribution_id)
        if attribution is None:
            raise ResourceUnknown(f"There is no revenue attribution {attribution_id}.")
        return attribution
