"""Taxes on a line, by the place of its buyer."""

import pytest

from billed import tax
from waag.domain.billing.taxes import taxes_on
from waag.domain.billing_terms import TaxExemption
from waag.domain.market import Address

SEATTLE = Address("US", "WA", "Seattle", "98101")
EXEMPT = TaxExemption(certificate_id="cert-1")


def taxed(*rules, address=SEATTLE, exemption=None, tax_code="AWSMP_SOFTWARE_RA"):
    """The reason and amount of each tax on a hundred dollars."""
    found = taxes_on(10_000, "USD", tax_code, address, exemption, rules)
    return [(each.rule, each.reason, each.amount) for each in found]


@pytest.mark.parametrize(
    "place",
    [{}, {"city": "Seattle"}, {"postal_code": "98101"}, {"state": None}],
    ids=["state", "city", "postal code", "country"],
)
def test_a_rule_fits_a_place(place):
    """Whatever it does not name is any."""
    assert taxed(tax("0.1", **place)) == [("wa", "Taxable", 1000)]


@pytest.mark.parametrize(
    "place",
    [
        {"country": "DE", "state": None},
        {"state": "OR"},
        {"city": "Tacoma"},
        {"postal_code": "98102"},
    ],
    ids=["country", "state", "city", "postal code"],
)
def test_a_rule_of_another_place_does_not(place):
    """Nothing is said of it."""
    assert taxed(tax("0.1", **place)) == []


def test_without_an_address_nothing_is_taxed():
    """Nobody knows by whom."""
    assert taxed(tax("0.1"), address=None) == []


@pytest.mark.parametrize(
    ("rule", "exemption", "reason"),
    [
        (tax("0.1"), EXEMPT, "Exempt"),
        (tax("0.1", tax_codes=("OTHER",)), None, "NonTaxable"),
        (tax("0"), None, "ZeroRated"),
        (tax("0.00"), None, "ZeroRated"),
    ],
)
def test_why_nothing_is_owed(rule, exemption, reason):
    """There is a row that says so."""
    assert taxed(rule, exemption=exemption) == [("wa", reason, 0)]


def test_jurisdictions_are_in_the_order_of_their_ids():
    """Each with its own amount, rounded by itself."""
    rules = [tax("0.065", id="2"), tax("0.0345678", id="1", level="City")]
    assert taxed(*rules) == [("1", "Taxable", 346), ("2", "Taxable", 650)]
