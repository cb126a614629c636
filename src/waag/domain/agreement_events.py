"""What AWS tells a seller of an agreement: which events, when each falls due, and what is in them.

EventBridge tells of every agreement, and of its license if it has one. SNS knows customers only by
the legacy identifier, so it tells of agreements that have one.

A seller is proposer and manufacturer at once here: of events on agreements it gets the proposer's
copy alone, of those on licenses there is only the manufacturer's. The buyer's copies are the
acceptor's; SNS has none.

Source: AWS Marketplace Seller Guide, SaaS notifications for SNS and for EventBridge; a published
sequence of the four EventBridge events of one agreement, with their times and members.
"""

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from waag.domain.cancellation_requests import CancellationRequest, RequestStatus
from waag.domain.events import EVENTS_REGION, Event, EventTarget, written
from waag.domain.instants import DAY, INSTANT_MAX, SECOND, Instant
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

START_NAMES = ("License Updated - Manufacturer", "subscribe-success", "entitlement-updated")
"""What is told once an agreement begins."""

NOTICE_DAYS = (180, 120, 90, 60, 30)
"""How long before an end it is told of. Source: Seller Guide, Purchase Agreement Ending."""

NOTICES = ("Purchase Agreement Ending - Proposer", "Purchase Agreement Ending - Acceptor")
"""What tells of an end before it comes."""

ACCEPTORS_NOTICE_DAYS = (90, 60, 30)
"""The same, to the buyer. Source: Buyer Guide, agreement events."""


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


class AcceptorEvents(Enum):
    """What becomes of the copies that AWS puts on the buyer's bus."""

    OMITTED = "omitted"
    """On AWS they go to the buyer's account, where the seller sees nothing of them."""
    SENT = "sent"
    """They are sent like all others, with the buyer's account in them."""


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
    acceptor_events: AcceptorEvents = AcceptorEvents.OMITTED


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
    """It was agreed to, by itself or in another's place; the rest is told from its start on."""
    created, updated = _delayed(telling, telling.life.accepted)
    updated = max(updated, telling.agreement.starts + _after_creation(telling))
    intent = "NEW" if telling.life.previous is None else "RENEW"
    yield from _on_agreement(telling, created, "Created", _as_created(telling, intent))
    yield from _license_updated(telling, updated)
    yield from _subscription(telling, updated, "subscribe-success", _offered(telling))
    yield from _entitlement_updated(telling, updated)
    yield from _notices(telling, telling.agreement.starts)


def told_of_failure(telling: Telling) -> Iterator[Event]:
    """It never began."""
    _, updated = _delayed(telling, telling.life.accepted)
    yield from _subscription(telling, updated, "subscribe-fail", _offered(telling))


def told_of_cancellation_before_start(telling: Telling, at: Instant) -> Iterator[Event]:
    """It was cancelled, and never begins."""
    yield from _on_agreement(telling, at, "Ended", _as_ended(telling))


def told_of_amendment(telling: Telling, at: Instant) -> Iterator[Event]:
    """What it grants has changed."""
    amended, updated = _delayed(telling, at)
    yield from _on_agreement(telling, amended, "Amended", _as_created(telling, "AMEND"))
    yield from _license_updated(telling, updated)
    yield from _entitlement_updated(telling, updated)


def told_of_new_end(telling: Telling, at: Instant) -> Iterator[Event]:
    """It goes on to a later end: only its license is told of, and that end once it comes near."""
    _, updated = _delayed(telling, at)
    yield from _license_updated(telling, updated)
    yield from _entitlement_updated(telling, updated)
    yield from _notices(telling, at)


def told_of_request(telling: Telling, request: CancellationRequest) -> Iterator[Event]:
    """How far a request to have it cancelled has come.

    One that failed is told to the seller alone. Source: Seller Guide, events for cancellations.
    """
    name = f"Agreement Cancellation Request {request.status.value}"
    detail = {
        "agreement": {
            "id": telling.agreement.id,
            "acceptorId": telling.agreement.buyer_id,
            "productId": telling.product.id,
            "offerId": telling.life.offer_id,
        },
        "agreementCancellationRequest": {
            "id": request.id,
            "reasonCode": request.reason_code,
            "reasonMessage": request.description,
            "statusCode": request.status.name,
            "statusMessage": request.status_message,
            "createdAt": written(request.created),
            "updatedAt": written(request.updated),
        },
    }
    yield _on_event_bridge(telling, request.updated, f"{name} - Proposer", detail)
    if request.status is not RequestStatus.VALIDATION_FAILED:
        yield from _to_acceptor(telling, request.updated, f"{name} - Acceptor", detail)


