"""What AWS tells a seller of an agreement: which events, when each falls due, and what is in them.

EventBridge tells of every agreement, and of its license if it has one. SNS knows customers only by
the legacy identifier, so it tells of agreements that have one.

A seller is proposer and manufacturer at once here: of events on agreements it gets the proposer's
copy alone, of those on licenses there is only the manufacturer's.

Source: AWS Marketplace Seller Guide, SaaS notifications for SNS and for EventBridge; a published
sequence of the four EventBridge events of one agreement, with their times and members.
"""

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import Meta

from waag.domain.events import EVENTS_REGION, Event, EventTarget, written
from waag.domain.instants import INSTANT_MAX, SECOND, Instant
from waag.domain.market import (
    FINAL_WINDOW,
    Account,
    Agreement,
    AgreementStatus,
    Life,
    OfferKind,
    Product,
)

TOPIC_OWNER = "287250355862"
"""The account of AWS's that the topics belong to. Source: Seller Guide, SNS notifications."""

NO_END = "9999-01-01T00:00:00Z"
"""How events write that there is no end."""

Seconds: TypeAlias = Annotated[int, Meta(ge=0)]

UNSUBSCRIBE_SUCCESS = "unsubscribe-success"


class FinalWindow(Enum):
    """What opens the hour in which final records are accepted."""

    DEPROVISIONED = "deprovisioned"
    """License Deprovisioned, or unsubscribe-pending."""
    ENDED = "ended"
    """The end of the agreement; License Deprovisioned closes it."""


class Renewal(Enum):
    """What becomes of an agreement that is renewed."""

    NEW_AGREEMENT = "new-agreement"
    """Another takes its place, of intent RENEW and with a license of its own."""
    SAME_AGREEMENT = "same-agreement"
    """It goes on with its license to a later end."""


class AgreementChoices(msgspec.Struct, frozen=True):
    """Which reading is taken where sources on agreements differ, and delays as observed.

    Attributes:
        agreement_created_seconds: from acceptance to Purchase Agreement Created.
        license_updated_seconds: from then to License Updated.
        license_deprovisioned_seconds: from Purchase Agreement Ended to License Deprovisioned, where
            that does not close the final hour.
    """

    final_window: FinalWindow = FinalWindow.DEPROVISIONED
    renewal: Renewal = Renewal.NEW_AGREEMENT
    agreement_created_seconds: Seconds = 11
    license_updated_seconds: Seconds = 61
    license_deprovisioned_seconds: Seconds = 31


class Telling(msgspec.Struct, frozen=True):
    """What events about one agreement are made with.

    Attributes:
        agreement: with its life, as it is once what is told of has happened.
        seller: the product's.
        uuid: a new one at each call.
    """

    agreement: Agreement
    life: Life
    product: Product
    seller: Account
    choices: AgreementChoices
    uuid: Callable[[], str]


def closes_after(ends: Instant, choices: AgreementChoices) -> Instant:
    """Until when final records are accepted, for an agreement that ends."""
    opens = ends
    if choices.final_window is FinalWindow.DEPROVISIONED:
        opens += choices.license_deprovisioned_seconds * SECOND
    return min(opens + FINAL_WINDOW, INSTANT_MAX)


def told_of_start(telling: Telling) -> Iterator[Event]:
    """An agreement has begun, by itself or in another's place."""
    created, updated = _delayed(telling, telling.life.accepted)
    intent = "NEW" if telling.life.previous is None else "RENEW"
    yield _on_agreement(telling, created, "Created", _as_created(telling, intent))
    yield from _license_updated(telling, updated)
    yield from _subscription(
        telling,
        updated,
        "subscribe-success",
        {
            "offer-identifier": telling.life.offer_id,
            "isFreeTrialTermPresent": str(telling.life.offer is OfferKind.FREE_TRIAL).lower(),
        },
    )
    yield from _entitlement_updated(telling, updated)


def told_of_amendment(telling: Telling, at: Instant) -> Iterator[Event]:
    """What it grants has changed."""
    amended, updated = _delayed(telling, at)
    yield _on_agreement(telling, amended, "Amended", _as_created(telling, "AMEND"))
    yield from _license_updated(telling, updated)
    yield from _entitlement_updated(telling, updated)


def told_of_new_end(telling: Telling, at: Instant) -> Iterator[Event]:
    """It goes on to a later end: only its license is told of."""
    _, updated = _delayed(telling, at)
    yield from _license_updated(telling, updated)
    yield from _entitlement_updated(telling, updated)


