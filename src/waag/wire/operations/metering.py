"""BatchMeterUsage, which every front answers by itself: it has to be fast."""

from typing import Any

from waag.domain.market import Market
from waag.domain.metering import MeteringChoices
from waag.ports import Caller, Clock, Ledger, RandomBytes
from waag.services.metering import Pending, batch_meter_usage, note_handed_back
from waag.wire.generated import metering as wire
from waag.wire.operations import Answer, HandBack, Operations
from waag.wire.translate.metering import from_wire_batch, to_wire_batch


def metering_operations(
    *,
    clock: Clock,
    market: Market,
    ledger: Ledger,
    random_bytes: RandomBytes,
    choices: MeteringChoices,
) -> Operations:
    """The table of what reports usage for a seller.

    Args:
        clock: what everything is judged by.
        market: who may report what for whom.
        ledger: where accepted usage goes.
        random_bytes: for metering record ids.
        choices: taken where sources on metering contradict each other.
    """

    def answer_batch(request: wire.BatchMeterUsageRequest, caller: Caller) -> Pending[Answer]:
        pending = batch_meter_usage(
            from_wire_batch(request),
            caller,
            market=market,
            choices=choices,
            now=clock.now(),
            random_bytes=random_bytes,
            ledger=ledger,
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

    return {wire.BatchMeterUsageRequest: answer_batch}


def handed_back(*, clock: Clock, market: Market, ledger: Ledger) -> HandBack:
    """What remembers records that were answered in `UnprocessedRecords`."""

    def hand_back(request: wire.BatchMeterUsageRequest, caller: Caller) -> None:
        note_handed_back(
            from_wire_batch(request), caller, market=market, now=clock.now(), ledger=ledger
        )

    return hand_back
