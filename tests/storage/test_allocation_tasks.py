"""Allocations tasks on SQLite, and the worker that carries them out."""

from collections.abc import Sequence

import apsw
import pytest
from msgspec.structs import replace

from allocated import BY_NAME, allocation, change
from builders import BUYER, OTHER_BUYER, SELLER, at, market, refusal_of
from waag.domain.attribution.allocations import AllocationChange
from waag.domain.attribution.batch_records import RecordError
from waag.domain.attribution.choices import AttributionChoices, SandboxLookUps
from waag.domain.attribution.client_tokens import KeptReply, TokenUse, UsedToken
from waag.domain.attribution.identifiers import Catalog, Scope
from waag.domain.attribution.records import Attribution, first_version, new_version
from waag.domain.attribution.refusals import ConcurrentModification, RevisionMismatch
from waag.domain.attribution.tasks import (
    AT_ONCE,
    NewTask,
    Outcome,
    TaskName,
    TaskStatus,
    write_batch,
)
from waag.domain.clock import ClockMode
from waag.domain.instants import HOUR, MINUTE
from waag.domain.refusals import StoreUnavailable
from waag.storage.attribution.allocations import SqliteAllocations
from waag.storage.attribution.attributions import SqliteAttributions
from waag.storage.attribution.deals import SqliteDealLookUps
from waag.storage.attribution.tasks import OutcomeUnfit, SqliteAllocationTasks
from waag.storage.database import open_reader
from waag.storage.reader import Reader
from waag.worker.attribution import TASKS_AT_ONCE, AllocationWork

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


class FailingDeals(FixedDeals):
    """Fails for one deal, by a fault of its own."""

    def deals(self, names):
        """All but one."""
        if ("OPPORTUNITY", "O6") in names:
            raise ZeroDivisionError
        return super().deals(names)


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


@pytest.fixture
def stored(writer, ledger, files):
    """A ledger with no attributions."""
    reader = Reader(open_reader(ledger, vfs=files.name))
    yield Stored(writer, reader)
    reader.close()


COMPLETE = (TaskStatus.COMPLETE, [])


def failed(code: str, times: int = 1):
    """That a task failed by one error, so many times."""
    return TaskStatus.FAILED, [code] * times


def test_a_task_is_carried_out(stored):
    """Its allocations are there, in the revision after the one that it was submitted for."""
    name = stored.create()
    stored.start(name, *TWO)
    stored.work()
    rows = stored.allocations.touched(SCOPE, name, ("2026-08-01", "2026-08-31"), ())
    assert sorted((each.percent, each.revision) for each in rows) == [("40", 2), ("60", 2)]


def test_a_task_of_another_revision_is_not_kept(stored):
    """What was checked before is decided again where it is written."""
    name = stored.create()
    with pytest.raises(RevisionMismatch):
        stored.start(name, *TWO, submitted=2)


def test_of_two_tasks_one_is_kept(stored):
    """An attribution has one in progress at a time."""
    name = stored.create()
    stored.start(name, *TWO)
    with pytest.raises(ConcurrentModification):
        stored.start(name, *TWO)


def test_a_reply_is_kept_with_its_task(stored):
    """The same token starts nothing more, and gives the reply that was kept."""
    name = stored.create()
    reply = KeptReply(TokenUse(SCOPE, "Start", "t-1", b"digest"), b"reply", MID_AUGUST, 0)
    stored.start(name, *TWO, reply=reply)
    assert stored.start(name, *TWO, reply=reply) == UsedToken(b"digest", b"reply")


class CountedTasks:
    """The port `AllocationTasks`, which counts what is written together."""

    def __init__(self, tasks) -> None:
        self._tasks, self.sizes = tasks, []
        self.due, self.next_due = tasks.due, tasks.next_due

    def settle(self, outcomes):
        """In one transaction."""
        self.sizes.append(len(outcomes))
        self._tasks.settle(outcomes)


def test_tasks_share_a_commit(stored):
    """As many as are taken at once are written in one transaction."""
    names = [stored.create(number) for number in range(TASKS_AT_ONCE)]
    for name in names:
        stored.start(name, *TWO)
    counted = CountedTasks(stored.tasks)
    stored.working(FixedDeals(), counted)()
    assert counted.sizes == [TASKS_AT_ONCE]


