"""The operator's API: what may be asked, by whom, and how it is answered.

JSON under /admin/v1 with a bearer token; /healthz without one. What can be asked is a module a
feature, `X_calls`; openapi.json is written from their tables.
"""

import hmac
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from waag import __version__
from waag.admin.answers import (
    ErrorAnswer,
    ErrorBody,
    HealthAnswer,
    MistakeAnswer,
)
from waag.admin.market_file import MarketFileRefused
from waag.admin.openapi import Call, describe
from waag.admin.public_key_calls import NoPublicKeys
from waag.admin.refusals import BodyTooLarge, NotFound, Unauthorized
from waag.domain.agreement_states import AgreementUnknown, CommandRefused
from waag.domain.analytics.refusals import ContactUnknown, EnrolledElsewhere, RequestUnknown
from waag.domain.attribution.refusals import ResourceUnknown
from waag.domain.billing.adjustments import AdjustmentRefused
from waag.domain.refusals import Refusal, StoreUnavailable
from waag.services.agreements import EventNotSent, EventUnknown
from waag.services.billing import MonthEndRefused
from waag.services.faults import FaultUnknown
from waag.services.payments import InvoiceUnknown, PaymentRefused
from waag.services.simulation import SimulationRefused

_log = logging.getLogger(__name__)

_STATUSES: Mapping[type[Refusal], int] = {
    BodyTooLarge: 413,
    Unauthorized: 401,
    NotFound: 404,
    AgreementUnknown: 404,
    CommandRefused: 409,
    ContactUnknown: 404,
    EnrolledElsewhere: 409,
    EventNotSent: 409,
    EventUnknown: 404,
    FaultUnknown: 404,
    MarketFileRefused: 422,
    NoPublicKeys: 404,
    RequestUnknown: 404,
    ResourceUnknown: 404,
    InvoiceUnknown: 404,
    AdjustmentRefused: 409,
    MonthEndRefused: 409,
    PaymentRefused: 409,
    SimulationRefused: 409,
    StoreUnavailable: 503,
}
"""HTTP status by refusal; 400 for all others."""


class AdminApi:
    """Calls over HTTP, for whoever has the operator's token.

    Args:
        token: what the operator's bearer token must be.
        calls: what can be asked, beside the description of it all.
    """

    def __init__(self, token: str, calls: Iterable[Call]) -> None:
        self._token = token.encode()
        description = Call("GET", "/openapi.json", self.openapi, "This description", answer=dict)
        self._calls = (*calls, description)

    def app(self) -> Starlette:
        """The ASGI application."""
        by_path: dict[str, dict[str, Call]] = {}
        for call in self._calls:
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

    async def openapi(self, _request: Request) -> dict[str, Any]:
        """This description."""
        return describe(self._calls, ErrorBody)


async def _health(_request: Request) -> Response:
    return _json(200, HealthAnswer("ok", __version__))


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
