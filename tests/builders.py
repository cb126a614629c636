"""Values and stand-ins for tests, with defaults so that what a test sets is what matters.

The default market: a seller with a product of each way to meter, a second seller, two buyers.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import msgspec

from waag.admin.market_file import read_market_file
from waag.domain.instants import Instant, parse_instant
from waag.domain.market import (
    Account,
    AccountKind,
    Agreement,
    Dimension,
    DimensionType,
    Integration,
    Market,
    Principal,
    Product,
    ProductType,
    metered_dimensions,
)
from waag.domain.market_changes import MarketChange, to_policies
from waag.domain.market_definition import (
    AccountDefinition,
    AgreementDefinition,
    DealDefinition,
    DimensionDefinition,
    EnrollmentDefinition,
    MarketDefinition,
    PrincipalDefinition,
    ProductDefinition,
)
from waag.domain.market_excerpt import MarketExcerpt
from waag.domain.metering import (
    Allocation,
    Circumstances,
    MeteringChoices,
    Standing,
    SubmittedBatch,
    SubmittedRecord,
    UsageRow,
)
from waag.domain.metering_checks import check_batch, find_product
from waag.domain.quantities import from_decimal

NOW = parse_instant("2026-05-14T10:20:30Z")
SELLER, OTHER_SELLER = "120000000001", "120000000002"
BUYER, OTHER_BUYER = "210000000001", "210000000002"
STRANGER = "999999999999"
LICENSE = "arn:aws:license-manager::294406891311:license:l-vault"
OTHER_BUYERS_LICENSE = "arn:aws:license-manager::294406891311:license:l-vault2"
ARCHIVE_LICENSE = "arn:aws:license-manager::294406891311:license:l-archive"
SCANNER_LICENSE = "arn:aws:license-manager::294406891311:license:l-scanner"
OTHER_SELLERS_LICENSE = "arn:aws:license-manager::294406891311:license:l-forms"
UNKNOWN_LICENSE = "arn:aws:license-manager::294406891311:license:l-unknown"
STARTS = datetime(2026, 1, 1, tzinfo=UTC)


def at(text: str) -> Instant:
    """An instant in UTC, such as 2026-05-14T10:20:30."""
    return parse_instant(f"{text}Z")


def refusal_of(call: Callable[..., object], *given: Any, **named: Any) -> tuple[type, str] | None:
    """What a call is refused with: the refusal's class and its sentence; None if it is not."""
    try:
        call(*given, **named)
    except Exception as refusal:  # noqa: BLE001 - the test compares its class
        return type(refusal), str(refusal)
    return None


def allocation(quantity: str, *, is_decimal: bool = False, **tags: str) -> Allocation:
    """A part of a whole quantity, under the tags given by name."""
    return Allocation(from_decimal(quantity), is_decimal, tuple(tags.items()))


def record(**given: Any) -> SubmittedRecord:
    """Five users of BUYER just now; `quantity` may be given as text."""
    if isinstance(given.get("quantity"), str):
        given["quantity"] = from_decimal(given["quantity"])
    if not given.keys() & {"customer_identifier", "customer_aws_account_id"}:
        given["customer_aws_account_id"] = BUYER
    usual = {
        "timestamp": NOW,
        "dimension": "users",
        "quantity": 5_000_000,
        "is_decimal": False,
        "customer_identifier": None,
        "customer_aws_account_id": None,
        "license_arn": None,
    }
    return SubmittedRecord(**(usual | given))


def licensed(**given: Any) -> SubmittedRecord:
    """A record by LicenseArn."""
    return record(**({"license_arn": LICENSE} | given))


def batch(*records: SubmittedRecord, product_code: str | None = "analytics") -> SubmittedBatch:
    """A batch for the product with the legacy integration."""
    return SubmittedBatch(product_code, records)


def by_license(*records: SubmittedRecord) -> SubmittedBatch:
    """A batch that names its product by licenses."""
    return batch(*records, product_code=None)


def circumstances(**given: Any) -> Circumstances:
    """SELLER calls us-east-1 at NOW; choices may be given by their names."""
    choices = {name: given.pop(name) for name in MeteringChoices.__struct_fields__ if name in given}
    usual = {
        "market": market(),
        "choices": MeteringChoices(**choices),
        "seller_id": SELLER,
        "region": "us-east-1",
        "now": NOW,
    }
    return Circumstances(**(usual | given))


def refused(submitted: SubmittedBatch, **given: Any) -> tuple[type, str] | None:
    """What a batch is refused with as a whole, in the circumstances given; None if it is not."""
    judged = circumstances(**given)

    def check() -> None:
        product = find_product(submitted, judged)
        if product is not None:
            check_batch(submitted, product, judged)

    return refusal_of(check)


