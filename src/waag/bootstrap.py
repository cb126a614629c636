"""Builds the program from its settings; the only place that names adapters."""

import os
import sys
import time
from collections.abc import Callable
from importlib.resources import files

from waag.admin.api import BODY_BYTES_MAX as ADMIN_BODY_BYTES_MAX
from waag.admin.api import AdminApi
from waag.admin.call_log import CallLog
from waag.admin.market_file import apply_market_file, read_market_file
from waag.config import Settings
from waag.domain.instants import Instant
from waag.domain.market import Market, NumbersTaken
from waag.domain.refusals import Refusal
from waag.edge.asgi import ask
from waag.edge.http import HttpServer
from waag.exchange import Reply, Request
from waag.ports import Calls, Clock, Markets, RandomBytes
from waag.services.calls import LatestCalls
from waag.services.clock import RealClock
from waag.storage.cached_market import CachedMarket
from waag.storage.data_directory import DataDirectory
from waag.storage.database import open_database, open_reader
from waag.storage.kept_clock import KeptClock
from waag.storage.markets import SqliteMarkets
from waag.storage.secret_box import SecretBox
from waag.storage.stored_market import StoredMarket
from waag.storage.usage_reader import SqliteUsageReader
from waag.storage.writer import Writer
from waag.wire.pipeline import BODY_BYTES_MAX, Pipeline
from waag.wire.routes import Routes


class MarketFileUnreadable(Refusal):
    """The market file named at start cannot be read."""

    rule = "market.file"


def machine_time() -> Instant:
    """The machine's own clock."""
    return time.time_ns() // 1000


class Program:
    """A server with all its parts, ready to be given requests.

    Args:
        settings: see `waag.config`.
        real: the machine's own time; a test gives its own.
        random_bytes: where ids, keys and tokens come from.

    Raises:
        Refusal: the data directory, the ledger's file or the market file cannot be used; whatever
            had been opened is closed again.
    """

    def __init__(
        self,
        settings: Settings,
        real: Callable[[], Instant] = machine_time,
        random_bytes: RandomBytes = os.urandom,
    ) -> None:
        self._directory = DataDirectory(settings.data)
        self._closers: list[Callable[[], None]] = [self._directory.release]
        try:
            self._build(settings, real, random_bytes)
        except BaseException:
            self.close()
            raise

    def _build(
        self, settings: Settings, real: Callable[[], Instant], random_bytes: RandomBytes
    ) -> None:
        directory = self._directory
        writer = Writer(open_database(directory.ledger))
        self._closers.append(writer.close)
        reader = SqliteUsageReader(open_reader(directory.ledger))
        self._closers.append(reader.close)
        secrets = SecretBox(directory.secret_key(random_bytes), random_bytes)
        stored = StoredMarket(open_reader(directory.ledger), secrets)
        self._closers.append(stored.close)
        market = CachedMarket(stored)
        markets = SqliteMarkets(writer, secrets, forget=market.forget)
        self.market_loaded = _load_market(settings, market, markets)
        self.clock: Clock = RealClock(real)
        if settings.clock == "settable":
            self.clock = KeptClock(writer, real)
        calls: Calls = LatestCalls()
        if settings.log_calls:
            calls = CallLog(calls, sys.stderr.write)
        self.operator_token = settings.operator_token or directory.operator_token(random_bytes)
        self._admin = AdminApi(
            self.operator_token,
            clock=self.clock,
            market=market,
            markets=markets,
            usage=reader,
            calls=calls,
        ).app()
        routes = Routes(
            clock=self.clock,
            market=market,
            ledger=writer,
            random_bytes=random_bytes,
            metering=settings.metering,
        )
        self._pipeline = Pipeline(
            routes,
            clock=self.clock,
            market=market,
            calls=calls,
            random_bytes=random_bytes,
            choices=settings.wire,
        )

    async def answer(self, request: Request) -> Reply:
        """Answer one request: the operator's, or else one of the AWS protocols'."""
        if _is_operators(request.path):
            return await ask(self._admin, request)
        return await self._pipeline.answer(request)

    def http_server(self) -> HttpServer:
        """What answers over HTTP; not started."""
        return HttpServer(self.answer, body_bytes_max)

    def close(self) -> None:
        """Commit what is queued and let go of the data directory."""
        while self._closers:
            self._closers.pop()()


def body_bytes_max(path: str) -> int:
    """The largest body that is taken on a path."""
    return ADMIN_BODY_BYTES_MAX if _is_operators(path) else BODY_BYTES_MAX


def _is_operators(path: str) -> bool:
    return path == "/healthz" or path.startswith("/admin/")


def _load_market(settings: Settings, market: Market, markets: Markets) -> bool:
    """Fill an empty data directory; tells whether it was empty."""
    if market.numbers_taken() != NumbersTaken():
        return False
    path = settings.market_file
    if path is None:
        text = files("waag.admin").joinpath("demo_market.yaml").read_bytes()
    else:
        try:
            text = path.read_bytes()
        except OSError as error:
            raise MarketFileUnreadable(f"{path}: {error.strerror}.") from error
    file = read_market_file(text, "demo market" if path is None else str(path))
    apply_market_file(file, markets)
    return True
