"""Operations that a planned fault has struck, but not refused before they are carried out."""

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec.structs import replace

from waag.domain.faults import FaultEffect, PlannedFault
from waag.wire.generated import metering as wire
from waag.wire.operations import Answer
from waag.wire.planned_faults import Disconnected
from waag.wire.translate.metering import split_batch, with_unprocessed


async def answer_struck(
    fault: PlannedFault,
    received: Any,
    answer: Callable[[Any], Awaitable[Answer]],
    hand_back: Callable[[Any], None],
) -> Answer:
    """What an operation answers a call that the fault has struck.

    Args:
        fault: what strikes it.
        received: the request.
        answer: carries out a request.
        hand_back: told of one whose records are handed back.

    Raises:
        Disconnected: it is carried out, and nobody is told.
        Refusal: the operation's own.
    """
    match fault.plan.effect:
        case FaultEffect.UNPROCESSED:
            return await _handing_back(received, fault.plan.records, answer, hand_back)
        case FaultEffect.DISCONNECT:
            await answer(received)
            raise Disconnected(fault.why)
        case _:
            return await answer(received)


async def _handing_back(
    request: wire.BatchMeterUsageRequest,
    records: int | None,
    answer: Callable[[Any], Awaitable[Answer]],
    hand_back: Callable[[Any], None],
) -> Answer:
    """The last records of a batch, or all, are handed back; the others go their way."""
    processed, unprocessed = split_batch(request, records)
    answered = await answer(processed)
    assert isinstance(answered.output, wire.BatchMeterUsageResult), "of this operation"
    hand_back(replace(request, usage_records=unprocessed))
    note = f"{len(unprocessed)} of {len(request.usage_records)} records were handed back."
    return Answer(with_unprocessed(answered.output, unprocessed), (*answered.notes, note))
