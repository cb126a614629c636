"""The latest API calls, kept in memory: a window for the operator, not an audit trail."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from itertools import islice
from typing import TypeAlias

from waag.domain.calls import CallRecord

CALLS_MAX = 10_000
"""How many calls each front keeps; the oldest gives way."""

LatestCallsOf: TypeAlias = Callable[[int], Awaitable[Sequence[CallRecord]]]
"""Asks a front for so many of its latest calls, newest first."""


class LatestCalls:
    """One front's; implements the port `Calls`."""

    def __init__(self, calls_max: int = CALLS_MAX) -> None:
        self._calls: deque[CallRecord] = deque(maxlen=calls_max)

    def record(self, call: CallRecord) -> None:
        """Keep one call; the oldest gives way."""
        self._calls.appendleft(call)

    def latest(self, limit: int) -> Sequence[CallRecord]:
        """At most `limit` calls, newest first."""
        return list(islice(self._calls, limit))


class GatheredCalls:
    """Those of every front there is; implements the port `CallsReader`."""

    def __init__(self) -> None:
        self._fronts: list[LatestCallsOf] = []

    def add(self, front: LatestCallsOf) -> None:
        """Ask one front more."""
        self._fronts.append(front)

    def remove(self, front: LatestCallsOf) -> None:
        """Ask it no more, if it was asked at all."""
        if front in self._fronts:
            self._fronts.remove(front)

    async def latest(self, limit: int) -> Sequence[CallRecord]:
        """At most `limit` calls, newest first, by when they ended."""
        found = await asyncio.gather(*(front(limit) for front in self._fronts))
        together = [call for calls in found for call in calls]
        return sorted(together, key=lambda call: call.ended, reverse=True)[:limit]