def row(**given: Any) -> UsageRow:
    """A row to insert; any two differ in nothing that is not given."""
    usual = UsageRow(
        1, NOW // 3_600_000_000, "us-east-1", 3, 0, 1, "", 5_000_000, NOW, 1, b"r" * 16, NOW, None
    )
    return msgspec.structs.replace(usual, **given)


def principal(**given: Any) -> Principal:
    """A user of SELLER who may do what sellers do."""
    documents = given.pop("policy_documents", ("MarketplaceSeller",))
    usual = {
        "account_id": SELLER,
        "arn": f"arn:aws:iam::{SELLER}:user/ci",
        "access_key_id": "AKIAWAAGTESTSELLER01",
        "secret_access_key": "seller-secret",
        "session_token": None,
        "policies": to_policies(documents),
        "policy_documents": documents,
    }
    return Principal(**(usual | given))


def product(**given: Any) -> Product:
    """A legacy subscription; dimensions are given by key, then metered, or ready made."""
    named = given.pop("dimensions", ("users", "gb"))
    dimensions = tuple(
        Dimension(number, each, DimensionType.METERED, "Units", "0.50")
        if isinstance(each, str)
        else each
        for number, each in enumerate(named, 1)
    )
    usual = {
        "number": 1,
        "id": "prod-analytics0001",
        "code": "analytics",
        "seller_id": SELLER,
        "title": "Analytics",
        "type": ProductType.SAAS_SUBSCRIPTION,
        "integration": Integration.LEGACY,
        "regions": frozenset({"us-east-1", "eu-west-1"}),
        "dimensions": dimensions,
        "metered": metered_dimensions(dimensions),
    }
    return Product(**(usual | given))


def agreement(**given: Any) -> Agreement:
    """BUYER's agreement to the default product, since the start of the year."""
    usual = {
        "number": 1,
        "id": "agmt-1",
        "product_id": "prod-analytics0001",
        "buyer_id": BUYER,
        "customer": 3,
        "customer_identifier": "cust-1",
        "license_arn": None,
        "starts": at("2026-01-01T00:00:00"),
        "ends": None,
    }
    return Agreement(**(usual | given))


ACCOUNTS = (
    Account(1, SELLER, "Seller", AccountKind.SELLER, (principal(),)),
    Account(2, OTHER_SELLER, "Other seller", AccountKind.SELLER),
    Account(3, BUYER, "Buyer", AccountKind.BUYER),
    Account(4, OTHER_BUYER, "Other buyer", AccountKind.BUYER),
)

PRODUCTS = (
    product(
        dimensions=(
            "users",
            "gb",
            Dimension(3, "seats", DimensionType.ENTITLED, "Users", "1"),
            Dimension(4, "former", DimensionType.METERED, "Units", "1", offered=False),
        )
    ),
    product(number=2, id="prod-vault00000001", code="vault", integration=Integration.CONCURRENT),
    product(number=3, id="prod-archive000001", code="archive", integration=Integration.CONCURRENT),
    product(number=4, id="prod-scanner000001", code="scanner", type=ProductType.AMI),
    product(number=5, id="prod-forms00000001", code="forms", seller_id=OTHER_SELLER),
)


def granted(number: int, product_id: str, license_arn: str, **given: Any) -> Agreement:
    """An agreement that granted a license; BUYER's."""
    names = {"id": f"agmt-{number}", "customer_identifier": None}
    return agreement(
        number=number, product_id=product_id, license_arn=license_arn, **(names | given)
    )


AGREEMENTS = (
    agreement(),
    agreement(
        number=2, id="agmt-2", customer_identifier="cust-2", buyer_id=OTHER_BUYER, customer=4
    ),
    granted(3, "prod-vault00000001", LICENSE),
    granted(4, "prod-archive000001", ARCHIVE_LICENSE),
    granted(5, "prod-scanner000001", SCANNER_LICENSE),
    granted(6, "prod-forms00000001", OTHER_SELLERS_LICENSE, customer_identifier="forms-cust-1"),
    granted(7, "prod-vault00000001", OTHER_BUYERS_LICENSE, buyer_id=OTHER_BUYER, customer=4),
)


def market(*more: Agreement, agreements: Sequence[Agreement] = AGREEMENTS) -> MarketExcerpt:
    """The default market with more agreements, or with others."""
    return MarketExcerpt(ACCOUNTS, PRODUCTS, (*agreements, *more))


def demo_market() -> MarketDefinition:
    """The market that an empty data directory is filled with."""
    text = files("waag.admin").joinpath("demo_market.yaml").read_bytes()
    return read_market_file(text, "demo_market.yaml").definition


