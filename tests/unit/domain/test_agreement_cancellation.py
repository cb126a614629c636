"""A seller asks for a cancellation: what is possible when, and what becomes of the agreement."""

import json

import pytest
from msgspec.structs import replace

from agreed import AGREED, ENDS, LIFE, NO_END, given
from builders import BUYER, NOW, SELLER, refusal_of
from waag.domain.agreement_cancellation import (
    accept_cancellation,
    reject_cancellation,
    request_cancellation,
    withdraw_cancellation,
)
from waag.domain.agreement_events import NOTICES, AcceptorEvents
from waag.domain.agreement_states import AgreementUnknown, CommandRefused, expires
from waag.domain.agreements import cancel, expire, renew, suspend
from waag.domain.cancellation_requests import CancellationRequest, RequestStatus
from waag.domain.events import resources
from waag.domain.instants import DAY
from waag.domain.market import AgreementStatus

PENDING = CancellationRequest(
    "acr-1", "OTHER", "Wrong rate.", RequestStatus.PENDING_APPROVAL, "", NOW - DAY, NOW - DAY
)
ASKED = replace(AGREED, life=replace(LIFE, request=PENDING))
ENDED = ["Purchase Agreement Ended - Proposer", "License Deprovisioned - Manufacturer"]
ANSWERS = {
    "accept": lambda judged: accept_cancellation("agmt-8", judged),
    "reject": lambda judged: reject_cancellation("agmt-8", "We need it.", judged),
    "withdraw": lambda judged: withdraw_cancellation("agmt-8", "By mistake.", judged),
}


def told(status, role="Proposer"):
    """The name of the event that tells how far a request has come."""
    return f"Agreement Cancellation Request {status} - {role}"


def outcome(change):
    """Where the agreement and its request stand, and what is told."""
    [agreed] = change.agreements
    request = agreed.life.request
    return (
        agreed.life.status.value,
        request.status.name,
        request.status_message,
        [each.name for each in change.events],
    )


def test_a_request():
    """The agreement stays as it is, until the seven days are over."""
    change = request_cancellation("agmt-8", "TEST_AGREEMENT", "", given(AGREED))
    [asked] = change.agreements
    assert outcome(change) == ("active", "PENDING_APPROVAL", "", [told("Pending Approval")])
    assert asked.life.request.id == "acr-1000000000000000000000000"
    assert expires(asked) == NOW + 7 * DAY


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("accept", ("cancelled", "APPROVED", "", [told("Approved"), *ENDED])),
        ("reject", ("active", "REJECTED", "We need it.", [told("Rejected")])),
        ("withdraw", ("active", "CANCELLED", "By mistake.", [told("Cancelled")])),
    ],
)
def test_an_answer(command, expected):
    """Both parties hear of it; only the buyer's yes ends the agreement."""
    assert outcome(ANSWERS[command](given(ASKED))) == expected


@pytest.mark.parametrize("command", ["reject", "withdraw"])
def test_a_request_that_was_answered_ends_nothing(command):
    """The clock has the agreement's own end to wait for, as before."""
    [agreed] = ANSWERS[command](given(ASKED)).agreements
    assert expires(agreed) == ENDS


@pytest.mark.parametrize(
    ("agreed", "ends", "expected"),
    [
        (ASKED, NOW + 6 * DAY, ("cancelled", "APPROVED", "")),
        (replace(ASKED, ends=None), NOW + 6 * DAY, ("cancelled", "APPROVED", "")),
        (
            replace(ASKED, ends=NOW + DAY),
            NOW + DAY,
            ("expired", "VALIDATION_FAILED", "Agreement is not active"),
        ),
    ],
)
def test_nobody_answers(agreed, ends, expected):
    """It is approved by itself, unless the agreement comes to its end before."""
    change = expire(["agmt-8"], given(agreed, now=NOW + 90 * DAY))
    assert change.agreements[0].ends == ends
    assert outcome(change)[:3] == expected
    assert change.withdrawn_events == tuple(("agmt-8", name, ends) for name in NOTICES)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (lambda judged: cancel("agmt-8", judged), "Agreement is not active"),
        (
            lambda judged: renew("agmt-8", ENDS + DAY, None, judged),
            "Agreement has a renewal agreement that must be canceled first",
        ),
    ],
)
def test_the_agreement_ends_otherwise(command, message):
    """The seller alone is told that its request has come to nothing."""
    change = command(given(ASKED, acceptor_events=AcceptorEvents.SENT))
    request = change.agreements[-1].life.request
    names = [each.name for each in change.events if "Request" in each.name]
    assert (request.status.name, request.status_message, names) == (
        "VALIDATION_FAILED",
        message,
        [told("Validation Failed")],
    )


