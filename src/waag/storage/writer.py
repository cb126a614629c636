"""The one writer: a thread that commits many requests together and answers after the commit.

Fronts hand it rows over links (`waag.storage.link`). It takes all that have come, inserts them in
one transaction, and answers each once the commit is on disk; meanwhile the next ones gather. Other
changes run alone, each in a transaction of its own, between two such groups; where fronts have to
heed one, it is done only when all of them do.
"""

import logging
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from math import inf
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

import apsw

from waag.domain.metering import Standing
from waag.domain.refusals import StoreUnavailable
from waag.domain.refused_usage import KEPT_MAX
from waag.storage.database import transaction
from waag.storage.link import Committed, Notice, Outcome
from waag.storage.queries import query, query_many
from waag.storage.writer_link import HEED_SECONDS, RECEIVED_BYTES_MAX, Announcement, WriterLink

_KEY_COLUMNS = 7
_RECORD_ID = 10
_log = logging.getLogger(__name__)
T = TypeVar("T")


class Writer:
    """Owns the connection that writes.

    If it ends by a fault of its own, every link is closed, which tells the fronts; nothing is
    recorded any more.

    Args:
        connection: opened for writing; closed with the writer.
        heed_seconds: how long a front may take to heed a notice before it is given up.
    """

    def __init__(self, connection: apsw.Connection, heed_seconds: float = HEED_SECONDS) -> None:
        self._connection = connection
        self._heed_seconds = heed_seconds
        self._handed_over: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._changes: set[Future[Any]] = set()
        self._links: list[WriterLink] = []
        self._announcements: deque[Announcement] = deque()
        self._announced: Notice | None = None
        self._selector = selectors.DefaultSelector()
        self._woken, self._waker = socket.socketpair()
        for end in (self._woken, self._waker):
            end.setblocking(False)  # noqa: FBT003 - the socket module has it so
        self._selector.register(self._woken, selectors.EVENT_READ, None)
        self._closing = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ledger-writer")
        self._thread.start()

    def attach(self, given_up: Callable[[], None] = lambda: None) -> socket.socket:
        """Make a link; its other end is for a front.

        Every notice from now on is sent over it, and before these the latest that `announce` sent.

        Args:
            given_up: told, from the writer's thread, if that closes the link: since the front
                heeds nothing, or since the writer ends.

        Raises:
            StoreUnavailable: the writer has ended.
        """
        ours, theirs = socket.socketpair()
        future: Future[None] = Future()

        def attach() -> None:
            link = WriterLink(ours, given_up)
            self._links.append(link)
            if self._announced is not None:
                # Without a deadline: the front may only just be starting.
                link.announce(Announcement([link], lambda: None, inf), self._announced)
            self._selector.register(ours, selectors.EVENT_READ, link)
            future.set_result(None)

        self._have_done(attach, future)
        return theirs

    def change(
        self,
        change: Callable[[apsw.Connection], T],
        notice: Callable[[T], Notice | None] = lambda _: None,
    ) -> T:
        """Carry out a change in a transaction of its own.

        Blocks until it is on disk and, if there is a notice of it, every front heeds that.

        Raises:
            StoreUnavailable: the store could not write; and whatever `change` raises.
        """
        future: Future[T] = Future()

        def carry_out() -> None:
            try:
                with transaction(self._connection):
                    result = change(self._connection)
            except apsw.Error as error:
                future.set_exception(_unavailable(error))
            except Exception as error:  # noqa: BLE001 - it is the asker's, who waits for it
                future.set_exception(error)
            else:
                self._announce(notice(result), lambda: future.set_result(result))

        return self._have_done(carry_out, future)

    def announce(self, notice: Notice) -> Future[None]:
        """Have every front heed a notice of something that is kept in memory alone.

        Fronts that are attached later are sent the latest of these. Notices are sent in the order
        of these calls, which do not block.

        Returns:
            Done once every front heeds it. Raises StoreUnavailable if the writer ends before.
        """
        future: Future[None] = Future()

        def announce() -> None:
            self._announced = notice
            self._announce(notice, lambda: future.set_result(None))

        future.add_done_callback(self._changes.discard)
        self._begin(announce, future)
        return future

    def catch_up(self) -> None:
        """Return once what lies in the links by now is on disk: what fronts wait for and what not.

        Raises:
            StoreUnavailable: the writer has ended.
        """
        future: Future[None] = Future()

        def catch_up() -> None:
            self._take_all()
            future.set_result(None)

        self._have_done(catch_up, future)

    def close(self) -> None:
        """Commit what has come, then stop, and close links and connection."""
        self._hand_over(self._finish)
        self._thread.join()
        self._connection.close()

    def _begin(self, work: Callable[[], None], future: Future[Any]) -> None:
        self._changes.add(future)
        self._hand_over(work)
        if self._over.is_set():
            self._refuse_changes()

    def _have_done(self, work: Callable[[], None], future: Future[T]) -> T:
        self._begin(work, future)
        try:
            return future.result()
        finally:
            self._changes.discard(future)

    def _hand_over(self, work: Callable[[], None]) -> None:
        self._handed_over.put(work)
        with suppress(OSError):  # full, so the thread wakes anyway; or closed, so nobody does
            self._waker.send(b"\0")

    def _refuse_changes(self) -> None:
        for future in tuple(self._changes):
            with suppress(InvalidStateError):
                future.set_exception(StoreUnavailable("The ledger's writer has ended."))

    def _run(self) -> None:
        try:
            while not self._closing:
                self._turn()
        except Exception:  # noqa: BLE001 - the links, closed, tell whoever waits
            _log.exception("the ledger's writer failed")
        finally:
            for link in self._links:
                link.close()
            self._over.set()
            self._refuse_changes()
            for each in (self._selector, self._woken, self._waker):
                each.close()

    def _turn(self) -> None:
        """Wait for something to do, and do all there is."""
        for key, events in self._selector.select(self._patience()):
            if key.data is None:
                self._woken.recv(RECEIVED_BYTES_MAX)
            elif events & selectors.EVENT_READ:
                key.data.receive()
        self._commit()
        with suppress(Empty):
            while True:
                self._handed_over.get_nowait()()
        self._give_up_late_fronts()
        for link in tuple(self._links):
            self._tend(link)

    def _patience(self) -> float | None:
        """Seconds until the next front is to be given up; None if none is waited for."""
        return self._announcements[0].deadline - time.monotonic() if self._announcements else None

    def _finish(self) -> None:
        """Take what lies in the links, too, before the end."""
        self._take_all()
        self._closing = True

    def _take_all(self) -> None:
        for link in self._links:
            link.receive()
        self._commit()

    def _announce(self, notice: Notice | None, done: Callable[[], None]) -> None:
        """Have every front heed a notice, and then call `done`."""
        if notice is None or not self._links:
            done()
            return
        announcement = Announcement(self._links, done, time.monotonic() + self._heed_seconds)
        self._announcements.append(announcement)
        for link in self._links:
            link.announce(announcement, notice)

    def _give_up_late_fronts(self) -> None:
        """A front that heeds nothing may not go on judging by what it knew."""
        while self._announcements:
            oldest = self._announcements[0]
            if oldest.unheeded and oldest.deadline > time.monotonic():
                break
            self._announcements.popleft()
            for link in oldest.unheeded:
                link.open = False

    def _tend(self, link: WriterLink) -> None:
        """Send what is to be sent; let go of a link that is closed."""
        link.flush()
        if not link.open:
            self._links.remove(link)
            self._selector.unregister(link.end)
            link.close()
            return
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if link.unsent else 0)
        if self._selector.get_key(link.end).events != events:
            self._selector.modify(link.end, events, link)

    def _commit(self) -> None:
        """Insert all that came in one transaction, then tell every front what became of it."""
        links = [link for link in self._links if link.appended or link.refused]
        if not links:
            return
        outcomes: list[list[Outcome]]
        try:
            with transaction(self._connection):
                outcomes = [[self._insert(rows) for rows in link.appended] for link in links]
                self._keep_refused([row for link in links for row in link.refused])
        except Exception as error:  # noqa: BLE001 - the fronts', who wait for it; the thread goes on
            why = _unavailable(error).why
            outcomes = [[why] * len(link.appended) for link in links]
        for link, told in zip(links, outcomes, strict=True):
            link.appended.clear()
            link.refused.clear()
            if told:
                link.send(Committed(told))

    def _insert(self, rows: Sequence[tuple[Any, ...]]) -> Outcome:
        before = self._connection.total_changes()
        query_many(self._connection, "insert_usage", rows)
        if self._connection.total_changes() - before == len(rows):
            return None
        return self._standing(rows)

    def _keep_refused(self, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            query_many(self._connection, "put_refused_usage", rows)
            query(self._connection, "forget_refused_usage", (KEPT_MAX,))

    def _standing(self, rows: Sequence[tuple[Any, ...]]) -> dict[int, Standing]:
        """Read what stands under each row's key; its record id tells whether it is the row."""
        standings: dict[int, Standing] = {}
        for index, row in enumerate(rows):
            found = query(self._connection, "standing_usage", row[:_KEY_COLUMNS])
            standing = Standing(*found[0])
            if standing.record_id != row[_RECORD_ID]:
                standings[index] = standing
        return standings


def _unavailable(error: Exception) -> StoreUnavailable:
    if isinstance(error, apsw.FullError):
        return StoreUnavailable("The disk that holds the ledger is full; nothing was recorded.")
    return StoreUnavailable(f"The ledger could not be written ({error}); nothing was recorded.")
