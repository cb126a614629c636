"""`waag attribution`: what a person sees of attributions and of their tasks."""

import json
import threading

import pytest
from allocating import LAUNCHED, Partner, record
from commands import waag_at

from server import live_server
from waag.config import Choices, Settings
from waag.domain.attribution.choices import AttributionChoices

SECOND = {"EntityIdentifier": LAUNCHED[1]}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server whose tasks take a minute of its clock, which stands still."""
    choices = Choices(attribution=AttributionChoices(allocation_task_seconds=60))
    data = tmp_path_factory.mktemp("attributed") / "data"
    with live_server(Settings(data=data, choices=choices)) as running:
        running.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-05-14T10:20:30Z"})
        yield running


@pytest.fixture(scope="module")
def partner(server):
    """An attribution whose task is complete, and whose next one has failed."""
    partner = Partner(server)
    partner.start(record("60", "2026-05..2026-06"), record("15.5", "2026-06", **SECOND))
    server.ask("POST", "/clock/advance", {"seconds": 60})
    partner.start(record("101", "2026-07"), revision="2")
    server.ask("POST", "/clock/advance", {"seconds": 60})
    return partner


def lines(ran):
    """The words of each line."""
    return [line.split() for line in ran.stdout.splitlines()]


def test_attributions_are_listed(server, partner):
    """With their revision, and how many allocations are active."""
    table = lines(waag_at(server, "attribution list"))
    found = next(line for line in table if line[0] == partner.id)
    assert found[1:] == [
        *("120000000001", "AWS", "Analytics", "2", "2", "2", "2026-05-01", "2026-06-30"),
    ]


def test_a_list_goes_on(server, partner):
    """The cursor for the next page is told."""
    partner.beside("Another")
    assert "There is more: --cursor" in waag_at(server, "attribution list --limit 1").stdout


def test_a_list_without_any_says_so(server):
    """Instead of a table."""
    ran = waag_at(server, "attribution list --account 999999999999")
    assert ran.stdout == "No attributions.\n"


def test_months_are_shown_with_what_remains(server, partner):
    """What the allocations of a span have in common is said once."""
    table = lines(waag_at(server, f"attribution show {partner.id}"))
    spans = [line[:3] for line in table[2:] if line[0].startswith("2026")]
    assert (spans, len(table)) == (
        [["2026-05", "60.00", "40.00"], ["2026-06", "75.50", "24.50"]],
        5,
    )


@pytest.mark.parametrize("revision", ["1", "2"])
def test_months_are_shown_as_of_a_revision(server, partner, revision):
    """Of any that there was."""
    command = f"attribution show {partner.id} --revision {revision}"
    assert f"revision {revision} of 2" in waag_at(server, command).stdout


def test_before_the_first_batch_nothing_is_shared(server, partner):
    """There is no table."""
    ran = waag_at(server, f"attribution show {partner.id} --revision 1")
    assert lines(ran)[1] == ["No", "active", "allocations."]


def test_a_task_is_shown_with_its_errors(server, partner):
    """What it came to, and why."""
    ran = waag_at(server, f"attribution task {partner.id}")
    error = ["0", "INVALID_VALUE", "CREATE", LAUNCHED[0], "2026-07-01", "2026-07-31"]
    assert (ran.exit_code, lines(ran)[0][3], lines(ran)[3][:6]) == (0, "FAILED", error)


def test_a_failed_task_that_is_followed_is_an_error(server, partner):
    """For whoever waits for it in a script."""
    assert waag_at(server, f"attribution task {partner.id} --follow").exit_code == 1


@pytest.mark.parametrize("command", ["list", "show {id}", "task {id}"])
def test_all_there_is_comes_as_json(server, partner, command):
    """As the admin API answers it."""
    ran = waag_at(server, f"attribution {command.format(id=partner.id)} --json")
    assert isinstance(json.loads(ran.stdout), dict)


def test_an_unknown_task_is_told(server):
    """With what was asked for."""
    ran = waag_at(server, "attribution task raatask-0000000000000")
    assert (ran.exit_code, "raatask-0000000000000" in ran.stderr) == (1, True)


def test_a_task_is_followed_to_its_end(server):
    """Through the bar that shows how far it is, until it is complete."""
    partner = Partner(server, name="Followed")
    started = partner.start(record())
    turned = threading.Timer(2.6, lambda: server.ask("POST", "/clock/advance", {"seconds": 60}))
    turned.start()
    ran = waag_at(server, f"attribution task {started['TaskId']} --follow")
    turned.join()
    assert (ran.exit_code, lines(ran)[0][3:]) == (0, ["COMPLETE,", "revision", "2"])


def test_inactive_allocations_are_named(server):
    """Under the table."""
    partner = Partner(server, name="Inactive")
    partner.start(record(Status="INACTIVE"))
    server.ask("POST", "/clock/advance", {"seconds": 60})
    allocation = partner.listed()[0]["RevenueAttributionAllocationId"]
    assert f"Inactive: {allocation}" in waag_at(server, f"attribution show {partner.id}").stdout
