"""What is told of an agreement: which events, when, and what is in them."""

import json

import pytest
from msgspec.structs import replace

from builders import ACCOUNTS, BUYER, NOW, SELLER, agreement, product
from waag.domain.agreement_events import (
    AcceptorEvents,
    AgreementChoices,
    FinalWindow,
    Telling,
    closes_after,
    told_of_amendment,
    told_of_end,
    told_of_new_end,
    told_of_start,
)
from waag.domain.events import resources
from waag.domain.instants import DAY, HOUR, INSTANT_MAX, SECOND
from waag.domain.market import AgreementStatus, Integration, Life, OfferKind, ProductType

LIFE = Life(AgreementStatus.ACTIVE, OfferKind.PUBLIC, "offer-1", NOW)
ARN = "arn:aws:license-manager::294406891311:license:l-1"
LEGACY = agreement(starts=NOW)
LICENSED = agreement(starts=NOW, customer_identifier=None, license_arn=ARN)
CONCURRENT = product(integration=Integration.CONCURRENT)
TOPIC = "arn:aws:sns:us-east-1:287250355862:aws-mp-{}-notification-analytics"
CREATED = "Purchase Agreement Created - Proposer"
AMENDED = "Purchase Agreement Amended - Proposer"
ENDED = "Purchase Agreement Ended - Proposer"
UPDATED, DEPROVISIONED = "License Updated - Manufacturer", "License Deprovisioned - Manufacturer"
COMMON = {"requestId": "uuid", "catalog": "AWSMarketplace"}
PARTIES = {
    "resaleAuthorization": {"id": None},
    "acceptor": {"accountId": BUYER},
    "proposer": {"accountId": SELLER},
}
OFFER = {"offer": {"id": "offer-1"}}


def telling(agreed=LICENSED, life=LIFE, sold=CONCURRENT, **choices):
    """What events are made with."""
    return Telling(agreed, life, sold, ACCOUNTS[0], AgreementChoices(**choices), lambda: "uuid")


def contract(agreed):
    """The same, of a contract."""
    return telling(agreed, sold=product(type=ProductType.SAAS_CONTRACT))


def ended(of, status=AgreementStatus.CANCELLED, at=NOW):
    """What is told of an agreement's end."""
    over = replace(of, life=replace(of.life, status=status))
    return told_of_end(over, at, closes_after(at, of.choices))


def when(events):
    """Names, and seconds after NOW."""
    return [(each.name, (each.due - NOW) / SECOND) for each in events]


def content(events, name):
    """What is in the event of this name."""
    [found] = [each for each in events if each.name == name]
    return json.loads(found.content)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (told_of_start(telling()), [(CREATED, 11), (UPDATED, 72)]),
        (told_of_start(telling(LEGACY)), [(CREATED, 11), ("subscribe-success", 72)]),
        (
            told_of_start(contract(LEGACY)),
            [(CREATED, 11), ("subscribe-success", 72), ("entitlement-updated", 72)],
        ),
        (told_of_start(contract(LICENSED)), [(CREATED, 11), (UPDATED, 72)]),
        (
            told_of_start(telling(agreement_created_seconds=1, license_updated_seconds=2)),
            [(CREATED, 1), (UPDATED, 3)],
        ),
        (told_of_amendment(telling(), NOW), [(AMENDED, 11), (UPDATED, 72)]),
        (
            told_of_amendment(contract(LEGACY), NOW),
            [(AMENDED, 11), ("entitlement-updated", 72)],
        ),
        (told_of_new_end(telling(), NOW), [(UPDATED, 72)]),
        (told_of_new_end(contract(LEGACY), NOW), [("entitlement-updated", 72)]),
        (ended(telling()), [(ENDED, 0), (DEPROVISIONED, 31)]),
        (
            ended(telling(LEGACY)),
            [(ENDED, 0), ("unsubscribe-pending", 31), ("unsubscribe-success", 3631)],
        ),
        (
            ended(contract(LEGACY)),
            [
                (ENDED, 0),
                ("entitlement-updated", 0),
                ("unsubscribe-pending", 31),
                ("unsubscribe-success", 3631),
            ],
        ),
        (
            ended(telling(LEGACY, final_window=FinalWindow.ENDED)),
            [(ENDED, 0), ("unsubscribe-pending", 0), ("unsubscribe-success", 3600)],
        ),
        (
            ended(telling(final_window=FinalWindow.ENDED)),
            [(ENDED, 0), (DEPROVISIONED, 3600)],
        ),
        (ended(telling(LEGACY), AgreementStatus.RENEWED), [(ENDED, 0)]),
        (ended(telling(), AgreementStatus.RENEWED), [(ENDED, 0), (DEPROVISIONED, 31)]),
    ],
)
def test_which_events_and_when(events, expected):
    """License events for licenses, SNS for customers with an identifier, in the choices' time."""
    assert when(events) == expected


