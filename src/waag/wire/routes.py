"""Which service function serves which operation, and what is handed to it.

An operation of the models that stands in no table is known but not served; calling it says so.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from waag.domain.market import Market
from waag.domain.metering import MeteringChoices
from waag.ports import Caller, Clock, Desk, Ledger, RandomBytes
from waag.services.metering import Pending, batch_meter_usage
from waag.wire.faults import OperationNotServed
from waag.wire.generated import commerce_analytics, entitlement, metering, revenue_measurement
from waag.wire.shapes import Operation, Service, Shape
from waag.wire.translate.metering import from_wire_batch, to_wire_batch

SERVICES: Sequence[Service] = (
    metering.SERVICE,
    entitlement.SERVICE,
    commerce_analytics.SERVICE,
    revenue_measurement.SERVICE,
)
"""Every service there is; each is known on every protocol."""


class Answer(msgspec.Struct, frozen=True):
    """What an operation answers.

    Attributes:
        output: None for an operation that answers nothing.
        notes: remarks for the operator on parts of the answer.
    """

    output: Shape | None
    notes: tuple[str, ...] = ()


Handler = Callable[[Any, Caller], Pending[Answer]]
"""Answers at once, or when the ledger has; never waits itself."""

DeskHandler = Callable[[Any, Caller], Answer]
"""Answers when it is done; may wait for the disk."""


class Routes:
    """The table of operations over the services and what these need.

    Args:
        clock: what everything is judged by.
        market: who may report what for whom.
        ledger: where accepted usage goes.
        random_bytes: for metering record ids.
        metering: the choices taken where sources on metering contradict each other.
        desk: what only a front beside its keeper has; None in a process of its own.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        market: Market,
        ledger: Ledger,
        random_bytes: RandomBytes,
        metering: MeteringChoices,
        desk: Desk | None,
    ) -> None:
        self._clock = clock
        self._market = market
        self._ledger = ledger
        self._random_bytes = random_bytes
        self._metering = metering
        self._at_once: Mapping[type[Shape], Handler] = self._table()
        self._at_the_desk: Mapping[type[Shape], DeskHandler] = (
            {} if desk is None else self._desk_table(desk)
        )

    def _table(self) -> Mapping[type[Shape], Handler]:
        """What every front answers by itself: it has to be fast."""
        return {metering.BatchMeterUsageRequest: self._batch_meter_usage}

    def _desk_table(self, _desk: Desk) -> Mapping[type[Shape], DeskHandler]:
        """What is answered beside the keeper only: it does more than to read and to append."""
        return {}

    def serves(self, operation: Operation) -> bool:
        """Whether an operation is answered here."""
        return operation.input in self._at_once or operation.input in self._at_the_desk

    async def answer(
        self, service: Service, operation: Operation, received: Any, caller: Caller
    ) -> Answer:
        """What an operation answers; what it records is on disk by then.

        Raises:
            OperationNotServed: nothing serves it yet.
            Refusal: the operation's own.
        """
        at_once = self._at_once.get(operation.input)
        if at_once is not None:
            pending = at_once(received, caller)
            return pending.finish({} if pending.standings is None else await pending.standings)
        at_the_desk = self._at_the_desk.get(operation.input)
        if at_the_desk is None:
            raise OperationNotServed(
                f"This Waag does not serve {operation.name} of {service.service_id} yet."
            )
        # On a thread of its own: it may wait for the disk, and others go on meanwhile.
        return await asyncio.to_thread(at_the_desk, received, caller)

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
