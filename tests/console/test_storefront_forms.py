"""Forms carried out by the very commands that the operator has, and forms refused."""

import pytest
from browsing import ANALYTICS, CONTRACT, FORMS, GRACHT, MOLEN, VAULT, get, post, subscribed

MOLENS = f"/storefront/{MOLEN}/agreements"
SCANNER = f"/storefront/{GRACHT}/products/prod-polderscanner"


def operators(server, path):
    """An agreement as the operator sees it."""
    return server.ask("GET", f"/agreements/{path.rpartition('/')[2]}")


@pytest.mark.parametrize(
    ("path", "form", "expected"),
    [
        (VAULT, {}, ("active", "public", "2027-05-14T00:00:00Z", {"seats": 25})),
        (
            VAULT,
            {"offer": "private", "ends": "2027-01-31T12:30:00+01:00", "grant-seats": "2.5"},
            ("active", "private", "2027-01-31T11:30:00Z", {"seats": 2.5}),
        ),
        (
            VAULT,
            {"grant-seats": " true ", "grant-overage": "7"},
            ("active", "public", "2027-05-14T00:00:00Z", {"seats": True}),
        ),
        (
            VAULT,
            {"grant-seats": "unlimited"},
            ("active", "public", "2027-05-14T00:00:00Z", {"seats": "unlimited"}),
        ),
        (FORMS, {}, ("active", "public", None, {})),
        (
            FORMS,
            {"offer": "free-trial", "ends": "2026-06-14"},
            ("active", "free-trial", "2026-06-14T00:00:00Z", {}),
        ),
    ],
)
def test_subscribing(server, path, form, expected):
    """A buyer's form makes the agreement that the operator's call would."""
    agreement = operators(server, subscribed(server, path, **form))
    members = ("status", "offer", "ends", "entitlements")
    assert tuple(agreement[member] for member in members) == expected


def test_what_comes_after_subscribing(server):
    """Of SaaS the account is set up next; software that a buyer runs has nothing to set up."""
    to_saas = post(server, VAULT, CONTRACT).headers["location"]
    to_software = post(server, SCANNER, {"offer": "public"}).headers["location"]
    assert to_saas.endswith("/set-up")
    assert to_software.endswith("?done=subscribed")
    assert "You are subscribed." in get(server, to_software).text


@pytest.mark.parametrize(
    ("path", "form", "status", "why"),
    [
        (
            ANALYTICS,
            {"offer": "public"},
            409,
            f"Customer {GRACHT} has agreement agmt-grachtanalytics01 to product "
            "1poldertab2lytics3legacy4, which is active; with the legacy integration a customer "
            "has one at a time.",
        ),
        (
            VAULT,
            CONTRACT | {"ends": ""},
            422,
            "sold as saas-contract-with-consumption: an agreement to it has an end.",
        ),
        (VAULT, CONTRACT | {"grant-seats": ""}, 422, "grants something: seats."),
        (
            VAULT,
            CONTRACT | {"grant-seats": "-3"},
            422,
            "seats is -3; expected a quantity above zero.",
        ),
        (VAULT, CONTRACT | {"grant-seats": "0.0"}, 422, "seats is 0.0; expected a quantity"),
        (
            VAULT,
            CONTRACT | {"grant-seats": "9" * 300},
            422,
            "seats has 300 characters; a value has at most 255.",
        ),
        (
            VAULT,
            CONTRACT | {"ends": "2026-05-14"},
            422,
            "its end comes after 2026-05-14T10:20:30Z",
        ),
        (
            VAULT,
            CONTRACT | {"ends": "<soon>"},
            422,
            "The end is '<soon>'; expected a day such as 2027-01-31.",
        ),
        (VAULT, CONTRACT | {"ends": "2027-02-30"}, 422, "The end is '2027-02-30'"),
        (VAULT, CONTRACT | {"ends": "2027-01-31T00:00"}, 422, "The end is '2027-01-31T00:00'"),
        (
            VAULT,
            CONTRACT | {"offer": "gift"},
            422,
            "The offer is 'gift'; expected one of public, private, free-trial.",
        ),
        (VAULT, {}, 422, "The offer is ''"),
        (
            f"/storefront/{MOLEN}/products/prod-dijkforms0001",
            {"offer": "public", "ends": "2027-05-14"},
            422,
            "an agreement by a public offer has no end",
        ),
    ],
)
def test_what_cannot_be_subscribed_to(standing_server, path, form, status, why):
    """The page is shown again with the reason, and nothing is agreed."""
    shown = post(standing_server, path, form)
    assert (shown.status, why in shown.text) == (status, True)
    assert len(standing_server.ask("GET", "/agreements")["agreements"]) == 6


