"""Allocations of revenue attributions, put together: read, changed by tasks, carried out."""

from waag.admin.attribution_calls import AttributionCalls
from waag.bootstrap.features import Feature, Surroundings
from waag.services.attribution.allocations import RevenueAllocations
from waag.services.attribution.idempotency import Idempotency
from waag.services.attribution.overview import AttributionsLookedAt
from waag.services.attribution.tasks import AllocationTaskCommands
from waag.storage.attribution.allocations import SqliteAllocations
from waag.storage.attribution.attributions import SqliteAttributions
from waag.storage.attribution.client_tokens import SqliteClientTokens
from waag.storage.attribution.deals import SqliteDealLookUps
from waag.storage.attribution.overview import SqliteAttributionsOverview
from waag.storage.attribution.tags import SqliteResourceTags
from waag.storage.attribution.tasks import SqliteAllocationTasks
from waag.storage.page_tokens import SealedPageTokens
from waag.wire.operations.allocations import allocation_operations
from waag.wire.operations.attribution_access import AttributionAccess
from waag.worker.attribution import AllocationWork
from waag.worker.thread import RealAlarm, WorkerThread


def allocations(around: Surroundings) -> Feature:
    """Allocations, and the worker that carries tasks out."""
    choices = around.settings.choices.attribution
    asked, working = around.open_reader(), around.open_reader()
    work = AllocationWork(
        SqliteAllocationTasks(around.writer, working),
        SqliteAllocations(working),
        SqliteDealLookUps(working),
        clock=around.clock,
        market=around.market,
        choices=choices,
        random_bytes=around.random_bytes,
    )
    worker = WorkerThread("allocations-tasks", work, RealAlarm())
    attributions = SqliteAttributions(around.writer, asked)
    tasks = AllocationTaskCommands(
        attributions,
        SqliteAllocationTasks(around.writer, asked),
        Idempotency(SqliteClientTokens(asked), choices.client_token_seconds),
        random_bytes=around.random_bytes,
        delay_seconds=choices.allocation_task_seconds,
        started=worker.ring,
    )
    reading = RevenueAllocations(
        attributions,
        SqliteAllocations(asked),
        market=around.market,
        page_tokens=SealedPageTokens(around.secret_key, around.random_bytes),
    )
    access = AttributionAccess(SqliteResourceTags(around.writer, asked), around.market)
    desk = allocation_operations(
        clock=around.clock, allocations=reading, tasks=tasks, access=access
    )

    closers = [asked.close, working.close]

    def start() -> None:
        worker.start()
        closers.append(worker.close)

    def settle() -> None:
        work.settle()
        worker.ring()

    def close() -> None:
        while closers:
            closers.pop()()

    overview = AttributionsLookedAt(
        SqliteAttributionsOverview(asked),
        SqliteAllocations(asked),
        SqliteAllocationTasks(around.writer, asked),
    )
    calls = AttributionCalls(overview, around.clock).calls()
    return Feature(calls=calls, desk=desk, start=start, settle=settle, close=close)