def test_more_tasks_than_go_at_once_are_carried_out(stored):
    """One turn does all that is due."""
    names = [stored.create(number) for number in range(2 * TASKS_AT_ONCE + 1)]
    for name in names:
        stored.start(name, *TWO)
    stored.work()
    assert {stored.ended(name)[0] for name in names} == {TaskStatus.COMPLETE}


def test_a_task_that_cannot_be_judged_fails_alone(stored):
    """It ends with an internal error for each record; the others do not suffer."""
    names = [stored.create(number) for number in range(2)]
    stored.start(names[0], change("1", entity="O6"), change("1"))
    stored.start(names[1], *TWO)
    stored.working(FailingDeals())()
    assert [stored.ended(name) for name in names] == [failed("INTERNAL_ERROR", 2), COMPLETE]


class UnreachableDeals(FixedDeals):
    """Cannot be read."""

    def deals(self, names):
        """None."""
        raise StoreUnavailable(str(names))


def test_a_task_whose_deals_cannot_be_read_is_tried_again(stored):
    """That the store is not there is no reason to fail."""
    name = stored.create()
    stored.start(name, *TWO)
    with pytest.raises(StoreUnavailable):
        stored.working(UnreachableDeals())()
    assert stored.ended(name) == (TaskStatus.IN_PROGRESS, [])


def test_a_batch_that_cannot_be_read_fails(stored):
    """What lies in the ledger is no batch: the task ends."""
    name = stored.create()
    stored.start(name, *TWO, records='[["CREATE"]]')
    stored.work()
    rows = stored.tasks._reader.rows("due_tasks", (MID_AUGUST, 1))
    assert rows == []


class UnwritableTasks:
    """The port `AllocationTasks`, which cannot write what one attribution's task comes to."""

    def __init__(self, tasks, name) -> None:
        self._tasks, self._name = tasks, name
        self.due, self.next_due = tasks.due, tasks.next_due

    def settle(self, outcomes):
        """Nothing of a group with that task, unless it has failed."""
        for each in outcomes:
            if each.name.attribution == self._name and not each.errors:
                raise OutcomeUnfit(self._name)
        self._tasks.settle(outcomes)


def test_a_task_that_cannot_be_written_fails_alone(stored):
    """The others of its commit are written without it."""
    names = [stored.create(number) for number in range(3)]
    for name in names:
        stored.start(name, *TWO)
    stored.working(FixedDeals(), UnwritableTasks(stored.tasks, names[1]))()
    assert [stored.ended(name) for name in names] == [
        COMPLETE,
        failed("INTERNAL_ERROR", 2),
        COMPLETE,
    ]


def test_a_full_disk_leaves_tasks_to_be_tried_again(stored, files):
    """Nothing is written, and the next turn carries them out."""
    name = stored.create()
    stored.start(name, *TWO)
    files.failing = True
    refusal = refusal_of(stored.work)
    files.failing = False
    stored.work()
    assert (refusal and refusal[0], stored.ended(name)) == (StoreUnavailable, COMPLETE)


def outcome(name: str, *versions, submitted: int = 1) -> Outcome:
    """That a task is applied."""
    return Outcome(TaskName(SCOPE, name, 1), submitted, 1, MID_AUGUST, (), versions)


def test_a_task_whose_attribution_moved_on_fails(stored):
    """It was judged before the change, and is written after it."""
    name = stored.create()
    stored.start(name, change("1"))
    before = stored.attributions.attribution(SCOPE, name)
    version = new_version(before.version, MID_AUGUST, "another")
    stored.attributions.update(replace(before, version=version, latest=2), None)
    stored.tasks.settle([outcome(name, allocation("1", revision=2))])
    assert stored.ended(name) == failed("CONCURRENT_MODIFICATION")


def test_a_task_that_has_ended_is_not_written_again(stored):
    """Of an outcome that comes twice the second one changes nothing."""
    name = stored.create()
    stored.start(name, change("1"))
    errors = [RecordError(0, "INTERNAL_ERROR", "once")]
    stored.tasks.settle([replace(outcome(name), errors=errors)])
    stored.tasks.settle([outcome(name, allocation("1", revision=2))])
    assert stored.ended(name) == failed("INTERNAL_ERROR")


