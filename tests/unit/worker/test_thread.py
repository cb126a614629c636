"""A thread that works when it is woken, and when it said it would."""

import logging
import threading
from queue import SimpleQueue

from waag.domain.refusals import StoreUnavailable
from waag.worker.thread import AFTER_FAILURE_SECONDS, RealAlarm, WorkerThread

DEADLINE = 30


class ToldAlarm:
    """An alarm that tells how long it is waited for, and ends the wait when the test says so."""

    def __init__(self) -> None:
        self.waits: SimpleQueue[float | None] = SimpleQueue()
        self._ends = threading.Semaphore(0)

    def ring(self) -> None:
        """End a wait."""
        self._ends.release()

    def wait(self, seconds: float | None) -> None:
        """Wait for the test."""
        self.waits.put(seconds)
        assert self._ends.acquire(timeout=DEADLINE)


def worked(*results):
    """How long a worker waits after each of these results, an exception among them, maybe."""
    left = list(results)

    def work():
        result = left.pop(0)
        if isinstance(result, Exception):
            raise result
        return result

    alarm = ToldAlarm()
    worker = WorkerThread("worker", work, alarm)
    worker.start()
    waits = []
    for _ in results[:-1]:
        waits.append(alarm.waits.get(timeout=DEADLINE))
        worker.ring()
    waits.append(alarm.waits.get(timeout=DEADLINE))
    worker.close()
    return waits


def test_it_waits_for_as_long_as_its_work_says():
    """And works again, whether the time has come or it was woken."""
    assert worked(None, 2.5, 0) == [None, 2.5, 0]


def test_work_that_fails_is_tried_again(caplog):
    """After a while; the log says why."""
    with caplog.at_level(logging.CRITICAL + 1):
        waits = worked(StoreUnavailable("The disk is full."), ValueError("odd"), None)
    assert waits == [AFTER_FAILURE_SECONDS, AFTER_FAILURE_SECONDS, None]


def test_failures_are_logged(caplog):
    """A store that is unavailable in a sentence, what is odd with its traceback."""
    worked(StoreUnavailable("The disk is full."), ValueError("odd"), None)
    assert [(each.message, bool(each.exc_info)) for each in caplog.records] == [
        ("worker: The disk is full. It tries again.", False),
        ("worker failed; it tries again", True),
    ]


def test_a_real_alarm_that_rang_before_does_not_wait():
    """What is to be done meanwhile is not missed."""
    alarm = RealAlarm()
    alarm.ring()
    waiting = threading.Thread(target=alarm.wait, args=(None,))
    waiting.start()
    waiting.join(DEADLINE)
    assert not waiting.is_alive()


def test_a_real_alarm_ends_in_time():
    """Though nobody rings it."""
    assert RealAlarm().wait(0.001) is None
