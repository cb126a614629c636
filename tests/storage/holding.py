"""The writer held busy, so that a test decides what gathers behind it."""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

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
    """Wait until so much lies in the writer's queue."""
    deadline = time.monotonic() + DEADLINE
    while writer._queue.qsize() < count:
        assert time.monotonic() < deadline
