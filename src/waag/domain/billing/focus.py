"""Charges as rows of the FinOps Open Cost and Usage Specification (FOCUS), version 1.4.

A row is one multiplication of a charge, a tax on it, or something given back of it, so that
quantity times unit price is the cost as the specification wants it. The cents of a charge, which is
rounded once, are dealt out to its rows: what is billed adds up to the invoice.

Source: FOCUS 1.4, dataset Cost and Usage. In its terms for marketplaces the service provider is the
seller, who is the host, too, where buyers do not see whose infrastructure it is; the marketplace
issues the invoice.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

import msgspec

from waag.domain.billing.adjustments import Adjustment, AdjustmentKind
from waag.domain.billing.charges import Charge, ChargeKind, Step, plain
from waag.domain.billing.money import EXACT, multiply, round_to_minor, to_text
from waag.domain.billing.taxes import LineTax
from waag.domain.instants import format_instant
from waag.domain.market import Dimension, Product
from waag.domain.months import Month, parse_month

VERSION = "1.4"

_COLUMNS = """
AllocatedMethodDetails AllocatedMethodId AllocatedResourceId AllocatedResourceName
AllocatedTags AvailabilityZone BilledCost BillingAccountId BillingAccountName
BillingAccountType BillingCurrency BillingPeriodEnd BillingPeriodStart CapacityReservationId
CapacityReservationStatus ChargeCategory ChargeClass ChargeDescription ChargeFrequency
ChargePeriodEnd ChargePeriodStart CommitmentDiscountCategory CommitmentDiscountId
CommitmentDiscountName CommitmentDiscountQuantity CommitmentDiscountStatus
CommitmentDiscountType CommitmentDiscountUnit CommitmentProgramEligibilityDetails
ConsumedQuantity ConsumedUnit ContractApplied ContractedCost ContractedUnitPrice
EffectiveCost HostProviderName InvoiceDetailId InvoiceId InvoiceIssuerName ListCost
ListUnitPrice PricingCategory PricingCurrency PricingCurrencyContractedUnitPrice
PricingCurrencyEffectiveCost PricingCurrencyListUnitPrice PricingQuantity PricingUnit
RegionId RegionName ResourceId ResourceName ResourceType ServiceCategory ServiceName
ServiceProviderName ServiceSubcategory SkuId SkuMeter SkuPriceDetails SkuPriceId
SubAccountId SubAccountName SubAccountType Tags
"""
COLUMNS = tuple(_COLUMNS.split())
"""All of the dataset's, in its order."""

ISSUER = "AWS Marketplace"
HOST = "Amazon Web Services"
"""Where software runs in the buyer's own account."""

_USAGE = (ChargeKind.USAGE, ChargeKind.FREE_TRIAL, ChargeKind.DEMONSTRATION)
_RECURRING = (ChargeKind.ANNUAL, ChargeKind.MONTHLY)

Row = Mapping[str, str]
"""By column; one that is null is not in it."""


class BilledCharge(msgspec.Struct, frozen=True):
    """A charge with its taxes and its invoice; None for one that is on none."""

    charge: Charge
    taxes: tuple[LineTax, ...]
    invoice_id: str | None
    buyer_id: str


class Sold(msgspec.Struct, frozen=True):
    """What a charge is for, and between whom.

    Attributes:
        product: as its terms were.
        buyer_id, buyer_name: who is billed.
        seller_name: whose product it is.
        invoice_id: None for a charge that is on no invoice.
        own_prices: whether the agreement has prices that are not the product's.
    """

    charge: Charge
    taxes: tuple[LineTax, ...]
    agreement_id: str
    product: Product
    buyer_id: str
    buyer_name: str
    seller_name: str
    invoice_id: str | None
    own_prices: bool

    @property
    def dimension(self) -> Dimension | None:
        """What the charge is for; None for a scheduled payment."""
        number = self.charge.dimension
        return next((each for each in self.product.dimensions if each.number == number), None)


def rows_of_charge(sold: Sold) -> Iterator[Row]:
    """A row for each step of a charge, and one for each tax."""
    charge = sold.charge
    common = _common(sold, parse_month(charge.month)) | _invoiced(sold.invoice_id, charge.id)
    for step, billed in zip(*_dealt_out(charge), strict=True):
        cost = to_text(billed, charge.currency)
        priced = _priced(sold, step) if step.quantity else {"ChargeCategory": "Adjustment"}
        yield {
            **common,
            **_costs(cost),
            **priced,
            "ChargeDescription": f"{charge.description}: {step.what}",
        }
    yield from (_tax(sold, each, common, charge.id, 1) for each in sold.taxes)


