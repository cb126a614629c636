"""Which service function serves which operation, and what is handed to it.

An operation of the models that stands in no table is known but not served; calling it says so.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from waag.domain.faults import FaultEffect, PlannedFault
from waag.domain.market import Market
from waag.domain.metering import MeteringChoices
from waag.ports import Caller, Clock, Ledger, RandomBytes
from waag.services.metering import Pending, batch_meter_usage
from waag.wire.faults import OperationNotServed
from waag.wire.generated import commerce_analytics, entitlement, metering, revenue_measurement
from waag.wire.planned_faults import Disconnected
from waag.wire.shapes import Operation, Service, Shape
from waag.wire.translate.metering import (
    from_wire_batch,
    split_batch,
    to_wire_batch,
    with_unprocessed,
)

SERVICES: Sequence[Service] = (
    metering.SERVICE,
    entitlement.SERVICE,
    commerce_analytics.SERVICE,
    revenue_measurement.SERVICE,
)
"""Every service there is; each is known on every protocol."""

OPERATION_NAMES = frozenset(name for service in SERVICES for name in service.operations)
"""Of all services; no two have one of the same name."""


class Answer(msgspec.Struct, frozen=True):
    """What an operation answers.

    Attributes:
        output: None for an operation that answers nothing.
        notes: remarks for the operator on parts of the answer.
    """

    output: Shape | None
    notes: tuple[str, ...] = ()


Handler = Callable[[Any, Caller], Pending[Answer]]


def struck(handler: Handler, fault: PlannedFault) -> Handler:
    """What serves an operation for a call that a planned fault has struck."""
    match fault.plan.effect:
        case FaultEffect.UNPROCESSED:
            return _handing_back(handler, fault.plan.records)
        case FaultEffect.DISCONNECT:
            return _unanswered(handler, fault)
        case _:
            return handler


def _handing_back(handler: Handler, records: int | None) -> Handler:
    """The last records of a batch, or all, are handed back; the others go their way."""

    def handle(request: metering.BatchMeterUsageRequest, caller: Caller) -> Pending[Answer]:
        processed, unprocessed = split_batch(request, records)
        pending = handler(processed, caller)
        note = f"{len(unprocessed)} of {len(request.usage_records)} records were handed back."

        def finish(standings: Any) -> Answer:
            answer = pending.finish(standings)
            assert isinstance(answer.output, metering.BatchMeterUsageResult), "of this operation"
            output = with_unprocessed(answer.output, unprocessed)
            return Answer(output, (*answer.notes, note))

        return Pending(pending.standings, finish)

    return handle


def _unanswered(handler: Handler, fault: PlannedFault) -> Handler:
    """The call is carried out, and nobody is told."""

    def handle(request: Any, caller: Caller) -> Pending[Answer]:
        pending = handler(request, caller)

        def finish(standings: Any) -> Answer:
            pending.finish(standings)
            raise Disconnected(fault.why)

        return Pending(pending.standings, finish)

    return handle


class Routes:
    """The table of operations over the services and what these need.

    Args:
        clock: what everything is judged by.
        market: who may report what for whom.
        ledger: where accepted usage goes.
        random_bytes: for metering record ids.
        metering: the choices taken where sources on metering contradict each other.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        market: Market,
        ledger: Ledger,
        random_bytes: RandomBytes,
        metering: MeteringChoices,
    ) -> None:
        self._clock = clock
        self._market = market
        self._ledger = ledger
        self._random_bytes = random_bytes
        self._metering = metering
        self._handlers: Mapping[type[Shape], Handler] = self._table()

    def _table(self) -> Mapping[type[Shape], Handler]:
        return {metering.BatchMeterUsageRequest: self._batch_meter_usage}

    def handler(self, service: Service, operation: Operation) -> Handler:
        """What serves an operation.

        Raises:
            OperationNotServed: nothing does yet.
        """
        handler = self._handlers.get(operation.input)
        if handler is None:
            raise OperationNotServed(
                f"This Waag does not serve {operation.name} of {service.service_id} yet."
            )
        return handler

    def _batch_meter_usage(
        self, request: metering.BatchMeterUsageRequest, caller: Caller
    ) -> Pending[Answer]:
        pending = batch_meter_usage(
            from_wire_batch(request),
            caller,
            market=self._market,
            choices=self._metering,
            now=self._clock.now(),
            random_bytes=self._random_bytes,
            ledger=self._ledger,
        )

        def finish(standings: Any) -> Answer:
            results = pending.finish(standings)
            notes = tuple(
                f"UsageRecords[{index}]: {result.verdict.value}. {result.why}"
                for index, result in enumerate(results)
                if result.why
            )
            return Answer(to_wire_batch(request, results), notes)

        return Pending(pending.standings, finish)
