"""Events on their way to endpoints that fail, and across restarts of the server."""

import json
import time

from aws_services import KEY, SECRET, aws_services
from receiver import receiver
from server import DEADLINE, live_server
from waag.config import Settings

NOW = "2026-08-20T14:23:11Z"


def cancel(server):
    """End a legacy customer's agreement, of which three events tell."""
    server.ask("PUT", "/clock", {"mode": "frozen", "now": NOW})
    server.ask("POST", "/agreements/agmt-grachtanalytics01/cancel")
    server.ask("POST", "/clock/advance", {"seconds": 31})


def states(server):
    """How far each event has come."""
    return [
        (each["status"], each["attempts"], each["last_error"])
        for each in server.ask("GET", "/events")["events"]
    ]


def settled(server):
    """How far each event has come, once none is due any more."""
    deadline = time.monotonic() + DEADLINE
    while any(status == "due" for status, *_ in states(server)):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return states(server)


def test_without_an_endpoint_they_go_to_the_embedded_aws(tmp_path):
    """They are kept and shown; what is not due yet is pending."""
    with live_server(Settings(data=tmp_path / "data")) as server:
        cancel(server)
        assert settled(server) == [("sent", 1, None), ("sent", 1, None), ("pending", 0, None)]


def test_what_was_not_taken_goes_to_another_endpoint(tmp_path):
    """A restart with one that takes events delivers what was kept."""
    with receiver(*[500] * 9) as failing:
        settings = Settings(data=tmp_path / "data", events_webhook=failing.url)
        with live_server(settings) as server:
            cancel(server)
            failing.take(1)
    with receiver() as endpoint:
        webhook = Settings(data=tmp_path / "data", events_webhook=endpoint.url)
        with live_server(webhook):
            events = endpoint.take(2)
    assert ["detail" in each for each in events] == [True, False]


def test_an_endpoint_that_fails_is_asked_again(tmp_path):
    """With the same event, before the next; a later start shows how often, and that it is sent."""
    with receiver(500) as endpoint:
        webhook = Settings(data=tmp_path / "data", events_webhook=endpoint.url)
        with live_server(webhook) as server:
            cancel(server)
            first, again, following = endpoint.take(3)
    with live_server(Settings(data=tmp_path / "data")) as server:
        assert states(server) == [("sent", 2, None), ("sent", 1, None), ("pending", 0, None)]
    assert (first["id"], "MessageId" in following) == (again["id"], True)


def test_what_failed_is_shown(tmp_path):
    """It is still due, with the latest error."""
    with receiver(*[500] * 9) as endpoint:
        webhook = Settings(data=tmp_path / "data", events_webhook=endpoint.url)
        with live_server(webhook) as server:
            cancel(server)
            endpoint.take(2)
            assert states(server)[0][::2] == ("due", "HTTP 500")


def test_what_fell_due_meanwhile_is_settled_at_the_start(tmp_path):
    """A running clock went on while the server did not run."""
    settings = Settings(data=tmp_path / "data")
    machine = [1_790_000_000_000_000]
    with live_server(settings, real=lambda: machine[0]) as server:
        server.ask(
            "POST",
            "/agreements",
            {
                "product": "prod-poldervault01",
                "buyer": "210000000002",
                "ends": "2027-01-01T00:00:00Z",
                "entitlements": {"seats": 1},
            },
        )
    machine[0] += 10**14
    with live_server(settings, real=lambda: machine[0]) as server:
        assert {status for status, *_ in settled(server)} == {"sent"}
        assert [each["due"] for each in server.ask("GET", "/events")["events"]] == [
            "2026-09-21T14:13:31Z",
            "2026-09-21T14:14:32Z",
            "2026-10-03T00:00:00Z",
            "2026-11-02T00:00:00Z",
            "2026-12-02T00:00:00Z",
            "2027-01-01T00:00:00Z",
            "2027-01-01T00:00:31Z",
        ]


def test_they_are_handed_to_sns_and_event_bridge(tmp_path, monkeypatch):
    """Beside the webhook, each to its service; an event is sent once all have taken it."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    with receiver() as endpoint, aws_services(failing=1) as services:
        settings = Settings(
            data=tmp_path / "data", events_webhook=endpoint.url, events_aws_endpoint=services.url
        )
        with live_server(settings) as server:
            cancel(server)
            asked = services.take(4)
            posted = endpoint.take(2)
    with live_server(Settings(data=tmp_path / "data")) as server:
        assert states(server) == [("sent", 2, None), ("sent", 1, None), ("pending", 0, None)]
    assert [operation for operation, _ in asked] == [
        "PutEvents",
        "PutEvents",
        "CreateTopic",
        "Publish",
    ]
    assert json.loads(asked[0][1]["Entries"][0]["Detail"]) == posted[0]["detail"]
    assert asked[3][1]["Message"] == posted[1]["Message"]


def test_an_event_is_sent_once_more(tmp_path):
    """By hand, with all that it said; one whose time has not come is not."""
    with receiver() as endpoint:
        webhook = Settings(data=tmp_path / "data", events_webhook=endpoint.url)
        with live_server(webhook) as server:
            cancel(server)
            first, _ = endpoint.take(2)
        with live_server(webhook) as server:
            listed = server.ask("GET", "/events")["events"]
            sent, pending = listed[0]["id"], listed[2]["id"]
            again = server.ask("POST", f"/events/{sent}/resend")
            refused = server.ask("POST", f"/events/{pending}/resend")
            unknown = server.ask("POST", "/events/nobody/resend")
            assert endpoint.next() == first
    assert (again["id"], again["status"], again["attempts"]) == (sent, "due", 0)
    assert refused["error"] == {
        "rule": "event.state",
        "message": (
            f"Event {pending} falls due at 2026-08-20T15:23:42Z and is pending; what can be sent "
            "once more is sent or failed."
        ),
    }
    assert unknown["error"]["message"] == "There is no event 'nobody'."
