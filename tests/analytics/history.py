"""A small market's first months of 2026, made through the services, and data sets asked of it.

SELLER sells, and its payouts are on the first of each month, at 06:00:

    analytics  SaaS, users at 0.50; GB at 0.10, those above 100 in a month at 0.08
    vault      contracts, seats at 12.00 a year
    scanner    an AMI, m5.large at 0.10 an hour; the first seven days are free

    MOLEN, in Seattle, pays on invoice     analytics; the vault by a private offer, 6,000 twice;
                                           demonstrates the scanner
    VAART, in Ghent, never pays            ten seats of the vault from 15 January; renewed in March
    SLUIS, in Portland, pays ten days late five seats of the vault from 5 February, by RESELLER, who
                                           keeps a fifth; the scanner from 3 February to 12 March

What is sold to Washington is taxed with 10 %, which the seller owes; to Oregon with nothing.
"""

import csv
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any

from keeping import Kept

from builders import (
    SELLER,
    account_definition,
    agreement_definition,
    at,
    buyer_definition,
    dimension_definition,
    product_definition,
    vault_definition,
)
from waag.analytics.sql_data_sets import SqlDataSets
from waag.delivery.csv_bytes import csv_bytes
from waag.domain.agreement_events import AgreementChoices
from waag.domain.agreements import Subscription
from waag.domain.analytics.choices import Available
from waag.domain.billing.adjustments import AdjustmentKind
from waag.domain.billing_terms import Collection, ScheduledPayment, TaxRule, Tier
from waag.domain.instants import HOUR
from waag.domain.market import DimensionType, OfferKind, ProductType
from waag.domain.market_definition import AddressDefinition, EntitlementDefinition
from waag.services.agreements import AgreementCommands
from waag.services.clock import RealClock
from waag.storage.database import open_reader
from waag.storage.queries import run
from waag.storage.snapshots import SqliteSnapshots

RESELLER = "120000000009"
MOLEN, VAART, SLUIS = "210000000001", "210000000002", "210000000003"
ODD_TITLE = '=Scanner, "fast"\nand exact'


class Past(Kept):
    """A ledger with a history, of which data sets can be asked."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "2026-01-01T00:00:00")
        self.available = Available.END_OF_DAY
        numbers = count(1)
        self.commands = AgreementCommands(
            RealClock(lambda: self.now),
            self.markets,
            AgreementChoices(),
            lambda length: next(numbers).to_bytes(length),
            self.settle,
        )

    @property
    def data_sets(self) -> SqlDataSets:
        """Builds them."""
        store = SqliteSnapshots(lambda: open_reader(self.path))
        return SqlDataSets(store, self.books, self.settle, self.available)

    def csv(self, data_set: str, day: str, seller: str = SELLER) -> bytes:
        """A file of a publication date, such as 2026-02-11."""
        built = self.data_sets.build(data_set, seller, at(f"{day}T00:00:00"))
        return b"".join(csv_bytes(built))

    def told(self, data_set: str, day: str, seller: str = SELLER) -> list[Mapping[str, str]]:
        """The same, as whoever reads the file sees it."""
        content = self.csv(data_set, day, seller).decode()
        return list(csv.DictReader(StringIO(content, newline="")))

    def picked(self, data_set: str, day: str, *names: str, seller: str = SELLER) -> list[Any]:
        """Some columns of every row."""
        return [tuple(row[name] for name in names) for row in self.told(data_set, day, seller)]

    def instance(self, session: str, moment: str, account: str = SLUIS) -> None:
        """A workload of the scanner reports itself for the first time."""
        row = (self._number("scanner"), account, "us-east-1", session, at(moment))
        self.writer.change(
            lambda connection: run(connection, "INSERT INTO workload VALUES (?, ?, ?, ?, ?)", row)
        )

    def measure(self, agreement_id: str, dimension: str, moment: str, quantity: int) -> None:
        """Usage of an agreement, received an hour later."""
        number, product, customer, dimension_number = self.rows(
            "SELECT agreement.number, agreement.product, customer, dimension.number FROM agreement"
            " JOIN dimension ON dimension.product = agreement.product"
            " WHERE agreement.id = ? AND key = ?",
            agreement_id,
            dimension,
        )[0]
        self.use(
            moment,
            quantity * 1_000_000,
            agreement=number,
            product=product,
            customer=customer,
            dimension=dimension_number,
            received_at=at(moment) + HOUR,
        )

    def charge(self, agreement_id: str, kind: str) -> str:
        """The first charge of an agreement of a kind."""
        return self.rows(
            "SELECT charge.id FROM charge JOIN agreement ON agreement.number = charge.agreement"
            " WHERE agreement.id = ? AND kind = ? ORDER BY at, dimension",
            agreement_id,
            kind,
        )[0][0]

    def _number(self, code: str) -> int:
        return self.rows("SELECT number FROM product WHERE code = ?", code)[0][0]


def when(text: str) -> datetime:
    """An aware datetime in UTC, as market files have."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


