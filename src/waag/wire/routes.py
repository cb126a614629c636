"""Which service function serves which operation, and what is handed to it.

An operation of the models that stands in no table is known but not served; calling it says so.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from waag.domain.market import Market
from waag.domain.metering import MeteringChoices
from waag.ports import Caller, Clock, Ledger, RandomBytes, SigningKeys, Workloads
from waag.services.metering import Pending, batch_meter_usage
from waag.services.workloads import meter_usage, register_usage
from waag.wire.faults import OperationNotServed
from waag.wire.generated import commerce_analytics, entitlement, metering, revenue_measurement
from waag.wire.shapes import Operation, Service, Shape
from waag.wire.translate.metering import from_wire_batch, to_wire_batch
from waag.wire.translate.workloads import (
    from_wire_registration,
    from_wire_usage,
    to_wire_registration,
    to_wire_usage,
)

SERVICES: Sequence[Service] = (
    metering.SERVICE,
    entitlement.SERVICE,
    commerce_analytics.SERVICE,
    revenue_measurement.SERVICE,
)
"""Every service there is; each is known on every protocol."""


def is_dry_run(received: object) -> bool:
    """Whether a decoded request only asks whether it would be carried out."""
    return isinstance(received, metering.MeterUsageRequest) and received.dry_run is True


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
        workloads: where workloads report themselves; None where the keeper is another process.
        signing_keys: what registrations are signed with; None there, too.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        market: Market,
        ledger: Ledger,
        random_bytes: RandomBytes,
        metering: MeteringChoices,
        workloads: Workloads | None = None,
        signing_keys: SigningKeys | None = None,
    ) -> None:
        self._clock = clock
        self._market = market
        self._ledger = ledger
        self._random_bytes = random_bytes
        self._metering = metering
        self._workloads = workloads
        self._signing_keys = signing_keys
        self._handlers: Mapping[type[Shape], Handler] = self._table()

    def _table(self) -> Mapping[type[Shape], Handler]:
        workloads, signing_keys = self._workloads, self._signing_keys
        table: dict[type[Shape], Handler] = {
            metering.BatchMeterUsageRequest: self._batch_meter_usage
        }
        if workloads is not None:
            table[metering.MeterUsageRequest] = self._meter_usage(workloads)
        if workloads is not None and signing_keys is not None:
            table[metering.RegisterUsageRequest] = self._register_usage(workloads, signing_keys)
        return table

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

    def _meter_usage(self, workloads: Workloads) -> Handler:
        def handle(request: metering.MeterUsageRequest, caller: Caller) -> Pending[Answer]:
            record_id = meter_usage(
                from_wire_usage(request),
                caller,
                market=self._market,
                choices=self._metering,
                now=self._clock.now(),
                random_bytes=self._random_bytes,
                workloads=workloads,
            )
            return Pending(None, lambda _: Answer(to_wire_usage(record_id)))

        return handle

    def _register_usage(self, workloads: Workloads, signing_keys: SigningKeys) -> Handler:
        def handle(request: metering.RegisterUsageRequest, caller: Caller) -> Pending[Answer]:
            registration = register_usage(
                from_wire_registration(request),
                caller,
                market=self._market,
                now=self._clock.now(),
                workloads=workloads,
                signing_keys=signing_keys,
            )
            return Pending(None, lambda _: Answer(to_wire_registration(registration)))

        return handle
