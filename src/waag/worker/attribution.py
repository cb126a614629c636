"""Allocations tasks carried out: judged one by one beside the writer, committed several at a time.

A task is in progress until the transaction that ends it; where Waag dies before, it is judged anew
when it starts again. What it is judged by is the day on which it was submitted, so that nobody
misses a month's end for waiting here.
"""

import logging
import threading
from collections.abc import Sequence

from waag.domain.attribution.allocations import Batch, deal_id
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
from waag.domain.attribution.identifiers import ID_CHARACTERS, Catalog, IdKind, Scope, new_ids
from waag.domain.attribution.records import whole_milliseconds
from waag.domain.attribution.tasks import DueTask, Outcome, failed, read_batch
from waag.domain.clock import ClockMode
from waag.domain.instants import HOUR, SECOND, Instant
from waag.domain.market import Market
from waag.domain.refusals import StoreUnavailable
from waag.ports import Clock, RandomBytes
from waag.ports.allocations import Allocations, AllocationTasks, DealLookUps

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
        look_ups: where deals and customers are looked up.
        clock: tells which are due.
        market: tells whose subsidiaries are whose.
        choices: taken where AWS is silent.
        random_bytes: for ids.
    """

    def __init__(
        self,
        tasks: AllocationTasks,
        allocations: Allocations,
        look_ups: DealLookUps,
        *,
        clock: Clock,
        market: Market,
        choices: AttributionChoices,
        random_bytes: RandomBytes,
    ) -> None:
        self._tasks = tasks
        self._allocations = allocations
        self._look_ups = look_ups
        self._clock = clock
        self._market = market
        self._choices = choices
        self._random_bytes = random_bytes
        self._working = threading.Lock()

    def __call__(self) -> float | None:
        """Carry out some of what is due, and tell in how many seconds there is more.

        Raises:
            StoreUnavailable: the store could not read or write.
        """
        if self._carry_out_some():
            return 0
        due = self._tasks.next_due()
        if due is None or self._clock.mode is ClockMode.FROZEN:
            return None
        return min(max(due - self._clock.now(), 0), WAIT_MAX) / SECOND

    def settle(self) -> None:
        """Carry out every task that is due; each has ended when this returns. For any thread.

        Raises:
            StoreUnavailable: the store could not read or write.
        """
        while self._carry_out_some():
            pass

    def _carry_out_some(self) -> bool:
        """Carry out as many as go at once; tells whether there were any."""
        with self._working:
            due = self._tasks.due(self._clock.now(), TASKS_AT_ONCE)
            if due:
                self._carry_out(due)
            return bool(due)

    def _carry_out(self, due: Sequence[DueTask]) -> None:
        ended = whole_milliseconds(self._clock.now())
        outcomes = [self._outcome(task, ended) for task in due]
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

    def _outcome(self, task: DueTask, ended: Instant) -> Outcome:
        try:
            return self._judged(task, ended)
        except StoreUnavailable:
            raise
        except Exception:  # noqa: BLE001 - likewise
            _log.exception("an allocations task of %s could not be judged", task.name.attribution)
            return failed(task, ended)

    def _judged(self, task: DueTask, ended: Instant) -> Outcome:
        scope, attribution = task.name.scope, task.name.attribution
        batch = read_batch(task.records)
        updated = [each.allocation_id for each in batch if each.allocation_id is not None]
        standing = self._allocations.touched(scope, attribution, days_touched(batch), updated)
        setting = Setting(
            open_months(task.started), self._deals(scope, batch), self._choices.allocation_months
        )
        placed, errors = judge(batch, standing, setting)
        created = len(batch) - len(updated)
        ids = iter(new_ids(IdKind.ALLOCATION, self._random_bytes(ID_CHARACTERS * created)))
        writing = Writing(task.submitted + 1, ended, ids.__next__)
        versions = apply(placed, writing)
        return Outcome(task.name, task.submitted, task.total, ended, errors, versions, updated)

    def _deals(self, scope: Scope, batch: Batch) -> Deals | None:
        """What the batch names, looked up; None where it need not be in the market."""
        stubbed = self._choices.sandbox_look_ups is SandboxLookUps.NONE
        if scope.catalog is Catalog.SANDBOX and stubbed:
            return None
        deals = self._look_ups.deals({(each.entity_type, deal_id(each.entity)) for each in batch})
        customers = {each.customer for each in batch}
        customers.update(deal.customer for deal in deals.values())
        account = self._market.account(scope.account_id)
        connected = () if account is None else account.partner.connected
        return Deals(
            frozenset((scope.account_id, *connected)),
            lambda entity_type, name: deals.get((entity_type, name)),
            self._look_ups.accounts(customers).__contains__,
        )
