"""Pages on a server in trouble."""

import asyncio
import os

import pytest

from builders import NOW, market
from waag.console.app import Console
from waag.console.landing import Error, LandingPage
from waag.console.pages import Handling, Pages
from waag.domain.refusals import StoreUnavailable
from waag.domain.registration import RegistrationChoices, TokenUse
from waag.domain.token_damage import FIELD
from waag.edge.asgi import ask
from waag.exchange import Request
from waag.services.clock import RealClock
from waag.services.registration import issue_token
from waag.storage.sealed_tokens import SealedTokens

TOKENS = SealedTokens(bytes(32), os.urandom)
SINGLE = RegistrationChoices(token_use=TokenUse.SINGLE)


def answered(handlings, method="GET", path="/storefront", body=b""):
    """What pages reply."""
    app = Console(Pages(lambda: NOW), handlings, frozenset(), on=True).app()
    headers = {"host": "localhost", "content-type": "application/x-www-form-urlencoded"}
    request = Request(method, path, "", headers, body, "127.0.0.1")
    return asyncio.run(ask(app, request))


def broken(_asked):
    """A handler with a mistake in it."""
    raise ZeroDivisionError("a secret")


def test_a_mistake_of_ours(caplog):
    """It is answered by a page that tells nothing of it, and logged."""
    reply = answered([Handling("GET", "/storefront", broken)])
    assert (reply.status, b"Waag failed" in reply.body, b"secret" in reply.body) == (
        500,
        True,
        False,
    )
    assert "GET /storefront failed" in caplog.text


class Unwritable:
    """The port `UsedTokens` on a full disk."""

    def use(self, _token, _now):
        """Nothing can be kept."""
        raise StoreUnavailable("The disk is full.")


@pytest.mark.parametrize("token_is_bad", [False, True])
def test_a_full_disk(token_is_bad):
    """A token that cannot be used up is not said to be refused."""
    landing = LandingPage(
        clock=RealClock(lambda: NOW),
        market=market(),
        choices=SINGLE,
        tokens=TOKENS,
        used_tokens=Unwritable(),
        error_of=lambda refusal: Error(refusal.rule, refusal.why),
    )
    issued = issue_token("agmt-1", market=market(), choices=SINGLE, now=NOW, tokens=TOKENS)
    token = "tulips" if token_is_bad else issued.token.replace("+", "%2B")
    reply = answered(landing.handlings(), "POST", "/landing", f"{FIELD}={token}".encode())
    assert reply.status == (400 if token_is_bad else 503)
