"""Simulations, put together: the services that everybody uses, with ids that follow from a seed.

The simulation has a link to the writer, as a front has: usage goes over it, and what fronts have to
heed it heeds, too.
"""

import random
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from waag.admin.simulation_calls import SimulationCalls
from waag.bootstrap.agreements import AgreementParts
from waag.bootstrap.billing import BillingParts
from waag.bootstrap.features import Feature, Surroundings, nothing
from waag.domain.simulation.chances import Chances
from waag.domain.simulation.plan import Asked
from waag.services.agreements import AgreementCommands
from waag.services.payments import Payments
from waag.services.settling import Settling
from waag.services.simulated_usage import Metering
from waag.services.simulation import Business, Progress, Simulation, check_can_simulate, prepare
from waag.storage.billing.books import SqliteBooks
from waag.storage.billing.statements import SqliteStatements
from waag.storage.cached_market import CachedMarket
from waag.storage.link import MarketChanged, Notice
from waag.storage.linked_ledger import link_ledger
from waag.storage.workloads import SqliteWorkloads
from waag.worker.simulation import SimulationThread


def simulation(around: Surroundings, agreements: AgreementParts, books: BillingParts) -> Feature:
    """A feature of the keeper.

    Args:
        around: what the keeper has.
        agreements: knows what the clock has to settle.
        books: kept as time passes.
    """
    kept = SqliteBooks(around.writer, around.open_reader())
    statements = SqliteStatements(around.open_reader())
    billing = books.billing

    def plan_for(asked: Asked, report: Callable[[Progress], None]) -> Simulation:
        clock = check_can_simulate(asked, clock=around.clock, market=around.market, books=kept)
        chances, names = _seeded(asked, "chances"), _seeded(asked, "names")
        choices = around.settings.choices.agreements
        settling = Settling(
            clock,
            agreements.agreements,
            around.markets,
            choices=choices,
            random_bytes=names.randbytes,
            settled=nothing,
            bill=billing.settle,
        )
        billing.begin()
        business = Business(
            clock,
            around.market,
            around.markets,
            kept,
            statements,
            AgreementCommands(clock, around.markets, choices, names.randbytes, nothing),
            Payments(clock, kept, statements, billing, nothing),
            settling,
        )
        made = prepare(asked, business, Chances(chances.random))
        return Simulation(made, business, report)

    @asynccontextmanager
    async def open_metering(made: Simulation) -> AsyncGenerator[Metering]:
        market = CachedMarket(around.market)

        def heed(notice: Notice) -> None:
            if isinstance(notice, MarketChanged):
                market.forget(notice.altered)

        ledger = await link_ledger(around.writer.attach(), heed, nothing)
        try:
            yield Metering(
                market,
                around.settings.choices.metering,
                _seeded(made.progress.asked, "records").randbytes,
                ledger,
                SqliteWorkloads(around.writer),
            )
        finally:
            await ledger.close()

    thread = SimulationThread(plan_for, open_metering, agreements.settle)

    def close() -> None:
        thread.close()
        kept.close()
        statements.close()

    return Feature(calls=SimulationCalls(thread).calls(), close=close)


def _seeded(asked: Asked, purpose: str) -> random.Random:
    return random.Random(f"{asked.seed} {purpose}")  # noqa: S311 - the same for the same seed
