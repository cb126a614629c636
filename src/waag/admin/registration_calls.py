"""The operator's call on registration tokens: one made, as a buyer's browser would bring it."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from waag.admin.answers import TokenAnswer, TokenBody
from waag.admin.openapi import Call
from waag.admin.reading import read_body
from waag.domain.instants import format_instant
from waag.domain.market import Market
from waag.domain.registration import RegistrationChoices
from waag.ports import Clock, RegistrationTokens
from waag.services.registration import issue_token


class RegistrationCalls:
    """A part of the admin API.

    Args:
        clock: when a token is made.
        market: finds the agreements.
        tokens: makes them.
        choices: how long these are valid.
    """

    def __init__(
        self,
        clock: Clock,
        market: Market,
        tokens: RegistrationTokens,
        choices: RegistrationChoices,
    ) -> None:
        self._clock = clock
        self._market = market
        self._tokens = tokens
        self._choices = choices

    def calls(self) -> tuple[Call, ...]:
        """Every call, and which method answers it."""
        return (
            Call(
                "POST",
                "/registration-tokens",
                self.registration_token,
                "A registration token for an agreement, as a buyer's browser would bring it",
                body=TokenBody,
                answer=TokenAnswer,
            ),
        )

    async def registration_token(self, request: Request) -> TokenAnswer:
        """Issue a registration token."""
        issued = await run_in_threadpool(
            issue_token,
            (await read_body(request, TokenBody)).agreement,
            market=self._market,
            choices=self._choices,
            now=self._clock.now(),
            tokens=self._tokens,
        )
        return TokenAnswer(issued.token, format_instant(issued.expires))
