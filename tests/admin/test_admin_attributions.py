"""Revenue attributions and their tasks as the operator asks for them."""

import pytest
from allocating import LAUNCHED, Partner, many, record
from asking import ask

from server import live_server
from waag.config import Settings

SECOND = {"EntityIdentifier": LAUNCHED[1]}
IDENTIFIER = "RevenueAttributionAllocationId"


@pytest.fixture(scope="module")
def partner(tmp_path_factory):
    """An attribution with three revisions of allocations, and two without any, one a sandbox's."""
    with live_server(Settings(data=tmp_path_factory.mktemp("attributed") / "data")) as server:
        server.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-05-14T10:20:30Z"})
        partner = Partner(server)
        partner.carried_out(record("60", "2026-05..2026-06"), record("15.5", "2026-06", **SECOND))
        first = partner.listed()[0][IDENTIFIER]
        update = record("60", "2026-05..2026-06", Status="INACTIVE", **{IDENTIFIER: first})
        partner.carried_out(update, revision="2")
        partner.carried_out(record("101"), revision="3", Description="Too much")
        partner.beside("Another")
        Partner(server, "Sandbox")
        yield partner


def asked(partner, path):
    """What a call answers."""
    return ask(partner.server, f"GET /attributions{path}").body


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_attributions_are_listed_page_by_page(partner, limit):
    """Those of all accounts and catalogs, each once."""
    cursor, names = "", []
    while cursor is not None:
        answer = asked(partner, f"?limit={limit}{cursor}")
        names += [(each["catalog"], each["name"]) for each in answer["attributions"]]
        following = answer["next_cursor"]
        cursor = None if following is None else f"&cursor={following}"
    assert sorted(names) == [("AWS", "Analytics"), ("AWS", "Another"), ("Sandbox", "Analytics")]


@pytest.mark.parametrize(("account", "count"), [("120000000001", 3), ("120000000002", 0)])
def test_attributions_are_listed_by_account(partner, account, count):
    """Of one account alone."""
    assert len(asked(partner, f"?account={account}")["attributions"]) == count


def test_an_attribution_shows_how_its_months_are_shared(partner):
    """Spans of months that are shared alike, what remains of each, and of whom."""
    shown = asked(partner, f"/{partner.id}?revision=2")["months"]
    assert [
        (
            each["first"],
            each["last"],
            each["allocated"],
            each["remaining"],
            len(each["allocations"]),
        )
        for each in shown
    ] == [("2026-05", "2026-05", "60.00", "40.00", 1), ("2026-06", "2026-06", "75.50", "24.50", 2)]


def test_inactive_allocations_are_shown_apart(partner):
    """They take nothing of any month; without a revision it is the latest."""
    shown = asked(partner, f"/{partner.id}")
    inactive = [each["entity"] for each in shown["inactive"]]
    assert (shown["revision"], inactive, len(shown["months"])) == (3, [LAUNCHED[0]], 1)


@pytest.mark.parametrize("which", ["id", "attribution"])
def test_a_task_is_shown_with_its_errors(partner, which):
    """By its own id, or as the latest of its attribution."""
    task = partner.task()
    name = task["TaskId"] if which == "id" else partner.id
    shown = asked(partner, f"/tasks/{name}")
    error = shown.pop("errors")
    assert (shown, [(each["record"], each["code"], each["entity"]) for each in error]) == (
        {
            "id": task["TaskId"],
            "attribution": partner.id,
            "account": "120000000001",
            "catalog": "AWS",
            "status": "FAILED",
            "description": "Too much",
            "submitted_revision": 3,
            "committed_revision": None,
            "records": 1,
            "started": "2026-05-14T10:20:30Z",
            "due": None,
            "now": "2026-05-14T10:20:30Z",
            "ended": "2026-05-14T10:20:30Z",
        },
        [(0, "INVALID_VALUE", LAUNCHED[0])],
    )


@pytest.mark.parametrize(
    ("path", "status", "rule"),
    [
        ("/ra-0000000000000", 404, "attribution.unknown"),
        ("/{id}?revision=9", 404, "attribution.unknown"),
        ("/{id}?revision=x", 400, "admin.request"),
        ("/{id}?revision=0", 400, "admin.request"),
        ("/tasks/raatask-0000000000000", 404, "attribution.unknown"),
        ("/tasks/ra-0000000000000", 404, "attribution.unknown"),
        ("?cursor=x", 400, "admin.request"),
        ("?limit=0", 400, "admin.request"),
    ],
)
def test_what_is_not_there_is_refused(partner, path, status, rule):
    """With the rule, and the value that was asked for."""
    answer = ask(partner.server, f"GET /attributions{path.format(id=partner.id)}")
    assert (answer.status, answer.error["rule"]) == (status, rule)


def test_an_attribution_without_a_task_has_none(partner):
    """There is nothing to show of one that never had any."""
    other = next(
        each["id"] for each in asked(partner, "")["attributions"] if each["name"] == "Another"
    )
    assert ask(partner.server, f"GET /attributions/tasks/{other}").status == 404


def test_more_allocations_than_are_read_in_one_step_are_shown(partner):
    """All of them, however many steps it takes."""
    most = partner.beside("Most")
    records = many(1250)
    for number in range(5):
        batch = records[250 * number : 250 * (number + 1)]
        most.carried_out(*batch, revision=str(number + 1))
    assert len(asked(partner, f"/{most.id}")["months"]) == 1250