def told_of_end(telling: Telling, at: Instant, closes: Instant) -> Iterator[Event]:
    """It has ended at `at`; final records are accepted until `closes`.

    One that another agreement has taken the place of goes on for its customer, so SNS says nothing.
    """
    opens = closes - FINAL_WINDOW
    opening = telling.choices.final_window is FinalWindow.DEPROVISIONED
    status = telling.life.status
    yield from _on_agreement(telling, at, "Ended", _as_ended(telling))
    yield from _on_license(telling, opens if opening else closes, "Deprovisioned")
    if status is not AgreementStatus.RENEWED:
        yield from _entitlement_updated(telling, at)
        yield from _subscription(telling, opens, "unsubscribe-pending", {})
        yield from _subscription(telling, closes, UNSUBSCRIBE_SUCCESS, {})


def _delayed(telling: Telling, at: Instant) -> tuple[Instant, Instant]:
    """When the agreement is told of, and when its license."""
    told = at + telling.choices.agreement_created_seconds * SECOND
    return told, told + _after_creation(telling)


def _after_creation(telling: Telling) -> int:
    return telling.choices.license_updated_seconds * SECOND


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


def _as_ended(telling: Telling) -> dict[str, Any]:
    ended = {"id": telling.agreement.id, "status": telling.life.status.name}
    return {"agreement": ended} | _parties(telling)


def _notices(telling: Telling, after: Instant) -> Iterator[Event]:
    """An end that comes near; nothing renews itself here, so no term of renewal is told of."""
    agreement, product, seller = telling.agreement, telling.product, telling.seller
    if agreement.ends is None:
        return
    for days in NOTICE_DAYS:
        due = agreement.ends - days * DAY
        if due <= after:
            continue
        described = {
            "id": agreement.id,
            "startTime": written(agreement.starts),
            "endTime": written(agreement.ends),
            "status": "ACTIVE",
            "daysBeforeEndTime": days,
            "autoRenewalEnabled": False,
        }
        detail = {
            "agreement": described,
            "renewalSummary": {"lockoutStartTime": None, "disabledBy": None},
            "product": {"id": product.id, "title": product.title},
            "acceptor": {"accountId": agreement.buyer_id},
            "proposer": {"name": seller.name, "accountId": seller.id},
        } | _offer(telling)
        yield _on_event_bridge(telling, due, NOTICES[0], detail)
        if days in ACCEPTORS_NOTICE_DAYS:
            yield from _to_acceptor(telling, due, NOTICES[1], detail)


def _parties(telling: Telling) -> dict[str, Any]:
    return {
        "resaleAuthorization": {"id": None},
        "acceptor": {"accountId": telling.agreement.buyer_id},
        "proposer": {"accountId": telling.seller.id},
    }


def _offer(telling: Telling) -> dict[str, Any]:
    return {"offer": {"id": telling.life.offer_id}}


def _offered(telling: Telling) -> dict[str, str]:
    return {
        "offer-identifier": telling.life.offer_id,
        "isFreeTrialTermPresent": str(telling.life.offer is OfferKind.FREE_TRIAL).lower(),
    }


def _on_agreement(
    telling: Telling, due: Instant, what: str, detail: dict[str, Any]
) -> Iterator[Event]:
    yield _on_event_bridge(telling, due, f"Purchase Agreement {what} - Proposer", detail)
    yield from _to_acceptor(telling, due, f"Purchase Agreement {what} - Acceptor", detail)


def _to_acceptor(
    telling: Telling, due: Instant, detail_type: str, detail: dict[str, Any]
) -> Iterator[Event]:
    if telling.choices.acceptor_events is AcceptorEvents.SENT:
        event = _on_event_bridge(telling, due, detail_type, detail)
        yield replace(event, account_id=telling.agreement.buyer_id)


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
