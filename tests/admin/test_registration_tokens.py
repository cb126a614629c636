import pytest
from asking import ask
from machine import REAL

from server import live_server
from waag.config import Choices, Settings
from waag.domain.registration import RegistrationChoices

CALL = "POST /registration-tokens"
MOLEN = {"agreement": "agmt-molenanalytics001"}
BODY = "The body is not as expected: "


def test_a_token_is_issued(server):
    """It is one text without spaces, and its expiry is told."""
    status, body, _ = ask(server, CALL, MOLEN)
    assert (status, len(body["token"].split()), body["expires"]) == (200, 1, "2026-05-14T14:20:30Z")


def test_it_expires_by_the_turned_clock(server):
    """Four hours after what the clock shows."""
    ask(server, "PUT /clock", {"mode": "frozen", "now": "2030-01-01T00:00:00Z"})
    assert ask(server, CALL, MOLEN).body["expires"] == "2030-01-01T04:00:00Z"


def test_its_lifetime_is_a_choice(tmp_path):
    """As many seconds as the server was started with."""
    settings = Settings(
        data=tmp_path / "data",
        choices=Choices(registration=RegistrationChoices(token_lifetime_seconds=1800)),
    )
    with live_server(settings, real=lambda: REAL) as server:
        assert ask(server, CALL, MOLEN).body["expires"] == "2026-05-14T10:50:30Z"


def test_every_token_is_another(server):
    """As when the buyer presses the button again."""
    assert ask(server, CALL, MOLEN).body["token"] != ask(server, CALL, MOLEN).body["token"]


@pytest.mark.parametrize(
    ("body", "rule", "message"),
    [
        (
            {"agreement": "agmt-none"},
            "registration.agreement",
            "There is no agreement 'agmt-none'.",
        ),
        (
            {"agreement": "agmt-molenscanner00001"},
            "registration.agreement",
            "Agreement agmt-molenscanner00001 is to product 9polderscanner0ami1image2, which is "
            "sold as ami: only buyers of SaaS products register on the seller's page.",
        ),
        ({}, "admin.request", f"{BODY}Object missing required field `agreement`."),
        (
            {"agreement": 1},
            "admin.request",
            f"{BODY}Expected `str`, got `int` - at `$.agreement`.",
        ),
        (
            MOLEN | {"lifetime": 1},
            "admin.request",
            f"{BODY}Object contains unknown field `lifetime`.",
        ),
    ],
    ids=["unknown", "no SaaS", "none", "no text", "more"],
)
def test_what_is_refused(server, body, rule, message):
    """Each refusal has its rule and says what was expected."""
    assert ask(server, CALL, body)[:2] == (400, {"error": {"rule": rule, "message": message}})
