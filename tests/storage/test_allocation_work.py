"""The worker that carries allocations tasks out, on a real ledger."""

import pytest
from allocation_ledger import (
    COMPLETE,
    MID_AUGUST,
    SANDBOX,
    SCOPE,
    TWO,
    FixedDeals,
    failed,
)

from allocated import change
from builders import at, refusal_of
from waag.domain.attribution.choices import AttributionChoices, SandboxLookUps
from waag.domain.attribution.tasks import (
    TaskStatus,
)
from waag.domain.clock import ClockMode
from waag.domain.instants import HOUR, MINUTE
from waag.domain.refusals import StoreUnavailable
from waag.storage.attribution.tasks import OutcomeUnfit
from waag.worker.attribution import TASKS_AT_ONCE


class FailingDeals(FixedDeals):
    """Fails for one deal, by a fault of its own."""

    def deals(self, names):
        """All but one."""
        if ("OPPORTUNITY", "O6") in names:
            raise ZeroDivisionError
        return super().deals(names)


def test_a_task_is_carried_out(stored):
    """Its allocations are there, in the revision after the one that it was submitted for."""
    name = stored.create()
    stored.start(name, *TWO)
    stored.work()
    rows = stored.allocations.touched(SCOPE, name, ("2026-08-01", "2026-08-31"), ())
    assert sorted((each.percent, each.revision) for each in rows) == [("40", 2), ("60", 2)]


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
    """However many turns it takes; whoever turned the clock waits for all that is due."""
    names = [stored.create(number) for number in range(2 * TASKS_AT_ONCE + 1)]
    for name in names:
        stored.start(name, *TWO)
    stored.work.settle()
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


def test_the_worker_goes_on_at_once_after_a_turn(stored):
    """There may be more to do; it ends between two turns if it is told to."""
    stored.start(stored.create(), *TWO)
    assert stored.work() == 0


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
