"""The operator's calls about faults on demand: planned, listed, cleared."""

from collections.abc import Iterable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from waag.admin.answers import FaultAnswer, FaultBody, FaultsAnswer
from waag.admin.openapi import Call
from waag.admin.reading import read_body
from waag.domain.faults import FaultEffect, FaultPlan, PlannedFault
from waag.services.faults import PlannedFaults


class FaultCalls:
    """A part of the admin API.

    Args:
        faults: planned, listed and cleared there.
    """

    def __init__(self, faults: PlannedFaults) -> None:
        self._faults = faults

    def calls(self) -> tuple[Call, ...]:
        """Every call, and which method answers it."""
        return (
            Call(
                "POST",
                "/faults",
                self.plan_fault,
                "Plan a fault for calls to come",
                body=FaultBody,
                answer=FaultAnswer,
            ),
            Call("GET", "/faults", self.faults, "Faults that are not used up", answer=FaultsAnswer),
            Call(
                "DELETE",
                "/faults",
                self.clear_faults,
                "Clear all faults; answered with those cleared",
                answer=FaultsAnswer,
            ),
            Call(
                "DELETE",
                "/faults/{id}",
                self.clear_fault,
                "Clear one fault; answered with it",
                answer=FaultsAnswer,
            ),
        )

    async def plan_fault(self, request: Request) -> FaultAnswer:
        """Plan a fault for calls to come."""
        plan = _from_body(await read_body(request, FaultBody))
        return _to_answer(await run_in_threadpool(self._faults.plan, plan))

    async def faults(self, _request: Request) -> FaultsAnswer:
        """Faults that are not used up."""
        return _to_answers(self._faults.planned())

    async def clear_faults(self, _request: Request) -> FaultsAnswer:
        """Clear all faults."""
        return _to_answers(await run_in_threadpool(self._faults.clear))

    async def clear_fault(self, request: Request) -> FaultsAnswer:
        """Clear one fault."""
        return _to_answers(await run_in_threadpool(self._faults.clear, request.path_params["id"]))


def _from_body(body: FaultBody) -> FaultPlan:
    return FaultPlan(
        body.operation,
        FaultEffect(body.effect),
        body.account,
        body.count,
        body.every,
        body.records,
        body.seconds,
        after_commit=body.when == "after",
    )


def _to_answers(faults: Iterable[PlannedFault]) -> FaultsAnswer:
    return FaultsAnswer(tuple(map(_to_answer, faults)))


def _to_answer(fault: PlannedFault) -> FaultAnswer:
    plan = fault.plan
    when = None
    if plan.effect is FaultEffect.DISCONNECT:
        when = "after" if plan.after_commit else "before"
    return FaultAnswer(
        fault.id,
        plan.operation,
        plan.effect.value,
        plan.account,
        plan.count,
        plan.every,
        plan.records,
        plan.seconds,
        when,
        fault.matched,
        fault.struck,
    )
