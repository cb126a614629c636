"""Operations that a planned fault has struck, but not refused before they are carried out."""

from collections.abc import Awaitable, Callable
from typing import Any

from waag.domain.faults import FaultEffect, PlannedFault
from waag.wire.generated import metering as wire
from waag.wire.operations import Answer
from waag.wire.planned_faults import Disconnected
from waag.wire.translate.metering import split_batch, with_unprocessed


async def answer_struck(
    fault: PlannedFault, received: Any, answer: Callable[[Any], Awaitable[Answer]]
) -> Answer:
    """What an operation answers a call that the fault has struck.

    Raises:
        Disconnected: it is carried out, and nobody is told.
        Refusal: the operation's own.
    """
    match fault.plan.effect:
        case FaultEffect.UNPROCESSED:
            return await _handing_back(received, fault.plan.records, answer)
        case FaultEffect.DISCONNECT:
            await answer(received)
            raise Disconnected(fault.why)
        case _:
            return await answer(received)


async def _handing_back(
    request: wire.BatchMeterUsageRequest,
    records: int | None,
    answer: Callable[[Any], Awaitable[Answer]],
) -> Answer:
    """The last records of a batch, or all, are handed back; the others go their way."""
    processed, unprocessed = split_batch(request, records)
    answered = await answer(processed)
    assert isinstance(answered.output, wire.BatchMeterUsageResult), "of this operation"
    note = f"{len(unprocessed)} of {len(request.usage_records)} records were handed back."
    return Answer(with_unprocessed(answered.output, unprocessed), (*answered.notes, note))
