"""The keeper: the one process that has the data directory. It commits, and answers the operator."""

import os
import socket
from collections.abc import Callable
from importlib.resources import files
from itertools import chain

from waag.admin.api import AdminApi
from waag.admin.clock_calls import ClockCalls
from waag.admin.fault_calls import FaultCalls
from waag.admin.latest_calls import LatestCallsCalls
from waag.admin.market_calls import MarketCalls
from waag.admin.market_file import apply_market_file, read_market_file
from waag.bootstrap.agreements import AgreementParts
from waag.bootstrap.allocations import allocations
from waag.bootstrap.analytics import AnalyticsParts
from waag.bootstrap.attribution import attribution
from waag.bootstrap.billing import BillingParts
from waag.bootstrap.clocks import machine_time
from waag.bootstrap.console import ConsoleParts
from waag.bootstrap.data_sets import DataSetParts
from waag.bootstrap.features import (
    Feature,
    Surroundings,
    accepted_usage,
    entitlement,
    registration,
    workloads,
)
from waag.bootstrap.sandbox import SandboxParts
from waag.bootstrap.simulation import simulation
from waag.config import Settings
from waag.console.app import is_console
from waag.domain.instants import Instant
from waag.domain.market import Market, NumbersTaken
from waag.domain.refusals import Refusal
from waag.domain.throttling import Throttling
from waag.edge.asgi import ask
from waag.exchange import Reply, Request
from waag.ports import Clock, Markets, RandomBytes
from waag.ports.analytics import DataSets
from waag.services.calls import GatheredCalls
from waag.services.clock import RealClock
from waag.services.faults import PlannedFaults
from waag.services.throttling import Paced
from waag.storage.checkpoints import Checkpointer
from waag.storage.data_directory import DataDirectory
from waag.storage.database import open_beside, open_database, open_reader
from waag.storage.kept_clock import KeptClock
from waag.storage.link import FaultsPlanned
from waag.storage.markets import SqliteMarkets
from waag.storage.reader import Reader
from waag.storage.secret_box import SecretBox
from waag.storage.snapshots import SqliteSnapshots
from waag.storage.stored_market import StoredMarket
from waag.storage.writer import Writer
from waag.wire.routes import OPERATION_NAMES

_FEATURES = (accepted_usage, registration, workloads, entitlement, attribution, allocations)


class MarketFileUnreadable(Refusal):
    """The market file named at start cannot be read."""

    rule = "market.file"


class Keeper:
    """The data directory, its one writer, and the operator's API.

    Args:
        settings: see `waag.config`.
        real: the machine's own time; a test gives its own.
        random_bytes: where keys and tokens come from.
        data_sets: builds those of GenerateDataSet; None for those that follow from the books.

    Raises:
        Refusal: the data directory, the ledger's file or the market file cannot be used; whatever
            had been opened is closed again.
    """

    def __init__(
        self,
        settings: Settings,
        real: Callable[[], Instant] = machine_time,
        random_bytes: RandomBytes = os.urandom,
        data_sets: DataSets | None = None,
    ) -> None:
        self._directory = DataDirectory(settings.data)
        self._closers: list[Callable[[], None]] = [self._directory.release]
        try:
            self._build(settings, real, random_bytes, data_sets)
        except BaseException:
            self.close()
            raise

    def _build(
        self,
        settings: Settings,
        real: Callable[[], Instant],
        random_bytes: RandomBytes,
        data_sets: DataSets | None,
    ) -> None:
        around = self._surroundings(settings, real, random_bytes)
        self.clock = around.clock
        self.market_loaded = _load_market(settings, around.market, around.markets)
        self.calls = GatheredCalls()
        self.faults = PlannedFaults(
            around.clock,
            OPERATION_NAMES,
            lambda operations: around.writer.announce(FaultsPlanned(operations)),
        )
        strict = settings.choices.throttling.throttling is Throttling.STRICT
        self.pace = Paced(real).pace if strict else None
        features = [self._closed_with_this(build(around)) for build in _FEATURES]
        self.embedded = SandboxParts(around)
        features.append(self._closed_with_this(self.embedded.feature))
        self.calls.add(self.embedded.latest_calls)
        books = BillingParts(around)
        agreements = AgreementParts(around, books.billing, self.embedded.events)
        # Closed in the other order: time brings the books nothing any more once they are closed.
        features.append(self._closed_with_this(books.feature(agreements.settle)))
        features.append(self._closed_with_this(agreements.feature))
        parts = DataSetParts(around, agreements.settle)
        features.append(self._closed_with_this(parts.feature))
        analytics = AnalyticsParts(around, data_sets or parts.data_sets, self.embedded)
        features.append(self._closed_with_this(analytics.feature))
        features.append(self._closed_with_this(simulation(around, agreements, books)))
        console = ConsoleParts(around, agreements, analytics)
        features.append(self._closed_with_this(console.feature))

        def settle() -> None:
            for each in features:
                each.settle()

        operating = (
            *ClockCalls(around.clock, settle).calls(),
            *LatestCallsCalls(self.calls).calls(),
            *MarketCalls(around.market, self.embedded.markets).calls(),
            *FaultCalls(self.faults).calls(),
        )
        features.append(Feature(calls=operating))
        self.desk = dict(chain.from_iterable(each.desk.items() for each in features))
        self.operator_token = settings.operator_token or self._directory.operator_token(
            random_bytes
        )
        calls = chain.from_iterable(each.calls for each in features)
        self._admin = AdminApi(self.operator_token, calls).app()
        self._console = console.app
        for each in features:
            each.start()

    def _closed_with_this(self, feature: Feature) -> Feature:
        self._closers.append(feature.close)
        return feature

    def _surroundings(
        self, settings: Settings, real: Callable[[], Instant], random_bytes: RandomBytes
    ) -> Surroundings:
        directory = self._directory
        connection = open_database(directory.ledger)
        checkpointer = Checkpointer(connection, open_beside(directory.ledger))
        self._closers.append(checkpointer.close)
        self._writer = Writer(connection)
        self._closers.append(self._writer.close)
        secret_key = directory.secret_key(random_bytes)
        secrets = SecretBox(secret_key, random_bytes)
        market = StoredMarket(Reader(open_reader(directory.ledger)), secrets)
        self._closers.append(market.close)
        settable = settings.clock == "settable"
        clock: Clock = KeptClock(self._writer, real) if settable else RealClock(real)
        return Surroundings(
            settings=settings,
            writer=self._writer,
            open_reader=lambda: Reader(open_reader(directory.ledger)),
            snapshots=SqliteSnapshots(lambda: open_reader(directory.ledger)),
            clock=clock,
            market=market,
            markets=SqliteMarkets(self._writer, secrets, clock.now),
            secret_key=secret_key,
            secrets=secrets,
            real=real,
            random_bytes=random_bytes,
        )

    def attach(self, given_up: Callable[[], None] = lambda: None) -> socket.socket:
        """A link for a front; see `waag.storage.writer.Writer.attach`."""
        return self._writer.attach(given_up)

    async def answer(self, request: Request) -> Reply:
        """Answer the operator, or a customer's browser."""
        return await ask(self._console if is_console(request.path) else self._admin, request)

    def close(self) -> None:
        """Commit what has come and let go of the data directory; fronts are closed before."""
        while self._closers:
            self._closers.pop()()


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
