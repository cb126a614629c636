"""Faults on a server of several processes: counted once, whichever front answers."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

from botocore.exceptions import ClientError, ConnectionClosedError
from fronted import MANY, NOW, PRODUCT

from server import DEADLINE


def plan(waag, effect, **given):
    """Plan a fault."""
    waag.ask("POST", "/faults", {"operation": "BatchMeterUsage", "effect": effect, **given})


def outcome(waag):
    """What becomes of a record sent over a connection of its own."""
    client = waag.client()
    record = {
        "Timestamp": NOW,
        "CustomerIdentifier": "moLenBank01",
        "Dimension": "users",
        "Quantity": 5,
    }
    try:
        answer = client.batch_meter_usage(ProductCode=PRODUCT, UsageRecords=[record])
        return answer["Results"][0]["Status"]
    except ClientError as error:
        return error.response["Error"]["Code"]
    except ConnectionClosedError:
        return "no reply"
    finally:
        client.close()


def struck(outcomes):
    """How many of these were throttled."""
    return list(outcomes).count("ThrottlingException")


def test_as_many_calls_are_struck_as_were_asked_for(waag):
    """In all, not on each front, though calls come at the same time."""
    plan(waag, "throttle", count=7)
    with ThreadPoolExecutor(4) as pool:
        assert struck(pool.map(lambda _: outcome(waag), range(MANY))) == 7


def test_the_rhythm_is_that_of_all_calls(waag):
    """One in three, whichever front answers."""
    plan(waag, "throttle", count=MANY, every=3)
    outcomes = [outcome(waag) for _ in range(MANY)]
    assert outcomes == ["Success", "Success", "ThrottlingException"] * (MANY // 3)


def test_every_front_knows_of_a_fault_once_it_is_planned(waag):
    """Not one call slips through."""
    plan(waag, "throttle", count=MANY)
    assert struck(outcome(waag) for _ in range(MANY)) == MANY


def test_no_front_strikes_once_a_fault_is_cleared(waag):
    """Whatever was left of it."""
    plan(waag, "throttle", count=MANY)
    waag.ask("DELETE", "/faults")
    assert struck(outcome(waag) for _ in range(MANY)) == 0


def test_a_connection_is_closed_by_a_front(waag):
    """As by a server of one process."""
    plan(waag, "disconnect", when="after")
    assert [outcome(waag), outcome(waag)] == ["no reply", "Success"]


def test_a_front_that_takes_anothers_place_knows_of_faults(waag):
    """It is told before it answers."""
    plan(waag, "throttle", count=10 * MANY)
    before = waag.fronts()
    for victim in before:
        os.kill(victim, signal.SIGKILL)
    deadline = time.monotonic() + DEADLINE
    while len(set(waag.fronts()) - set(before)) < 2:
        assert time.monotonic() < deadline
    assert struck(outcome(waag) for _ in range(MANY)) == MANY
