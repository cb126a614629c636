"""Cancellation asked for, beginnings to come, failures: over HTTP, with the clock turned."""

import pytest

from receiver import receiver
from server import live_server
from waag.config import Choices, Settings
from waag.domain.agreement_events import AcceptorEvents, AgreementChoices

GRACHT, VAULT, LEGACY = "210000000002", "5poldervault6concurrent78", "1poldertab2lytics3legacy4"
CONTRACT = {"product": VAULT, "buyer": GRACHT, "entitlements": {"seats": 1}}
REQUEST = "/agreements/{}/cancellation-request"


@pytest.fixture
def server(tmp_path):
    """A server whose clock stands still."""
    with live_server(Settings(data=tmp_path / "data")) as running:
        running.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-05-14T10:20:30Z"})
        yield running


def subscribed(server, **more):
    """The id of a contract."""
    asked = CONTRACT | {"ends": "2027-05-14T00:00:00Z"} | more
    return server.ask("POST", "/agreements", asked)["id"]


FILE = """
agreements:
  - id: agmt-file
    product: prod-poldervault01
    buyer: "210000000002"
    license_arn: arn:aws:license-manager::294406891311:license:l-file
    starts: 2026-01-01T00:00:00Z
    ends: 2027-01-01T00:00:00Z
    entitlements: [{dimension: seats, value: %d}]
"""


def apply(server, seats=5):
    """What applying FILE comes to."""
    return server.ask("PUT", "/market", (FILE % seats).encode())


def leave(server):
    """End the agreement that GRACHT has to the legacy product, final hour and all."""
    server.ask("POST", "/agreements/agmt-grachtanalytics01/cancel")
    server.ask("POST", "/clock/advance", {"seconds": 7200})


def told(server, agreement):
    """The events of an agreement whose time has come, without their roles."""
    listed = server.ask("GET", f"/events?agreement={agreement}")["events"]
    return [each["name"].rsplit(" - ")[0] for each in listed if each["status"] != "pending"]


def test_a_request_that_nobody_answers(server):
    """Is approved after seven days by the clock, and the agreement is cancelled."""
    agreement = subscribed(server)
    asked = server.ask(
        "POST", REQUEST.format(agreement), {"reason_code": "OTHER", "description": "Wrong rate."}
    )
    server.ask("POST", "/clock/advance", {"seconds": 7 * 86400})
    stands = server.ask("GET", f"/agreements/{agreement}")
    assert asked["cancellation_request"] | {"id": ""} == {
        "id": "",
        "status": "PENDING_APPROVAL",
        "reason_code": "OTHER",
        "description": "Wrong rate.",
        "status_message": "",
        "created": "2026-05-14T10:20:30Z",
        "updated": "2026-05-14T10:20:30Z",
    }
    assert (stands["status"], stands["ends"], stands["cancellation_request"]["status"]) == (
        "cancelled",
        "2026-05-21T10:20:30Z",
        "APPROVED",
    )
    assert told(server, agreement) == [
        "Agreement Cancellation Request Pending Approval",
        "Purchase Agreement Created",
        "License Updated",
        "Agreement Cancellation Request Approved",
        "Purchase Agreement Ended",
    ]


@pytest.mark.parametrize(
    ("answer", "body", "expected"),
    [
        ("accept", None, ("cancelled", "APPROVED", "")),
        ("reject", {"reason": "We need it."}, ("active", "REJECTED", "We need it.")),
        ("withdraw", {"reason": "By mistake."}, ("active", "CANCELLED", "By mistake.")),
    ],
)
def test_a_request_that_is_answered(server, answer, body, expected):
    """Is over; another answer is refused."""
    agreement = subscribed(server)
    server.ask("POST", REQUEST.format(agreement), {"reason_code": "OTHER"})
    stands = server.ask("POST", f"{REQUEST.format(agreement)}/{answer}", body)
    again = server.ask("POST", f"{REQUEST.format(agreement)}/{answer}", body)
    request = stands["cancellation_request"]
    assert (stands["status"], request["status"], request["status_message"]) == expected
    assert again["error"]["rule"] == "agreement.state"


def test_usage_before_the_start_is_not_taken(server):
    """The start comes by the clock, with what is told of it."""
    leave(server)
    agreement = server.ask(
        "POST",
        "/agreements",
        {"product": LEGACY, "buyer": GRACHT, "starts": "2026-05-15T00:00:00Z"},
    )

    def meter():
        record = {
            "Timestamp": server.ask("GET", "/clock")["now"],
            "CustomerIdentifier": agreement["customer_identifier"],
            "Dimension": "users",
            "Quantity": 1,
        }
        answered = server.client().batch_meter_usage(ProductCode=LEGACY, UsageRecords=[record])
        return answered["Results"][0]["Status"]

    before = (agreement["status"], meter(), told(server, agreement["id"]))
    server.ask("POST", "/clock/advance", {"to": "2026-05-15T00:01:01Z"})
    stands = server.ask("GET", f"/agreements/{agreement['id']}")["status"]
    assert before == ("pending", "CustomerNotSubscribed", [])
    assert (stands, meter(), told(server, agreement["id"])) == (
        "active",
        "Success",
        ["Purchase Agreement Created", "subscribe-success"],
    )


