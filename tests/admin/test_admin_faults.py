import pytest
from asking import ask
from machine import REAL

from server import live_server
from waag.config import Settings

ASKED = {"operation": "MeterUsage", "effect": "throttle"}
PLANNED = {
    "id": "fault-1",
    "operation": "MeterUsage",
    "effect": "throttle",
    "account": None,
    "count": 1,
    "every": 1,
    "records": None,
    "seconds": None,
    "when": None,
    "matched": 0,
    "struck": 0,
}


@pytest.fixture
def server(tmp_path):
    """A server of this test's own, without faults."""
    with live_server(Settings(data=tmp_path / "data"), real=lambda: REAL) as running:
        yield running


@pytest.mark.parametrize(
    ("asked", "planned"),
    [
        ({}, {}),
        (
            {"account": "120000000001", "count": 3, "every": 2},
            {"account": "120000000001", "count": 3, "every": 2},
        ),
        ({"operation": "*"}, {"operation": "*"}),
        (
            {"effect": "unprocessed", "operation": "BatchMeterUsage", "records": 2},
            {"effect": "unprocessed", "operation": "BatchMeterUsage", "records": 2},
        ),
        ({"effect": "delay", "seconds": 1}, {"effect": "delay", "seconds": 1.0}),
        ({"effect": "disconnect"}, {"effect": "disconnect", "when": "before"}),
        (
            {"effect": "disconnect", "when": "after"},
            {"effect": "disconnect", "when": "after"},
        ),
    ],
)
def test_a_fault_is_planned(server, asked, planned):
    """The answer is the fault with its id; what was left out has its default."""
    assert ask(server, "POST /faults", ASKED | asked)[:2] == (200, PLANNED | planned)


def test_faults_are_listed(server):
    """In the order they were planned."""
    for _ in range(2):
        ask(server, "POST /faults", ASKED)
    assert ask(server, "GET /faults").body == {"faults": [PLANNED, PLANNED | {"id": "fault-2"}]}


def test_one_is_cleared(server):
    """The answer is what was cleared; the others stay."""
    for _ in range(2):
        ask(server, "POST /faults", ASKED)
    cleared = ask(server, "DELETE /faults/fault-1").body
    left = ask(server, "GET /faults").body
    assert (cleared, left) == (
        {"faults": [PLANNED]},
        {"faults": [PLANNED | {"id": "fault-2"}]},
    )


def test_all_are_cleared(server):
    """The answer is what was cleared."""
    ask(server, "POST /faults", ASKED)
    cleared = ask(server, "DELETE /faults").body
    assert (cleared, ask(server, "GET /faults").body) == ({"faults": [PLANNED]}, {"faults": []})


def test_one_that_is_not_there_is_not_found(server):
    """The sentence says that it may be used up."""
    assert ask(server, "DELETE /faults/fault-1")[:2] == (
        404,
        {
            "error": {
                "rule": "fault.unknown",
                "message": "No fault 'fault-1' is planned; it may be used up.",
            }
        },
    )


@pytest.mark.parametrize(
    ("body", "rule", "message"),
    [
        (
            ASKED | {"count": 0},
            "fault.plan",
            "count is 0; expected a number from 1 to 1000000000.",
        ),
        (
            ASKED | {"when": "after"},
            "fault.plan",
            "`after` goes with the effect disconnect, not throttle.",
        ),
        (
            ASKED | {"often": True},
            "admin.request",
            "The body is not as expected: Object contains unknown field `often`.",
        ),
        (
            ASKED | {"effect": "flood"},
            "admin.request",
            "The body is not as expected: Invalid enum value 'flood' - at `$.effect`.",
        ),
    ],
)
def test_what_cannot_be_planned_is_refused(server, body, rule, message):
    """The sentence names the member and what would have passed."""
    assert ask(server, "POST /faults", body)[:2] == (
        400,
        {"error": {"rule": rule, "message": message}},
    )


def test_by_real_time_none_is_planned(tmp_path):
    """The refusal says how to start a server that takes faults."""
    with live_server(Settings(data=tmp_path / "data", clock="real")) as server:
        assert ask(server, "POST /faults", ASKED)[:2] == (
            400,
            {
                "error": {
                    "rule": "fault.clock",
                    "message": "This server runs by real time; start it with --clock settable to "
                    "plan faults.",
                }
            },
        )
