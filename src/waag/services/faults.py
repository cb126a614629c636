"""Faults on demand: planned, listed and cleared by the operator; striking the calls they wait for.

They are counted in one place, the keeper's memory, and are gone when the server stops. A front
knows only for which operations there are any: while there are none, a call costs nothing more.
"""

import threading
from collections.abc import Awaitable, Callable, Collection, Sequence
from concurrent.futures import Future
from typing import TypeAlias

from waag.domain.faults import (
    ANY_OPERATION,
    FAULTS_MAX,
    FaultPlan,
    FaultRefused,
    PlannedFault,
    check_plan,
    strike,
)
from waag.domain.refusals import Refusal
from waag.ports import Clock, SettableClock

Announce: TypeAlias = Callable[[frozenset[str]], Future[None]]
"""Tells every front for which operations faults are planned; told in the order of the calls. The
future is done once all of them heed it."""

AskKeeper: TypeAlias = Callable[[str, str], Awaitable[PlannedFault | None]]
"""Which fault strikes a call of this operation by this account."""


class FaultsNotTaken(Refusal):
    """This server runs by real time."""

    rule = "fault.clock"


class FaultUnknown(Refusal):
    """No fault of this id is planned, or it is used up."""

    rule = "fault.unknown"


class PlannedFaults:
    """The faults that are planned; for any thread. Implements the port `Faults`.

    Args:
        clock: faults are planned only where it can be turned.
        operations: the names of all there are.
        announce: see `Announce`.
    """

    def __init__(self, clock: Clock, operations: Collection[str], announce: Announce) -> None:
        self._clock = clock
        self._operations = operations
        self._announce = announce
        self._changing = threading.Lock()
        self._faults: tuple[PlannedFault, ...] = ()
        self._ids = 0

    def plan(self, plan: FaultPlan) -> PlannedFault:
        """Plan one more; it strikes calls that come after this has returned.

        Raises:
            FaultsNotTaken: the server runs by real time.
            FaultRefused: see `waag.domain.faults.check_plan`; or too many are planned.
            StoreUnavailable: the fronts can no longer be told.
        """
        if not isinstance(self._clock, SettableClock):
            raise FaultsNotTaken(
                "This server runs by real time; start it with --clock settable to plan faults."
            )
        check_plan(plan, self._operations)
        with self._changing:
            if len(self._faults) == FAULTS_MAX:
                raise FaultRefused(f"{FAULTS_MAX} faults are planned; clear some first.")
            self._ids += 1
            fault = PlannedFault(f"fault-{self._ids}", plan)
            heeded = self._have((*self._faults, fault))
        heeded.result()
        return fault

    def planned(self) -> Sequence[PlannedFault]:
        """Those that are not used up, in the order they were planned."""
        return self._faults

    def clear(self, fault_id: str | None = None) -> Sequence[PlannedFault]:
        """Give up one, or all: those that will strike no more.

        Raises:
            FaultUnknown: there is none of this id.
            StoreUnavailable: the fronts can no longer be told.
        """
        with self._changing:
            cleared = [each for each in self._faults if fault_id in (None, each.id)]
            if fault_id is not None and not cleared:
                raise FaultUnknown(f"No fault {fault_id!r} is planned; it may be used up.")
            heeded = self._have(tuple(each for each in self._faults if each not in cleared))
        heeded.result()
        return cleared

    @property
    def operations(self) -> frozenset[str]:
        """For which there are any."""
        return frozenset(each.plan.operation for each in self._faults)

    async def strike(self, operation: str, account_id: str) -> PlannedFault | None:
        """Count one call: the fault that strikes it. Waits for nothing."""
        return self.count_call(operation, account_id)

    def count_call(self, operation: str, account_id: str) -> PlannedFault | None:
        """Count one call: the fault that strikes it."""
        with self._changing:
            after, struck = strike(self._faults, operation, account_id)
            if len(after) < len(self._faults):
                # Nobody waits: fronts that do not know it yet ask in vain.
                self._have(after)
            else:
                self._faults = after
        return struck

    def _have(self, faults: tuple[PlannedFault, ...]) -> Future[None]:
        self._faults = faults
        return self._announce(self.operations)


class FollowedFaults:
    """What a front knows of them; implements the port `Faults`.

    Args:
        ask: the keeper, who counts.
    """

    def __init__(self, ask: AskKeeper) -> None:
        self.operations: frozenset[str] = frozenset()
        self._ask = ask

    def follow(self, operations: frozenset[str]) -> None:
        """Heed for which operations faults are planned."""
        self.operations = operations

    async def strike(self, operation: str, account_id: str) -> PlannedFault | None:
        """Count one call: the fault that strikes it."""
        if self.operations.isdisjoint((ANY_OPERATION, operation)):
            return None
        return await self._ask(operation, account_id)