def told_of_end(telling: Telling, at: Instant, closes: Instant) -> Iterator[Event]:
    """It has ended at `at`; final records are accepted until `closes`.

    One that another agreement has taken the place of goes on for its customer, so SNS says nothing.
    """
    opens = closes - FINAL_WINDOW
    opening = telling.choices.final_window is FinalWindow.DEPROVISIONED
    status = telling.life.status
    ended = {"id": telling.agreement.id, "status": status.name}
    yield _on_agreement(telling, at, "Ended", {"agreement": ended} | _parties(telling))
    yield from _on_license(telling, opens if opening else closes, "Deprovisioned")
    if status is not AgreementStatus.RENEWED:
        yield from _entitlement_updated(telling, at)
        yield from _subscription(telling, opens, "unsubscribe-pending", {})
        yield from _subscription(telling, closes, UNSUBSCRIBE_SUCCESS, {})


def _delayed(telling: Telling, at: Instant) -> tuple[Instant, Instant]:
    """When the agreement is told of, and when its license."""
    told = at + telling.choices.agreement_created_seconds * SECOND
    return told, told + telling.choices.license_updated_seconds * SECOND


def _as_created(telling: Telling, intent: str) -> dict[str, Any]:
    """Neither product nor license is in it, but for a renewal, which names the product."""
    agreement = telling.agreement
    described = {
        "id": agreement.id,
        "intent": intent,
        "status": "ACTIVE",
        "acceptanceTime": written(telling.life.accepted),
        "startTime": written(agreement.starts),
        "endTime": NO_END if agreement.ends is None else written(agreement.ends),
    }
    detail = {"agreement": described} | _parties(telling) | _offer(telling)
    if intent == "RENEW":
        described["previousAgreementId"] = telling.life.previous or ""
        detail["product"] = {"id": telling.product.id, "title": telling.product.title}
        detail["proposer"] = detail["proposer"] | {"name": telling.seller.name}
    return detail


def _parties(telling: Telling) -> dict[str, Any]:
    return {
        "resaleAuthorization": {"id": None},
        "acceptor": {"accountId": telling.agreement.buyer_id},
        "proposer": {"accountId": telling.seller.id},
    }


def _offer(telling: Telling) -> dict[str, Any]:
    return {"offer": {"id": telling.life.offer_id}}


def _on_agreement(telling: Telling, due: Instant, what: str, detail: dict[str, Any]) -> Event:
    return _on_event_bridge(telling, due, f"Purchase Agreement {what} - Proposer", detail)


def _license_updated(telling: Telling, due: Instant) -> Iterator[Event]:
    return _on_license(telling, due, "Updated")


def _on_license(telling: Telling, due: Instant, what: str) -> Iterator[Event]:
    agreement, product = telling.agreement, telling.product
    if agreement.license_arn is not None:
        detail = {
            "agreement": {"id": agreement.id},
            "product": {"id": product.id, "code": product.code},
            "license": {"arn": agreement.license_arn},
        }
        whole = detail | _parties(telling) | _offer(telling)
        yield _on_event_bridge(telling, due, f"License {what} - Manufacturer", whole)


def _on_event_bridge(
    telling: Telling, due: Instant, detail_type: str, detail: dict[str, Any]
) -> Event:
    common = {"requestId": telling.uuid(), "catalog": "AWSMarketplace"}
    return _event(
        telling, due, EventTarget.EVENTBRIDGE, detail_type, topic=None, content=common | detail
    )


def _subscription(
    telling: Telling, due: Instant, action: str, more: dict[str, str]
) -> Iterator[Event]:
    return _message(telling, due, "subscription", action, more)


def _entitlement_updated(telling: Telling, due: Instant) -> Iterator[Event]:
    """Of contracts: new, upgraded, renewed and ended alike."""
    if telling.product.type.is_contract:
        yield from _message(telling, due, "entitlement", "entitlement-updated", {})


def _message(
    telling: Telling, due: Instant, topic: str, action: str, more: dict[str, str]
) -> Iterator[Event]:
    identifier, code = telling.agreement.customer_identifier, telling.product.code
    if identifier is not None:
        message = {"action": action, "customer-identifier": identifier, "product-code": code}
        arn = f"arn:aws:sns:{EVENTS_REGION}:{TOPIC_OWNER}:aws-mp-{topic}-notification-{code}"
        yield _event(telling, due, EventTarget.SNS, action, topic=arn, content=message | more)


def _event(
    telling: Telling,
    due: Instant,
    target: EventTarget,
    name: str,
    *,
    topic: str | None,
    content: dict[str, Any],
) -> Event:
    return Event(
        telling.uuid(),
        telling.agreement.id,
        telling.seller.id,
        min(due, INSTANT_MAX),
        target,
        name,
        topic,
        msgspec.json.encode(content).decode(),
    )
