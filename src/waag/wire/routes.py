"""Which service function serves which operation, and what is handed to it.

An operation of the models that stands in no table is known but not served; calling it says so.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from waag.domain.entitlement import EntitlementChoices
from waag.domain.market import Market
from waag.domain.metering import MeteringChoices
from waag.ports import Caller, Clock, Desk, Ledger, RandomBytes
from waag.services.entitlement import get_entitlements
from waag.services.metering import Pending, batch_meter_usage
from waag.wire.faults import OperationNotServed
from waag.wire.generated import commerce_analytics, entitlement, metering, revenue_measurement
from waag.wire.shapes import Operation, Service, Shape
from waag.wire.translate.entitlement import from_wire_query, to_wire_entitlements
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


class Routes:
    """The table of operations over the services and what these need.

    Args:
        clock: what everything is judged by.
        market: who may report what for whom.
        ledger: where accepted usage goes.
        random_bytes: for metering record ids.
        metering: the choices taken where sources on metering contradict each other.
        entitlement: those taken where sources on entitlements do.
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
        entitlement: EntitlementChoices,
        desk: Desk | None = None,
    ) -> None:
        self._clock = clock
        self._market = market
        self._ledger = ledger
        self._random_bytes = random_bytes
        self._metering = metering
        self._entitlement = entitlement
        self._handlers: Mapping[type[Shape], Handler] = self._table() | (
            {} if desk is None else self._desk_table(desk)
        )

    def _table(self) -> dict[type[Shape], Handler]:
        return {metering.BatchMeterUsageRequest: self._batch_meter_usage}

    def _desk_table(self, desk: Desk) -> dict[type[Shape], Handler]:
        return {entitlement.GetEntitlementsRequest: partial(self._get_entitlements, desk)}

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

    def _get_entitlements(
        self, desk: Desk, request: entitlement.GetEntitlementsRequest, caller: Caller
    ) -> Pending[Answer]:
        found = get_entitlements(
            from_wire_query(request),
            caller,
            market=self._market,
            agreements=desk.agreements,
            page_tokens=desk.page_tokens,
            choices=self._entitlement,
            now=self._clock.now(),
        )
        output = to_wire_entitlements(
            request.product_code, found, self._entitlement.empty_entitlements
        )
        answer = Answer(output, found.notes)
        return Pending(None, lambda _: answer)
