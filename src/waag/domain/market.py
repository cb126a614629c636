"""Who trades, what is sold, who has agreed to what: values, and the index over them.

A `Market` is an immutable snapshot with constant-time look-ups; a change makes a new one. The
`number` of an account, product, dimension or agreement is its short name inside the store: keys
of usage records are made of numbers, so that they stay small.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum

import msgspec

from waag.domain.instants import HOUR, Instant
from waag.domain.policies import Policy

FINAL_WINDOW = HOUR
"""How long final records are accepted once an agreement has ended.

Source: AWS Marketplace Seller Guide, unsubscribe-pending: about one hour.
"""


class AccountKind(Enum):
    """Which side of the market an account is on."""

    SELLER = "seller"
    BUYER = "buyer"


class ProductType(Enum):
    """How a product is delivered and priced."""

    SAAS_SUBSCRIPTION = "saas-subscription"
    SAAS_CONTRACT = "saas-contract"
    SAAS_CONTRACT_WITH_CONSUMPTION = "saas-contract-with-consumption"
    AMI = "ami"
    CONTAINER = "container"

    @property
    def is_saas(self) -> bool:
        """Whether the seller runs it, so that the seller reports its usage."""
        return self not in (ProductType.AMI, ProductType.CONTAINER)


class Integration(Enum):
    """Which identifiers a product's metering uses."""

    LEGACY = "legacy"
    """ProductCode with CustomerIdentifier or CustomerAWSAccountId."""
    CONCURRENT = "concurrent"
    """CustomerAWSAccountId with LicenseArn, for products that allow concurrent agreements."""


class DimensionType(Enum):
    """What a dimension is for. Source: AWS Marketplace Catalog, dimension types."""

    ENTITLED = "Entitled"
    METERED = "Metered"
    EXTERNALLY_METERED = "ExternallyMetered"


class Principal(msgspec.Struct, frozen=True):
    """Somebody who signs requests: a user, or a session of a role.

    Attributes:
        arn: arn:aws:iam::ACCOUNT:user/NAME or arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION.
        session_token: required with every request of a role session; None for a user.
        policies: ready to decide.
        policy_documents: the same as they were given: a built-in policy's name, or JSON.
        platform: what the software runs on, for a metered workload.
        region: the Region it runs in, for a metered workload.
    """

    account_id: str
    arn: str
    access_key_id: str
    secret_access_key: str
    session_token: str | None
    policies: tuple[Policy, ...]
    policy_documents: tuple[str, ...]
    platform: str | None = None
    region: str | None = None

    def __repr__(self) -> str:
        """Name the principal, never its secrets."""
        return f"Principal({self.arn}, {self.access_key_id})"

    @property
    def name(self) -> str:
        """The user's name, or role/session."""
        return self.arn.split("/", 1)[1]

    @property
    def context(self) -> Mapping[str, str]:
        """The condition keys on who asks. Source: IAM, properties of the principal.

        A session is matched by its role's ARN.
        """
        if self.session_token is None:
            return {
                "aws:PrincipalAccount": self.account_id,
                "aws:PrincipalArn": self.arn,
                "aws:PrincipalType": "User",
                "aws:username": self.name,
            }
        role = self.name.split("/", 1)[0]
        return {
            "aws:PrincipalAccount": self.account_id,
            "aws:PrincipalArn": f"arn:aws:iam::{self.account_id}:role/{role}",
            "aws:PrincipalType": "AssumedRole",
        }


class Address(msgspec.Struct, frozen=True):
    """Where a buyer sits, as reports name it; country is ISO 3166-1 alpha-2."""

    country: str
    state: str | None = None
    city: str | None = None
    postal_code: str | None = None


class Account(msgspec.Struct, frozen=True):
    """An AWS account, twelve digits, with those who sign for it."""

    number: int
    id: str
    name: str
    kind: AccountKind
    principals: tuple[Principal, ...] = ()
    address: Address | None = None
    email_domain: str | None = None


class Dimension(msgspec.Struct, frozen=True):
    """One thing a product is priced by.

    Attributes:
        price: US dollars per unit, a decimal string.
        offered: False once the market file no longer lists it; its usage stays.
    """

    number: int
    key: str
    type: DimensionType
    unit: str
    price: str
    offered: bool = True


class Product(msgspec.Struct, frozen=True):
    """Something a seller offers; `code` is what metering calls name, `id` what catalogs do.

    Attributes:
        metered: those of `dimensions` that usage may be reported for, by key (case-sensitive).
    """

    number: int
    id: str
    code: str
    seller_id: str
    title: str
    type: ProductType
    integration: Integration
    regions: frozenset[str]
    dimensions: tuple[Dimension, ...]
    metered: Mapping[str, Dimension]
    fulfillment_url: str | None = None


