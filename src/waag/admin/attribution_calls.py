"""The operator's calls about revenue attributions: their allocations by month, their tasks."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Literal

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from waag.admin.openapi import Call
from waag.admin.reading import optional, read_limit
from waag.admin.refusals import BadRequest
from waag.domain.attribution.allocations import Action, Allocation, EntityType, Status
from waag.domain.attribution.months import format_month
from waag.domain.attribution.months_shown import shared_months
from waag.domain.attribution.percent import format_percent
from waag.domain.attribution.records import Attribution
from waag.domain.attribution.tasks import AT_ONCE, Task
from waag.domain.instants import Instant, format_instant
from waag.ports import Clock
from waag.services.attribution.overview import (
    BEFORE_ALL,
    AttributionsLookedAt,
    AttributionWhole,
)

LIMIT_MAX = 1000
DIGITS_MAX = 18
"""Of a revision that a column can hold, whatever it is."""


class AttributionAnswer(msgspec.Struct, frozen=True):
    """An attribution as of its latest revision; the days are those of its active allocations."""

    id: str
    account: str
    catalog: str
    name: str
    description: str | None
    product: str | None
    revision: int
    created: str
    modified: str
    effective_from: str | None
    effective_until: str | None
    active: int
    total: int


class AttributionsAnswer(msgspec.Struct, frozen=True):
    """One page of attributions; `next_cursor` is null on the last."""

    attributions: tuple[AttributionAnswer, ...]
    next_cursor: str | None


class AllocationAnswer(msgspec.Struct, frozen=True):
    """One allocation; `revision` is the one in which it was last written."""

    id: str
    entity_type: EntityType
    entity: str
    customer: str
    percent: str
    effective_from: str
    effective_until: str
    status: Status
    revision: int


class MonthsAnswer(msgspec.Struct, frozen=True):
    """Months that are shared alike, from `first` to `last`; percentages of each of them."""

    first: str
    last: str
    allocated: str
    remaining: str
    allocations: tuple[AllocationAnswer, ...]


class AttributionWholeAnswer(msgspec.Struct, frozen=True):
    """An attribution's allocations as of `revision`: the active ones by month, then the others."""

    attribution: AttributionAnswer
    revision: int
    months: tuple[MonthsAnswer, ...]
    inactive: tuple[AllocationAnswer, ...]


class TaskErrorAnswer(msgspec.Struct, frozen=True):
    """One error of a task; `record` counts from 0."""

    record: int
    code: str
    message: str
    action: Action
    allocation: str | None
    entity_type: EntityType
    entity: str
    effective_from: str
    effective_until: str


class AttributionTaskAnswer(msgspec.Struct, frozen=True):
    """A task; `committed_revision` is the one that it made.

    It is carried out when the clock, which shows `now`, gets to `due`; at once if that is null.
    """

    id: str
    attribution: str
    account: str
    catalog: str
    status: Literal["IN_PROGRESS", "COMPLETE", "FAILED"]
    description: str | None
    submitted_revision: int
    committed_revision: int | None
    records: int
    started: str
    due: str | None
    now: str
    ended: str | None
    errors: tuple[TaskErrorAnswer, ...]


