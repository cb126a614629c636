"""A ledger with attributions and their tasks, and a worker that carries these out."""

from collections.abc import Sequence

from msgspec.structs import replace

from allocated import BY_NAME, change
from builders import BUYER, OTHER_BUYER, SELLER, at, market
from waag.domain.attribution.allocations import AllocationChange
from waag.domain.attribution.choices import AttributionChoices
from waag.domain.attribution.identifiers import Catalog, Scope
from waag.domain.attribution.records import Attribution, first_version
from waag.domain.attribution.tasks import (
    AT_ONCE,
    NewTask,
    TaskStatus,
    write_batch,
)
from waag.domain.clock import ClockMode
from waag.storage.attribution.allocations import SqliteAllocations
from waag.storage.attribution.attributions import SqliteAttributions
from waag.storage.attribution.tasks import SqliteAllocationTasks
from waag.worker.attribution import AllocationWork

MID_AUGUST = at("2026-08-15T12:00:00")
SCOPE = Scope(SELLER, Catalog.AWS)
SANDBOX = Scope(SELLER, Catalog.SANDBOX)
CHOICES = AttributionChoices()
TWO = (change("60"), change("40", entity="O2"))


class FixedDeals:
    """The port `DealLookUps`, on the deals of these tests."""

    def deals(self, names):
        """Those that there are."""
        return {name: BY_NAME[name] for name in names if name in BY_NAME}

    def accounts(self, ids):
        """Those that there are."""
        return frozenset(ids) & {SELLER, BUYER, OTHER_BUYER}


class StillClock:
    """The port `Clock`, standing at what a test sets."""

    mode = ClockMode.FROZEN

    def __init__(self, now) -> None:
        self.shown = now

    def now(self):
        """What it was set to."""
        return self.shown

    def real(self):
        """The same."""
        return self.shown


class Stored:
    """A ledger's tasks, and what carries them out; `work` may be another one's."""

    def __init__(self, writer, reader) -> None:
        self.writer = writer
        self.attributions = SqliteAttributions(writer, reader)
        self.tasks = SqliteAllocationTasks(writer, reader)
        self.allocations = SqliteAllocations(reader)
        self.clock = StillClock(MID_AUGUST)
        self.count = 0
        self.work = self.working(FixedDeals())

    def working(self, deals, tasks=None, choices=CHOICES) -> AllocationWork:
        """A worker on these tasks."""
        return AllocationWork(
            tasks or self.tasks,
            self.allocations,
            deals,
            clock=self.clock,
            market=market(),
            choices=choices,
            random_bytes=self._bytes,
        )

    def _bytes(self, number):
        self.count += 1
        return bytes((self.count * 7 + each * (each + 3)) % 256 for each in range(number))

    def create(self, number: int = 1, scope: Scope = SCOPE) -> str:
        """A new attribution."""
        name = f"ra-{number:013}"
        version = first_version(MID_AUGUST, None)
        made = Attribution(scope, name, name, "MULTI_TENANT", None, MID_AUGUST, version, 1)
        self.attributions.create(made, (), 100, None)
        return name

    def start(self, name: str, *batch: AllocationChange, scope=SCOPE, reply=None, **given):
        """Start a task of an attribution."""
        task = NewTask(
            scope,
            name,
            f"task {name}",
            None,
            "arn",
            1,
            write_batch(batch),
            len(batch),
            self.clock.now(),
            AT_ONCE,
        )
        return self.tasks.start(replace(task, **given), reply)

    def ended(self, name: str, scope=SCOPE) -> tuple[TaskStatus, Sequence[str]]:
        """What the latest task came to."""
        task = self.tasks.latest(scope, name)
        assert task is not None
        return task.status, [each.code for each in (task.end.errors if task.end else ())]


COMPLETE = (TaskStatus.COMPLETE, [])


def failed(code: str, times: int = 1):
    """That a task failed by one error, so many times."""
    return TaskStatus.FAILED, [code] * times
