"""What the inside needs of the outside, as protocols named for their role.

Services take these; adapters implement them; bootstrap puts the two together. Nothing here does
anything.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol, TypeAlias, runtime_checkable

import msgspec

from waag.domain.calls import CallRecord
from waag.domain.clock import ClockMode
from waag.domain.faults import PlannedFault
from waag.domain.instants import Instant
from waag.domain.market import Market
from waag.domain.market_changes import MarketChange
from waag.domain.metering import Standing, UsageRow
from waag.domain.usage import RecordedUsage, UsageQuery

RandomBytes: TypeAlias = Callable[[int], bytes]
"""So many unpredictable bytes; ids are made of them."""


class Clock(Protocol):
    """The time that everything is judged by; it may be one that can be turned."""

    def now(self) -> Instant:
        """What the clock shows."""
        ...

    def real(self) -> Instant:
        """The machine's own time, which signatures may be judged by too."""
        ...

    @property
    def mode(self) -> ClockMode:
        """Running or frozen."""
        ...


@runtime_checkable
class SettableClock(Clock, Protocol):
    """A clock that can be turned, and keeps its setting across restarts."""

    def set(self, mode: ClockMode, now: Instant) -> None:
        """Show `now`, then run on or stand still; kept before this returns."""
        ...

    def advance(self, by: int) -> None:
        """Show an instant `by` microseconds later; kept before this returns."""
        ...


class Markets(Protocol):
    """The one way to change the market; whoever only looks things up takes a `Market`."""

    def change(self, decide: Callable[[Market], MarketChange]) -> MarketChange:
        """Decide on the market as it is and carry it out, one change at a time.

        Blocks until the change is on disk and every look-up shows it. No other change comes
        between what `decide` looks up, in the market it is given, and what it decides. Whatever
        it raises is raised here and changes nothing.

        Raises:
            StoreUnavailable: the store could not read or write.
        """
        ...


class Ledger(Protocol):
    """Accepted usage, append-only: the unique key decides, not a check before it."""

    def append(self, rows: Sequence[UsageRow]) -> Awaitable[Mapping[int, Standing]]:
        """Insert what is new; answer, once that is on disk, what stood already.

        Returns:
            For each row that was not inserted, by its index, what stands under its key.

        Raises:
            StoreUnavailable: from the awaitable; nothing of `rows` was recorded.
        """
        ...


class UsageReader(Protocol):
    """Reads back what was accepted."""

    def usage_records(self, asked: UsageQuery) -> Sequence[RecordedUsage]:
        """At most `asked.limit` records in key order, after `asked.after`.

        Raises:
            StoreUnavailable: the store could not be read.
        """
        ...


class Faults(Protocol):
    """Faults that the operator has planned for calls to come."""

    @property
    def operations(self) -> frozenset[str]:
        """For which there are any; empty as long as there are none."""
        ...

    async def strike(self, operation: str, account_id: str) -> PlannedFault | None:
        """Count one call: the fault that strikes it.

        Raises:
            StoreUnavailable: whoever counts cannot be reached.
        """
        ...


class Calls(Protocol):
    """The latest API calls, for the operator to see."""

    def record(self, call: CallRecord) -> None:
        """Keep one call; the oldest gives way."""
        ...


class CallsReader(Protocol):
    """Reads back the latest API calls, whichever front answered them."""

    async def latest(self, limit: int) -> Sequence[CallRecord]:
        """At most `limit` calls, newest first."""
        ...


class Caller(msgspec.Struct, frozen=True):
    """Who calls, and which Region's endpoint the signature names."""

    account_id: str
    arn: str
    region: str