def metered_dimensions(dimensions: Iterable[Dimension]) -> dict[str, Dimension]:
    """Those that usage may be reported for: offered, and not bought in advance."""
    return {
        dimension.key: dimension
        for dimension in dimensions
        if dimension.offered and dimension.type is not DimensionType.ENTITLED
    }


class Entitlement(msgspec.Struct, frozen=True):
    """What a contract grants of one dimension."""

    dimension: str
    value: int | float | bool | str


class Agreement(msgspec.Struct, frozen=True):
    """A buyer's agreement to one product.

    Attributes:
        customer: the buyer account's number.
        ends: None for pay-as-you-go.
    """

    number: int
    id: str
    product_id: str
    buyer_id: str
    customer: int
    customer_identifier: str | None
    license_arn: str | None
    starts: Instant
    ends: Instant | None
    entitlements: tuple[Entitlement, ...] = ()

    def covers(self, instant: Instant) -> bool:
        """Whether it is active at an instant."""
        return self.starts <= instant and (self.ends is None or instant < self.ends)

    def takes_usage(self, now: Instant) -> bool:
        """Whether records sent at `now` are accepted: while active and for the final window."""
        return self.starts <= now and (self.ends is None or now < self.ends + FINAL_WINDOW)


class Deal(msgspec.Struct, frozen=True):
    """An opportunity or offer that revenue may be attributed to."""

    type: str
    id: str
    name: str
    owner: str
    customer: str
    stage: str | None = None


class Enrollment(msgspec.Struct, frozen=True):
    """Where a seller's data sets may be delivered."""

    seller: str
    role: str
    bucket: str
    topic: str


class Market:
    """A snapshot of the market with constant-time look-ups."""

    def __init__(
        self,
        accounts: Iterable[Account] = (),
        products: Iterable[Product] = (),
        agreements: Iterable[Agreement] = (),
        deals: Iterable[Deal] = (),
        enrollments: Iterable[Enrollment] = (),
    ) -> None:
        self.accounts = {account.id: account for account in accounts}
        self.products = {product.id: product for product in products}
        self.agreements = {agreement.id: agreement for agreement in agreements}
        self.deals = {(deal.type, deal.id): deal for deal in deals}
        self.enrollments = {enrollment.seller: enrollment for enrollment in enrollments}
        self._principals = {
            principal.access_key_id: principal
            for account in self.accounts.values()
            for principal in account.principals
        }
        self._products_by_code = {product.code: product for product in self.products.values()}
        self._by_license_arn: dict[str, Agreement] = {}
        self._by_identifier: dict[str, list[Agreement]] = {}
        self._by_customer: dict[tuple[str, str], list[Agreement]] = {}
        self._by_parties: dict[tuple[str, str], list[Agreement]] = {}
        for agreement in self.agreements.values():
            parties = (agreement.product_id, agreement.buyer_id)
            self._by_parties.setdefault(parties, []).append(agreement)
            if agreement.license_arn is not None:
                self._by_license_arn[agreement.license_arn] = agreement
            identifier = agreement.customer_identifier
            if identifier is not None:
                self._by_identifier.setdefault(identifier, []).append(agreement)
                customer = (agreement.product_id, identifier)
                self._by_customer.setdefault(customer, []).append(agreement)

    def principal(self, access_key_id: str) -> Principal | None:
        """Whose access key this is."""
        return self._principals.get(access_key_id)

    def product_by_code(self, code: str) -> Product | None:
        """The product with this product code."""
        return self._products_by_code.get(code)

    def agreement_by_license_arn(self, license_arn: str) -> Agreement | None:
        """The agreement that granted this license."""
        return self._by_license_arn.get(license_arn)

    def agreements_of(self, product_id: str, buyer_id: str) -> Sequence[Agreement]:
        """Every agreement of one buyer to one product, past ones too."""
        return self._by_parties.get((product_id, buyer_id), ())

    def agreements_by_identifier(self, customer_identifier: str) -> Sequence[Agreement]:
        """Every agreement under this legacy customer identifier, of any product."""
        return self._by_identifier.get(customer_identifier, ())

    def agreements_of_customer(
        self, product_id: str, customer_identifier: str
    ) -> Sequence[Agreement]:
        """Every agreement to one product under this legacy customer identifier."""
        return self._by_customer.get((product_id, customer_identifier), ())