@pytest.mark.parametrize(
    ("events", "name", "expected"),
    [
        (
            told_of_start(telling()),
            CREATED,
            COMMON
            | {
                "agreement": {
                    "id": "agmt-1",
                    "intent": "NEW",
                    "status": "ACTIVE",
                    "acceptanceTime": "2026-05-14T10:20:30Z",
                    "startTime": "2026-05-14T10:20:30Z",
                    "endTime": "9999-01-01T00:00:00Z",
                }
            }
            | PARTIES
            | OFFER,
        ),
        (
            told_of_start(
                telling(replace(LICENSED, ends=NOW + HOUR), replace(LIFE, previous="agmt-0"))
            ),
            CREATED,
            COMMON
            | {
                "agreement": {
                    "id": "agmt-1",
                    "intent": "RENEW",
                    "status": "ACTIVE",
                    "acceptanceTime": "2026-05-14T10:20:30Z",
                    "startTime": "2026-05-14T10:20:30Z",
                    "endTime": "2026-05-14T11:20:30Z",
                    "previousAgreementId": "agmt-0",
                },
                "product": {"id": "prod-analytics0001", "title": "Analytics"},
            }
            | PARTIES
            | OFFER
            | {"proposer": {"accountId": SELLER, "name": "Seller"}},
        ),
        (
            told_of_start(telling()),
            UPDATED,
            COMMON
            | {
                "agreement": {"id": "agmt-1"},
                "product": {"id": "prod-analytics0001", "code": "analytics"},
                "license": {"arn": ARN},
            }
            | PARTIES
            | OFFER,
        ),
        (
            ended(telling()),
            ENDED,
            COMMON | {"agreement": {"id": "agmt-1", "status": "CANCELLED"}} | PARTIES,
        ),
        (
            ended(telling(), AgreementStatus.EXPIRED),
            ENDED,
            COMMON | {"agreement": {"id": "agmt-1", "status": "EXPIRED"}} | PARTIES,
        ),
        (
            told_of_start(telling(LEGACY)),
            "subscribe-success",
            {
                "action": "subscribe-success",
                "customer-identifier": "cust-1",
                "product-code": "analytics",
                "offer-identifier": "offer-1",
                "isFreeTrialTermPresent": "false",
            },
        ),
        (
            told_of_start(telling(LEGACY, replace(LIFE, offer=OfferKind.FREE_TRIAL))),
            "subscribe-success",
            {
                "action": "subscribe-success",
                "customer-identifier": "cust-1",
                "product-code": "analytics",
                "offer-identifier": "offer-1",
                "isFreeTrialTermPresent": "true",
            },
        ),
        (
            told_of_start(contract(LEGACY)),
            "entitlement-updated",
            {
                "action": "entitlement-updated",
                "customer-identifier": "cust-1",
                "product-code": "analytics",
            },
        ),
        (
            ended(telling(LEGACY)),
            "unsubscribe-pending",
            {
                "action": "unsubscribe-pending",
                "customer-identifier": "cust-1",
                "product-code": "analytics",
            },
        ),
    ],
)
def test_what_is_in_an_event(events, name, expected):
    """Every member there is, and no other."""
    assert content(events, name) == expected


def test_an_amendment_has_its_intent():
    """Else it is told as a new agreement is."""
    assert content(told_of_amendment(telling(), NOW), AMENDED)["agreement"]["intent"] == "AMEND"


@pytest.mark.parametrize(
    ("name", "topic"),
    [
        (CREATED, None),
        ("subscribe-success", TOPIC.format("subscription")),
        ("entitlement-updated", TOPIC.format("entitlement")),
    ],
)
def test_the_topic(name, topic):
    """Messages go to the product's topics, in an account of AWS's."""
    assert [each.topic for each in told_of_start(contract(LEGACY)) if each.name == name] == [topic]


def test_nothing_falls_due_after_the_end_of_the_calendar():
    """Which has no year 10000."""
    dues = [each.due for each in ended(telling(LEGACY), at=INSTANT_MAX)]
    assert max(dues) == INSTANT_MAX


def test_an_end_is_told_of_before_it_comes():
    """To the seller from 180 days on, to the buyer from 90, as far as it is to come."""
    agreed = replace(LICENSED, ends=NOW + 120 * DAY)
    events = told_of_start(telling(agreed, acceptor_events=AcceptorEvents.SENT))
    notices = [
        (each.name[26:], each.account_id, each.due) for each in events if "Ending" in each.name
    ]
    assert notices == [
        (role, account, NOW + days * DAY)
        for days in (30, 60, 90)
        for role, account in (("- Proposer", SELLER), ("- Acceptor", BUYER))
    ]


def test_what_is_in_a_notice():
    """Nothing renews itself."""
    agreed = replace(LICENSED, ends=NOW + 31 * DAY)
    assert content(told_of_start(telling(agreed)), "Purchase Agreement Ending - Proposer") == (
        COMMON
        | {
            "agreement": {
                "id": "agmt-1",
                "startTime": "2026-05-14T10:20:30Z",
                "endTime": "2026-06-14T10:20:30Z",
                "status": "ACTIVE",
                "daysBeforeEndTime": 30,
                "autoRenewalEnabled": False,
            },
            "renewalSummary": {"lockoutStartTime": None, "disabledBy": None},
            "product": {"id": "prod-analytics0001", "title": "Analytics"},
            "acceptor": {"accountId": BUYER},
            "proposer": {"name": "Seller", "accountId": SELLER},
        }
        | OFFER
    )


@pytest.mark.parametrize(
    ("told", "what"),
    [
        (told_of_start, "Created"),
        (lambda of: told_of_amendment(of, NOW), "Amended"),
        (ended, "Ended"),
    ],
)
def test_the_buyers_copies(told, what):
    """Say the same to the buyer's account, which finds the agreement by another ARN."""
    events = [*told(telling(acceptor_events=AcceptorEvents.SENT))]
    [copy] = [each for each in events if each.name == f"Purchase Agreement {what} - Acceptor"]
    [own] = [each for each in events if each.name == f"Purchase Agreement {what} - Proposer"]
    assert (copy.account_id, copy.due, copy.content) == (BUYER, own.due, own.content)
    assert resources(copy) == ("arn:aws:aws-marketplace::agreement:agmt-1",)
