"""The operator's calls on the clock: looked at, set, advanced."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from waag.admin.answers import AdvanceBody, ClockAnswer, ClockBody
from waag.admin.openapi import Call
from waag.admin.reading import read_body, read_instant
from waag.admin.refusals import BadRequest
from waag.domain.clock import ClockMode
from waag.domain.instants import SECOND, format_instant
from waag.ports import Clock, Settle
from waag.services.clock import advance_clock, advance_clock_to, set_clock


class ClockCalls:
    """A part of the admin API.

    Args:
        clock: the server's; only some can be turned.
        settle: told whenever the clock was turned.
    """

    def __init__(self, clock: Clock, settle: Settle) -> None:
        self._clock = clock
        self._settle = settle

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
