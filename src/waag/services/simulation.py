"""A simulation carried out: the plan's steps in order, the clock turned to each.

Everything goes the way it goes for people: agreements by the operator's commands, usage by what
judges BatchMeterUsage and MeterUsage, payments and refunds as the operator records them, the rest
by the clock. What was made stays if it is broken off; it is not gone on with.
"""

import asyncio
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, Protocol

import msgspec
from msgspec.structs import replace

from waag.domain.agreements import Subscription
from waag.domain.billing.adjustments import AdjustmentKind
from waag.domain.billing.collection import OPEN, WRITTEN_OFF
from waag.domain.billing.money import to_text
from waag.domain.billing.statements import InvoiceQuery
from waag.domain.clock import ClockMode
from waag.domain.instants import INSTANT_MIN, Instant, format_instant
from waag.domain.market import Agreement, Market, Product
from waag.domain.market_definition import MarketDefinition
from waag.domain.months import Month
from waag.domain.refusals import Refusal
from waag.domain.simulation.buyers import account_ids
from waag.domain.simulation.chances import Chances
from waag.domain.simulation.lives import Act, Deed
from waag.domain.simulation.offerings import lacking
from waag.domain.simulation.places import TAXES
from waag.domain.simulation.plan import Asked, Money, MoneyKind, Plan, Step, plan
from waag.ports import Clock, Markets, SettableClock, Settle
from waag.ports.billing import Books, Statements
from waag.services.agreements import AgreementCommands
from waag.services.clock import ClockNotSettable, advance_clock_to, set_clock
from waag.services.market import apply_market
from waag.services.payments import Payments
from waag.services.simulated_usage import Metering, Reporting

_EARLIEST, _LATEST = Month(1970, 1), Month(9900, 1)
_INVOICES_MAX = 1000


class SimulationRefused(Refusal):
    """A simulation that cannot be made here."""

    rule = "simulation.refused"


