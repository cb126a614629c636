import json

import pytest
from commands import waag_at

from server import live_server
from waag.config import Settings

HEADINGS = "FAULT    OPERATION        EFFECT          ACCOUNT       STRUCK  EVERY  DETAILS"


@pytest.fixture
def server(tmp_path):
    """A server of this test's own, without faults."""
    with live_server(Settings(data=tmp_path / "data")) as running:
        yield running


def words(text):
    """The words of each line."""
    return [line.split() for line in text.splitlines()]


@pytest.mark.parametrize(
    ("command", "row"),
    [
        ("BatchMeterUsage throttle", "fault-1 BatchMeterUsage throttle any 0 of 1 1"),
        (
            "* internal_error --account 120000000001 --count 3 --every 2",
            "fault-1 * internal_error 120000000001 0 of 3 2",
        ),
        (
            "BatchMeterUsage unprocessed",
            "fault-1 BatchMeterUsage unprocessed any 0 of 1 1 all records",
        ),
        (
            "BatchMeterUsage unprocessed --records 2",
            "fault-1 BatchMeterUsage unprocessed any 0 of 1 1 last 2 records",
        ),
        ("MeterUsage delay --seconds 2.5", "fault-1 MeterUsage delay any 0 of 1 1 2.5 seconds"),
        (
            "MeterUsage disconnect",
            "fault-1 MeterUsage disconnect any 0 of 1 1 before the commit",
        ),
        (
            "MeterUsage disconnect --after-commit",
            "fault-1 MeterUsage disconnect any 0 of 1 1 after the commit",
        ),
    ],
)
def test_a_fault_is_planned(server, command, row):
    """The command shows it, and so does the list."""
    added = waag_at(server, f"fault add {command}")
    listed = waag_at(server, "fault list")
    assert (added.exit_code, words(added.stdout), listed.stdout) == (
        0,
        [HEADINGS.split(), row.split()],
        added.stdout,
    )


def test_a_planned_fault_as_json(server):
    """What the admin API answers, unchanged."""
    ran = waag_at(server, "fault add BatchMeterUsage throttle --json")
    assert [json.loads(ran.stdout)] == server.ask("GET", "/faults")["faults"]


def test_faults_as_json(server):
    """What the admin API answers, unchanged."""
    waag_at(server, "fault add BatchMeterUsage throttle")
    ran = waag_at(server, "fault list --json")
    assert json.loads(ran.stdout) == server.ask("GET", "/faults")


def test_no_fault_is_said(server):
    """An empty list is no refusal."""
    assert waag_at(server, "fault list") == (0, "No fault is planned.\n", "")


@pytest.mark.parametrize(
    ("command", "said", "left"),
    [
        ("fault clear fault-1", "Cleared fault-1.\n", ["fault-2"]),
        ("fault clear", "Cleared fault-1.\nCleared fault-2.\n", []),
    ],
)
def test_faults_are_cleared(server, command, said, left):
    """One, or all."""
    for _ in range(2):
        waag_at(server, "fault add BatchMeterUsage throttle")
    ran = waag_at(server, command)
    ids = [each["id"] for each in server.ask("GET", "/faults")["faults"]]
    assert (ran, ids) == ((0, said, ""), left)


def test_clearing_nothing_is_said(server):
    """It is no refusal."""
    assert waag_at(server, "fault clear") == (0, "No fault was planned.\n", "")


def test_what_was_cleared_as_json(server):
    """What the admin API answers, unchanged."""
    assert json.loads(waag_at(server, "fault clear --json").stdout) == {"faults": []}


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("clear tulips", "No fault 'tulips' is planned; it may be used up."),
        ("add MeterUsage delay", "seconds is None; a delay takes more than 0 and at most 60."),
        (
            "add MeterUsage throttle --after-commit",
            "`after` goes with the effect disconnect, not throttle.",
        ),
    ],
)
def test_a_refusal_is_its_sentence(server, command, message):
    """The admin API's sentence goes to standard error, and the exit code is 1."""
    assert waag_at(server, f"fault {command}") == (1, "", f"Error: {message}\n")


@pytest.mark.parametrize("command", ["add", "add MeterUsage", "add MeterUsage flood", "list 1"])
def test_wrong_usage_is_told(server, command):
    """A missing argument, one too many, an effect that there is not: the exit code is 2."""
    assert waag_at(server, f"fault {command}").exit_code == 2