def test_cancelled_before_the_start(server):
    """No start is told of when its time comes."""
    agreement = subscribed(server, starts="2026-06-01T00:00:00Z")
    server.ask("POST", "/clock/advance", {"seconds": 3600})
    server.ask("POST", f"/agreements/{agreement}/cancel")
    server.ask("POST", "/clock/advance", {"seconds": 400 * 86400})
    assert told(server, agreement) == ["Purchase Agreement Created", "Purchase Agreement Ended"]


def test_an_end_is_told_of_beforehand(server):
    """As often as AWS does, until a cancellation makes it meaningless."""
    agreement = subscribed(server)
    server.ask("POST", "/clock/advance", {"to": "2027-02-14T00:00:00Z"})
    server.ask("POST", f"/agreements/{agreement}/cancel")
    server.ask("POST", "/clock/advance", {"to": "2027-06-01T00:00:00Z"})
    assert told(server, agreement)[2:] == [
        "Purchase Agreement Ending",
        "Purchase Agreement Ending",
        "Purchase Agreement Ending",
        "Purchase Agreement Ended",
        "License Deprovisioned",
    ]


def test_a_clock_that_jumps_over_an_end_tells_of_it_beforehand_too(server):
    """What was to come before the end is not taken back by it."""
    agreement = subscribed(server)
    server.ask("POST", "/clock/advance", {"to": "2028-01-01T00:00:00Z"})
    assert told(server, agreement).count("Purchase Agreement Ending") == 5


def test_a_subscription_that_fails(server):
    """Is told of by SNS, and metered by nobody."""
    leave(server)
    asked = {"product": LEGACY, "buyer": GRACHT, "fails": True}
    agreement = server.ask("POST", "/agreements", asked)
    server.ask("POST", "/clock/advance", {"seconds": 3600})
    assert (agreement["status"], told(server, agreement["id"])) == ("failed", ["subscribe-fail"])


def test_the_buyers_copies(tmp_path):
    """Are sent where that is chosen."""
    choices = Choices(agreements=AgreementChoices(acceptor_events=AcceptorEvents.SENT))
    with (
        receiver() as endpoint,
        live_server(
            Settings(data=tmp_path / "data", events_webhook=endpoint.url, choices=choices)
        ) as server,
    ):
        subscribed(server, ends="2099-01-01T00:00:00Z")
        server.ask("POST", "/clock/advance", {"seconds": 20})
        events = endpoint.take(2)
    assert [
        (each["detail-type"], each["account"], each["resources"][0][:37]) for each in events
    ] == [
        (
            "Purchase Agreement Created - Proposer",
            "120000000001",
            "arn:aws:aws-marketplace::aws:agreemen",
        ),
        (
            "Purchase Agreement Created - Acceptor",
            GRACHT,
            "arn:aws:aws-marketplace::agreement:ag",
        ),
    ]


class TestApplyingAFileAgain:
    """A market file names an agreement that commands were given about."""

    def test_the_same_file_undoes_no_command(self, server):
        """It says nothing new."""
        apply(server)
        server.ask("POST", "/agreements/agmt-file/cancel")
        assert apply(server) == {"added": 0, "changed": 0, "unchanged": 1}
        assert server.ask("GET", "/agreements/agmt-file")["status"] == "cancelled"

    def test_neither_after_another_command(self, server):
        """What the file had said is remembered from the first one on."""
        apply(server)
        server.ask("POST", "/agreements/agmt-file/amend", {"entitlements": {"seats": 9}})
        server.ask("POST", "/agreements/agmt-file/suspend")
        apply(server)
        stands = server.ask("GET", "/agreements/agmt-file")
        assert (stands["status"], stands["entitlements"]) == ("suspended", {"seats": 9})

    def test_a_file_that_says_something_else_counts(self, server):
        """The agreement stands as it says, with the commands before forgotten."""
        apply(server)
        server.ask("POST", "/agreements/agmt-file/cancel")
        changed = apply(server, seats=6)["changed"]
        stands = server.ask("GET", "/agreements/agmt-file")
        assert (changed, stands["status"], stands["entitlements"]) == (1, "active", {"seats": 6})
