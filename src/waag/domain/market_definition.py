"""A market as an operator defines it: the shapes of the market file.

The structs name what may be written and of which form; what must hold between entries is
`market_mistakes`' concern, reading YAML and naming lines the admin room's.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta

from waag.domain.billing_terms import (
    AgreementTerms,
    Amount,
    Collection,
    Currency,
    Days,
    Disbursement,
    Per,
    Rate,
    ScheduledPayment,
    TaxExemption,
    TaxRule,
    Tier,
)
from waag.domain.market import AccountKind, Agreement, DimensionType, Integration, ProductType
from waag.domain.refusals import Refusal

AccountId: TypeAlias = Annotated[str, Meta(pattern=r"\A[0-9]{12}\Z")]
AccessKeyId: TypeAlias = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_]{16,128}\Z")]
ProductId: TypeAlias = Annotated[str, Meta(pattern=r"\Aprod-[a-z0-9]{13}\Z")]
ProductCode: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=255, pattern=r"\A[-a-zA-Z0-9/=:_.@]+\Z")
]
AgreementId: TypeAlias = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_/-]{1,64}\Z")]
Country: TypeAlias = Annotated[str, Meta(pattern=r"\A[A-Z]{2}\Z")]
CustomerIdentifier: TypeAlias = Annotated[str, Meta(min_length=1, max_length=255)]
LicenseArn: TypeAlias = Annotated[
    str, Meta(pattern=r"\Aarn:aws[a-zA-Z-]*:license-manager:[a-z0-9-]*:[0-9]{12}:license:l-\w+\Z")
]
Price: TypeAlias = Annotated[str, Meta(pattern=r"\A(0|[1-9][0-9]{0,9})(\.[0-9]{1,8})?\Z")]
Text: TypeAlias = Annotated[str, Meta(min_length=1, max_length=255)]
UserName: TypeAlias = Annotated[str, Meta(pattern=r"\A[\w+=,.@-]{1,64}\Z")]


class _Definition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An entry of the market file; a member that nobody knows is a mistake, not a comment."""


class PrincipalDefinition(_Definition, frozen=True):
    """A user, or a session of a role; exactly one of `user` and `role` is given."""

    access_key_id: AccessKeyId
    secret_access_key: Annotated[str, Meta(min_length=1, max_length=128)]
    user: UserName | None = None
    role: UserName | None = None
    session: UserName | None = None
    session_token: Text | None = None
    platform: Literal["ec2", "ecs", "eks", "agentcore"] | None = None
    region: Text | None = None
    policies: tuple[str | dict[str, Any], ...] = ()


class AddressDefinition(_Definition, frozen=True):
    """Where a buyer sits; country is ISO 3166-1 alpha-2."""

    country: Country
    state: Text | None = None
    city: Text | None = None
    postal_code: Text | None = None


class PartnerDefinition(_Definition, frozen=True):
    """What an account is in Partner Central; `connected` are its subsidiaries' accounts."""

    registered: bool = True
    connected: tuple[AccountId, ...] = ()


class AccountDefinition(_Definition, frozen=True):
    """An account and all who sign for it."""

    id: AccountId
    name: Text
    kind: AccountKind
    principals: tuple[PrincipalDefinition, ...] = ()
    address: AddressDefinition | None = None
    email_domain: Text | None = None
    partner: PartnerDefinition = PartnerDefinition()
    payment_days: Days = 30
    collection: Collection = Collection()
    disbursement: Disbursement = Disbursement()
    tax_exemption: TaxExemption | None = None


class DimensionDefinition(_Definition, frozen=True):
    """A dimension; the price is per unit, in the product's currency."""

    key: Text
    type: DimensionType
    unit: Text
    price: Price
    tiers: tuple[Tier, ...] = ()
    per: Per | None = None
    covered_by: Text | None = None