class AttributionCalls:
    """A part of the admin API.

    Args:
        attributions: looked at there.
        clock: tells how far off a task is.
    """

    def __init__(self, attributions: AttributionsLookedAt, clock: Clock) -> None:
        self._attributions = attributions
        self._clock = clock

    def calls(self) -> tuple[Call, ...]:
        """Every call, and which method answers it."""
        return (
            Call(
                "GET",
                "/attributions",
                self.attributions,
                "Revenue attributions, by account, catalog and id",
                parameters=("account", "limit", "cursor"),
                answer=AttributionsAnswer,
            ),
            Call(
                "GET",
                "/attributions/{id}",
                self.attribution,
                "One attribution, and how its months are shared as of a revision",
                parameters=("revision",),
                answer=AttributionWholeAnswer,
            ),
            Call(
                "GET",
                "/attributions/tasks/{id}",
                self.attribution_task,
                "An allocations task by its id, or the latest of an attribution by that one's",
                answer=AttributionTaskAnswer,
            ),
        )

    async def attributions(self, request: Request) -> AttributionsAnswer:
        """Revenue attributions, by account, catalog and id."""
        asked = request.query_params
        page = await run_in_threadpool(
            self._attributions.page,
            asked.get("account"),
            optional("cursor", asked.get("cursor"), _from_cursor) or BEFORE_ALL,
            read_limit(asked.get("limit"), 100, LIMIT_MAX),
        )
        cursor = None if page.next is None else _to_cursor(page.next)
        return AttributionsAnswer(tuple(map(_to_answer, page.attributions)), cursor)

    async def attribution(self, request: Request) -> AttributionWholeAnswer:
        """One attribution, and how its months are shared."""
        revision = optional("revision", request.query_params.get("revision"), _read_revision)
        whole = await run_in_threadpool(
            self._attributions.show, request.path_params["id"], revision
        )
        return await run_in_threadpool(_to_whole, whole)

    async def attribution_task(self, request: Request) -> AttributionTaskAnswer:
        """An allocations task."""
        task = await run_in_threadpool(self._attributions.task, request.path_params["id"])
        return _to_task(task, self._clock.now())


def _to_cursor(place: tuple[str, str, str]) -> str:
    return urlsafe_b64encode(msgspec.json.encode(place)).decode()


def _from_cursor(name: str, text: str) -> tuple[str, str, str]:
    try:
        return msgspec.json.decode(urlsafe_b64decode(text), type=tuple[str, str, str])
    except ValueError as error:  # bad base64 and bad JSON alike
        raise BadRequest(f"{name} is not a next_cursor of an answer.") from error


def _read_revision(name: str, text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX else 0
    if not number:
        raise BadRequest(f"{name} is {text!r}; expected a number from 1 on.")
    return number


def _to_answer(attribution: Attribution) -> AttributionAnswer:
    version = attribution.version
    return AttributionAnswer(
        attribution.id,
        attribution.scope.account_id,
        attribution.scope.catalog.value,
        attribution.name,
        version.description,
        attribution.product,
        attribution.latest,
        format_instant(attribution.created),
        format_instant(version.modified),
        version.effective_from,
        version.effective_until,
        version.active,
        version.total,
    )


def _to_whole(whole: AttributionWhole) -> AttributionWholeAnswer:
    months = tuple(
        MonthsAnswer(
            format_month(each.first),
            format_month(each.last),
            format_percent(each.allocated),
            format_percent(each.remaining),
            tuple(map(_to_allocation, each.allocations)),
        )
        for each in shared_months(whole.allocations)
    )
    inactive = tuple(
        _to_allocation(each) for each in whole.allocations if each.status == "INACTIVE"
    )
    return AttributionWholeAnswer(_to_answer(whole.attribution), whole.revision, months, inactive)


def _to_allocation(allocation: Allocation) -> AllocationAnswer:
    return AllocationAnswer(
        allocation.id,
        allocation.entity_type,
        allocation.entity,
        allocation.customer,
        allocation.percent,
        allocation.effective_from,
        allocation.effective_until,
        allocation.status,
        allocation.revision,
    )


def _to_task(task: Task, now: Instant) -> AttributionTaskAnswer:
    end, name = task.end, task.name
    errors = () if end is None else end.errors
    changes = task.batch
    return AttributionTaskAnswer(
        task.id,
        name.attribution,
        name.scope.account_id,
        name.scope.catalog.value,
        task.status.value,
        task.description,
        task.submitted,
        None if end is None else end.committed,
        len(changes),
        format_instant(task.started),
        None if task.due == AT_ONCE else format_instant(task.due),
        format_instant(now),
        None if end is None else format_instant(end.ended),
        tuple(
            TaskErrorAnswer(
                each.record,
                each.code,
                each.message,
                changes[each.record].action,
                changes[each.record].allocation_id,
                changes[each.record].entity_type,
                changes[each.record].entity,
                changes[each.record].effective_from,
                changes[each.record].effective_until,
            )
            for each in errors
        ),
    )