def test_a_suspended_agreement_keeps_its_request():
    """It can still be answered."""
    [suspended] = suspend("agmt-8", given(ASKED)).agreements
    assert accept_cancellation("agmt-8", given(suspended)).agreements[0].life.status is (
        AgreementStatus.CANCELLED
    )


@pytest.mark.parametrize(
    ("agreed", "why"),
    [
        (
            replace(AGREED, starts=NOW + 1),
            "Agreement agmt-8 is pending until 2026-05-14T10:20:30.000001Z: its cancellation is "
            "requested while it is active.",
        ),
        (
            replace(AGREED, life=replace(LIFE, status=AgreementStatus.SUSPENDED)),
            "Agreement agmt-8 is suspended: its cancellation is requested while it is active.",
        ),
        (
            ASKED,
            "Request acr-1 to cancel agreement agmt-8 is waiting to be accepted, rejected or "
            "withdrawn.",
        ),
    ],
)
def test_a_request_that_is_not_possible(agreed, why):
    """The agreement is active, and has no other request that is pending."""
    refused = refusal_of(request_cancellation, "agmt-8", "OTHER", "", given(agreed))
    assert refused == (CommandRefused, why)


@pytest.mark.parametrize("command", ANSWERS)
@pytest.mark.parametrize(
    ("agreed", "refusal"),
    [
        (None, (AgreementUnknown, "There is no agreement 'agmt-8'.")),
        (
            NO_END,
            (CommandRefused, "Nobody has requested that agreement agmt-8 be cancelled."),
        ),
        (
            replace(
                AGREED,
                life=replace(LIFE, request=PENDING.decided(RequestStatus.REJECTED, NOW, "No.")),
            ),
            (
                CommandRefused,
                "Request acr-1 to cancel agreement agmt-8 is rejected; only one that is pending "
                "can be answered.",
            ),
        ),
    ],
)
def test_nothing_to_answer(command, agreed, refusal):
    """Each answer is to a request that is pending."""
    judged = given() if agreed is None else given(agreed)
    assert refusal_of(ANSWERS[command], judged) == refusal


def test_another_request_after_one_that_was_rejected():
    """Takes its place."""
    [rejected] = ANSWERS["reject"](given(ASKED)).agreements
    change = request_cancellation("agmt-8", "OTHER", "Please.", given(rejected))
    assert outcome(change)[1] == "PENDING_APPROVAL"


def test_what_is_in_the_event():
    """Every documented member; no ARN beside it. The buyer's copy is to the buyer's account."""
    judged = given(ASKED, acceptor_events=AcceptorEvents.SENT)
    events = ANSWERS["reject"](judged).events
    assert [(each.name, each.account_id, resources(each)) for each in events] == [
        (told("Rejected"), SELLER, ()),
        (told("Rejected", "Acceptor"), BUYER, ()),
    ]
    detail = json.loads(events[0].content)
    del detail["requestId"]
    assert detail == {
        "catalog": "AWSMarketplace",
        "agreement": {
            "id": "agmt-8",
            "acceptorId": BUYER,
            "productId": "prod-contract00001",
            "offerId": "offer-1",
        },
        "agreementCancellationRequest": {
            "id": "acr-1",
            "reasonCode": "OTHER",
            "reasonMessage": "Wrong rate.",
            "statusCode": "REJECTED",
            "statusMessage": "We need it.",
            "createdAt": "2026-05-13T10:20:30Z",
            "updatedAt": "2026-05-14T10:20:30Z",
        },
    }
