"""Charges as FOCUS rows, held to the specification's own table of the dataset Cost and Usage.

The specification's tool is not used: it wants Python 3.12 and 640 MB, cannot be imported as
its own requirements leave it, and brings the rules of 1.2 alone.
"""

from decimal import Decimal

import pytest

from billed import agreed, charge, sold
from builders import at
from waag.domain.billing.adjustments import Adjustment, AdjustmentKind
from waag.domain.billing.charges import Charge, ChargeKind, Step
from waag.domain.billing.focus import COLUMNS, Sold, in_order, rows_of_adjustment, rows_of_charge
from waag.domain.billing.taxes import LineTax
from waag.domain.market import ProductType
from waag.domain.months import Month

NOT_NULL = (
    "BilledCost BillingAccountId BillingAccountType BillingCurrency BillingPeriodEnd "
    "BillingPeriodStart ChargeCategory ChargeFrequency ChargePeriodEnd ChargePeriodStart "
    "ContractedCost EffectiveCost HostProviderName InvoiceIssuerName ListCost PricingCurrency "
    "PricingCurrencyEffectiveCost ServiceCategory ServiceName ServiceProviderName "
    "ServiceSubcategory"
)
"""Where the table says that nulls are not allowed."""

WHERE_PRICED = (
    "ContractedUnitPrice ListUnitPrice PricingCategory PricingQuantity PricingUnit SkuId SkuPriceId"
)
"""Not null for usage and purchases that are no corrections; null for taxes."""

ALLOWED = {
    "ChargeCategory": {"Usage", "Purchase", "Tax", "Credit", "Adjustment"},
    "ChargeClass": {"", "Correction"},
    "ChargeFrequency": {"One-Time", "Recurring", "Usage-Based"},
    "PricingCategory": {"", "Standard", "Dynamic", "Committed", "Other"},
}

VAT = LineTax("vat", "VAT", "Country", "Netherlands", None, "0.21", 100, 0, 21, "Taxable", "AWS")
TIERS = (
    Step("0 to 10", "10", "0.155", "1.55"),
    Step("above 10", "3", "0.115", "0.345"),
    Step("covered by the contract", "5", "0", "0"),
)
PRORATED = (Step("units", "5", "100", "500"), Step("1 of 3 seconds of the term", "", "", "-333.33"))


def billed(**given: object) -> Sold:
    """A charge of 100 users at half a dollar, taxed, on an invoice."""
    product = sold()
    usual = {
        "charge": charge(5000, steps=(Step("units", "100", "0.50", "50.00"),)),
        "taxes": (VAT,),
        "agreement_id": agreed().id,
        "product": product,
        "buyer_id": "210000000001",
        "buyer_name": "Molen Bank",
        "seller_name": "Polder Software",
        "invoice_id": "inv-1",
        "own_prices": False,
    }
    return Sold(**(usual | given))


def of(amount: int, *steps: Step, **given: object) -> Charge:
    """A charge with these steps."""
    return charge(amount, steps=steps, **given)


def given_back(kind: AdjustmentKind) -> Adjustment:
    """Ten dollars, and their taxes, in June."""
    when = at("2026-06-10T00:00:00")
    rest = (1000, 30, 0, 21, 0, 0, "USD", "outage", (VAT,))
    return Adjustment("refund-1", kind, "charge-1", "tref-1", 1, when, *rest)


CASES = {
    "usage": billed(),
    "free trial": billed(charge=of(0, Step("units", "7", "0", "0"), kind=ChargeKind.FREE_TRIAL)),
    "tiers": billed(charge=of(190, *TIERS)),
    "own prices": billed(own_prices=True),
    "a fee": billed(charge=of(5000, Step("units", "100", "0.50", "50"), kind=ChargeKind.MONTHLY)),
    "added to a term": billed(charge=of(16667, *PRORATED, kind=ChargeKind.CONTRACT)),
    "a scheduled payment": billed(
        charge=of(90000, dimension=None, kind=ChargeKind.SCHEDULED, quantity=0)
    ),
    "on no invoice": billed(taxes=(), invoice_id=None),
    "an image": billed(product=sold(type=ProductType.AMI)),
}
ROWS = {name: [dict(row) for row in rows_of_charge(case)] for name, case in CASES.items()} | {
    kind.value: [
        dict(row) for row in rows_of_adjustment(given_back(kind), billed(), Month(2026, 6))
    ]
    for kind in AdjustmentKind
}
ALL = [
    pytest.param(row, id=f"{name} {n}") for name, rows in ROWS.items() for n, row in enumerate(rows)
]


def test_there_are_the_columns_of_the_version():
    """65, in the alphabetical order of the specification."""
    assert (len(COLUMNS), sorted(COLUMNS, key=str.lower)) == (65, list(COLUMNS))


