"""A front: takes requests, verifies and judges them; what it accepts, the keeper keeps."""

import os
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus

import msgspec

from waag.admin.call_log import CallLog
from waag.admin.refusals import BODY_BYTES_MAX as ADMIN_BODY_BYTES_MAX
from waag.bootstrap.clocks import machine_time
from waag.config import Settings
from waag.console.app import is_console
from waag.console.forms import BODY_BYTES_MAX as FORM_BYTES_MAX
from waag.domain.calls import CallRecord
from waag.domain.instants import Instant
from waag.domain.refusals import StoreUnavailable
from waag.edge.http import HttpServer
from waag.exchange import Reply, Request
from waag.ports import Calls, Clock, RandomBytes
from waag.services.calls import LatestCalls
from waag.services.clock import RealClock
from waag.services.faults import AskKeeper, FollowedFaults
from waag.services.throttling import Pace
from waag.storage.cached_market import CachedMarket
from waag.storage.data_directory import ledger_in, secret_key_in
from waag.storage.database import open_reader
from waag.storage.kept_clock import FollowingClock
from waag.storage.link import FaultsPlanned, MarketChanged, Notice
from waag.storage.linked_ledger import link_ledger
from waag.storage.reader import Reader
from waag.storage.secret_box import SecretBox
from waag.storage.stored_market import StoredMarket
from waag.wire.operations import DeskOperations
from waag.wire.operations.metering import handed_back, metering_operations
from waag.wire.pipeline import BODY_BYTES_MAX, Pipeline
from waag.wire.routes import Routes


class Front:
    """Answers requests by itself, but for the operator's and browsers', which it passes on.

    So it does with operations that need more than reading and appending, unless it is beside its
    keeper and has the keeper's desk.

    Made by `open_front`.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        keeper: Callable[[Request], Awaitable[Reply]],
        calls: LatestCalls,
        close: Callable[[], Awaitable[None]],
    ) -> None:
        self._pipeline = pipeline
        self._keeper = keeper
        self._calls = calls
        self.close = close

    async def answer(self, request: Request) -> Reply:
        """Answer one request; see `Pipeline.answer`."""
        if _is_operators(request.path) or is_console(request.path):
            try:
                return await self._keeper(request)
            except StoreUnavailable as refused:
                return _unavailable(refused)
        return await self._pipeline.answer(request)

    def http_server(self) -> HttpServer:
        """What answers over HTTP; not started."""
        return HttpServer(self.answer, body_bytes_max)

    def latest_calls(self, limit: int) -> Sequence[CallRecord]:
        """At most `limit` calls that this front answered, newest first."""
        return self._calls.latest(limit)


async def open_front(
    settings: Settings,
    link: socket.socket,
    keeper: Callable[[Request], Awaitable[Reply]],
    strike: AskKeeper,
    lost: Callable[[], None],
    *,
    real: Callable[[], Instant] = machine_time,
    random_bytes: RandomBytes = os.urandom,
    desk: DeskOperations | None = None,
    pace: Pace | None = None,
) -> Front:
    """A front over a link that the keeper has attached.

    Args:
        settings: the keeper's.
        link: no notice is missed, since the store is read only from here on.
        keeper: answers the operator and browsers, and without a desk what only the keeper can.
        strike: tells which planned fault strikes a call.
        lost: told when the keeper is gone; nothing can be kept any more.
        real: the machine's own time.
        random_bytes: for ids.
        desk: what the keeper answers, if this front is beside it.
        pace: counts calls against quotas; None if none count.

    Raises:
        DataDirectoryRefused: the secret key is not there.
    """
    reader = open_reader(ledger_in(settings.data))
    stored = StoredMarket(Reader(reader), SecretBox(secret_key_in(settings.data), random_bytes))
    market = CachedMarket(stored)
    faults = FollowedFaults(strike)
    following = FollowingClock(reader, real) if settings.clock == "settable" else None

    def heed(notice: Notice) -> None:
        if isinstance(notice, MarketChanged):
            market.forget(notice.altered)
        elif isinstance(notice, FaultsPlanned):
            faults.follow(notice.operations)
        elif following is not None:
            following.follow(notice)

    ledger = await link_ledger(link, heed, lost)
    clock: Clock = RealClock(real) if following is None else following
    latest = LatestCalls()
    calls: Calls = CallLog(latest, sys.stderr.write) if settings.log_calls else latest
    at_once = metering_operations(
        clock=clock,
        market=market,
        ledger=ledger,
        random_bytes=random_bytes,
        choices=settings.choices.metering,
    )
    pipeline = Pipeline(
        Routes(at_once, desk or {}, handed_back(clock=clock, market=market, ledger=ledger)),
        clock=clock,
        market=market,
        faults=faults,
        pace=pace,
        calls=calls,
        random_bytes=random_bytes,
        choices=settings.choices.wire,
        elsewhere=keeper if desk is None else None,
    )

    async def close() -> None:
        await ledger.close()
        stored.close()

    return Front(pipeline, keeper, latest, close)


def body_bytes_max(path: str) -> int:
    """The largest body that is taken on a path."""
    if is_console(path):
        return FORM_BYTES_MAX
    return ADMIN_BODY_BYTES_MAX if _is_operators(path) else BODY_BYTES_MAX


def _unavailable(refused: StoreUnavailable) -> Reply:
    error = {"rule": refused.rule, "message": refused.why}
    body = msgspec.json.encode({"error": error})
    return Reply(HTTPStatus.SERVICE_UNAVAILABLE, (("content-type", "application/json"),), body)


def _is_operators(path: str) -> bool:
    return path == "/healthz" or path.startswith("/admin/")
