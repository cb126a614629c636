"""The operator's call on the latest API calls: what was asked, what was answered, and why."""

from starlette.requests import Request

from waag.admin.answers import CallsAnswer, to_answer_call
from waag.admin.openapi import Call
from waag.admin.reading import read_limit
from waag.ports import CallsReader

LIMIT_MAX = 10_000


class LatestCallsCalls:
    """A part of the admin API.

    Args:
        latest: the latest API calls.
    """

    def __init__(self, latest: CallsReader) -> None:
        self._latest = latest

    def calls(self) -> tuple[Call, ...]:
        """Every call, and which method answers it."""
        return (
            Call(
                "GET",
                "/calls",
                self.latest_calls,
                "The latest API calls, newest first",
                parameters=("limit",),
                answer=CallsAnswer,
            ),
        )

    async def latest_calls(self, request: Request) -> CallsAnswer:
        """The latest API calls, newest first."""
        limit = read_limit(request.query_params.get("limit"), 50, LIMIT_MAX)
        return CallsAnswer(tuple(map(to_answer_call, await self._latest.latest(limit))))
