"""What is agreed about money, beside prices: the parts of market entries that billing reads.

Each has a default for everything, so that a market file that says nothing of money has terms, too.
What must hold between them is `market_mistakes`' and `billing_mistakes`' concern.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

AccountId: TypeAlias = Annotated[str, Meta(pattern=r"\A[0-9]{12}\Z")]
Amount: TypeAlias = Annotated[str, Meta(pattern=r"\A(0|[1-9][0-9]{0,14})(\.[0-9]{1,8})?\Z")]
Country: TypeAlias = Annotated[str, Meta(pattern=r"\A[A-Z]{2}\Z")]
Currency: TypeAlias = Annotated[str, Meta(pattern=r"\A[A-Z]{3}\Z")]
Days: TypeAlias = Annotated[int, Meta(ge=0, le=3650)]
Rate: TypeAlias = Annotated[str, Meta(pattern=r"\A(0(\.[0-9]{1,8})?|1(\.0{1,8})?)\Z")]
"""A fraction of one, such as 0.03."""
Text: TypeAlias = Annotated[str, Meta(min_length=1, max_length=255)]

Per = Literal["unit", "hour", "month", "year", "term"]
"""What a price is for: metered dimensions take unit and hour, Entitled ones the other three."""


class _Terms(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """Written in market files as it is, and kept as JSON."""


class Tier(_Terms, frozen=True):
    """A price for units up to so many of a customer's in a month; the last tier has no limit."""

    price: Amount
    up_to: Amount | None = None


class DimensionTerms(_Terms, frozen=True):
    """How the price of a dimension is meant.

    Attributes:
        tiers: graduated prices by month, in place of the dimension's one.
        per: None for the usual: unit where it is metered, term where it is Entitled.
        covered_by: the Entitled dimension whose value covers as many units of this one a month.
    """

    tiers: tuple[Tier, ...] = ()
    per: Per | None = None
    covered_by: Text | None = None


class ProductTerms(_Terms, frozen=True):
    """What a product is sold under.

    Attributes:
        dimensions: by key; one that is not there has the usual terms.
        listing_fee_rate: None for the documented one.
        free_trial_days: how long each agreement begins free of charge.
    """

    currency: Currency = "USD"
    tax_code: Text = "AWSMP_SOFTWARE_RA"
    listing_fee_rate: Rate | None = None
    free_trial_days: Days | None = None
    solution_id: Text | None = None
    solution_title: Text | None = None
    dimensions: Mapping[str, DimensionTerms] = {}


class ScheduledPayment(_Terms, frozen=True):
    """One payment of a flexible payment schedule."""

    at: datetime
    amount: Amount


class AgreementTerms(_Terms, frozen=True):
    """What one agreement has that the product's public offer has not.

    Attributes:
        prices: by dimension, in place of the product's.
        payment_schedule: what is paid and when, in place of fees up front.
        listing_fee_rate: None for the product's, or the documented one.
        demonstration: used by the seller itself, free of charge.
        free_trial_ends: None for what product and offer say.
        reseller: the account that sells in the product's seller's place.
        wholesale_rate: the part of the price that the reseller owes the product's seller.
        opportunity: the deal that it belongs to.
    """

    prices: Mapping[str, Amount] = {}
    payment_schedule: tuple[ScheduledPayment, ...] = ()
    listing_fee_rate: Rate | None = None
    demonstration: bool = False
    free_trial_ends: datetime | None = None
    reseller: AccountId | None = None
    wholesale_rate: Rate | None = None
    opportunity: Text | None = None


def renewed_terms(terms: AgreementTerms) -> AgreementTerms:
    """What an agreement that takes another's place keeps: all but dates, which are the other's."""
    return msgspec.structs.replace(terms, payment_schedule=(), free_trial_ends=None)


class Collection(_Terms, frozen=True):
    """When a buyer pays; what is not foreseen here the operator records.

    Attributes:
        pays: on the invoice's date, on the due date, `days` after it, never, or as recorded.
        written_off_days: how long after the due date an unpaid invoice is given up; None for never.
    """

    pays: Literal["on-invoice", "on-time", "late", "never", "as-recorded"] = "on-invoice"
    days: Days = 0
    written_off_days: Days | None = None


class Disbursement(_Terms, frozen=True):
    """When a seller is paid; `day` is of the month."""

    frequency: Literal["monthly", "daily"] = "monthly"
    day: Annotated[int, Meta(ge=1, le=28)] = 1


class TaxExemption(_Terms, frozen=True):
    """Why a buyer is not taxed."""

    certificate_id: Text
    certificate_domain: Text | None = None
    certificate_level: Text | None = None
    code: Text | None = None
    domain: Text | None = None


class AccountTerms(_Terms, frozen=True):
    """How a party pays and is paid; `payment_days` is from invoice to due date."""

    payment_days: Days = 30
    collection: Collection = Collection()
    disbursement: Disbursement = Disbursement()
    tax_exemption: TaxExemption | None = None


class TaxRule(_Terms, frozen=True):
    """A tax on what is sold to a place; whatever of the place is None is any.

    Attributes:
        id: by which a market file changes it.
        tax_codes: of the products that are taxed; none for all.
        liable: who owes the tax to the authority.
        location_code: how reports name the place.
    """

    id: Text
    country: Country
    jurisdiction: Text
    rate: Rate
    state: Text | None = None
    city: Text | None = None
    postal_code: Text | None = None
    level: Literal["Country", "State", "County", "City", "District"] = "State"
    type: Literal["Sales", "SellerUse", "VAT"] = "Sales"
    liable: Literal["Seller", "AWS"] = "AWS"
    tax_codes: tuple[Text, ...] = ()
    location_code: Text | None = None
