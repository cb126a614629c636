"""Events that AWS sends to a seller: what is kept of each, and the envelopes they travel in.

An event is written together with what it tells of, falls due at an instant of the clock, and is
then delivered. What is told of agreements is `agreement_events`' concern.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any

import msgspec

from waag.domain.instants import SECOND, Instant, to_datetime

EVENTS_REGION = "us-east-1"
"""Where AWS sends them, whatever Region is called. Source: Seller Guide, EventBridge and SNS."""

SOURCE = "aws.agreement-marketplace"


class EventTarget(Enum):
    """By which service AWS sends it."""

    SNS = "sns"
    EVENTBRIDGE = "eventbridge"


class EventStatus(Enum):
    """How far it has come."""

    PENDING = "pending"
    """Its time has not come."""
    DUE = "due"
    """To be delivered, or nobody is there to take it."""
    SENT = "sent"
    FAILED = "failed"
    """Given up after the last attempt."""


class Event(msgspec.Struct, frozen=True):
    """One event.

    Attributes:
        id: a UUID.
        agreement_id: the agreement it tells of.
        account_id: the seller that it is sent to.
        due: when AWS would send it, by the clock.
        name: EventBridge's detail-type, or the action of an SNS message.
        topic: the SNS topic's ARN; None for EventBridge.
        content: JSON text: EventBridge's detail, or the message.
    """

    id: str
    agreement_id: str
    account_id: str
    due: Instant
    target: EventTarget
    name: str
    topic: str | None
    content: str


class KeptEvent(msgspec.Struct, frozen=True):
    """An event in the outbox.

    Attributes:
        number: its place among those due at the same instant.
        attempts: how often delivery was tried.
        last_error: why the latest attempt failed; None unless one did.
    """

    number: int
    event: Event
    product_code: str
    status: EventStatus
    attempts: int = 0
    last_error: str | None = None


EventPlace = tuple[Instant, int]
"""Where an event stands in the order of due time: when it falls due, and its number."""


class EventQuery(msgspec.Struct, frozen=True):
    """Which events are asked for.

    Attributes:
        agreement_id, product_id, status: None for all.
        after: the place to go on from; None from the first.
    """

    agreement_id: str | None
    product_id: str | None
    status: EventStatus | None
    after: EventPlace | None
    limit: int


def enveloped(event: Event) -> Mapping[str, Any]:
    """An event as its service delivers it to an endpoint.

    An SNS notification has no members of a signature: what reads them trusts certificates of AWS's
    alone, so that nothing here could sign what it would believe.

    Source: SNS, HTTP/HTTPS notification JSON format; EventBridge, event structure.
    """
    if event.target is EventTarget.SNS:
        return {
            "Type": "Notification",
            "MessageId": event.id,
            "TopicArn": event.topic,
            "Message": event.content,
            "Timestamp": _written(event.due, "milliseconds"),
        }
    return {
        "version": "0",
        "id": event.id,
        "detail-type": event.name,
        "source": SOURCE,
        "account": event.account_id,
        "time": _written(event.due, "seconds"),
        "region": EVENTS_REGION,
        "resources": list(resources(event)),
        "detail": msgspec.json.decode(event.content),
    }


def resources(event: Event) -> tuple[str, ...]:
    """The ARN of the agreement, which EventBridge names, in the form that it has for the addressee.

    SNS names none, and neither do events on requests. Source: Seller Guide and Buyer Guide.
    """
    if event.target is EventTarget.SNS or event.name.startswith("Agreement Cancellation Request"):
        return ()
    owner = "" if event.name.endswith("- Acceptor") else "aws:"
    return (f"arn:aws:aws-marketplace::{owner}agreement:{event.agreement_id}",)


def written(instant: Instant) -> str:
    """An instant inside an event: milliseconds where there are any."""
    return _written(instant, "milliseconds" if instant % SECOND >= SECOND // 1000 else "seconds")


def _written(instant: Instant, precision: str) -> str:
    return to_datetime(instant).isoformat(timespec=precision).replace("+00:00", "Z")
