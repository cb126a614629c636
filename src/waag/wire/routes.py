"""Which operation is answered here, and by what.

An operation of the models that stands in no table is known but not served; calling it says so.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from waag.ports import Caller
from waag.wire.generated import commerce_analytics, entitlement, metering, revenue_measurement
from waag.wire.operations import (
    Answer,
    DeskOperations,
    Enrolled,
    Guarded,
    HandBack,
    Operations,
)
from waag.wire.shapes import Operation, Service

SERVICES: Sequence[Service] = (
    metering.SERVICE,
    entitlement.SERVICE,
    commerce_analytics.SERVICE,
    revenue_measurement.SERVICE,
)
"""Every service there is; each is known on every protocol."""

OPERATION_NAMES = frozenset(name for service in SERVICES for name in service.operations)
"""Of all services; no two have one of the same name."""


def is_dry_run(received: object) -> bool:
    """Whether a decoded request only asks whether it would be carried out."""
    return isinstance(received, metering.MeterUsageRequest) and received.dry_run is True


class Routes:
    """The tables of operations.

    Args:
        at_once: what every front answers by itself.
        at_the_desk: what is answered beside the keeper only; empty elsewhere.
        hand_back: told of requests whose records a fault hands back.
    """

    def __init__(
        self, at_once: Operations, at_the_desk: DeskOperations, hand_back: HandBack
    ) -> None:
        self._at_once = at_once
        self._at_the_desk = at_the_desk
        self.hand_back = hand_back

    def serves(self, operation: Operation) -> bool:
        """Whether an operation is answered here."""
        return operation.input in self._at_once or operation.input in self._at_the_desk

    def enrolled(self, operation: Operation) -> Enrolled | None:
        """An operation for those alone who have enrolled; None if this one is not."""
        found = self._at_the_desk.get(operation.input)
        return found if isinstance(found, Enrolled) else None

    def guarded(self, operation: Operation) -> Guarded | None:
        """An operation that is asked more before it answers; None if this one is not."""
        found = self._at_the_desk.get(operation.input)
        return found if isinstance(found, Guarded) else None

    async def answer(self, operation: Operation, received: Any, caller: Caller) -> Answer:
        """What an operation answers; what it records is on disk by then.

        Raises:
            Refusal: the operation's own.
        """
        at_once = self._at_once.get(operation.input)
        if at_once is not None:
            pending = at_once(received, caller)
            return pending.finish({} if pending.standings is None else await pending.standings)
        at_the_desk = self._at_the_desk[operation.input]
        if isinstance(at_the_desk, Enrolled):
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(
                at_the_desk.threads, at_the_desk.handler, received, caller
            )
        handler = at_the_desk.handler if isinstance(at_the_desk, Guarded) else at_the_desk
        # On a thread of its own: it may wait for the disk, and others go on meanwhile.
        return await asyncio.to_thread(handler, received, caller)
