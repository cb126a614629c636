import asyncio
import threading
from concurrent.futures import Future

import pytest

from builders import NOW, SELLER, refusal_of
from waag.domain.clock import ClockMode
from waag.domain.faults import FAULTS_MAX, FaultEffect, FaultPlan, FaultRefused
from waag.services.clock import RealClock
from waag.services.faults import FaultsNotTaken, FaultUnknown, FollowedFaults, PlannedFaults

THROTTLE = FaultPlan("BatchMeterUsage", FaultEffect.THROTTLE)
ANY = FaultPlan("*", FaultEffect.THROTTLE)


class TurnedClock(RealClock):
    """A clock that could be turned."""

    def __init__(self) -> None:
        super().__init__(lambda: NOW)

    def set(self, mode: ClockMode, now: int) -> None:
        """Nobody does."""

    def advance(self, by: int) -> None:
        """Nobody does."""


class Fronts:
    """Fronts that heed at once, and what they were told."""

    def __init__(self) -> None:
        self.told = []

    def __call__(self, operations) -> Future[None]:
        """Be told."""
        self.told.append(sorted(operations))
        heeded = Future()
        heeded.set_result(None)
        return heeded


@pytest.fixture
def fronts():
    """Fronts that are told for which operations there are faults."""
    return Fronts()


@pytest.fixture
def faults(fronts):
    """No fault planned yet."""
    return PlannedFaults(TurnedClock(), ("BatchMeterUsage",), fronts)


def strike(faults):
    """The id of the fault that strikes a call."""
    struck = faults.count_call("BatchMeterUsage", SELLER)
    return struck and struck.id


def test_ids_count_up(faults):
    """A fault's id is never given to another, though the first is gone."""
    first = faults.plan(THROTTLE)
    faults.clear(first.id)
    assert (first.id, faults.plan(THROTTLE).id) == ("fault-1", "fault-2")


def test_what_is_planned_is_listed(faults):
    """In the order it was planned."""
    asked = [faults.plan(THROTTLE), faults.plan(ANY)]
    assert list(faults.planned()) == asked


def test_what_is_used_up_is_not_listed(faults):
    """It strikes no more."""
    faults.plan(THROTTLE)
    assert (strike(faults), strike(faults), list(faults.planned())) == ("fault-1", None, [])


def test_fronts_are_told_for_which_operations_there_are_faults(faults, fronts):
    """When one is planned, used up or cleared."""
    faults.plan(THROTTLE)
    faults.plan(ANY)
    strike(faults)
    faults.clear()
    assert fronts.told == [["BatchMeterUsage"], ["*", "BatchMeterUsage"], ["*"], []]


def test_one_is_cleared(faults):
    """The others stay."""
    faults.plan(THROTTLE)
    faults.plan(ANY)
    cleared = faults.clear("fault-1")
    assert [[each.id for each in some] for some in (cleared, faults.planned())] == [
        ["fault-1"],
        ["fault-2"],
    ]


def test_clearing_nothing_is_no_refusal(faults):
    """All of none are none."""
    assert list(faults.clear()) == []


def test_clearing_one_that_is_not_there_is_refused(faults):
    """The sentence says that it may be used up."""
    assert refusal_of(faults.clear, "fault-1") == (
        FaultUnknown,
        "No fault 'fault-1' is planned; it may be used up.",
    )


def test_a_plan_is_checked(faults):
    """Only what there is can be struck."""
    assert refusal_of(faults.plan, FaultPlan("Meter", FaultEffect.THROTTLE)) == (
        FaultRefused,
        "operation is 'Meter'; expected * or one of BatchMeterUsage.",
    )


def test_there_is_an_end_to_planning(faults):
    """Each call is compared with all of them."""
    for _ in range(FAULTS_MAX):
        faults.plan(THROTTLE)
    assert refusal_of(faults.plan, THROTTLE) == (
        FaultRefused,
        "100 faults are planned; clear some first.",
    )


def test_none_is_planned_by_real_time(fronts):
    """The refusal says how to start a server that takes faults."""
    faults = PlannedFaults(RealClock(lambda: NOW), ("BatchMeterUsage",), fronts)
    assert refusal_of(faults.plan, THROTTLE) == (
        FaultsNotTaken,
        "This server runs by real time; start it with --clock settable to plan faults.",
    )


def test_calls_at_the_same_time_are_counted_each(faults):
    """Whatever the threads, as many are struck as were asked for."""
    faults.plan(FaultPlan("BatchMeterUsage", FaultEffect.THROTTLE, count=1000, every=2))
    struck = []

    def call():
        struck.extend(filter(None, (strike(faults) for _ in range(1000))))

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(struck) == 1000


@pytest.mark.parametrize(
    ("operations", "asked"),
    [
        (frozenset(), []),
        (frozenset({"MeterUsage"}), []),
        (frozenset({"BatchMeterUsage", "MeterUsage"}), [("BatchMeterUsage", SELLER)]),
        (frozenset({"*"}), [("BatchMeterUsage", SELLER)]),
    ],
)
def test_a_front_asks_only_where_there_are_faults(operations, asked):
    """For other operations nobody is bothered."""
    questions = []

    async def ask(*question):
        questions.append(question)

    followed = FollowedFaults(ask)
    followed.follow(operations)
    asyncio.run(followed.strike("BatchMeterUsage", SELLER))
    assert questions == asked
