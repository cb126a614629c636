import json

import pytest
from commands import waag_at

from receiver import receiver
from server import live_server
from waag.config import Settings

VAULT, GRACHT = "5poldervault6concurrent78", "210000000002"
SUBSCRIBE = f"agreement subscribe {VAULT} {GRACHT} --ends 2027-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server of this module's own: its commands change agreements."""
    with live_server(Settings(data=tmp_path_factory.mktemp("agreed") / "data")) as running:
        running.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-05-14T10:20:30Z"})
        yield running


def answer(server, command, *arguments):
    """What a command prints as JSON."""
    return json.loads(waag_at(server, f"{command} --json", *arguments).stdout)


@pytest.fixture(scope="module")
def agreement(server):
    """An agreement of this module's own."""
    return answer(server, SUBSCRIBE, "--entitlement", "seats=10")["id"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("10", 10), ("-1", -1), ("2.5", 2.5), ("true", True), ("gold", "gold"), ("a=b", "a=b")],
)
def test_what_is_granted(server, value, expected):
    """Numbers and booleans are taken as such, all else as text."""
    subscribed = answer(server, SUBSCRIBE, "--entitlement", f"seats={value}")
    assert subscribed["entitlements"] == {"seats": expected}


@pytest.mark.parametrize(
    ("command", "status"),
    [("suspend", "suspended"), ("reinstate", "active"), ("show", "active")],
)
def test_a_command_shows_where_the_agreement_stands(server, agreement, command, status):
    """As the admin API answers it."""
    assert answer(server, f"agreement {command} {agreement}")["status"] == status


def test_an_agreement_is_amended(server, agreement):
    """It grants exactly what is given."""
    amended = answer(server, f"agreement amend {agreement}", "--entitlement", "seats=20")
    assert amended["entitlements"] == {"seats": 20}


def test_an_agreement_is_renewed_and_cancelled(server):
    """What goes on after a renewal is another agreement, which names the one before."""
    first = answer(server, SUBSCRIBE, "--entitlement", "seats=10")["id"]
    renewed = answer(server, f"agreement renew {first} --ends 2028-01-01T00:00:00Z")
    cancelled = answer(server, f"agreement cancel {renewed['id']}")
    assert (renewed["renews"], renewed["entitlements"], cancelled["status"]) == (
        first,
        {"seats": 10},
        "cancelled",
    )


def test_agreements_are_listed(server):
    """A table, and how to go on."""
    ran = waag_at(server, "agreement list --status active --limit 1")
    assert ran.stdout.splitlines()[1].split()[:3] == [
        "agmt-molenanalytics001",
        "active",
        "1poldertab2lytics3legacy4",
    ]
    assert ran.stdout.splitlines()[-1] == "There is more: --cursor 1"


def test_events_are_listed(server, agreement):
    """A table in order of due time."""
    ran = waag_at(server, f"events --agreement {agreement} --limit 1")
    assert ran.stdout.splitlines()[1].split()[:4] == [
        "2026-05-14T10:20:41Z",
        "pending",
        "eventbridge",
        "Purchase",
    ]


@pytest.mark.parametrize(
    ("command", "nothing"),
    [
        ("agreement list --status expired", "No agreements.\n"),
        ("events --agreement agmt-molenvault0000001", "No events.\n"),
    ],
)
def test_nothing_is_said(server, command, nothing):
    """In place of an empty table."""
    assert waag_at(server, command) == (0, nothing, "")


def test_a_refusal_is_its_sentence(server):
    """The exit code is 1."""
    assert waag_at(server, "agreement reinstate agmt-molenanalytics001") == (
        1,
        "",
        "Error: Agreement agmt-molenanalytics001 is active and has no end: it can be cancelled or "
        "suspended, so it cannot be reinstated.\n",
    )


@pytest.mark.parametrize("entitlement", ["seats", "=1"])
def test_an_entitlement_without_its_value_or_name(server, entitlement):
    """Is wrong usage: the exit code is 2."""
    ran = waag_at(server, SUBSCRIBE, "--entitlement", entitlement)
    assert ran.exit_code == 2


class TestCancellation:
    """A seller asks, a buyer answers."""

    @pytest.mark.parametrize(
        ("command", "status"),
        [
            ("accept", "APPROVED"),
            ("reject --reason No.", "REJECTED"),
            ("withdraw --reason Sorry.", "CANCELLED"),
        ],
    )
    def test_an_answer(self, server, command, status):
        """Shows what became of the request."""
        agreed = answer(server, SUBSCRIBE, "--entitlement", "seats=10")["id"]
        waag_at(server, f"agreement cancellation request {agreed} --reason OTHER")
        verb, *rest = command.split()
        ran = answer(server, f"agreement cancellation {verb} {agreed}", *rest)
        assert ran["cancellation_request"]["status"] == status

    def test_a_request_is_shown(self, server):
        """In a table, with the agreement it is about."""
        agreed = answer(server, SUBSCRIBE, "--entitlement", "seats=10")["id"]
        ran = waag_at(
            server,
            f"agreement cancellation request {agreed} --reason TEST_AGREEMENT",
            "--description",
            "Only tried.",
        )
        assert ran.stdout.splitlines()[1].split()[1:] == [
            "PENDING_APPROVAL",
            "TEST_AGREEMENT",
            agreed,
            "active",
        ]


def test_an_agreement_begins_later(server):
    """It is pending until then."""
    later = answer(server, f"{SUBSCRIBE} --starts 2026-12-01T00:00:00Z --entitlement seats=1")
    assert (later["status"], later["starts"]) == ("pending", "2026-12-01T00:00:00Z")


def test_an_event_is_not_sent_once_more_before_its_time(server, agreement):
    """The sentence says when it is due."""
    [event] = answer(server, f"events --agreement {agreement} --limit 1")["events"]
    assert waag_at(server, f"events --resend {event['id']}") == (
        1,
        "",
        f"Error: Event {event['id']} falls due at 2026-05-14T10:20:41Z and is pending; what can be "
        "sent once more is sent or failed.\n",
    )


@pytest.mark.parametrize("as_json", [True, False])
def test_an_event_is_sent_once_more(tmp_path, as_json):
    """It is due again, and shown so."""
    with receiver() as endpoint:
        settings = Settings(data=tmp_path / "data", events_webhook=endpoint.url)
        with live_server(settings) as sending:
            waag_at(sending, "agreement cancel agmt-molenvault0000001")
            endpoint.take(1)
        with live_server(settings) as sending:
            [event] = answer(sending, "events --limit 1")["events"]
            again = waag_at(sending, f"events --resend {event['id']}{' --json' * as_json}")
            endpoint.take(1)
    shown = json.loads(again.stdout)["id"] if as_json else again.stdout.split()[-1]
    assert shown == event["id"]
