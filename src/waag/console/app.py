"""What all pages have in common: who may ask, how refusals are shown, files beside the pages."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib.resources import files

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from waag.console.forms import read_form
from waag.console.pages import LANDING, STATIC, STOREFRONT, Asked, Handling, Page, Pages
from waag.console.protection import check_name, check_origin
from waag.console.refusals import StorefrontOff, status_of
from waag.domain.refusals import Refusal

_FILES: Mapping[str, str] = {"console.css": "text/css", "icon.svg": "image/svg+xml"}
_TITLES: Mapping[int, str] = {
    403: "This was not taken",
    404: "There is no such page",
    405: "This page is not asked that way",
    409: "This is not possible now",
    413: "That is too much",
    503: "The ledger cannot be reached",
}

_log = logging.getLogger(__name__)


def is_console(path: str) -> bool:
    """Whether a path is one of these pages', also of one that is not there."""
    return path in (STOREFRONT, LANDING) or path.startswith((f"{STOREFRONT}/", f"{LANDING}/"))


class Console:
    """The pages, behind what protects them.

    Args:
        pages: renders them.
        handlings: of all that there is.
        names: that browsers may know the server by; see `waag.console.protection`.
        on: whether there are pages at all; if not, each says why.
    """

    def __init__(
        self, pages: Pages, handlings: Sequence[Handling], names: frozenset[str], *, on: bool
    ) -> None:
        self._pages = pages
        self._handlings = handlings
        self._names = names
        self._on = on

    def app(self) -> Starlette:
        """The ASGI application."""
        by_path: dict[str, dict[str, Handling]] = {}
        for handling in self._handlings:
            by_path.setdefault(handling.path, {})[handling.method] = handling
        folder = files("waag.console") / "static"
        routes = [
            Route(f"{STATIC}/{name}", self._file((folder / name).read_bytes(), media_type))
            for name, media_type in _FILES.items()
        ]
        routes += [
            Route(path, self._endpoint(by_method), methods=list(by_method))
            for path, by_method in by_path.items()
        ]
        app = Starlette(routes=routes, exception_handlers={HTTPException: self._no_route})
        app.router.redirect_slashes = False
        return app

    def _endpoint(
        self, by_method: Mapping[str, Handling]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                return await self._answer(by_method, request)
            except Refusal as refusal:
                return self._refused(refusal)
            except Exception:  # noqa: BLE001 - the outermost frame: it logs, and answers in HTML
                _log.exception("%s %s failed", request.method, request.url.path)
                return self._error(500, "Waag failed", "Its log says why.")

        return endpoint

    async def _answer(self, by_method: Mapping[str, Handling], request: Request) -> Response:
        self._check(request)
        handling = by_method["GET" if request.method == "HEAD" else request.method]
        form: Mapping[str, str] = {}
        if handling.method == "POST":
            if not handling.from_elsewhere:
                check_origin(request.headers)
            form = await read_form(request)
        asked = Asked(
            request.path_params,
            dict(request.query_params),
            form,
            request.headers.get("host", ""),
        )

        def reply() -> Response:
            return self._pages.reply(handling.handle(asked))

        return await run_in_threadpool(reply)

    def _check(self, request: Request) -> None:
        if not self._on:
            raise StorefrontOff(
                "This server was started without a storefront. It has one by default where the "
                "clock can be turned and only this machine can reach it; `--storefront` has it "
                "elsewhere, too, but never with a real clock."
            )
        check_name(request.headers, self._names)

    async def _no_route(self, request: Request, error: Exception) -> Response:
        """Answer what no route takes: another path, or another method."""
        assert isinstance(error, HTTPException)
        try:
            self._check(request)
        except Refusal as refusal:
            return self._refused(refusal)
        allowed = (error.headers or {}).get("Allow")
        if allowed is None:
            return self._error(404, _TITLES[404], f"Nothing is at {request.url.path}.")
        response = self._error(405, _TITLES[405], f"It is asked by {allowed}.")
        response.headers["allow"] = allowed
        return response

    def _refused(self, refusal: Refusal) -> Response:
        status = status_of(refusal)
        title = _TITLES.get(status, "This was refused")
        return self._error(status, title, refusal.why, refusal.rule)

    def _error(self, status: int, title: str, why: str, rule: str = "") -> Response:
        values = {"title": title, "why": why, "rule": rule, "on": self._on}
        return self._pages.reply(Page("error", values, status))

    def _file(self, content: bytes, media_type: str) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(_request: Request) -> Response:
            return self._pages.reply_file(content, media_type)

        return endpoint
