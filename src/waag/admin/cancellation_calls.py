"""The operator's calls about cancellation: what a seller asks of a buyer, and what is answered."""

from collections.abc import Callable
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from waag.admin.agreement_calls import AgreementAnswer, to_answer_agreement
from waag.admin.openapi import Call
from waag.admin.reading import read_body
from waag.domain.cancellation_requests import ReasonCode
from waag.domain.market import Agreement, Market
from waag.ports import Clock
from waag.services.agreements import AgreementCommands, show_agreement

PATH = "/agreements/{id}/cancellation-request"


class RequestBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why the seller asks."""

    reason_code: ReasonCode
    description: Annotated[str, Meta(max_length=2000)] = ""


class ReasonBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why it is rejected or withdrawn."""

    reason: Annotated[str, Meta(min_length=1, max_length=2000)]


class CancellationCalls:
    """A part of the admin API.

    Args:
        clock: tells how agreements stand.
        market: finds one.
        commands: carried out there.
    """

    def __init__(self, clock: Clock, market: Market, commands: AgreementCommands) -> None:
        self._clock = clock
        self._market = market
        self._commands = commands

    def calls(self) -> tuple[Call, ...]:
        """Every call, and which method answers it."""
        return (
            Call(
                "POST",
                PATH,
                self.request_cancellation,
                "The seller asks the buyer to have an agreement cancelled",
                body=RequestBody,
                answer=AgreementAnswer,
            ),
            Call(
                "POST",
                f"{PATH}/accept",
                self.accept_cancellation,
                "The buyer agrees, and the agreement ends now",
                answer=AgreementAnswer,
            ),
            Call(
                "POST",
                f"{PATH}/reject",
                self.reject_cancellation,
                "The buyer does not agree",
                body=ReasonBody,
                answer=AgreementAnswer,
            ),
            Call(
                "POST",
                f"{PATH}/withdraw",
                self.withdraw_cancellation,
                "The seller asks no longer",
                body=ReasonBody,
                answer=AgreementAnswer,
            ),
        )

    async def request_cancellation(self, request: Request) -> AgreementAnswer:
        """The seller asks the buyer to have an agreement cancelled."""
        body = await read_body(request, RequestBody)
        return await self._carried_out(
            self._commands.request_cancellation, request, body.reason_code, body.description
        )

    async def accept_cancellation(self, request: Request) -> AgreementAnswer:
        """The buyer agrees, and the agreement ends now."""
        return await self._carried_out(self._commands.accept_cancellation, request)

    async def reject_cancellation(self, request: Request) -> AgreementAnswer:
        """The buyer does not agree."""
        body = await read_body(request, ReasonBody)
        return await self._carried_out(self._commands.reject_cancellation, request, body.reason)

    async def withdraw_cancellation(self, request: Request) -> AgreementAnswer:
        """The seller asks no longer."""
        body = await read_body(request, ReasonBody)
        return await self._carried_out(self._commands.withdraw_cancellation, request, body.reason)

    async def _carried_out(
        self, command: Callable[..., Agreement], request: Request, *given: object
    ) -> AgreementAnswer:
        def carry_out() -> AgreementAnswer:
            agreement = command(request.path_params["id"], *given)
            now = self._clock.now()
            return to_answer_agreement(show_agreement(agreement.id, self._market, now))

        return await run_in_threadpool(carry_out)
