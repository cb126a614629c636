"""The writer held busy, so that a test decides what gathers behind it."""

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from waag.domain.metering import UsageRow
from waag.storage.linked_ledger import LinkedLedger, link_ledger
from waag.storage.writer import Writer

DEADLINE = 30


@contextmanager
def held(writer: Writer) -> Generator[threading.Event]:
    """Keep the writer in a change until the event is set, at the latest when the block ends."""
    begun, release = threading.Event(), threading.Event()

    def wait(_connection):
        begun.set()
        assert release.wait(DEADLINE)

    thread = threading.Thread(target=writer.change, args=(wait,))
    thread.start()
    assert begun.wait(DEADLINE)
    try:
        yield release
    finally:
        release.set()
        thread.join(DEADLINE)


def wait_until_queued(writer: Writer, count: int) -> None:
    """Wait until so many changes lie in the writer's queue."""
    deadline = time.monotonic() + DEADLINE
    while writer._handed_over.qsize() < count:
        assert time.monotonic() < deadline


@asynccontextmanager
async def linked(writer: Writer) -> AsyncGenerator[LinkedLedger]:
    """A front's link to the writer, which heeds notices without a word."""
    ledger = await link_ledger(writer.attach(), heed=lambda _: None, lost=lambda: None)
    try:
        yield ledger
    finally:
        await ledger.close()


def append(writer: Writer, *rows: UsageRow) -> Any:
    """Append rows and wait for the answer."""

    async def appended() -> Any:
        async with linked(writer) as ledger:
            return await ledger.append(rows)

    return asyncio.run(appended())


def append_gathered(
    writer: Writer,
    *appends: Sequence[UsageRow],
    before_release: Callable[[Sequence[asyncio.Future[Any]]], None] = lambda _: None,
) -> list[Any]:
    """The answers to appends that all lie in the link when the writer gets to them."""

    async def appended() -> list[Any]:
        async with linked(writer) as ledger:
            with held(writer) as release:
                futures = [ledger.append(rows) for rows in appends]
                await asyncio.sleep(0)  # in its next turn the loop sends them
                before_release(futures)
                release.set()
                return await asyncio.wait_for(
                    asyncio.gather(*futures, return_exceptions=True), DEADLINE
                )

    return asyncio.run(appended())


class Front:
    """A front on an event loop of its own, and what it is told.

    Attributes:
        heeded: the notices, in order.
        lost: set once the writer has closed the link.
    """

    def __init__(self, writer: Writer) -> None:
        self.heeded: list[Any] = []
        self.lost = threading.Event()
        self.loop = asyncio.new_event_loop()
        self.end_of_link = writer.attach(self.lost.set)
        self._thread = threading.Thread(target=self.loop.run_forever)

    def begin(self, heed: Callable[[Any], object] | None = None) -> None:
        """Heed notices from here on."""
        self.ledger = self.loop.run_until_complete(
            link_ledger(self.end_of_link, heed or self.heeded.append, lambda: None)
        )
        self._thread.start()

    def never_begin(self) -> None:
        """Be gone without having heeded anything."""
        self.end_of_link.close()
        self.loop.close()

    def end(self) -> None:
        """Be gone."""
        asyncio.run_coroutine_threadsafe(self.ledger.close(), self.loop).result(DEADLINE)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(DEADLINE)
        self.loop.close()