def test_what_breaks_a_constraint_is_told_apart_from_a_store_that_fails(stored):
    """It would be no better if it were tried again."""
    name = stored.create()
    stored.start(name, change("1"))
    twice = allocation("1", revision=2)
    with pytest.raises(OutcomeUnfit):
        stored.tasks.settle([outcome(name, twice, twice)])


@pytest.mark.parametrize(("waited", "status"), [(MINUTE - 1, "IN_PROGRESS"), (MINUTE, "COMPLETE")])
def test_a_task_waits_until_it_is_due(stored, waited, status):
    """By what the clock shows."""
    name = stored.create()
    stored.start(name, *TWO, due=MID_AUGUST + MINUTE)
    stored.clock.shown += waited
    stored.work()
    assert stored.ended(name)[0].value == status


def test_a_task_that_waits_for_nothing_is_carried_out_whatever_the_clock_shows(stored):
    """Also where it was turned back since."""
    name = stored.create()
    stored.start(name, *TWO)
    stored.clock.shown -= HOUR
    stored.work()
    assert stored.ended(name) == COMPLETE


@pytest.mark.parametrize(
    ("mode", "due", "seconds"),
    [
        (ClockMode.RUNNING, MID_AUGUST + MINUTE, 60.0),
        (ClockMode.RUNNING, MID_AUGUST + 5 * HOUR, 3600.0),
        (ClockMode.FROZEN, MID_AUGUST + MINUTE, None),
    ],
)
def test_the_worker_wakes_for_the_next_task(stored, mode, due, seconds):
    """An hour at most; never by a clock that stands still."""
    stored.clock.mode = mode
    stored.start(stored.create(), *TWO, due=due)
    assert stored.work() == seconds


def test_the_worker_without_tasks_waits_until_it_is_woken(stored):
    """There is nothing to wake for."""
    stored.clock.mode = ClockMode.RUNNING
    assert stored.work() is None


def test_a_batch_is_judged_by_the_day_of_its_submission(stored):
    """Who submits in time is not late because Waag is."""
    name = stored.create()
    stored.clock.shown = at("2026-08-31T23:59:59")
    stored.start(name, change("1", "2026-08"), due=at("2026-09-01T00:00:00"))
    stored.clock.shown = at("2026-09-01T00:00:00")
    stored.work()
    assert stored.ended(name) == COMPLETE


def test_deals_of_the_sandbox_need_not_exist_if_that_is_chosen(stored):
    """There, with the choice `sandbox-look-ups=none`."""
    name = stored.create(scope=SANDBOX)
    stored.start(name, change("1", entity="O99", customer="999999999999"), scope=SANDBOX)
    choices = AttributionChoices(sandbox_look_ups=SandboxLookUps.NONE)
    stored.working(FixedDeals(), choices=choices)()
    assert stored.ended(name, SANDBOX) == COMPLETE


def test_deals_and_accounts_are_looked_up_at_once(stored, ledger, files):
    """Those that there are, of any number."""

    def put(connection: apsw.Connection) -> None:
        connection.execute("INSERT INTO deal VALUES ('OFFER', 'offer-1', ?)", (DEAL,))
        connection.execute(
            "INSERT INTO account (number, id, name, kind) VALUES (1, '210000000001', 'B', 'buyer')"
        )

    stored.writer.change(put)
    reader = Reader(open_reader(ledger, vfs=files.name))
    look_ups = SqliteDealLookUps(reader)
    found = look_ups.deals({("OFFER", "offer-1"), ("OPPORTUNITY", "offer-1"), ("OFFER", "x")})
    accounts = look_ups.accounts({BUYER, OTHER_BUYER})
    reader.close()
    assert (list(found), accounts) == ([("OFFER", "offer-1")], frozenset({BUYER}))


DEAL = (
    '{"type":"OFFER","id":"offer-1","name":"Offer","owner":"120000000001",'
    '"customer":"210000000001"}'
)