def test_a_refused_form_keeps_what_was_filled_in(standing_server):
    """Nothing has to be filled in twice."""
    form = {"offer": "private", "ends": "2020-01-01", "grant-seats": '7"'}
    shown = post(standing_server, VAULT, form)
    assert 'value="private" checked' in shown.html
    assert 'value="2020-01-01"' in shown.html
    assert 'value="7&#34;"' in shown.html


def test_amending(server):
    """Another number of seats is granted, and the page says so."""
    path = subscribed(server)
    shown = post(server, path, {"command": "amend", "grant-seats": "40"})
    assert (shown.status, shown.headers["location"]) == (303, f"{path}?done=amended")
    assert operators(server, path)["entitlements"] == {"seats": 40}
    assert "grants from now on what is shown here" in get(server, f"{path}?done=amended").text


def test_renewing(server):
    """Another agreement takes this one's place; the browser goes there."""
    path = subscribed(server)
    after = post(server, path, {"command": "renew", "ends": "2028-05-14"}).headers["location"]
    successor = after.partition("?")[0]
    assert operators(server, successor)["renews"] == path.rpartition("/")[2]
    assert "The agreement is renewed." in get(server, after).text
    assert "nothing can be done with it" in get(server, path).text


def test_cancelling(server):
    """It ends now, and there is nothing to set up any more."""
    path = subscribed(server)
    assert post(server, path, {"command": "cancel"}).headers["location"] == f"{path}?done=cancelled"
    assert operators(server, path)["status"] == "cancelled"
    assert "Set up your account" not in get(server, path).text
    listed = get(server, f"/storefront/{GRACHT}/agreements").text
    assert "Cancelled Public offer 14 May 2026, 10:20 UTC" in listed


def test_a_usual_term(server):
    """A contract's form proposes an end a year away; the leap day's is the day before."""
    server.ask("PUT", "/clock", {"now": "2028-02-29T10:00:00Z"})
    assert 'value="2029-02-28"' in get(server, VAULT).html


@pytest.mark.parametrize(
    ("form", "status", "why"),
    [
        ({"command": "amend"}, 422, "grants something: seats."),
        ({"command": "amend", "grant-seats": "-1"}, 422, "seats is -1; expected"),
        ({"command": "renew"}, 409, "is active and has no end: it can be amended or cancelled"),
        ({"command": "suspend"}, 422, "The command is 'suspend'; expected amend, renew or cancel."),
        ({}, 422, "The command is ''"),
    ],
)
def test_what_cannot_be_done(standing_server, form, status, why):
    """The agreement's page is shown again with the reason."""
    path = f"{MOLENS}/agmt-molenvault0000001"
    shown = post(standing_server, path, {"ends": "2027-05-14"} | form)
    assert (shown.status, why in shown.text) == (status, True)


def test_a_renewal_without_an_end(server):
    """It is asked for by name."""
    shown = post(server, subscribed(server), {"command": "renew", "ends": ""})
    assert (shown.status, "The new end is empty; expected a day" in shown.text) == (422, True)


def test_what_is_over(server):
    """Nothing can be done with it, and the refusal says so."""
    path = subscribed(server)
    post(server, path, {"command": "cancel"})
    shown = post(server, path, {"command": "cancel"})
    assert (shown.status, "nothing can be done with it" in shown.text) == (409, True)


def test_what_is_another_buyers(standing_server):
    """Nobody gives commands about it."""
    path = f"/storefront/{GRACHT}/agreements/agmt-molenvault0000001"
    assert post(standing_server, path, {"command": "cancel"}).status == 404
