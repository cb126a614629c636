"""Data sets delivered: rows, then the file beside them, then the notice; each until it is done.

How far each has come lies in its request's row, one step at a time, so that a restart goes on where
it was. A step that was done and not written down is done again: the same rows take the place of
themselves, a notice may come twice. What AWS refuses for good is told as a failure; what could not
be reached is tried again for as long as it takes.
"""

import logging
import threading
from collections.abc import Callable, Iterator

from msgspec.structs import replace

from waag.domain.analytics.data_sets import DataSet
from waag.domain.analytics.documents import metadata, notice
from waag.domain.analytics.refusals import (
    AnalyticsRefused,
    DestinationRefused,
    DestinationUnreachable,
)
from waag.domain.analytics.requests import DataSetRequest, KeptRequest, Progress, RequestStatus
from waag.domain.instants import SECOND, Instant
from waag.domain.refusals import StoreUnavailable
from waag.ports import Clock
from waag.ports.analytics import Courier, DataSetRequests
from waag.services.data_set_contents import Contents
from waag.worker.delivery import DELAY_MAX, delay_after

LOOKED_AT = 100
"""Of how many sellers the oldest request is looked at in one turn."""

BUILD_ATTEMPTS_MAX = 5
"""After so many attempts a data set that Waag fails to build is given up."""

_log = logging.getLogger(__name__)


class DataSetDelivery:
    """Work for any number of `WorkerThread`s, to be woken when a request was taken.

    Args:
        requests: the queue.
        contents: the rows.
        courier: goes there.
        to_bytes: the rows as the bytes of a file.
        clock: tells when a data set was complete.
        real: the machine's own time, by which attempts are spaced.
        jitter: a number from 0 to 1, any as likely as another.
    """

    def __init__(
        self,
        *,
        requests: DataSetRequests,
        contents: Contents,
        courier: Courier,
        to_bytes: Callable[[DataSet], Iterator[bytes]],
        clock: Clock,
        real: Callable[[], Instant],
        jitter: Callable[[], float],
    ) -> None:
        self._requests = requests
        self._contents = contents
        self._courier = courier
        self._to_bytes = to_bytes
        self._clock = clock
        self._real = real
        self._jitter = jitter
        self._stopping = False
        self._choosing = threading.Lock()
        self._in_hand: set[int] = set()

    def __call__(self) -> float | None:
        """Take one request a step further, and tell in how many seconds there is more to do.

        Raises:
            StoreUnavailable: the store could not read or write.
        """
        chosen = self._choose()
        if not isinstance(chosen, KeptRequest):
            return chosen
        try:
            self._requests.proceed(chosen.number, self._stepped(chosen))
        finally:
            self._in_hand.discard(chosen.number)
        return 0

    def stop(self) -> None:
        """Break off whatever is being put; it is begun anew after the next start."""
        self._stopping = True

    def _choose(self) -> KeptRequest | float | None:
        """One whose time has come, taken in hand; else the seconds until one's has."""
        with self._choosing:
            now = self._real()
            unsettled = self._requests.unsettled(LOOKED_AT)
            free = [each for each in unsettled if each.number not in self._in_hand]
            pauses = {each.number: _pause(each.progress, now) for each in free}
            due = next((each for each in free if pauses[each.number] == 0), None)
            if due is not None:
                self._in_hand.add(due.number)
                return due
            return min(pauses.values(), default=None)

    def _stepped(self, kept: KeptRequest) -> Progress:
        """How far a request has come after its next step."""
        progress = kept.progress
        try:
            if progress.status is RequestStatus.PENDING:
                return self._put(kept.request)
            return self._tell(kept.request, progress)
        except DestinationUnreachable as unreachable:
            return self._later(progress, unreachable.why)
        except StoreUnavailable:
            raise
        except Exception:  # noqa: BLE001 - the outermost frame of a data set: it logs, others go on
            _log.exception("data set request %s failed", kept.request.id)
            why = f"Waag failed to build {kept.request.type}; its log says why."
            if progress.attempts + 1 < BUILD_ATTEMPTS_MAX:
                return self._later(progress, why)
            return Progress(RequestStatus.REFUSED, message=why)

    def _put(self, request: DataSetRequest) -> Progress:
        try:
            destination = self._courier.reach(request.destination)
            data_set = self._contents.rows(
                request.type, request.seller_id, request.published, request.covers
            )
            content = self._until_stopped(self._to_bytes(data_set))
            destination.put(request.data_key, "text/csv", content)
            completed = self._clock.now()
            beside = iter((metadata(request, completed),))
            destination.put(request.metadata_key, "application/json", beside)
        except AnalyticsRefused as refused:
            return Progress(RequestStatus.REFUSED, message=refused.why)
        return Progress(RequestStatus.DELIVERED, completed=completed)

    def _until_stopped(self, content: Iterator[bytes]) -> Iterator[bytes]:
        for piece in content:
            if self._stopping:
                raise DestinationUnreachable("Waag was stopped meanwhile.")
            yield piece

    def _tell(self, request: DataSetRequest, progress: Progress) -> Progress:
        delivered = progress.status is RequestStatus.DELIVERED
        settled = replace(
            progress,
            status=RequestStatus.SUCCEEDED if delivered else RequestStatus.FAILED,
            last_error=None,
        )
        try:
            self._courier.tell(request.destination, notice(request, progress.message))
        except DestinationRefused as refused:
            # Nobody can be told; the operator sees it.
            return replace(settled, last_error=refused.why)
        return settled

    def _later(self, progress: Progress, why: str) -> Progress:
        attempts = progress.attempts + 1
        return replace(
            progress,
            attempts=attempts,
            retry_at=self._real() + delay_after(attempts, self._jitter()),
            last_error=why,
        )


def _pause(progress: Progress, now: Instant) -> float:
    """Seconds until a request's time; 0 too if the machine's clock has been set back since."""
    left = progress.retry_at - now
    return left / SECOND if 0 < left <= DELAY_MAX else 0
