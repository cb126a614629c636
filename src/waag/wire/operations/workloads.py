"""MeterUsage and RegisterUsage, which software in a buyer's account calls."""

from waag.domain.market import Market
from waag.domain.metering import MeteringChoices
from waag.ports import Caller, Clock, RandomBytes, SigningKeys, Workloads
from waag.services.workloads import meter_usage, register_usage
from waag.wire.generated import metering as wire
from waag.wire.operations import Answer, DeskOperations
from waag.wire.translate.workloads import (
    from_wire_registration,
    from_wire_usage,
    to_wire_registration,
    to_wire_usage,
)


def workload_operations(
    *,
    clock: Clock,
    market: Market,
    choices: MeteringChoices,
    random_bytes: RandomBytes,
    workloads: Workloads,
    signing_keys: SigningKeys,
) -> DeskOperations:
    """The table of what workloads report themselves.

    Args:
        clock: what everything is judged by.
        market: whose agreements entitle them.
        choices: taken where sources on metering contradict each other.
        random_bytes: for metering record ids.
        workloads: keeps what they report.
        signing_keys: what registrations are signed with.
    """

    def meter(request: wire.MeterUsageRequest, caller: Caller) -> Answer:
        record_id = meter_usage(
            from_wire_usage(request),
            caller,
            market=market,
            choices=choices,
            now=clock.now(),
            random_bytes=random_bytes,
            workloads=workloads,
        )
        return Answer(to_wire_usage(record_id))

    def register(request: wire.RegisterUsageRequest, caller: Caller) -> Answer:
        registered = register_usage(
            from_wire_registration(request),
            caller,
            market=market,
            now=clock.now(),
            workloads=workloads,
            signing_keys=signing_keys,
        )
        return Answer(to_wire_registration(registered))

    return {wire.MeterUsageRequest: meter, wire.RegisterUsageRequest: register}
