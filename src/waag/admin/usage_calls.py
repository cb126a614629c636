"""The operator's calls on accepted usage: read back, and looked through for mistakes."""

from typing import Annotated

from msgspec import Meta
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from waag.admin.answers import (
    UsageRecordsAnswer,
    UsageWarningsAnswer,
    to_answer_usage_record,
    to_answer_usage_warning,
)
from waag.admin.openapi import Call
from waag.admin.reading import cursor_reader, optional, read_instant, read_limit, to_cursor
from waag.domain.market import Market
from waag.domain.usage import LIMIT_MAX
from waag.ports import UsageReader
from waag.services.usage import read_usage
from waag.services.usage_warnings import usage_warnings

_Column = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]

_read_cursor = cursor_reader(tuple[_Column, _Column, str, _Column, _Column, _Column, str])
"""Of a usage record's key: numbers that a column can hold."""


class UsageCalls:
    """A part of the admin API.

    Args:
        usage: reads accepted usage.
        market: finds what it is asked for by.
    """

    def __init__(self, usage: UsageReader, market: Market) -> None:
        self._usage = usage
        self._market = market

    def calls(self) -> tuple[Call, ...]:
        """Every call, and which method answers it."""
        return (
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
        )

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
            after=optional("cursor", asked.get("cursor"), _read_cursor),
            limit=read_limit(asked.get("limit"), 100, LIMIT_MAX),
        )
        return UsageRecordsAnswer(
            tuple(map(to_answer_usage_record, page.records)),
            None if page.next is None else to_cursor(page.next),
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
