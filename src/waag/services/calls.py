"""The latest API calls, kept in memory: a window for the operator, not an audit trail."""

from collections import deque
from collections.abc import Sequence
from itertools import islice

from waag.domain.calls import CallRecord

CALLS_MAX = 10_000
"""How many calls are kept; the oldest gives way."""


class LatestCalls:
    """Implements the port `Calls`."""

    def __init__(self, calls_max: int = CALLS_MAX) -> None:
        self._calls: deque[CallRecord] = deque(maxlen=calls_max)

    def record(self, call: CallRecord) -> None:
        """Keep one call; the oldest gives way."""
        self._calls.appendleft(call)

    def latest(self, limit: int) -> Sequence[CallRecord]:
        """At most `limit` calls, newest first."""
        return list(islice(self._calls, limit))
