"""The operator's calls about agreements: what a buyer would do, and what came of it."""

from collections.abc import Callable, Mapping
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from waag.admin.openapi import Call
from waag.admin.reading import optional, read_body, read_instant, read_limit
from waag.admin.refusals import BadRequest
from waag.domain.agreements import Subscription
from waag.domain.cancellation_requests import CancellationRequest, ReasonCode
from waag.domain.instants import format_instant
from waag.domain.market import Agreement, AgreementStatus, Entitlement, Market, OfferKind
from waag.ports import Clock
from waag.ports.agreements import Agreements
from waag.services.agreements import (
    AgreementCommands,
    ShownAgreement,
    list_agreements,
    show_agreement,
)

LIMIT_MAX = 1000
DIGITS_MAX = 18
"""Of a number that a column can hold, whatever it is."""

Offer: TypeAlias = Literal["public", "private", "free-trial"]
Status: TypeAlias = Literal[
    "pending", "active", "suspended", "cancelled", "expired", "renewed", "failed"
]
RequestState: TypeAlias = Literal[
    "PENDING_APPROVAL", "APPROVED", "REJECTED", "CANCELLED", "VALIDATION_FAILED"
]
_Key: TypeAlias = Annotated[str, Meta(min_length=1, max_length=255)]
_Value: TypeAlias = (
    Annotated[int, Meta(ge=-(2**53), le=2**53)]
    | float
    | bool
    | Annotated[str, Meta(max_length=255)]
)
Entitlements: TypeAlias = dict[_Key, _Value]
"""What is granted, by dimension."""


class SubscribeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a buyer accepts; `product` is a code or id. Without `ends` it is pay-as-you-go.

    It begins now, unless `starts` is given. With `fails` the subscription fails, and never begins.
    """

    product: str
    buyer: str
    offer: Offer = "public"
    starts: str | None = None
    ends: str | None = None
    entitlements: Entitlements = {}
    fails: bool = False


class AmendBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is granted from now on, all of it."""

    entitlements: Entitlements


class RenewBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The new end; what is granted stays, unless it is given."""

    ends: str
    entitlements: Entitlements | None = None


class CancellationRequestAnswer(msgspec.Struct, frozen=True):
    """What the seller asked of the buyer last, and what became of it."""

    id: str
    status: RequestState
    reason_code: ReasonCode
    description: str
    status_message: str
    created: str
    updated: str


class AgreementAnswer(msgspec.Struct, frozen=True):
    """An agreement as it stands; `offer` is null for one that a market file alone tells of.

    Final records are accepted until `closes`; `renews` is the agreement that this one took the
    place of.
    """

    id: str
    status: Status
    product_id: str
    product_code: str
    buyer: str
    offer: Offer | None
    offer_id: str | None
    customer_identifier: str | None
    license_arn: str | None
    starts: str
    ends: str | None
    closes: str | None
    renews: str | None
    entitlements: dict[str, int | float | bool | str]
    cancellation_request: CancellationRequestAnswer | None


class AgreementsAnswer(msgspec.Struct, frozen=True):
    """One page of agreements; `next_cursor` is null on the last."""

    agreements: tuple[AgreementAnswer, ...]
    next_cursor: str | None


class AgreementCalls:
    """A part of the admin API.

    Args:
        clock: tells how agreements stand.
        market: finds one.
        agreements: finds many.
        commands: carried out there.
    """

    def __init__(
        self, clock: Clock, market: Market, agreements: Agreements, commands: AgreementCommands
    ) -> None:
        self._clock = clock
        self._market = market
        self._agreements = agreements
        self._commands = commands

    def calls(self) -> tuple[Call, ...]:
        """Every call, and which method answers it."""
        many, one = "/agreements", "/agreements/{id}"
        return (
            Call(
                "POST",
                many,
                self.subscribe,
                "A buyer accepts an offer",
                body=SubscribeBody,
                answer=AgreementAnswer,
            ),
            Call(
                "GET",
                many,
                self.agreements,
                "Agreements, in the order in which they came",
                parameters=("product", "buyer", "status", "limit", "cursor"),
                answer=AgreementsAnswer,
            ),
            Call("GET", one, self.agreement, "One agreement", answer=AgreementAnswer),
            Call(
                "POST",
                f"{one}/amend",
                self.amend_agreement,
                "A contract grants something else from now on",
                body=AmendBody,
                answer=AgreementAnswer,
            ),
            Call(
                "POST",
                f"{one}/renew",
                self.renew_agreement,
                "An agreement gets a later end, or another takes its place; answered with that",
                body=RenewBody,
                answer=AgreementAnswer,
            ),
            *(
                Call("POST", f"{one}/{command}", handle, summary, answer=AgreementAnswer)
                for command, handle, summary in (
                    ("cancel", self.cancel_agreement, "An agreement ends now"),
                    ("suspend", self.suspend_agreement, "It takes no usage any more"),
                    ("reinstate", self.reinstate_agreement, "It takes usage again"),
                )
            ),
        )

    async def subscribe(self, request: Request) -> AgreementAnswer:
        """A buyer accepts an offer."""
        body = await read_body(request, SubscribeBody)
        subscription = Subscription(
            body.product,
            body.buyer,
            OfferKind(body.offer),
            optional("ends", body.ends, read_instant),
            _to_entitlements(body.entitlements),
            optional("starts", body.starts, read_instant),
            body.fails,
        )
        return await self._carried_out(self._commands.subscribe, subscription)

    async def agreements(self, request: Request) -> AgreementsAnswer:
        """Agreements, in the order in which they came."""
        asked = request.query_params
        page = await run_in_threadpool(
            list_agreements,
            self._agreements,
            self._market,
            product=asked.get("product"),
            buyer=asked.get("buyer"),
            status=optional("status", asked.get("status"), _read_status),
            now=self._clock.now(),
            after=optional("cursor", asked.get("cursor"), _read_cursor) or 0,
            limit=read_limit(asked.get("limit"), 100, LIMIT_MAX),
        )
        return AgreementsAnswer(
            tuple(map(to_answer_agreement, page.agreements)),
            None if page.next is None else str(page.next),
        )

    async def agreement(self, request: Request) -> AgreementAnswer:
        """One agreement."""
        return await self._shown(request.path_params["id"])

    async def amend_agreement(self, request: Request) -> AgreementAnswer:
        """A contract grants something else from now on."""
        body = await read_body(request, AmendBody)
        granted = _to_entitlements(body.entitlements)
        return await self._carried_out(self._commands.amend, request.path_params["id"], granted)

    async def renew_agreement(self, request: Request) -> AgreementAnswer:
        """An agreement gets a later end, or another takes its place."""
        body = await read_body(request, RenewBody)
        granted = None if body.entitlements is None else _to_entitlements(body.entitlements)
        ends = read_instant("ends", body.ends)
        return await self._carried_out(
            self._commands.renew, request.path_params["id"], ends, granted
        )

    async def cancel_agreement(self, request: Request) -> AgreementAnswer:
        """An agreement ends now."""
        return await self._carried_out(self._commands.cancel, request.path_params["id"])

    async def suspend_agreement(self, request: Request) -> AgreementAnswer:
        """It takes no usage any more."""
        return await self._carried_out(self._commands.suspend, request.path_params["id"])

    async def reinstate_agreement(self, request: Request) -> AgreementAnswer:
        """It takes usage again."""
        return await self._carried_out(self._commands.reinstate, request.path_params["id"])

    async def _carried_out(
        self, command: Callable[..., Agreement], *given: object
    ) -> AgreementAnswer:
        agreement = await run_in_threadpool(command, *given)
        return await self._shown(agreement.id)

    async def _shown(self, agreement_id: str) -> AgreementAnswer:
        now = self._clock.now()
        return to_answer_agreement(
            await run_in_threadpool(show_agreement, agreement_id, self._market, now)
        )


def _to_entitlements(body: Mapping[str, int | float | bool | str]) -> tuple[Entitlement, ...]:
    return tuple(Entitlement(dimension, value) for dimension, value in body.items())


def _read_status(name: str, text: str) -> AgreementStatus:
    try:
        return AgreementStatus(text)
    except ValueError as error:
        names = ", ".join(each.value for each in AgreementStatus)
        raise BadRequest(f"{name} is {text!r}; expected one of {names}.") from error


def _read_cursor(name: str, text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX else None
    if number is None:
        raise BadRequest(f"{name} is not a next_cursor of an answer.")
    return number


def to_answer_agreement(shown: ShownAgreement) -> AgreementAnswer:
    """An agreement as it is shown."""
    agreement, life = shown.agreement, shown.agreement.life
    ends = agreement.ends
    return AgreementAnswer(
        agreement.id,
        shown.status.value,
        shown.product.id,
        shown.product.code,
        agreement.buyer_id,
        None if life is None else life.offer.value,
        None if life is None else life.offer_id,
        agreement.customer_identifier,
        agreement.license_arn,
        format_instant(agreement.starts),
        None if ends is None else format_instant(ends),
        None if ends is None else format_instant(agreement.closes(ends)),
        None if life is None else life.previous,
        {each.dimension: each.value for each in agreement.entitlements},
        None if life is None or life.request is None else _to_answer_request(life.request),
    )


def _to_answer_request(request: CancellationRequest) -> CancellationRequestAnswer:
    return CancellationRequestAnswer(
        request.id,
        request.status.name,
        request.reason_code,
        request.description,
        request.status_message,
        format_instant(request.created),
        format_instant(request.updated),
    )
