"""Books over a real ledger: a market, usage, a clock that is what the test says, and a dump."""

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import astuple

from builders import (
    BUYER,
    OTHER_BUYER,
    SELLER,
    account_definition,
    agreement_definition,
    at,
    buyer_definition,
    dimension_definition,
    market_definition,
    product_definition,
    row,
    vault_definition,
)
from waag.domain.billing_terms import Collection, TaxRule
from waag.domain.instants import HOUR, Instant
from waag.domain.market import DimensionType
from waag.domain.market_definition import EntitlementDefinition
from waag.services.billing import Billing, Opening
from waag.services.clock import RealClock
from waag.services.market import apply_market
from waag.services.payments import Payments
from waag.storage.billing.books import SqliteBooks
from waag.storage.billing.statements import SqliteStatements
from waag.storage.database import open_database, open_reader
from waag.storage.markets import SqliteMarkets
from waag.storage.queries import query_many, run
from waag.storage.reader import Reader
from waag.storage.secret_box import SecretBox
from waag.storage.writer import Writer

BOOKS = (
    "charge",
    "invoice",
    "invoice_item",
    "invoice_line",
    "invoice_standing",
    "adjustment",
    "payout",
    "ledger_transaction",
    "posting",
    "awaiting_payout",
    "due_work",
    "month_close",
    "rated_usage",
    "books",
)
LICENSE = "arn:aws:license-manager::120000000001:license:l-1"


class Kept:
    """A ledger whose books are kept.

    Attributes:
        now: what its clock shows.
    """

    def __init__(self, path: Any, now: str = "2026-05-14T00:00:00", *, at_once: int = 500) -> None:
        self.path = path
        self.now: Instant = at(now)
        self.writer = Writer(open_database(path))
        self.markets = SqliteMarkets(self.writer, SecretBox(b"k" * 32, bytes), lambda: self.now)
        self.books = SqliteBooks(self.writer, Reader(open_reader(path)))
        self.statements = SqliteStatements(Reader(open_reader(path)))
        self.billing = Billing(self.books, self.now, Opening.AT_START, at_once)
        clock = RealClock(lambda: self.now)
        self.payments = Payments(clock, self.books, self.statements, self.billing, self.settle)

    def close(self) -> None:
        """Let go of the ledger."""
        for each in (self.books, self.statements, self.writer):
            each.close()

    def apply(self, **definition: Any) -> None:
        """Apply a market definition."""
        apply_market(market_definition(**definition), self.markets)

    def use(self, moment: str, quantity: int = 1_000_000, **given: Any) -> None:
        """Usage as metering would have appended it."""
        instant = at(moment)
        usual = {"hour": instant // HOUR, "timestamp": instant, "quantity": quantity, "customer": 2}
        named = usual | given
        rows = [astuple(row(record_id=repr(sorted(named.items())).encode()[-16:], **named))]
        self.writer.change(lambda connection: query_many(connection, "insert_usage", rows))

    def settle(self) -> None:
        """Do all that is due."""
        self.billing.settle(self.now)

    def turn(self, moment: str) -> None:
        """Turn the clock, and settle."""
        self.now = at(moment)
        self.settle()

    def rows(self, statement: str, *asked: Any) -> Any:
        """What a statement answers."""
        return self.writer.change(lambda connection: run(connection, statement, asked))

    def amounts(self) -> list[tuple[str, str, int]]:
        """Month, kind and amount of every charge, in order."""
        return self.rows("SELECT month, kind, amount FROM charge ORDER BY at, starts, amount")

    def balances(self) -> dict[str, int]:
        """Every account that has something."""
        return dict(
            self.rows(
                "SELECT account, sum(amount) FROM posting GROUP BY account HAVING sum(amount) <> 0"
            )
        )

    def dump(self) -> str:
        """The books, to the byte."""
        return "\n".join(
            repr((table, each))
            for table in BOOKS
            for each in self.rows(f"SELECT * FROM {table}")  # noqa: S608 - the names are above
        )


def selling(**given: Any) -> dict[str, Any]:
    """SELLER's product at 0.50 to BUYER, who pays at once unless it is said otherwise."""
    policy = given.pop("collection", Collection())
    payment_days = given.pop("payment_days", 30)
    usual = {
        "accounts": (
            account_definition(**given.pop("seller", {})),
            buyer_definition(
                collection=policy,
                payment_days=payment_days,
                address={"country": "US", "state": "WA"},
            ),
        ),
        "products": (product_definition(**given.pop("product", {})),),
        "agreements": (agreement_definition(**given.pop("agreement", {})),),
    }
    return usual | given


def month(number: int) -> datetime:
    """The first of a month of 2026."""
    return datetime(2026, number, 1, tzinfo=UTC)


def washington(rate: str = "0.10", **given: Any) -> TaxRule:
    """A tax of Washington's."""
    usual = {"id": "wa", "country": "US", "state": "WA", "jurisdiction": "WA", "rate": rate}
    return TaxRule(**(usual | given))


def seats(**given: Any) -> dict[str, Any]:
    """A contract of BUYER's for ten seats of the vault, from February for a year."""
    usual = {
        "id": "agmt-vault",
        "product": "prod-vault00000001",
        "customer_identifier": None,
        "license_arn": LICENSE,
        "starts": month(2),
        "ends": datetime(2027, 2, 1, tzinfo=UTC),
        "entitlements": (EntitlementDefinition(dimension="seats", value=10),),
    }
    return {
        "products": (
            vault_definition(
                dimensions=(
                    dimension_definition("seats", type=DimensionType.ENTITLED, price="12.00"),
                )
            ),
        ),
        "agreements": (agreement_definition(**(usual | given)),),
    }


__all__ = ["BUYER", "OTHER_BUYER", "SELLER", "Kept", "seats", "selling", "washington"]