@pytest.mark.parametrize("row", ALL)
def test_nothing_is_null_that_may_not_be(row):
    """Every column that allows no nulls has a value."""
    assert [name for name in NOT_NULL.split() if not row.get(name)] == []


@pytest.mark.parametrize("row", ALL)
def test_there_is_no_other_column(row):
    """What a row has is of the specification."""
    assert set(row) <= set(COLUMNS)


@pytest.mark.parametrize("row", ALL)
def test_values_are_allowed(row):
    """Columns with a list of values have one of them."""
    assert [name for name, some in ALLOWED.items() if row.get(name, "") not in some] == []


@pytest.mark.parametrize("row", ALL)
def test_prices_are_where_something_is_priced(row):
    """All of them for usage and purchases, none for taxes and what is given back."""
    priced = row["ChargeCategory"] in {"Usage", "Purchase"}
    assert [name for name in WHERE_PRICED.split() if (name in row) is not priced] == []


@pytest.mark.parametrize("row", ALL)
def test_quantity_times_price_is_the_cost(row):
    """To the last digit, agreed and listed."""
    quantity = Decimal(row.get("PricingQuantity", "0"))
    products = [quantity * Decimal(row.get(f"{kind}UnitPrice", "0")) for kind in _COSTS]
    costs = [Decimal(row[f"{kind}Cost"]) for kind in _COSTS]
    assert products == (costs if "PricingQuantity" in row else [0, 0])


_COSTS = ("Contracted", "List")


@pytest.mark.parametrize("row", ALL)
def test_what_is_consumed_is_usage(row):
    """Only usage has a consumed quantity, in a unit."""
    usage = row["ChargeCategory"] == "Usage"
    assert ("ConsumedQuantity" in row, "ConsumedUnit" in row) == (usage, usage)


@pytest.mark.parametrize("row", ALL)
def test_an_invoice_has_details(row):
    """Both ids, or neither."""
    assert ("InvoiceId" in row) is ("InvoiceDetailId" in row)


@pytest.mark.parametrize("name", CASES)
def test_rows_add_up_to_the_charge(name):
    """To the cent, taxes apart."""
    case = CASES[name].charge
    costs = [Decimal(row["BilledCost"]) for row in ROWS[name] if row["ChargeCategory"] != "Tax"]
    assert sum(costs) == Decimal(case.amount) / 100


@pytest.mark.parametrize("name", CASES)
def test_details_are_told_apart(name):
    """No two rows of one charge are for the same tax."""
    taxes = [row["InvoiceDetailId"] for row in ROWS[name] if row["ChargeCategory"] == "Tax"]
    assert len(set(taxes)) == len(taxes)


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("usage", "ChargeCategory", "Usage"),
        ("usage", "BilledCost", "50.00"),
        ("usage", "ServiceProviderName", "Polder Software"),
        ("usage", "HostProviderName", "Polder Software"),
        ("usage", "InvoiceIssuerName", "AWS Marketplace"),
        ("usage", "BillingPeriodEnd", "2026-06-01T00:00:00Z"),
        ("an image", "HostProviderName", "Amazon Web Services"),
        ("free trial", "ListCost", "3.5"),
        ("free trial", "ContractedCost", "0"),
        ("own prices", "ListUnitPrice", "0.5"),
        ("a fee", "ChargeCategory", "Purchase"),
        ("a fee", "ChargeFrequency", "Recurring"),
        ("added to a term", "ChargeFrequency", "One-Time"),
        ("a scheduled payment", "PricingUnit", "Payments"),
        ("refund", "ChargeCategory", "Adjustment"),
        ("refund", "ChargeClass", "Correction"),
        ("refund", "BilledCost", "-10.00"),
        ("credit", "ChargeCategory", "Credit"),
    ],
)
def test_what_a_charge_becomes(name, column, value):
    """The first row of it."""
    assert ROWS[name][0][column] == value


def test_cents_of_tiers_are_dealt_out():
    """1.55 and 0.345 are 1.55 and 0.35 of the 1.90 that are billed."""
    assert [row["BilledCost"] for row in ROWS["tiers"][:3]] == ["1.55", "0.35", "0.00"]


def test_what_is_taken_off_again_is_an_adjustment():
    """The part of a term that is past has no price."""
    assert [row["ChargeCategory"] for row in ROWS["added to a term"]] == [
        "Purchase",
        "Adjustment",
        "Tax",
    ]


def test_what_is_given_back_in_the_same_month_is_no_correction():
    """It is of the billing period itself."""
    row = next(rows_of_adjustment(given_back(AdjustmentKind.REFUND), billed(), Month(2026, 5)))
    assert "ChargeClass" not in row


def test_null_is_empty():
    """Values stand in the columns' order."""
    values = next(in_order([{"Tags": "x", "BilledCost": "1"}]))
    assert (len(values), values[-1], values[6], values[0]) == (65, "x", "1", "")
