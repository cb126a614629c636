import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import BUYER, SELLER, refusal_of
from waag.domain.faults import (
    COUNT_MAX,
    FaultEffect,
    FaultPlan,
    FaultRefused,
    PlannedFault,
    check_plan,
    strike,
)

OPERATIONS = ("BatchMeterUsage", "MeterUsage")


def plan(**given):
    """A fault that throttles one call of BatchMeterUsage."""
    usual = {"operation": "BatchMeterUsage", "effect": FaultEffect.THROTTLE}
    return FaultPlan(**(usual | given))


def planned(fault_id="a", **given):
    """That fault, planned."""
    return PlannedFault(fault_id, plan(**given))


def struck_in_turn(faults, calls):
    """Which faults strike so many calls of BatchMeterUsage by SELLER, one after the other."""
    ids = []
    for _ in range(calls):
        faults, struck = strike(faults, "BatchMeterUsage", SELLER)
        ids.append("-" if struck is None else struck.id)
    return "".join(ids)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"operation": "*"},
        {"account": SELLER},
        {"count": COUNT_MAX, "every": COUNT_MAX},
        {"effect": FaultEffect.UNPROCESSED},
        {"effect": FaultEffect.UNPROCESSED, "records": 25},
        {"effect": FaultEffect.DELAY, "seconds": 60.0},
        {"effect": FaultEffect.DISCONNECT, "after_commit": True},
        {"effect": FaultEffect.EXPIRED_TOKEN, "operation": "MeterUsage"},
    ],
)
def test_what_can_strike_is_planned(given):
    """Each effect with its own members, at their bounds."""
    assert refusal_of(check_plan, plan(**given), OPERATIONS) is None


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (
            {"operation": "batchMeterUsage"},
            "operation is 'batchMeterUsage'; expected * or one of BatchMeterUsage, MeterUsage.",
        ),
        ({"account": "12"}, "account is '12'; expected twelve digits."),
        ({"account": "٣" * 12}, f"account is '{'٣' * 12}'; expected twelve digits."),
        ({"count": 0}, "count is 0; expected a number from 1 to 1000000000."),
        ({"every": COUNT_MAX + 1}, "every is 1000000001; expected a number from 1 to 1000000000."),
        (
            {"effect": FaultEffect.UNPROCESSED, "operation": "*"},
            "operation is '*'; only BatchMeterUsage hands records back unprocessed.",
        ),
        (
            {"effect": FaultEffect.UNPROCESSED, "records": 26},
            "records is 26; expected a number from 1 to 25.",
        ),
        ({"records": 1}, "records goes with the effect unprocessed, not throttle."),
        ({"seconds": 1.0}, "seconds goes with the effect delay, not throttle."),
        (
            {"effect": FaultEffect.DELAY},
            "seconds is None; a delay takes more than 0 and at most 60.",
        ),
        (
            {"effect": FaultEffect.DELAY, "seconds": 60.1},
            "seconds is 60.1; a delay takes more than 0 and at most 60.",
        ),
        (
            {"effect": FaultEffect.DELAY, "seconds": float("nan")},
            "seconds is nan; a delay takes more than 0 and at most 60.",
        ),
        ({"after_commit": True}, "`after` goes with the effect disconnect, not throttle."),
    ],
)
def test_what_means_nothing_is_refused(given, why):
    """The sentence names the member, its value and what would have passed."""
    assert refusal_of(check_plan, plan(**given), OPERATIONS) == (FaultRefused, why)


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        ((), "----"),
        ((planned(),), "a---"),
        ((planned(count=3),), "aaa-"),
        ((planned(every=3),), "--a---"),
        ((planned(every=2, count=2),), "-a-a--"),
        ((planned(operation="*"),), "a-"),
        ((planned(operation="MeterUsage"),), "--"),
        ((planned(account=SELLER),), "a-"),
        ((planned(account=BUYER),), "--"),
        ((planned("a"), planned("b", count=2)), "abb-"),
        ((planned("a", every=2, count=2), planned("b", count=9)), "babab"),
        ((planned("a", count=2), planned("b", every=2)), "aa-b-"),
    ],
)
def test_which_calls_are_struck(faults, expected):
    """One call after the other, each by one fault at most: the first whose turn it is."""
    assert struck_in_turn(faults, len(expected)) == expected


def test_what_struck_tells_how_far_it_has_got():
    """The operator is told of each strike which one it was."""
    _, struck = strike((planned(count=3, every=1),), "BatchMeterUsage", SELLER)
    assert (struck.rule, struck.why) == (
        "fault.throttle",
        "The planned fault a struck this call, 1 of 3.",
    )


def test_a_fault_that_waits_has_counted_the_call():
    """A call that is not struck counts all the same."""
    after, _ = strike((planned(every=3),), "BatchMeterUsage", SELLER)
    assert [(each.matched, each.struck) for each in after] == [(1, 0)]


def test_a_call_of_another_operation_leaves_everything_as_it_is():
    """Neither counted nor struck."""
    faults = (planned(), planned("b"))
    assert strike(faults, "MeterUsage", SELLER) == (faults, None)


@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 40))
def test_a_fault_strikes_as_often_as_it_should(count, every, calls):
    """One in `every` calls, until it has struck `count` of them."""
    struck = struck_in_turn((planned(count=count, every=every),), calls)
    assert struck.count("a") == min(count, calls // every)
