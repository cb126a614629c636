"""The operator's calls about events that AWS would send: which there are, and how far they came."""

from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from waag.admin.openapi import Call
from waag.admin.reading import cursor_reader, optional, read_limit, to_cursor
from waag.admin.refusals import BadRequest
from waag.domain.events import EventStatus, EventTarget, KeptEvent, resources
from waag.domain.instants import format_instant
from waag.domain.market import Market
from waag.ports import Settle
from waag.ports.agreements import Outbox
from waag.services.agreements import list_events, resend_event

LIMIT_MAX = 1000

_Column = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]

_read_cursor = cursor_reader(tuple[_Column, _Column])

Status: TypeAlias = Literal["pending", "due", "sent", "failed"]


class EventAnswer(msgspec.Struct, frozen=True):
    """An event, due by the clock.

    `name` is EventBridge's detail-type, or the action of an SNS message; `topic` an SNS topic's
    ARN, `resources` EventBridge's; `content` is the detail, or the message.
    """

    id: str
    agreement: str
    product_code: str
    account: str
    due: str
    target: Literal["sns", "eventbridge"]
    name: str
    topic: str | None
    resources: tuple[str, ...]
    content: dict[str, Any]
    status: Status
    attempts: int
    last_error: str | None


class EventsAnswer(msgspec.Struct, frozen=True):
    """One page of events; `next_cursor` is null on the last."""

    events: tuple[EventAnswer, ...]
    next_cursor: str | None


class EventCalls:
    """A part of the admin API.

    Args:
        market: finds what events are asked for by.
        outbox: where events are.
        settle: told when there is something to deliver.
    """

    def __init__(self, market: Market, outbox: Outbox, settle: Settle) -> None:
        self._market = market
        self._outbox = outbox
        self._settle = settle

    def calls(self) -> tuple[Call, ...]:
        """Every call, and which method answers it."""
        return (
            Call(
                "GET",
                "/events",
                self.events,
                "Events that AWS would send, by when they fall due",
                parameters=("agreement", "product", "status", "limit", "cursor"),
                answer=EventsAnswer,
            ),
            Call(
                "POST",
                "/events/{id}/resend",
                self.resend,
                "Have an event that was sent or given up be delivered once more",
                answer=EventAnswer,
            ),
        )

    async def events(self, request: Request) -> EventsAnswer:
        """Events that AWS would send, by when they fall due."""
        asked = request.query_params
        page = await run_in_threadpool(
            list_events,
            self._outbox,
            self._market,
            agreement=asked.get("agreement"),
            product=asked.get("product"),
            status=optional("status", asked.get("status"), _read_status),
            after=optional("cursor", asked.get("cursor"), _read_cursor),
            limit=read_limit(asked.get("limit"), 100, LIMIT_MAX),
        )
        return EventsAnswer(
            tuple(map(_to_answer, page.events)),
            None if page.next is None else to_cursor(page.next),
        )

    async def resend(self, request: Request) -> EventAnswer:
        """Have an event that was sent or given up be delivered once more."""
        event_id = request.path_params["id"]
        return _to_answer(
            await run_in_threadpool(resend_event, event_id, self._outbox, self._settle)
        )


def _read_status(name: str, text: str) -> EventStatus:
    try:
        return EventStatus(text)
    except ValueError as error:
        names = ", ".join(each.value for each in EventStatus)
        raise BadRequest(f"{name} is {text!r}; expected one of {names}.") from error


def _to_answer(kept: KeptEvent) -> EventAnswer:
    event = kept.event
    return EventAnswer(
        event.id,
        event.agreement_id,
        kept.product_code,
        event.account_id,
        format_instant(event.due),
        "sns" if event.target is EventTarget.SNS else "eventbridge",
        event.name,
        event.topic,
        resources(event),
        msgspec.json.decode(event.content),
        kept.status.value,
        kept.attempts,
        kept.last_error,
    )
