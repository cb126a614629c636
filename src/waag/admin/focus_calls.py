"""The operator's call for a month's charges as FOCUS rows, a page at a time."""

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from waag.admin.openapi import Call
from waag.admin.reading import cursor_reader, optional, read_limit, to_cursor
from waag.admin.refusals import BadRequest
from waag.domain.billing.focus import COLUMNS, VERSION, in_order
from waag.domain.market import Market
from waag.domain.months import parse_month
from waag.ports.billing import Books
from waag.ports.focus import MonthlyCharges
from waag.services.focus import FocusPlace, focus_page

LIMIT_MAX = 1000

_read_place = cursor_reader(FocusPlace)


class FocusAnswer(msgspec.Struct, frozen=True):
    """Rows of FOCUS: a value for each column, in order; an empty one is null.

    `limit` counts charges, which may be several rows; `next_cursor` is null on the last page.
    """

    focus_version: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    next_cursor: str | None


class FocusCalls:
    """A part of the admin API.

    Args:
        market: knows accounts.
        monthly: what was charged.
        books: who sold what.
    """

    def __init__(self, market: Market, monthly: MonthlyCharges, books: Books) -> None:
        self._market = market
        self._monthly = monthly
        self._books = books

    def calls(self) -> tuple[Call, ...]:
        """Every call, and which method answers it."""
        return (
            Call(
                "GET",
                "/focus",
                self.focus,
                "Charges of a month as rows of the FinOps Open Cost and Usage Specification",
                parameters=("month", "account", "limit", "cursor"),
                answer=FocusAnswer,
            ),
        )

    async def focus(self, request: Request) -> FocusAnswer:
        """Charges of a month as rows of FOCUS."""
        asked = request.query_params
        if (month := asked.get("month")) is None:
            raise BadRequest("Name a month, such as ?month=2026-10.")
        page = await run_in_threadpool(
            focus_page,
            parse_month(month),
            asked.get("account"),
            optional("cursor", asked.get("cursor"), _read_place) or FocusPlace(),
            read_limit(asked.get("limit"), LIMIT_MAX, LIMIT_MAX),
            market=self._market,
            monthly=self._monthly,
            books=self._books,
        )
        following = None if page.next is None else to_cursor(page.next)
        return FocusAnswer(VERSION, tuple(COLUMNS), tuple(in_order(page.rows)), following)
