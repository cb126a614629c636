"""The latest calls, bounded."""

import asyncio
from functools import partial

import pytest

from builders import NOW
from waag.domain.calls import CallRecord
from waag.services.calls import CALLS_MAX, GatheredCalls, LatestCalls


def call(number):
    """A call told apart by its request id."""
    return CallRecord(
        NOW,
        number,
        f"{number}",
        "metering",
        "BatchMeterUsage",
        "arn:ci",
        "us-east-1",
        200,
        "Success",
    )


def after(calls, *, calls_max=3):
    """The latest calls once so many were recorded."""
    latest = LatestCalls(calls_max)
    for number in range(calls):
        latest.record(call(number))
    return latest


@pytest.mark.parametrize(
    ("calls", "limit", "ids"),
    [
        (0, 5, []),
        (1, 5, ["0"]),
        (3, 5, ["2", "1", "0"]),
        (4, 5, ["3", "2", "1"]),
        (100, 5, ["99", "98", "97"]),
        (100, 2, ["99", "98"]),
    ],
)
def test_the_newest_come_first_and_the_oldest_give_way(calls, limit, ids):
    """No more than are kept, no more than are asked for."""
    assert [each.request_id for each in after(calls).latest(limit)] == ids


def test_a_server_keeps_ten_thousand():
    """However many calls come, memory stays bounded."""
    latest = LatestCalls()
    for _ in range(CALLS_MAX + 1):
        latest.record(call(0))
    assert len(latest.latest(CALLS_MAX + 1)) == 10_000


def test_what_was_read_stays():
    """A list that was handed out does not change as calls come in."""
    latest = after(2)
    read = latest.latest(5)
    latest.record(call(9))
    assert [each.request_id for each in read] == ["1", "0"]


def test_those_of_all_fronts_are_shown_by_when_they_ended():
    """Whichever front answered, the newest come first, and no more than are asked for."""
    gathered = GatheredCalls()
    for numbers in ((1, 4), (), (2, 3, 5)):
        gathered.add(partial(_latest_of, [call(number) for number in numbers]))
    newest = asyncio.run(gathered.latest(4))
    assert [each.request_id for each in newest] == ["5", "4", "3", "2"]


def test_a_front_that_is_gone_is_not_asked():
    """Its calls went with it."""
    gathered = GatheredCalls()
    gone = partial(_latest_of, [call(1)])
    gathered.add(gone)
    gathered.remove(gone)
    assert asyncio.run(gathered.latest(4)) == []


async def _latest_of(calls, limit):
    return calls[::-1][:limit]
