"""The one writer: a thread that commits many requests together and answers after the commit.

Appended rows wait in a queue. The thread takes all that have gathered, inserts them in one
transaction, and resolves their futures once the commit is on disk; meanwhile the next ones
gather. Other changes run alone, in a transaction of their own, between two such groups.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

import apsw

from waag.domain.metering import Standing, UsageRow
from waag.domain.refusals import StoreUnavailable
from waag.storage.database import transaction
from waag.storage.queries import query, query_many

GROUP_ROWS_MAX = 5000
"""Rows committed together at most, so that the first of a group does not wait for long."""

_KEY_COLUMNS = 7
T = TypeVar("T")

Standings = Mapping[int, Standing]


class _Append:
    """Rows to insert, and whom to tell."""

    def __init__(self, rows: Sequence[UsageRow], loop: asyncio.AbstractEventLoop) -> None:
        self.rows = rows
        self.loop = loop
        self.future: asyncio.Future[Standings] = loop.create_future()


class _Exclusive(Generic[T]):
    """A change that has a transaction to itself, and whom to tell."""

    def __init__(self, change: Callable[[apsw.Connection], T]) -> None:
        self._change = change
        self.future: Future[T] = Future()

    def run(self, connection: apsw.Connection) -> None:
        try:
            with transaction(connection):
                result = self._change(connection)
        except apsw.Error as error:
            self.future.set_exception(_unavailable(error))
        except Exception as error:  # noqa: BLE001 - it is the asker's, who waits for it
            self.future.set_exception(error)
        else:
            self.future.set_result(result)


class _Stop:
    """Nothing more will come."""


class Writer:
    """Owns the connection that writes; implements the port `Ledger`."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._queue: SimpleQueue[_Append | _Exclusive[Any] | _Stop] = SimpleQueue()
        self._held: list[_Exclusive[Any] | _Stop] = []
        self._thread = threading.Thread(target=self._run, name="ledger-writer")
        self._thread.start()

    def append(self, rows: Sequence[UsageRow]) -> asyncio.Future[Standings]:
        """Insert what is new; see `waag.ports.Ledger.append`."""
        work = _Append(rows, asyncio.get_running_loop())
        self._queue.put(work)
        return work.future

    def change(self, change: Callable[[apsw.Connection], T]) -> T:
        """Carry out a change in a transaction of its own; blocks until it is on disk.

        Raises:
            StoreUnavailable: the store could not write; and whatever `change` raises.
        """
        work = _Exclusive(change)
        self._queue.put(work)
        return work.future.result()

    def close(self) -> None:
        """Commit what is queued, then stop and close the connection."""
        self._queue.put(_Stop())
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while True:
            work = self._held.pop() if self._held else self._queue.get()
            if isinstance(work, _Append):
                self._commit(self._gather(work))
            elif isinstance(work, _Exclusive):
                work.run(self._connection)
            else:
                return

    def _gather(self, first: _Append) -> Sequence[_Append]:
        """All that wait in line behind `first`, up to the next change or the group's limit."""
        group, rows = [first], len(first.rows)
        while rows < GROUP_ROWS_MAX:
            try:
                work = self._queue.get_nowait()
            except Empty:
                break
            if not isinstance(work, _Append):
                self._held.append(work)
                break
            group.append(work)
            rows += len(work.rows)
        return group

    def _commit(self, group: Sequence[_Append]) -> None:
        try:
            with transaction(self._connection):
                standings = [self._insert(work.rows) for work in group]
        except apsw.Error as error:
            _tell(group, [_unavailable(error)] * len(group))
        except Exception as error:  # noqa: BLE001 - the askers', who wait for it; the thread goes on
            _tell(group, [error] * len(group))
        else:
            _tell(group, standings)

    def _insert(self, rows: Sequence[UsageRow]) -> Standings:
        before = self._connection.total_changes()
        query_many(self._connection, "insert_usage", rows)
        if self._connection.total_changes() - before == len(rows):
            return {}
        return self._standing(rows)

    def _standing(self, rows: Sequence[UsageRow]) -> Standings:
        """Read what stands under each row's key; its record id tells whether it is the row."""
        standings: dict[int, Standing] = {}
        for index, row in enumerate(rows):
            found = query(self._connection, "standing_usage", row[:_KEY_COLUMNS])
            standing = Standing(*found[0])
            if standing.record_id != row.record_id:
                standings[index] = standing
        return standings


def _unavailable(error: apsw.Error) -> StoreUnavailable:
    if isinstance(error, apsw.FullError):
        return StoreUnavailable("The disk that holds the ledger is full; nothing was recorded.")
    return StoreUnavailable(f"The ledger could not be written ({error}); nothing was recorded.")


def _tell(group: Sequence[_Append], outcomes: Sequence[Standings | Exception]) -> None:
    """Resolve each loop's futures in one go: waking a loop costs more than the futures do."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[_Append, Standings | Exception]]] = {}
    for work, outcome in zip(group, outcomes, strict=True):
        by_loop.setdefault(work.loop, []).append((work, outcome))
    for loop, told in by_loop.items():
        with suppress(RuntimeError):  # in a loop that was closed nobody waits any more
            loop.call_soon_threadsafe(_resolve, told)


def _resolve(told: Sequence[tuple[_Append, Standings | Exception]]) -> None:
    for work, outcome in told:
        if work.future.done():  # the caller went away; what was committed stays committed
            continue
        if isinstance(outcome, Exception):
            work.future.set_exception(outcome)
        else:
            work.future.set_result(outcome)
