"""The keeper: the one process that has the data directory. It commits, and answers the operator."""

import os
import socket
from collections.abc import Callable
from importlib.resources import files

from waag.admin.api import AdminApi
from waag.admin.market_file import apply_market_file, read_market_file
from waag.bootstrap.agreements import AgreementParts, Surroundings
from waag.bootstrap.clocks import machine_time
from waag.config import Settings
from waag.domain.instants import Instant
from waag.domain.market import Market, NumbersTaken
from waag.domain.refusals import Refusal
from waag.edge.asgi import ask
from waag.exchange import Reply, Request
from waag.ports import Clock, Markets, RandomBytes
from waag.services.calls import GatheredCalls
from waag.services.clock import RealClock
from waag.services.faults import PlannedFaults
from waag.storage.checkpoints import Checkpointer
from waag.storage.data_directory import DataDirectory
from waag.storage.database import open_beside, open_database, open_reader
from waag.storage.kept_clock import KeptClock
from waag.storage.link import FaultsPlanned
from waag.storage.markets import SqliteMarkets
from waag.storage.page_tokens import SealedPageTokens
from waag.storage.sealed_tokens import SealedTokens, StoredTokenUse
from waag.storage.secret_box import SecretBox
from waag.storage.signing_keys import SqliteSigningKeys
from waag.storage.stored_market import StoredMarket
from waag.storage.usage_reader import SqliteUsageReader
from waag.storage.workloads import SqliteWorkloads
from waag.storage.writer import Writer
from waag.wire.operations.entitlement import entitlement_operations
from waag.wire.operations.registration import registration_operations
from waag.wire.operations.workloads import workload_operations
from waag.wire.routes import OPERATION_NAMES


class MarketFileUnreadable(Refusal):
    """The market file named at start cannot be read."""

    rule = "market.file"


class Keeper:
    """The data directory, its one writer, and the operator's API.

    Args:
        settings: see `waag.config`.
        real: the machine's own time; a test gives its own.
        random_bytes: where keys and tokens come from.

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
        connection = open_database(directory.ledger)
        checkpointer = Checkpointer(connection, open_beside(directory.ledger))
        self._closers.append(checkpointer.close)
        self._writer = Writer(connection)
        self._closers.append(self._writer.close)
        reader = SqliteUsageReader(open_reader(directory.ledger))
        self._closers.append(reader.close)
        key = directory.secret_key(random_bytes)
        secrets = SecretBox(key, random_bytes)
        market = StoredMarket(open_reader(directory.ledger), secrets)
        self._closers.append(market.close)
        markets = SqliteMarkets(self._writer, secrets)
        self.market_loaded = _load_market(settings, market, markets)
        self.clock: Clock = RealClock(real)
        if settings.clock == "settable":
            self.clock = KeptClock(self._writer, real)
        around = Surroundings(self.clock, market, markets, real, random_bytes)
        agreements = self._start_agreements(settings, around)
        self.faults = PlannedFaults(
            self.clock,
            OPERATION_NAMES,
            lambda operations: self._writer.announce(FaultsPlanned(operations)),
        )
        self.calls = GatheredCalls()
        tokens = SealedTokens(key, random_bytes)
        signing_keys = SqliteSigningKeys(self._writer, secrets)
        self.desk = {
            **registration_operations(
                clock=self.clock,
                market=market,
                choices=settings.choices.registration,
                tokens=tokens,
                used_tokens=StoredTokenUse(self._writer),
            ),
            **workload_operations(
                clock=self.clock,
                market=market,
                choices=settings.choices.metering,
                random_bytes=random_bytes,
                workloads=SqliteWorkloads(self._writer),
                signing_keys=signing_keys,
            ),
            **entitlement_operations(
                clock=self.clock,
                market=market,
                agreements=market,
                page_tokens=SealedPageTokens(key, random_bytes),
                choices=settings.choices.entitlement,
            ),
        }
        self.operator_token = settings.operator_token or directory.operator_token(random_bytes)
        self._admin = AdminApi(
            self.operator_token,
            clock=self.clock,
            market=market,
            markets=markets,
            usage=reader,
            calls=self.calls,
            faults=self.faults,
            settle=agreements.settle,
            more=agreements.calls,
            signing_keys=signing_keys,
            tokens=tokens,
            registration=settings.choices.registration,
        ).app()

    def _start_agreements(self, settings: Settings, around: Surroundings) -> AgreementParts:
        agreements = AgreementParts(settings, self._directory.ledger, self._writer, around)
        self._closers.append(agreements.close)
        agreements.start()
        return agreements

    def attach(self, given_up: Callable[[], None] = lambda: None) -> socket.socket:
        """A link for a front; see `waag.storage.writer.Writer.attach`."""
        return self._writer.attach(given_up)

    async def answer(self, request: Request) -> Reply:
        """Answer the operator."""
        return await ask(self._admin, request)

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