class ProductDefinition(_Definition, frozen=True):
    """A product and all its dimensions."""

    id: ProductId
    code: ProductCode
    seller: AccountId
    title: Text
    type: ProductType
    integration: Integration
    regions: Annotated[tuple[Text, ...], Meta(min_length=1)]
    dimensions: Annotated[tuple[DimensionDefinition, ...], Meta(min_length=1)]
    fulfillment_url: Text | None = None
    currency: Currency = "USD"
    tax_code: Text = "AWSMP_SOFTWARE_RA"
    listing_fee_rate: Rate | None = None
    free_trial_days: Days | None = None
    solution_id: Text | None = None
    solution_title: Text | None = None


class EntitlementDefinition(_Definition, frozen=True):
    """What a contract grants of one dimension."""

    dimension: Text
    value: int | float | bool | str


class AgreementDefinition(_Definition, frozen=True):
    """A buyer's agreement to a product; one without an end is pay-as-you-go."""

    id: AgreementId
    product: ProductId
    buyer: AccountId
    starts: datetime
    ends: datetime | None = None
    customer_identifier: CustomerIdentifier | None = None
    license_arn: LicenseArn | None = None
    entitlements: tuple[EntitlementDefinition, ...] = ()
    prices: dict[str, Amount] = {}
    payment_schedule: tuple[ScheduledPayment, ...] = ()
    listing_fee_rate: Rate | None = None
    demonstration: bool = False
    free_trial_ends: datetime | None = None
    reseller: AccountId | None = None
    wholesale_rate: Rate | None = None
    opportunity: Text | None = None


class DealDefinition(_Definition, frozen=True):
    """An opportunity or an offer that revenue may be attributed to."""

    type: Literal["OPPORTUNITY", "OFFER"]
    id: Text
    name: Text
    owner: AccountId
    customer: AccountId
    stage: Text | None = None


class EnrollmentDefinition(_Definition, frozen=True):
    """Where a seller's data sets may be delivered."""

    seller: AccountId
    role: Annotated[str, Meta(pattern=r"\Aarn:aws[a-z-]*:iam::[0-9]{12}:role/.+\Z")]
    bucket: Annotated[str, Meta(pattern=r"\A[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\Z")]
    topic: Annotated[str, Meta(pattern=r"\Aarn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:.+\Z")]
    external_id: Annotated[str, Meta(pattern=r"\A[\w+=,.@:/-]{2,1224}\Z")] | None = None
    policy: Annotated[str, Meta(pattern=r"\A[\w+=,.@-]{1,128}\Z")] | None = None
    joined: date | None = None
    prefix: Annotated[str, Meta(pattern=r"\A[^*?$\x00-\x1f\x7f]{1,512}\Z")] | None = None


class MarketDefinition(_Definition, frozen=True):
    """A whole market file."""

    accounts: tuple[AccountDefinition, ...] = ()
    products: tuple[ProductDefinition, ...] = ()
    agreements: tuple[AgreementDefinition, ...] = ()
    deals: tuple[DealDefinition, ...] = ()
    enrollments: tuple[EnrollmentDefinition, ...] = ()
    taxes: tuple[TaxRule, ...] = ()


def defined_as(agreement: Agreement) -> str:
    """What a market file said of an agreement that no command has been given about, as one text."""
    said = (
        agreement.customer_identifier,
        agreement.license_arn,
        agreement.starts,
        agreement.ends,
        agreement.entitlements,
    )
    own = () if agreement.terms == AgreementTerms() else (agreement.terms,)
    return msgspec.json.encode((*said, *own)).decode()


INSTANT_EXPECTED = "an instant with its offset, such as 2026-01-01T00:00:00Z"

Path: TypeAlias = tuple[str | int, ...]


class Mistake(msgspec.Struct, frozen=True):
    """What is wrong at one place of a definition, and what was expected there.

    Attributes:
        path: member names and list indexes from the top.
    """

    path: Path
    expected: str


class MarketRefused(Refusal):
    """A market definition with mistakes; nothing of it was taken.

    Attributes:
        mistakes: every one that was found.
    """

    rule = "market.definition"

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(
            "; ".join(f"{format_path(each.path)}: {each.expected}" for each in self.mistakes)
        )


def format_path(path: Path) -> str:
    """`products[0].seller`; the empty path is written `(top)`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".") or "(top)"