ACCOUNTS = (
    account_definition(name="Polder Data"),
    account_definition(id=RESELLER, name="Dijk Resale"),
    buyer_definition(
        id=MOLEN,
        name="Molen",
        address=AddressDefinition(country="US", state="WA", city="Seattle", postal_code="98101"),
        email_domain="molen.example",
    ),
    buyer_definition(
        id=VAART,
        name="Vaart",
        address=AddressDefinition(country="BE", city="Ghent", postal_code="9000"),
        collection=Collection(pays="never"),
    ),
    buyer_definition(
        id=SLUIS,
        name="Sluis",
        address=AddressDefinition(country="US", state="OR", city="Portland", postal_code="97201"),
        collection=Collection(pays="late", days=10),
    ),
)

PRODUCTS = (
    product_definition(
        solution_id="sol-1",
        solution_title="Lakes",
        dimensions=(
            dimension_definition(),
            dimension_definition(
                "gb", unit="GB", tiers=(Tier(price="0.10", up_to="100"), Tier(price="0.08"))
            ),
        ),
    ),
    vault_definition(
        title="Vault",
        type=ProductType.SAAS_CONTRACT,
        dimensions=(
            dimension_definition("seats", type=DimensionType.ENTITLED, price="12.00", per="year"),
        ),
    ),
    product_definition(
        id="prod-scanner000001",
        code="scanner",
        title=ODD_TITLE,
        type=ProductType.AMI,
        free_trial_days=7,
        dimensions=(dimension_definition("m5.large", unit="Hrs", price="0.10", per="hour"),),
    ),
)


def seats(number: int, **given: Any) -> Any:
    """A contract for seats of the vault."""
    usual = {
        "id": f"agmt-seats-{number}",
        "product": "prod-vault00000001",
        "customer_identifier": None,
        "license_arn": f"arn:aws:license-manager::{SELLER}:license:l-{number}",
        "entitlements": (EntitlementDefinition(dimension="seats", value=5),),
    }
    return agreement_definition(**(usual | given))


AGREEMENTS = (
    agreement_definition(id="agmt-analytics", buyer=MOLEN, opportunity="O1"),
    seats(
        1,
        buyer=VAART,
        starts=when("2026-01-15"),
        ends=when("2027-01-15"),
        entitlements=(EntitlementDefinition(dimension="seats", value=10),),
    ),
    seats(
        2,
        buyer=MOLEN,
        starts=when("2026-02-10"),
        ends=when("2027-02-10"),
        payment_schedule=(
            ScheduledPayment(at=when("2026-02-10"), amount="6000"),
            ScheduledPayment(at=when("2026-08-10"), amount="6000"),
        ),
    ),
    seats(
        3,
        buyer=SLUIS,
        starts=when("2026-02-05"),
        ends=when("2027-02-05"),
        reseller=RESELLER,
        wholesale_rate="0.8",
    ),
    agreement_definition(
        id="agmt-demo",
        product="prod-scanner000001",
        buyer=MOLEN,
        customer_identifier="demo-1",
        starts=when("2026-02-01"),
        demonstration=True,
    ),
)

TAXES = (
    TaxRule(id="us-or", country="US", state="OR", jurisdiction="OR", rate="0", liable="Seller"),
    TaxRule(
        id="us-wa",
        country="US",
        state="WA",
        jurisdiction="WA",
        rate="0.10",
        liable="Seller",
        location_code="460473664",
    ),
)


def live(past: Past) -> None:
    """January to April."""
    past.apply(accounts=ACCOUNTS, products=PRODUCTS, agreements=AGREEMENTS, taxes=TAXES)
    past.turn("2026-02-03T09:00:00")
    scanned = past.commands.subscribe(Subscription("scanner", SLUIS, OfferKind.PUBLIC)).id
    past.turn("2026-02-12T12:00:00")
    past.measure("agmt-analytics", "users", "2026-02-10T10:00:00", 12)
    past.measure("agmt-analytics", "gb", "2026-02-09T10:00:00", 60)
    past.measure("agmt-analytics", "gb", "2026-02-10T11:00:00", 60)
    past.measure(scanned, "m5.large", "2026-02-08T10:00:00", 5)
    past.measure(scanned, "m5.large", "2026-02-11T10:00:00", 24)
    past.measure("agmt-demo", "m5.large", "2026-02-11T10:00:00", 37)
    past.instance("i-1", "2026-02-08T10:00:00")
    past.instance("i-2", "2026-02-08T11:00:00")
    past.instance("i-3", "2026-02-09T11:00:00")
    past.turn("2026-03-10T15:00:00")
    past.payments.give_back(
        AdjustmentKind.REFUND, past.charge("agmt-analytics", "usage"), "2.00", "unused"
    )
    past.turn("2026-03-12T08:00:00")
    past.commands.cancel(scanned)
    past.turn("2026-03-20T00:00:00")
    renewal = past.commands.renew("agmt-seats-1", at("2028-01-15T00:00:00"), None)
    assert renewal.life is not None
    past.turn("2026-04-20T00:00:00")


@contextmanager
def lived(path: Path) -> Generator[Past]:
    """A ledger on which it is 20 April."""
    past = Past(path)
    try:
        live(past)
        yield past
    finally:
        past.close()


__all__ = ["MOLEN", "RESELLER", "SELLER", "SLUIS", "VAART", "Past", "lived"]
