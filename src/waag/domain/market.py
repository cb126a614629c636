"""Who trades, what is sold, who has agreed to what: values, and the look-ups that find them.

A market may have millions of entries, so nothing goes through all of them: a `Market` is asked for
one name at a time. The `number` of an account, product, dimension or agreement is its short name
inside the store: keys of usage records are made of numbers, so that they stay small.

Values that a server remembers by the hundred thousand are made without the collector of cycles in
mind (`gc=False`): they hold only what was there before them, so they are never part of one.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Protocol

import msgspec

from waag.domain.analytics.enrollments import Enrollment
from waag.domain.billing_terms import AccountTerms, AgreementTerms, ProductTerms, TaxRule
from waag.domain.cancellation_requests import CancellationRequest
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

    @property
    def is_contract(self) -> bool:
        """Whether something is bought in advance, until a certain end."""
        return self in (ProductType.SAAS_CONTRACT, ProductType.SAAS_CONTRACT_WITH_CONSUMPTION)


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


class Principal(msgspec.Struct, frozen=True, gc=False):
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
    def session(self) -> str | None:
        """The name of the role session; None for a user, whose credentials are long-term."""
        return None if self.session_token is None else self.arn.rsplit("/", 1)[1]

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


class Address(msgspec.Struct, frozen=True, gc=False):
    """Where a buyer sits, as reports name it; country is ISO 3166-1 alpha-2."""

    country: str
    state: str | None = None
    city: str | None = None
    postal_code: str | None = None


class Partner(msgspec.Struct, frozen=True, gc=False):
    """What an account is in Partner Central.

    Attributes:
        registered: whether it is one of Partner Central's at all.
        connected: ids of accounts whose products it may speak for: its subsidiaries.
    """

    registered: bool = True
    connected: tuple[str, ...] = ()


class Account(msgspec.Struct, frozen=True, gc=False):
    """An AWS account, twelve digits, with those who sign for it."""

    number: int
    id: str
    name: str
    kind: AccountKind
    principals: tuple[Principal, ...] = ()
    address: Address | None = None
    email_domain: str | None = None
    partner: Partner = Partner()
    terms: AccountTerms = AccountTerms()


class Dimension(msgspec.Struct, frozen=True, gc=False):
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
    terms: ProductTerms = ProductTerms()


def metered_dimensions(dimensions: Iterable[Dimension]) -> dict[str, Dimension]:
    """Those that usage may be reported for: offered, and not bought in advance."""
    return {
        dimension.key: dimension
        for dimension in dimensions
        if dimension.offered and dimension.type is not DimensionType.ENTITLED
    }


class Entitlement(msgspec.Struct, frozen=True, gc=False):
    """What a contract grants of one dimension."""

    dimension: str
    value: int | float | bool | str


class AgreementStatus(Enum):
    """Where an agreement stands."""

    PENDING = "pending"
    """It has not started yet."""
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    RENEWED = "renewed"
    """Another agreement has taken its place."""
    FAILED = "failed"
    """It never began: the buyer's subscription failed."""


class OfferKind(Enum):
    """What a buyer has accepted."""

    PUBLIC = "public"
    PRIVATE = "private"
    FREE_TRIAL = "free-trial"


class Life(msgspec.Struct, frozen=True, gc=False):
    """What became of an agreement by commands, and by the clock.

    Attributes:
        status: as it was settled last; never PENDING.
        accepted: when the buyer accepted the offer.
        closes: until when final records are accepted; None while it has no end.
        previous: the id of the agreement that this one renews.
        request: the seller's latest one to have it cancelled.
        defined: what a market file said of it before the first command; None if no file did.
    """

    status: AgreementStatus
    offer: OfferKind
    offer_id: str
    accepted: Instant
    closes: Instant | None = None
    previous: str | None = None
    request: CancellationRequest | None = None
    defined: str | None = None


class Agreement(msgspec.Struct, frozen=True, gc=False):
    """A buyer's agreement to one product.

    Attributes:
        customer: the buyer account's number.
        ends: None for pay-as-you-go.
        life: None for one that a market file put there and no command was given about.
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
    life: Life | None = None
    terms: AgreementTerms = AgreementTerms()

    def covers(self, instant: Instant) -> bool:
        """Whether it is active at an instant."""
        return self.starts <= instant and (self.ends is None or instant < self.ends)

    def takes_usage(self, now: Instant) -> bool:
        """Whether records sent at `now` are accepted: while active and for the final window."""
        if now < self.starts or self.suspended:
            return False
        return self.ends is None or now < self.closes(self.ends)

    @property
    def suspended(self) -> bool:
        """Whether it takes nothing until it is reinstated."""
        return self.life is not None and self.life.status is AgreementStatus.SUSPENDED

    def closes(self, ends: Instant) -> Instant:
        """Until when final records are accepted, given that it ends."""
        closes = None if self.life is None else self.life.closes
        return ends + FINAL_WINDOW if closes is None else closes


class Deal(msgspec.Struct, frozen=True):
    """An opportunity or offer that revenue may be attributed to."""

    type: str
    id: str
    name: str
    owner: str
    customer: str
    stage: str | None = None


class NumbersTaken(msgspec.Struct, frozen=True):
    """The highest number that entries of each kind have; 0 where there are none."""

    account: int = 0
    product: int = 0
    dimension: int = 0
    agreement: int = 0


class Market(Protocol):
    """The market as look-ups, each by one of an entry's own names.

    What is found is a value that does not change. The market behind the look-ups may: entries are
    added, or take the place of what they were before; none but a principal ever goes away.

    Raises:
        StoreUnavailable: from any look-up, where the market is read from a store.
    """

    def principal(self, access_key_id: str, /) -> Principal | None:
        """Whose access key this is."""
        ...

    def account(self, account_id: str, /) -> Account | None:
        """The account with these twelve digits."""
        ...

    def product(self, product_id: str, /) -> Product | None:
        """The product with this id."""
        ...

    def product_by_code(self, code: str, /) -> Product | None:
        """The product with this product code."""
        ...

    def agreement(self, agreement_id: str, /) -> Agreement | None:
        """The agreement with this id."""
        ...

    def agreement_by_license_arn(self, license_arn: str, /) -> Agreement | None:
        """The agreement that granted this license."""
        ...

    def agreements_of(self, product_id: str, buyer_id: str, /) -> Sequence[Agreement]:
        """Every agreement of one buyer to one product, past ones too, by number."""
        ...

    def agreements_of_customer(
        self, product_id: str, customer_identifier: str, /
    ) -> Sequence[Agreement]:
        """Every agreement to one product under this legacy customer identifier, by number."""
        ...

    def agreements_by_identifier(self, customer_identifier: str, /) -> Sequence[Agreement]:
        """Every agreement under this legacy customer identifier, of any product, by number."""
        ...

    def deal(self, deal_type: str, deal_id: str, /) -> Deal | None:
        """The opportunity or offer with this id."""
        ...

    def enrollment(self, seller_id: str, /) -> Enrollment | None:
        """Where this seller's data sets may be delivered."""
        ...

    def tax_rule(self, rule_id: str, /) -> TaxRule | None:
        """The tax rule with this id."""
        ...

    def numbers_taken(self) -> NumbersTaken:
        """Above which numbers all are free; an empty market has none taken."""
        ...
