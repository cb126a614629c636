"""The operator's calls about simulations: one begun, looked at, broken off."""

from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from waag.admin.openapi import Call
from waag.admin.reading import read_body
from waag.domain.instants import format_instant
from waag.domain.months import parse_month
from waag.domain.simulation.plan import Asked
from waag.services.simulation import Progress, Simulations

MONTHS_MAX = 60
CUSTOMERS_MAX = 100_000
FIRST = "2026-01"
"""The first month, unless another is asked for: always the same, so that the books are."""


class SimulateBody(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from"}
):
    """What is simulated; `from` is the first month."""

    seed: Annotated[int, Meta(ge=0, lt=2**53)] = 1
    months: Annotated[int, Meta(ge=1, le=MONTHS_MAX)] = 12
    customers: Annotated[int, Meta(ge=1, le=CUSTOMERS_MAX)] = 1000
    first: str = FIRST


class SimulationAnswer(msgspec.Struct, frozen=True, rename={"first": "from"}):
    """How far a simulation has come, and what it has made; all null before the first one.

    `stage` is running, done, stopped or failed; `done` and `total` count steps.
    """

    stage: str | None = None
    why: str | None = None
    seed: int | None = None
    months: int | None = None
    customers: int | None = None
    first: str | None = None
    done: int | None = None
    total: int | None = None
    now: str | None = None
    agreements: int | None = None
    usage_records: int | None = None
    payments: int | None = None
    given_back: int | None = None


class SimulationCalls:
    """A part of the admin API.

    Args:
        simulations: carried out there.
    """

    def __init__(self, simulations: Simulations) -> None:
        self._simulations = simulations

    def calls(self) -> tuple[Call, ...]:
        """Every call, and which method answers it."""
        path = "/simulate"
        return (
            Call(
                "POST",
                path,
                self.simulate,
                "Begin to make up a history; answered before it is done",
                body=SimulateBody,
                answer=SimulationAnswer,
            ),
            Call(
                "GET",
                path,
                self.simulation,
                "How far the simulation has come that is in hand, or was last",
                answer=SimulationAnswer,
            ),
            Call(
                "DELETE",
                path,
                self.stop_simulation,
                "Break the simulation off; what it made stays",
                answer=SimulationAnswer,
            ),
        )

    async def simulate(self, request: Request) -> SimulationAnswer:
        """Begin to make up a history."""
        body = await read_body(request, SimulateBody)
        asked = Asked(body.seed, body.months, body.customers, parse_month(body.first))
        return _to_answer(await run_in_threadpool(self._simulations.begin, asked))

    async def simulation(self, _request: Request) -> SimulationAnswer:
        """How far it has come."""
        return _to_answer(self._simulations.latest)

    async def stop_simulation(self, _request: Request) -> SimulationAnswer:
        """Break it off."""
        return _to_answer(await run_in_threadpool(self._simulations.stop))


def _to_answer(progress: Progress | None) -> SimulationAnswer:
    if progress is None:
        return SimulationAnswer()
    asked = progress.asked
    return SimulationAnswer(
        progress.stage.value,
        progress.why or None,
        asked.seed,
        asked.months,
        asked.customers,
        str(asked.first),
        progress.done,
        progress.total,
        format_instant(progress.now),
        progress.agreements,
        progress.usage_records,
        progress.payments,
        progress.given_back,
    )