class Stage(Enum):
    """How far a simulation has come."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    """Somebody asked for it; what was made stays."""
    FAILED = "failed"


class Progress(msgspec.Struct, frozen=True):
    """How far a simulation has come, and what was made.

    Attributes:
        done, total: steps.
        now: what the clock shows.
        why: it failed.
    """

    asked: Asked
    stage: Stage
    done: int
    total: int
    now: Instant
    agreements: int = 0
    usage_records: int = 0
    payments: int = 0
    given_back: int = 0
    why: str = ""


class Simulations(Protocol):
    """Simulations, one at a time, carried out while the server serves."""

    @property
    def latest(self) -> Progress | None:
        """How far the one has come that is in hand, or was last; None before the first."""
        ...

    def begin(self, asked: Asked) -> Progress:
        """Begin one; this returns before it is done.

        Raises:
            ClockNotSettable, SimulationRefused: it cannot be made here, or another is running.
            MarketRefused: its buyers do not fit into this market.
            StoreUnavailable: the store could not read or write.
        """
        ...

    def stop(self) -> Progress | None:
        """Break off the one in hand after its step; returns once it has ended."""
        ...


class Business(msgspec.Struct, frozen=True):
    """What a simulation acts through.

    Attributes:
        settle: does all that is due, with ids that follow from the seed; nothing is due in the
            instant after, so that commands need not ask for it again.
    """

    clock: Clock
    market: Market
    markets: Markets
    books: Books
    statements: Statements
    commands: AgreementCommands
    payments: Payments
    settle: Settle


def check_can_simulate(
    asked: Asked, *, clock: Clock, market: Market, books: Books
) -> SettableClock:
    """Refuse a simulation of what is past, or of what is there.

    Raises:
        ClockNotSettable: the server runs by real time.
        SimulationRefused: its time is closed in the books, or its buyers are there already.
    """
    if not isinstance(clock, SettableClock):
        raise ClockNotSettable(
            "This server runs by real time, and a simulation turns the clock; start another with "
            "--clock settable and an empty data directory."
        )
    if not _EARLIEST <= asked.first <= _LATEST:
        raise SimulationRefused(
            f"A simulation cannot begin with {asked.first}; expected a month from {_EARLIEST} to "
            f"{_LATEST}."
        )
    latest = books.latest_close()
    if latest is not None and asked.starts < latest.at:
        raise SimulationRefused(
            f"The books are closed until {format_instant(latest.at)}, so that nothing can be "
            f"simulated from {asked.first} on; begin with {latest.month.plus(2)} or later, or in "
            "an empty data directory."
        )
    for account_id in account_ids(asked.seed, asked.customers):
        if market.account(account_id) is not None:
            raise SimulationRefused(
                f"Account {account_id} is there already: this market has a simulation with the "
                f"seed {asked.seed}, whole or broken off. It is not gone on with; take another "
                "seed, or an empty data directory."
            )
    return clock


def prepare(asked: Asked, business: Business, chances: Chances) -> Plan:
    """Set the clock back to the beginning, have the market ready, and make the plan.

    Raises:
        MarketRefused: what is added does not fit into this market.
        StoreUnavailable: the store could not read or write.
    """
    set_clock(business.clock, ClockMode.FROZEN, asked.starts, business.settle)
    apply_market(lacking(_products(business.books)), business.markets)
    made = plan(asked, _products(business.books), chances)
    buyers = tuple(each.account for each in made.buyers)
    taxes = () if business.books.tax_rules() else TAXES
    apply_market(MarketDefinition(accounts=buyers, taxes=taxes), business.markets)
    return made


def _products(books: Books) -> Sequence[Product]:
    products = books.products()
    return [products[number].latest for number in sorted(products)]


class Simulation:
    """Carries out one plan.

    Args:
        made: the plan.
        business: what it acts through.
        report: told how far it has come, after each step.
    """

    def __init__(self, made: Plan, business: Business, report: Callable[[Progress], None]) -> None:
        self._plan = made
        self._business = business
        self._report = report
        self._agreements: dict[int, Agreement] = {}
        self._stopping = False
        asked = made.asked
        self._progress = Progress(asked, Stage.RUNNING, 0, len(made.steps), asked.starts)

    @property
    def progress(self) -> Progress:
        """How far it has come."""
        return self._progress

    def stop(self) -> None:
        """End after the step in hand; any thread may."""
        self._stopping = True

    async def carry_out(self, metering: Metering) -> None:
        """Take all steps, and close the last month.

        Raises:
            Refusal: something was not as it had to be, as where somebody else turns the clock.
        """
        reporting = Reporting(self._plan.lives, self._agreements, metering)
        for step in self._plan.steps:
            if self._stopping:
                self._tell(stage=Stage.STOPPED)
                return
            await self._take(step, reporting)
        last = self._plan.asked.first.plus(self._plan.asked.months - 1)
        await asyncio.to_thread(self._turn, last.closes)
        self._tell(stage=Stage.DONE, now=last.closes)

    async def _take(self, step: Step, reporting: Reporting) -> None:
        """Turn the clock, have usage reported, then do what is to be done."""
        now = step.at
        await asyncio.to_thread(self._turn, now)
        lives = [act.life for act in step.acts]
        taken = await reporting.sellers_report(now, None if step.job else lives)
        taken += await asyncio.to_thread(reporting.workloads_report, now, lives)
        if step.job:
            taken += await asyncio.to_thread(reporting.workloads_report, now)
        await asyncio.to_thread(self._do, step)
        made = self._progress
        self._tell(done=made.done + 1, now=now, usage_records=made.usage_records + taken)

    def _tell(self, **changed: Any) -> None:
        self._progress = replace(self._progress, **changed)
        self._report(self._progress)

    def _turn(self, to: Instant) -> None:
        advance_clock_to(self._business.clock, to, self._business.settle)

    def _do(self, step: Step) -> None:
        for act in step.acts:
            self._act(act)
        for each in step.money:
            if each.kind is MoneyKind.PAYMENT:
                self._pay(each)
            else:
                self._give_back(each)

    def _act(self, act: Act) -> None:
        commands, life = self._business.commands, self._plan.lives[act.life]
        if act.deed is Deed.SUBSCRIBE:
            agreement = commands.subscribe(
                Subscription(
                    life.product.id, life.buyer.account.id, act.offer, act.ends, act.granted
                )
            )
            self._progress = replace(self._progress, agreements=self._progress.agreements + 1)
        elif act.deed is Deed.RUN_OUT:
            return
        else:
            before = self._agreements[act.life].id
            match act.deed:
                case Deed.AMEND:
                    agreement = commands.amend(before, act.granted)
                case Deed.RENEW:
                    assert act.ends is not None, "it is renewed until then"
                    agreement = commands.renew(before, act.ends, act.granted)
                case Deed.SUSPEND:
                    agreement = commands.suspend(before)
                case _:
                    agreement = commands.cancel(before)
        self._agreements[act.life] = agreement

    def _pay(self, money: Money) -> None:
        """Some of what is open of each of a buyer's invoices."""
        asked = InvoiceQuery(money.buyer_id, None, OPEN, (INSTANT_MIN, ""), _INVOICES_MAX)
        for each in self._business.statements.invoices(asked):
            minor = each.open * money.percent // 100
            amount = to_text(minor, each.currency) if 0 < minor < each.open else None
            self._business.payments.pay(each.id, amount)
            self._progress = replace(self._progress, payments=self._progress.payments + 1)

    def _give_back(self, money: Money) -> None:
        """Some of one line of a buyer's, if it has any of which something is left."""
        statements = self._business.statements
        asked = InvoiceQuery(money.buyer_id, None, None, (INSTANT_MIN, ""), _INVOICES_MAX)
        invoices = [each.id for each in statements.invoices(asked) if each.status != WRITTEN_OFF]
        lines = [each for each in statements.lines(invoices) if each.charge.amount]
        if not lines:
            return
        line = lines[money.draw * len(lines) // 1000]
        charge = line.charge
        left = charge.amount - statements.given_back(charge.id, line.reference).line
        if not left:
            return
        minor = max(1, left * money.percent // 100)
        kind = AdjustmentKind.REFUND if money.kind is MoneyKind.REFUND else AdjustmentKind.CREDIT
        amount = to_text(minor, charge.currency)
        self._business.payments.give_back(kind, charge.id, amount, money.reason)
        self._progress = replace(self._progress, given_back=self._progress.given_back + 1)
