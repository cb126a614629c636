"""Calls counted against quotas: in one place, the keeper's memory, for all fronts together."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from waag.domain.instants import Instant
from waag.domain.throttling import QUOTAS, Quota, take

BUCKETS_MAX = 10_000
"""Beyond so many, those that are full are forgotten: they are as if they had never been."""

Pace: TypeAlias = Callable[[str, str, str], Awaitable[Quota | None]]
"""Counts a call of an operation, by an account, in a Region: the quota that it is too fast for."""


class Paced:
    """The buckets of all accounts; used on one event loop.

    Args:
        real: the machine's own time: SDKs wait by that, however the clock is turned.
    """

    def __init__(self, real: Callable[[], Instant]) -> None:
        self._real = real
        self._full: dict[tuple[str, str, str], Instant] = {}

    async def pace(self, operation: str, account_id: str, region: str) -> Quota | None:
        """See `Pace`; a call that is too fast takes nothing."""
        quota = QUOTAS.get(operation)
        if quota is None:
            return None
        now = self._real()
        key = (quota.code, account_id, region if quota.per_region else "")
        full = take(self._full.get(key, now), quota, now)
        if full is None:
            return quota
        if len(self._full) >= BUCKETS_MAX:
            self._full = {each: at for each, at in self._full.items() if at > now}
        self._full[key] = full
        return None
