"""What holds between data sets of the same time. Source: the checks that AWS's columns allow."""

from decimal import Decimal

import pytest
from history import RESELLER, SELLER

SELLERS = (SELLER, RESELLER)
MONTHS = ("2026-02-15", "2026-03-15", "2026-04-15")
REPORTS = ("2026-02-04", "2026-03-04", "2026-04-04")
AGES = ("uncollected", "disbursed", "past_due")


def total(rows, *names):
    """The sum of some columns over all rows."""
    return sum(Decimal(row[name]) for row in rows for name in names)


def monthly(past, seller, day):
    """Both monthly revenue data sets."""
    return [
        *past.told("monthly_revenue_billing_and_revenue_data", day, seller),
        *past.told("monthly_revenue_annual_subscriptions", day, seller),
    ]


@pytest.mark.parametrize("seller", SELLERS)
@pytest.mark.parametrize("day", MONTHS)
def test_compensation_is_both_monthly_sets(past, seller, day):
    """The net of a month's compensation is the sum of both monthly revenue data sets."""
    compensation = past.told("sales_compensation_billed_revenue", day, seller)
    assert total(compensation, "Net Revenue") == total(
        monthly(past, seller, day), "Partner Revenue Amount"
    )


@pytest.mark.parametrize("seller", SELLERS)
@pytest.mark.parametrize("day", MONTHS)
def test_partner_revenue_is_the_sum_of_its_parts(past, seller, day):
    """In every row the parts are signed, so that their plain sum is the partner's revenue."""
    parts = ("Customer Billed Amount", "AWS Listing Fee", "Refunds Amount", "AWS Fee Refund")
    wrong = [
        row
        for row in monthly(past, seller, day)
        if total([row], *parts, "Cost") != Decimal(row["Partner Revenue Amount"])
    ]
    assert wrong == []


@pytest.mark.parametrize("day", MONTHS)
def test_seller_taxes_are_the_tax_records(past, day):
    """What the seller owes in taxes by the records is what the monthly revenue data sets have."""
    records = [
        row
        for row in past.told("us_sales_and_use_tax_records", day)
        if row["Tax Liable Party"] == "Seller"
    ]
    taxes = ("U.S. Sales Tax Customer Billed Amount", "U.S. Sales Tax Refunds Amount")
    assert total(records, "Tax Amount") == total(monthly(past, SELLER, day), *taxes)


@pytest.mark.parametrize("seller", SELLERS)
@pytest.mark.parametrize("day", REPORTS)
def test_products_make_the_disbursed_amount(past, seller, day):
    """Net amounts and the seller's taxes of all products are the disbursed amount."""
    products = past.told("disbursed_amount_by_product", day, seller)
    geo = past.told("disbursed_amount_by_customer_geo", day, seller)
    disbursed = {row["Settlement ID"]: Decimal(row["Disbursed Amount"]) for row in geo}
    net = total(products, "Net Amount", "SellerUSSalesTax", "SellerUSSalesTaxRefund")
    assert net == sum(disbursed.values())


@pytest.mark.parametrize("day", REPORTS)
def test_places_make_the_disbursed_amount(past, day):
    """The gross of all places is the disbursed amount."""
    geo = past.told("disbursed_amount_by_customer_geo", day)
    disbursed = {row["Settlement ID"]: Decimal(row["Disbursed Amount"]) for row in geo}
    assert total(geo, "Gross Amount By Tax Location") == sum(disbursed.values())


@pytest.mark.parametrize("day", REPORTS)
def test_net_of_places(past, day):
    """The net of all places is their gross less taxes and taxes refunded."""
    geo = past.told("disbursed_amount_by_customer_geo", day)
    taxes = total(geo, "Seller U.S. Sales Tax", "Seller U.S. Sales Tax Refund")
    assert total(geo, "Net Amount By Tax Location") == (
        total(geo, "Gross Amount By Tax Location") - taxes
    )


@pytest.mark.parametrize("age", AGES)
@pytest.mark.parametrize("day", REPORTS)
def test_overall_is_the_sum_of_the_ages(past, age, day):
    """Of each kind of age, overall is the sum of the five spans."""
    told = past.told(f"disbursed_amount_by_age_of_{age}_funds", day)
    spans = [sum(list(map(Decimal, row.values()))[:5]) for row in told]
    assert spans == [Decimal(list(row.values())[5]) for row in told]


@pytest.mark.parametrize("day", REPORTS)
def test_the_breakdown_is_what_is_uncollected(past, day):
    """The net of the breakdown is what is uncollected overall."""
    overall = past.told("disbursed_amount_by_age_of_uncollected_funds", day)
    breakdown = past.told("disbursed_amount_by_uncollected_funds_breakdown", day)
    assert total(breakdown, "Net Revenue") == total(overall, "Uncollected (overall)")


@pytest.mark.parametrize("day", REPORTS)
def test_what_was_collected_is_the_net_of_products(past, day):
    """Collected overall is the net amount of all products."""
    collected = past.told("disbursed_amount_by_age_of_disbursed_funds", day)
    products = past.told("disbursed_amount_by_product", day)
    assert total(collected, "Collected (overall)") == total(products, "Net Amount")


def test_references_join(past):
    """What is disbursed was billed: its references are those of the months before."""
    billed = {
        row["Transaction Reference ID"] for day in MONTHS for row in monthly(past, SELLER, day)
    }
    disbursed = {
        row["Transaction Reference ID"]
        for day in REPORTS
        for row in past.told("disbursed_amount_by_product", day)
    }
    assert disbursed - billed == set()
