"""Allocations tasks carried out: judged one by one beside the writer, committed several at a time.

A task is in progress until the transaction that ends it; where Waag dies before, it is judged anew
when it starts again. What it is judged by is the day on which it was submitted, so that nobody
misses a month's end for waiting here.
"""

import logging
import threading
from collections.abc import Sequence
from functools import cache

from waag.domain.attribution.batch import (
    Setting,
    Writing,
    apply,
    days_touched,
    judge,
    open_months,
)
from waag.domain.attribution.batch_records import Deals
from waag.domain.attribution.choices import AttributionChoices, SandboxLookUps
from waag.domain.attribution.identifiers import ID_BYTES, Catalog, IdKind, Scope, new_id
from waag.domain.attribution.records import whole_milliseconds
from waag.domain.attribution.tasks import DueTask, Outcome, failed, read_batch
from waag.domain.clock import ClockMode
from waag.domain.instants import HOUR, SECOND, Instant
from waag.domain.market import Market
from waag.domain.refusals import StoreUnavailable
from waag.ports import Clock, RandomBytes
from waag.ports.allocations import Allocations, AllocationTasks

TASKS_AT_ONCE = 8
"""How many are committed together: usage waits meanwhile, so that it is to be some milliseconds."""

WAIT_MAX = HOUR
"""The machine's own clock may be set meanwhile, so that no wait is trusted for longer."""

_log = logging.getLogger(__name__)


class AllocationWork:
    """Work for a `WorkerThread`, which is to be woken when a task is started or the clock turned.

    Args:
        tasks: those to be carried out.
        allocations: what stands.
        clock: tells which are due.
        market: where deals and customers are looked up.
        choices: taken where AWS is silent.
        random_bytes: for ids.
    """

    def __init__(
        self,
        tasks: AllocationTasks,
        allocations: Allocations,
        *,
        clock: Clock,
        market: Market,
        choices: AttributionChoices,
        random_bytes: RandomBytes,
    ) -> None:
        self._tasks = tasks
        self._allocations = allocations
        self._clock = clock
        self._market = market
        self._choices = choices
        self._random_bytes = random_bytes
        self._working = threading.Lock()

    def __call__(self) -> float | None:
        """Carry out what is due, and tell in how many seconds there is more.

        Raises:
            StoreUnavailable: the store could not read or write.
        """
        self.settle()
        due = self._tasks.next_due()
        if due is None or self._clock.mode is ClockMode.FROZEN:
            return None
        return min(max(due - self._clock.now(), 0), WAIT_MAX) / SECOND

    def settle(self) -> None:
        """Carry out every task that is due; each has ended when this returns. For any thread.

        Raises:
            StoreUnavailable: the store could not read or write.
        """
        with self._working:
            while due := self._tasks.due(self._clock.now(), TASKS_AT_ONCE):
                self._carry_out(due)

    def _carry_out(self, due: Sequence[DueTask]) -> None:
        look_ups = _LookUps(self._market)
        ended = whole_milliseconds(self._clock.now())
        outcomes = [self._outcome(task, ended, look_ups) for task in due]
        try:
            self._tasks.settle(outcomes)
        except StoreUnavailable:
            raise
        except Exception:  # noqa: BLE001 - whatever it is, the task ends by it
            if len(due) > 1:
                # Whichever it is, the others are not to suffer from it.
                for task in due:
                    self._carry_out([task])
                return
            _log.exception("an allocations task of %s could not be kept", due[0].name.attribution)
            self._tasks.settle([failed(due[0], ended)])

    def _outcome(self, task: DueTask, ended: Instant, look_ups: "_LookUps") -> Outcome:
        try:
            return self._judged(task, ended, look_ups)
        except StoreUnavailable:
            raise
        except Exception:  # noqa: BLE001 - likewise
            _log.exception("an allocations task of %s could not be judged", task.name.attribution)
            return failed(task, ended)

    def _judged(self, task: DueTask, ended: Instant, look_ups: "_LookUps") -> Outcome:
        scope, attribution = task.name.scope, task.name.attribution
        batch = read_batch(task.records)
        updated = [each.allocation_id for each in batch if each.allocation_id is not None]
        standing = self._allocations.touched(scope, attribution, days_touched(batch), updated)
        setting = Setting(
            open_months(task.started), self._deals(scope, look_ups), self._choices.allocation_months
        )
        placed, errors = judge(batch, standing, setting)
        writing = Writing(
            task.submitted + 1, ended, _Ids(self._random_bytes, len(batch) - len(updated))
        )
        versions = apply(placed, writing)
        return Outcome(task.name, task.submitted, task.total, ended, errors, versions, updated)

    def _deals(self, scope: Scope, look_ups: "_LookUps") -> Deals | None:
        stubbed = self._choices.sandbox_look_ups is SandboxLookUps.NONE
        if scope.catalog is Catalog.SANDBOX and stubbed:
            return None
        return Deals(look_ups.owners(scope.account_id), look_ups.deal, look_ups.is_account)


class _LookUps:
    """The market as the tasks of one turn see it: what they have in common is read once."""

    def __init__(self, market: Market) -> None:
        self.deal = cache(market.deal)
        self._account = cache(market.account)

    def is_account(self, account_id: str) -> bool:
        return self._account(account_id) is not None

    def owners(self, account_id: str) -> frozenset[str]:
        """The accounts whose deals an account may name."""
        account = self._account(account_id)
        connected = () if account is None else account.partner.connected
        return frozenset((account_id, *connected))


class _Ids:
    """So many ids for new allocations, out of one draw of random bytes."""

    def __init__(self, random_bytes: RandomBytes, count: int) -> None:
        self._octets = random_bytes(ID_BYTES * count)
        self._used = 0

    def __call__(self) -> str:
        start = self._used
        self._used += ID_BYTES
        return new_id(IdKind.ALLOCATION, self._octets[start : self._used])
