"""Agreements and events as the operator asks for them."""

import pytest
from asking import ask

from server import live_server
from waag.config import Settings

VAULT, GRACHT, MOLEN = "5poldervault6concurrent78", "210000000002", "210000000001"
ONE = {"product": VAULT, "buyer": GRACHT, "ends": "2027-01-01T00:00:00Z"}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server with the demo market, and three agreements more to one product."""
    with live_server(Settings(data=tmp_path_factory.mktemp("agreed") / "data")) as running:
        running.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-05-14T10:20:30Z"})
        for buyer in (GRACHT, GRACHT, MOLEN):
            ask(running, "POST /agreements", ONE | {"buyer": buyer, "entitlements": {"seats": 10}})
        yield running


def pages(server, path, member, limit):
    """Every page of a list."""
    cursor, found = "", []
    while cursor is not None:
        answer = ask(server, f"GET {path}&limit={limit}{cursor}").body
        found.append([each["id"] for each in answer[member]])
        following = answer["next_cursor"]
        cursor = None if following is None else f"&cursor={following}"
    return found


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
@pytest.mark.parametrize(
    ("path", "member", "count"),
    [
        ("/agreements?", "agreements", 9),
        (f"/agreements?product={VAULT}", "agreements", 4),
        (f"/agreements?product={VAULT}&buyer={GRACHT}", "agreements", 2),
        (f"/agreements?buyer={GRACHT}", "agreements", 4),
        ("/agreements?status=active", "agreements", 9),
        (f"/agreements?product={VAULT}&status=cancelled", "agreements", 0),
        ("/events?", "events", 21),
        (f"/events?product={VAULT}", "events", 21),
        ("/events?product=prod-polderanalyt1", "events", 0),
        ("/events?status=pending", "events", 21),
        ("/events?status=sent", "events", 0),
        ("/events?agreement=agmt-molenvault0000001", "events", 0),
    ],
)
def test_a_list_page_by_page(server, limit, path, member, count):
    """Whatever the pages, all that is asked for is there once; no page but the last is short."""
    found = pages(server, path, member, limit)
    together = [each for page in found for each in page]
    assert len(set(together)) == len(together) == count
    assert {len(page) for page in found[:-1]} <= {limit}


def test_events_of_one_agreement(server):
    """By when they fall due."""
    agreement = ask(server, f"GET /agreements?product={VAULT}").body["agreements"][-1]["id"]
    events = ask(server, f"GET /events?agreement={agreement}").body["events"]
    assert [(each["agreement"], each["due"], each["name"]) for each in events] == [
        (agreement, "2026-05-14T10:20:41Z", "Purchase Agreement Created - Proposer"),
        (agreement, "2026-05-14T10:21:42Z", "License Updated - Manufacturer"),
        *(
            (agreement, f"2026-{day}T00:00:00Z", "Purchase Agreement Ending - Proposer")
            for day in ("07-05", "09-03", "10-03", "11-02", "12-02")
        ),
    ]


@pytest.mark.parametrize(
    ("call", "body", "status", "rule", "message"),
    [
        (
            "GET /agreements/agmt-none",
            None,
            404,
            "agreement.unknown",
            "There is no agreement 'agmt-none'.",
        ),
        (
            "POST /agreements/agmt-none/cancel",
            None,
            404,
            "agreement.unknown",
            "There is no agreement 'agmt-none'.",
        ),
        (
            "POST /agreements/agmt-molenanalytics001/reinstate",
            None,
            409,
            "agreement.state",
            "Agreement agmt-molenanalytics001 is active and has no end: it can be cancelled or "
            "suspended, so it cannot be reinstated.",
        ),
        (
            "POST /agreements",
            ONE,
            400,
            "agreement.terms",
            "An agreement to product 5poldervault6concurrent78 grants something: seats.",
        ),
        (
            "POST /agreements",
            ONE | {"ends": "soon"},
            400,
            "admin.request",
            "ends is 'soon'; expected an instant such as 2026-11-21T10:00:00Z.",
        ),
        (
            "POST /agreements",
            ONE | {"offer": "gift"},
            400,
            "admin.request",
            "The body is not as expected: Invalid enum value 'gift' - at `$.offer`.",
        ),
        (
            "GET /agreements?status=odd",
            None,
            400,
            "admin.request",
            "status is 'odd'; expected one of pending, active, suspended, cancelled, expired, "
            "renewed, failed.",
        ),
        (
            "GET /agreements?cursor=-1",
            None,
            400,
            "admin.request",
            "cursor is not a next_cursor of an answer.",
        ),
        (
            "GET /agreements?product=tulips",
            None,
            400,
            "agreement.query",
            "There is no product with the code or id 'tulips'.",
        ),
        (
            "GET /agreements?buyer=1",
            None,
            400,
            "agreement.query",
            "There is no account '1'.",
        ),
        (
            "GET /events?agreement=agmt-none",
            None,
            400,
            "agreement.query",
            "There is no agreement 'agmt-none'.",
        ),
        (
            "GET /events?status=odd",
            None,
            400,
            "admin.request",
            "status is 'odd'; expected one of pending, due, sent, failed.",
        ),
        (
            "GET /events?cursor=odd",
            None,
            400,
            "admin.request",
            "cursor is not a next_cursor of an answer.",
        ),
    ],
)
def test_a_refusal(  # noqa: PLR0917 - the columns of the table
    server, call, body, status, rule, message
):
    """Has its status, its rule and a sentence."""
    assert ask(server, call, body)[:2] == (
        status,
        {"error": {"rule": rule, "message": message}},
    )


def test_a_market_file_takes_an_agreement_back(tmp_path):
    """It stands as the file says, where that is not what the file said before."""
    file = b"""
agreements:
  - id: agmt-grachtanalytics01
    product: prod-polderanalyt1
    buyer: "210000000002"
    customer_identifier: grAcht00002
    starts: 2026-03-15T00:00:00Z
    ends: 2126-03-15T00:00:00Z
"""
    with live_server(Settings(data=tmp_path / "data")) as running:
        running.ask("POST", "/agreements/agmt-grachtanalytics01/cancel")
        changed = running.ask("PUT", "/market", file)["changed"]
        shown = running.ask("GET", "/agreements/agmt-grachtanalytics01")
    assert (changed, shown["status"], shown["ends"], shown["offer"]) == (
        1,
        "active",
        "2126-03-15T00:00:00Z",
        None,
    )
