"""Events POSTed to a real endpoint."""

import socket

import pytest

from builders import NOW, SELLER
from receiver import receiver
from waag.delivery.events_webhook import Webhook
from waag.domain.events import Event, EventTarget, enveloped

EVENT = Event("id-1", "agmt-1", SELLER, NOW, EventTarget.EVENTBRIDGE, "License Updated", None, "{}")


def answers(*statuses):
    """What deliveries to an endpoint that answers so come to, and what it received."""
    with receiver(*statuses) as endpoint:
        webhook = Webhook(endpoint.url)
        results = [webhook.deliver(EVENT) for _ in statuses]
        received = endpoint.take(len(statuses))
        webhook.close()
    return results, received


@pytest.mark.parametrize("status", [200, 202, 204])
def test_2xx_takes_an_event(status):
    """Any of them."""
    assert answers(status) == ([None], [enveloped(EVENT)])


@pytest.mark.parametrize("status", [301, 307, 400, 404, 429, 500, 503])
def test_any_other_status_does_not(status):
    """Redirects are not followed, and nothing is tried twice at once."""
    assert answers(status) == ([f"HTTP {status}"], [enveloped(EVENT)])


def test_nobody_listens():
    """The reason is the operating system's."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        webhook = Webhook(f"http://127.0.0.1:{bound.getsockname()[1]}/")
        error = webhook.deliver(EVENT)
        webhook.close()
    assert error is not None
    assert error.endswith("Connection refused")