def principal_definition(**given: Any) -> PrincipalDefinition:
    """A user without policies, unless `role` makes it a session."""
    usual = {"access_key_id": "AKIAWAAGTESTSELLER01", "secret_access_key": "secret"}
    if "role" in given:
        usual |= {"session": "s-1", "session_token": "token"}
    else:
        usual |= {"user": "ci"}
    return PrincipalDefinition(**(usual | given))


def account_definition(**given: Any) -> AccountDefinition:
    """A seller's account that nobody signs for."""
    usual = {"id": SELLER, "name": "Seller", "kind": AccountKind.SELLER}
    return AccountDefinition(**(usual | given))


def buyer_definition(**given: Any) -> AccountDefinition:
    """A buyer's account that nobody signs for."""
    return account_definition(**({"id": BUYER, "name": "Buyer", "kind": AccountKind.BUYER} | given))


def dimension_definition(key: str = "users", **given: Any) -> DimensionDefinition:
    """A metered dimension."""
    usual = {"key": key, "type": DimensionType.METERED, "unit": "Users", "price": "0.50"}
    return DimensionDefinition(**(usual | given))


def product_definition(**given: Any) -> ProductDefinition:
    """SELLER's legacy subscription with one dimension."""
    usual = {
        "id": "prod-analytics0001",
        "code": "analytics",
        "seller": SELLER,
        "title": "Analytics",
        "type": ProductType.SAAS_SUBSCRIPTION,
        "integration": Integration.LEGACY,
        "regions": ("us-east-1",),
        "dimensions": (dimension_definition(),),
    }
    return ProductDefinition(**(usual | given))


def vault_definition(**given: Any) -> ProductDefinition:
    """SELLER's product with concurrent agreements; seats are bought in advance."""
    usual = {
        "id": "prod-vault00000001",
        "code": "vault",
        "integration": Integration.CONCURRENT,
        "dimensions": (dimension_definition("seats", type=DimensionType.ENTITLED),),
    }
    return product_definition(**(usual | given))


def agreement_definition(**given: Any) -> AgreementDefinition:
    """BUYER's agreement to the default product."""
    usual = {
        "id": "agmt-1",
        "product": "prod-analytics0001",
        "buyer": BUYER,
        "starts": STARTS,
        "customer_identifier": "cust-1",
    }
    return AgreementDefinition(**(usual | given))


def deal_definition(**given: Any) -> DealDefinition:
    """An opportunity of SELLER with BUYER."""
    usual = {
        "type": "OPPORTUNITY",
        "id": "O1",
        "name": "Expansion",
        "owner": SELLER,
        "customer": BUYER,
    }
    return DealDefinition(**(usual | given))


def enrollment_definition(**given: Any) -> EnrollmentDefinition:
    """Where SELLER's data sets may be delivered."""
    usual = {
        "seller": SELLER,
        "role": f"arn:aws:iam::{SELLER}:role/analytics",
        "bucket": "reports",
        "topic": f"arn:aws:sns:us-east-1:{SELLER}:ready",
    }
    return EnrollmentDefinition(**(usual | given))


def market_definition(**given: Any) -> MarketDefinition:
    """One seller, one buyer, one product, one agreement to it."""
    usual = {
        "accounts": (account_definition(), buyer_definition()),
        "products": (product_definition(),),
        "agreements": (agreement_definition(),),
    }
    return MarketDefinition(**(usual | given))


class FakeLedger:
    """The port `Ledger` on a dictionary: the first row under a key stays."""

    def __init__(self) -> None:
        self.rows: dict[tuple[Any, ...], UsageRow] = {}
        self.refused: list[Any] = []

    def note_refused(self, rows: Sequence[Any]) -> None:
        """Keep what was not recorded."""
        self.refused += rows

    async def append(self, rows: Sequence[UsageRow]) -> Mapping[int, Standing]:
        """Insert what is new; tell what stood already."""
        standings: dict[int, Standing] = {}
        for index, each in enumerate(rows):
            stands = self.rows.setdefault(each.key, each)
            if stands is not each:
                standings[index] = Standing(stands.record_id, stands.quantity)
        return standings


def market_after(before: MarketExcerpt, change: MarketChange) -> MarketExcerpt:
    """A market held in memory, once a change is carried out."""
    return MarketExcerpt(
        (before.accounts | {each.id: each for each in change.accounts}).values(),
        (before.products | {each.id: each for each in change.products}).values(),
        (before.agreements | {each.id: each for each in change.agreements}).values(),
        (before.deals | {(each.type, each.id): each for each in change.deals}).values(),
        (before.enrollments | {each.seller: each for each in change.enrollments}).values(),
    )


class FakeMarkets:
    """The port `Markets` in memory."""

    def __init__(self) -> None:
        self.current = MarketExcerpt()

    def change(self, decide: Callable[[Market], MarketChange]) -> MarketChange:
        """Decide and carry out."""
        change = decide(self.current)
        self.current = market_after(self.current, change)
        return change
