"""The operator's API: what may be asked, by whom, and how it is answered.

JSON under /admin/v1 with a bearer token; /healthz without one. Each call is a method of
`AdminApi`; the table in `AdminApi.calls` is the whole of it, and what openapi.json is written from.
"""

import hmac
import logging
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from waag import __version__
from waag.admin.answers import (
    AccountCredentialsAnswer,
    AdvanceBody,
    CallsAnswer,
    ClockAnswer,
    ClockBody,
    ErrorAnswer,
    ErrorBody,
    HealthAnswer,
    MarketChangeAnswer,
    MistakeAnswer,
    TokenAnswer,
    TokenBody,
    UsageRecordsAnswer,
    UsageWarningsAnswer,
    to_answer_call,
    to_answer_credentials,
    to_answer_usage_record,
    to_answer_usage_warning,
)
from waag.admin.fault_calls import FaultCalls
from waag.admin.market_file import MarketFileRefused, apply_market_file, read_market_file
from waag.admin.openapi import Call, describe
from waag.admin.public_keys import NoPublicKeys, PublicKeyCalls
from waag.admin.reading import optional, read_body, read_bytes, read_instant, read_limit
from waag.admin.refusals import BadRequest, BodyTooLarge, NotFound, Unauthorized
from waag.domain.agreement_states import AgreementUnknown, CommandRefused
from waag.domain.clock import ClockMode
from waag.domain.instants import SECOND, format_instant
from waag.domain.market import Market
from waag.domain.metering import UsageKey
from waag.domain.refusals import Refusal, StoreUnavailable
from waag.domain.registration import RegistrationChoices
from waag.domain.usage import LIMIT_MAX
from waag.ports import (
    CallsReader,
    Clock,
    Markets,
    RegistrationTokens,
    Settle,
    SigningKeys,
    UsageReader,
)
from waag.services.agreements import EventNotSent, EventUnknown
from waag.services.clock import advance_clock, advance_clock_to, set_clock
from waag.services.faults import FaultUnknown, PlannedFaults
from waag.services.registration import issue_token
from waag.services.usage import read_usage
from waag.services.usage_warnings import usage_warnings

CALLS_LIMIT_MAX = 10_000
_Column = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
_CursorKey = tuple[_Column, _Column, str, _Column, _Column, _Column, str]
"""A usage record's key as a cursor holds it: numbers that a column can hold."""

_log = logging.getLogger(__name__)

_STATUSES: Mapping[type[Refusal], int] = {
    BodyTooLarge: 413,
    Unauthorized: 401,
    NotFound: 404,
    AgreementUnknown: 404,
    CommandRefused: 409,
    EventNotSent: 409,
    EventUnknown: 404,
    FaultUnknown: 404,
    MarketFileRefused: 422,
    NoPublicKeys: 404,
    StoreUnavailable: 503,
}
"""HTTP status by refusal; 400 for all others."""