def rows_of_adjustment(given: Adjustment, sold: Sold, month: Month) -> Iterator[Row]:
    """What was given back of a charge, as a credit note of its own, and of its taxes.

    Args:
        given: the adjustment.
        sold: its charge.
        month: in which it was given.
    """
    earlier = parse_month(sold.charge.month) < month
    cost = to_text(-given.amount, given.currency)
    common = _common(sold, month) | _invoiced(given.id, given.id)
    common |= {"ChargeFrequency": "One-Time"} | ({"ChargeClass": "Correction"} if earlier else {})
    refund = given.kind is AdjustmentKind.REFUND
    yield {
        **common,
        **_costs(cost),
        "ChargeCategory": "Adjustment" if refund else "Credit",
        "ChargeDescription": f"{given.kind.value} of {sold.charge.id}: {given.reason}",
    }
    yield from (_tax(sold, each, common, given.id, -1) for each in given.taxes if each.amount)


def _dealt_out(charge: Charge) -> tuple[list[Step], list[int]]:
    """The steps of a charge, and how many minor units each is billed."""
    steps = list(charge.steps) if charge.dimension is not None else []
    if not steps:
        amount = to_text(charge.amount, charge.currency)
        return [Step(charge.kind.value, "1", amount, amount)], [charge.amount]
    billed: list[int] = []
    exact, before = Decimal(0), 0
    for step in steps[:-1]:
        exact = EXACT.add(exact, Decimal(step.amount))
        upto = round_to_minor(exact, charge.currency)
        billed.append(upto - before)
        before = upto
    return steps, [*billed, charge.amount - before]


def _common(sold: Sold, month: Month) -> dict[str, str]:
    """What all rows of a charge have."""
    charge = sold.charge
    hosted = sold.seller_name if sold.product.type.is_saas else HOST
    usage = charge.kind in _USAGE
    recurring = charge.kind in _RECURRING
    return {
        "BillingAccountId": sold.buyer_id,
        "BillingAccountName": sold.buyer_name,
        "BillingAccountType": "AWS account",
        "BillingCurrency": charge.currency,
        "BillingPeriodEnd": format_instant(month.ends),
        "BillingPeriodStart": format_instant(month.starts),
        "ChargeFrequency": "Usage-Based" if usage else "Recurring" if recurring else "One-Time",
        "ChargePeriodEnd": format_instant(charge.ends),
        "ChargePeriodStart": format_instant(charge.starts),
        "HostProviderName": hosted,
        "InvoiceIssuerName": ISSUER,
        "PricingCurrency": charge.currency,
        "ResourceId": sold.agreement_id,
        "ResourceType": "AWS Marketplace agreement",
        "ServiceCategory": "Other",
        "ServiceName": sold.product.title,
        "ServiceProviderName": sold.seller_name,
        "ServiceSubcategory": "Other (Other)",
    }


def _invoiced(invoice_id: str | None, detail_id: str) -> dict[str, str]:
    return {} if invoice_id is None else {"InvoiceId": invoice_id, "InvoiceDetailId": detail_id}


def _costs(cost: str) -> dict[str, str]:
    """All costs are what is billed, unless unit prices say otherwise."""
    return {
        "BilledCost": cost,
        "ContractedCost": cost,
        "EffectiveCost": cost,
        "ListCost": cost,
        "PricingCurrencyEffectiveCost": cost,
    }


def _priced(sold: Sold, step: Step) -> dict[str, str]:
    """The unit prices of a step: what is agreed, and what the product lists."""
    dimension, usage = sold.dimension, sold.charge.kind in _USAGE
    listed = Decimal(step.price)
    if dimension is not None and (sold.own_prices or not listed):
        listed = Decimal(dimension.price)
    key = "payment-schedule" if dimension is None else dimension.key
    unit = "Payments" if dimension is None else dimension.unit
    sku = f"{sold.product.id}:{key}"
    priced = {
        "ChargeCategory": "Usage" if usage else "Purchase",
        "ContractedCost": step.amount,
        "ContractedUnitPrice": step.price,
        "ListCost": plain(multiply(Decimal(step.quantity), listed)),
        "ListUnitPrice": plain(listed),
        "PricingCategory": "Standard",
        "PricingCurrencyContractedUnitPrice": step.price,
        "PricingCurrencyListUnitPrice": plain(listed),
        "PricingQuantity": step.quantity,
        "PricingUnit": unit,
        "SkuId": sku,
        "SkuMeter": key,
        "SkuPriceId": sku if step.what == "units" else f"{sku}:{step.what}",
    }
    if usage:
        priced |= {"ConsumedQuantity": step.quantity, "ConsumedUnit": unit}
    return priced


def _tax(sold: Sold, tax: LineTax, common: Row, detail_id: str, sign: int) -> Row:
    cost = to_text(sign * tax.amount, sold.charge.currency)
    row = {
        **common,
        **_costs(cost),
        "ChargeCategory": "Tax",
        "ChargeDescription": f"{tax.jurisdiction} {tax.type} {tax.rate} on {sold.charge.id}",
    }
    return row | _invoiced(common.get("InvoiceId"), f"{detail_id}/{tax.rule}")


def in_order(rows: Iterable[Row]) -> Iterator[tuple[str, ...]]:
    """The values of rows in the order of the columns; an empty one is null."""
    for row in rows:
        yield tuple(row.get(column, "") for column in COLUMNS)