class AdminApi:
    """The calls of the admin API over the services.

    Args:
        token: what the operator's bearer token must be.
        clock: the server's clock; only some can be turned.
        market: looked up by any thread.
        markets: changes the market.
        usage: reads accepted usage.
        calls: the latest API calls.
        signing_keys: what registrations are signed with.
        tokens: makes registration tokens.
        registration: how long these are valid.
        faults: those planned for calls to come.
        settle: told whenever the clock was turned.
        more: calls that have a module of their own.
    """

    def __init__(
        self,
        token: str,
        *,
        clock: Clock,
        market: Market,
        markets: Markets,
        usage: UsageReader,
        calls: CallsReader,
        signing_keys: SigningKeys,
        tokens: RegistrationTokens,
        registration: RegistrationChoices,
        faults: PlannedFaults,
        settle: Settle = lambda: None,
        more: Sequence[Call] = (),
    ) -> None:
        self._token = token.encode()
        self._clock = clock
        self._market = market
        self._markets = markets
        self._usage = usage
        self._calls = calls
        self._settle, self._more = settle, more
        self._public_keys = PublicKeyCalls(market, clock, signing_keys)
        self._tokens, self._registration = tokens, registration
        self._fault_calls = FaultCalls(faults)

    def app(self) -> Starlette:
        """The ASGI application."""
        by_path: dict[str, dict[str, Call]] = {}
        for call in self.calls():
            by_path.setdefault(call.path, {})[call.method] = call
        routes = [Route("/healthz", _health, methods=["GET"])]
        routes += [
            # A product code may have slashes.
            Route(
                f"/admin/v1{path.replace('{code}', '{code:path}')}",
                self._endpoint(by_method),
                methods=list(by_method),
            )
            for path, by_method in by_path.items()
        ]
        app = Starlette(routes=routes, exception_handlers={HTTPException: _http_error})
        app.router.redirect_slashes = False
        return app

    def calls(self) -> tuple[Call, ...]:
        """Every call, and which method answers it."""
        return (
            Call("GET", "/clock", self.get_clock, "What the clock shows", answer=ClockAnswer),
            Call(
                "PUT", "/clock", self.put_clock, "Set the clock", body=ClockBody, answer=ClockAnswer
            ),
            Call(
                "POST",
                "/clock/advance",
                self.advance,
                "Advance the clock; answered once everything due has settled",
                body=AdvanceBody,
                answer=ClockAnswer,
            ),
            Call(
                "GET",
                "/usage-records",
                self.usage_records,
                "What was accepted, in key order",
                parameters=("product", "agreement", "from", "to", "limit", "cursor"),
                answer=UsageRecordsAnswer,
            ),
            Call(
                "GET",
                "/usage-warnings",
                self.usage_warnings,
                "What was accepted and is probably not what was meant",
                parameters=("product", "from", "to", "limit"),
                answer=UsageWarningsAnswer,
            ),
            Call(
                "GET",
                "/calls",
                self.latest_calls,
                "The latest API calls, newest first",
                parameters=("limit",),
                answer=CallsAnswer,
            ),
            Call(
                "PUT",
                "/market",
                self.put_market,
                "Apply a market file (YAML); `name` is how messages name it",
                parameters=("name",),
                body=str,
                answer=MarketChangeAnswer,
            ),
            Call(
                "GET",
                "/accounts/{account}/credentials",
                self.credentials,
                "Who signs for an account, and with what",
                answer=AccountCredentialsAnswer,
            ),
            *self._more,
            *self._public_keys.calls(),
            Call(
                "POST",
                "/registration-tokens",
                self.registration_token,
                "A registration token for an agreement, as a buyer's browser would bring it",
                body=TokenBody,
                answer=TokenAnswer,
            ),
            *self._fault_calls.calls(),
            Call("GET", "/openapi.json", self.openapi, "This description", answer=dict),
        )

    def _endpoint(self, by_method: Mapping[str, Call]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            call = by_method["GET" if request.method == "HEAD" else request.method]
            try:
                self._authorize(request)
                return _json(200, await call.handle(request))
            except Refusal as refusal:
                return _refused(refusal)
            except Exception:  # noqa: BLE001 - the outermost frame: it logs, and answers in JSON
                _log.exception("%s %s failed", call.method, call.path)
                return _error(500, "internal", "Waag failed; its log says why.")

        return endpoint

    def _authorize(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(token.encode(), self._token):
            raise Unauthorized(
                "The admin API takes `Authorization: Bearer TOKEN`; the token lies in "
                "operator-token in the data directory."
            )

    async def get_clock(self, _request: Request) -> ClockAnswer:
        """What the clock shows."""
        return self._shown()

    async def put_clock(self, request: Request) -> ClockAnswer:
        """Set the clock."""
        body = await read_body(request, ClockBody)
        mode = self._clock.mode if body.mode is None else ClockMode(body.mode)
        now = self._clock.now() if body.now is None else read_instant("now", body.now)
        await run_in_threadpool(set_clock, self._clock, mode, now, self._settle)
        return self._shown()

    async def advance(self, request: Request) -> ClockAnswer:
        """Advance the clock; answered once everything due has settled."""
        body = await read_body(request, AdvanceBody)
        if (body.seconds is None) is (body.to is None):
            raise BadRequest('Send either {"seconds": 3600} or {"to": "2026-12-01T06:00:00Z"}.')
        if body.to is not None:
            to = read_instant("to", body.to)
            await run_in_threadpool(advance_clock_to, self._clock, to, self._settle)
        else:
            by = round((body.seconds or 0) * SECOND)
            await run_in_threadpool(advance_clock, self._clock, by, self._settle)
        return self._shown()

    def _shown(self) -> ClockAnswer:
        mode = "frozen" if self._clock.mode is ClockMode.FROZEN else "running"
        return ClockAnswer(mode, format_instant(self._clock.now()))

    async def usage_records(self, request: Request) -> UsageRecordsAnswer:
        """What was accepted, in key order."""
        asked = request.query_params
        page = await run_in_threadpool(
            read_usage,
            self._usage,
            self._market,
            product=asked.get("product"),
            agreement=asked.get("agreement"),
            since=optional("from", asked.get("from"), read_instant),
            until=optional("to", asked.get("to"), read_instant),
            after=optional("cursor", asked.get("cursor"), _from_cursor),
            limit=read_limit(asked.get("limit"), 100, LIMIT_MAX),
        )
        return UsageRecordsAnswer(
            tuple(map(to_answer_usage_record, page.records)),
            None if page.next is None else _to_cursor(page.next),
        )

    async def usage_warnings(self, request: Request) -> UsageWarningsAnswer:
        """What was accepted and is probably not what was meant."""
        asked = request.query_params
        found = await run_in_threadpool(
            usage_warnings,
            self._usage,
            self._market,
            product=asked.get("product"),
            since=optional("from", asked.get("from"), read_instant),
            until=optional("to", asked.get("to"), read_instant),
            limit=read_limit(asked.get("limit"), 100, LIMIT_MAX),
        )
        return UsageWarningsAnswer(tuple(map(to_answer_usage_warning, found.warnings)), found.more)

    async def latest_calls(self, request: Request) -> CallsAnswer:
        """The latest API calls, newest first."""
        limit = read_limit(request.query_params.get("limit"), 50, CALLS_LIMIT_MAX)
        return CallsAnswer(tuple(map(to_answer_call, await self._calls.latest(limit))))

    async def put_market(self, request: Request) -> MarketChangeAnswer:
        """Apply a market file."""
        name = request.query_params.get("name", "market file")
        body = await read_bytes(request)

        def apply() -> MarketChangeAnswer:
            change = apply_market_file(read_market_file(body, name), self._markets)
            return MarketChangeAnswer(change.added, change.changed, change.unchanged)

        return await run_in_threadpool(apply)

    async def credentials(self, request: Request) -> AccountCredentialsAnswer:
        """Who signs for an account, and with what."""
        account = self._market.account(request.path_params["account"])
        if account is None:
            raise NotFound(f"There is no account {request.path_params['account']}.")
        return to_answer_credentials(account)

    async def registration_token(self, request: Request) -> TokenAnswer:
        """Issue a registration token."""
        issued = await run_in_threadpool(
            issue_token,
            (await read_body(request, TokenBody)).agreement,
            market=self._market,
            choices=self._registration,
            now=self._clock.now(),
            tokens=self._tokens,
        )
        return TokenAnswer(issued.token, format_instant(issued.expires))

    async def openapi(self, _request: Request) -> dict[str, Any]:
        """This description."""
        return describe(self.calls(), ErrorBody)


async def _health(_request: Request) -> Response:
    return _json(200, HealthAnswer("ok", __version__))


def _to_cursor(key: UsageKey) -> str:
    return urlsafe_b64encode(msgspec.json.encode(key)).decode()


def _from_cursor(name: str, text: str) -> UsageKey:
    try:
        return msgspec.json.decode(urlsafe_b64decode(text), type=_CursorKey)
    except ValueError as error:  # bad base64 and bad JSON alike
        raise BadRequest(f"{name} is not a next_cursor of an answer.") from error


def _json(status: int, content: object) -> Response:
    return Response(msgspec.json.encode(content), status, media_type="application/json")


def _refused(refusal: Refusal) -> Response:
    mistakes: tuple[MistakeAnswer, ...] = ()
    if isinstance(refusal, MarketFileRefused):
        mistakes = tuple(
            msgspec.convert(each, MistakeAnswer, from_attributes=True) for each in refusal.located
        )
    status = _STATUSES.get(type(refusal), 400)
    response = _error(status, refusal.rule, refusal.why, mistakes)
    if isinstance(refusal, Unauthorized):
        response.headers["www-authenticate"] = "Bearer"
    return response


async def _http_error(request: Request, error: Exception) -> Response:
    """Answer what no route takes: another path, or another method."""
    assert isinstance(error, HTTPException)
    asked = request.url.path
    methods = (error.headers or {}).get("Allow")
    if methods is None:
        return _error(error.status_code, "admin.not-found", f"The admin API has no {asked}.")
    allowed = ", ".join(sorted(methods.split(", ")))
    response = _error(
        error.status_code, "admin.method", f"{asked} takes {allowed}, not {request.method}."
    )
    response.headers["allow"] = allowed
    return response


def _error(
    status: int, rule: str, message: str, mistakes: tuple[MistakeAnswer, ...] = ()
) -> Response:
    return _json(status, ErrorBody(ErrorAnswer(rule, message, mistakes)))
