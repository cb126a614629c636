"""The worked examples in AWS's own text, as far as they have one answer.

Source: AWS Marketplace Seller Guide, billing event page and tax item feed.
"""

import pytest

from billed import JUNE, agreed, always, bill, buyer, charge, parties, sold, tax
from builders import SELLER, product
from waag.domain.billing.collection import Standing, paid
from waag.domain.billing.disbursement import pay_out
from waag.domain.billing.invoicing import invoiced
from waag.domain.billing.ledger import Type, balances, collected, uncollected
from waag.domain.billing.money import part
from waag.domain.billing.taxes import taxes_on
from waag.domain.market import Address

RESELLER = "120000000007"
RESOLD = parties(agreement=agreed(reseller=RESELLER, wholesale_rate="0.8", listing_fee_rate="0.01"))
"""80 of each 100 are the cost of goods; 1 % of what is left is the fee."""


def standing_of(issued):
    """An invoice of which nothing is paid, as the store has it."""
    postings = [
        each
        for each in invoiced(issued).postings
        if not each.account.startswith(("receivable/", "bank"))
    ]
    return Standing(
        issued.id,
        issued.buyer_id,
        issued.seller_id,
        issued.currency,
        "open",
        issued.billed,
        0,
        tuple(postings),
    )


def paid_out(issued, seller):
    """What a seller gets once an invoice is paid, in cents."""
    transaction = paid(standing_of(issued), issued.billed, JUNE)
    came_in = [each for each in transaction.postings if each.account == collected(seller)]
    made = pay_out(seller, JUNE, JUNE, came_in)
    assert made is not None
    return made[0].amount


def test_an_invoice_of_a_reseller():
    """120.60 = 100 revenue + 20.60 AWS tax; cost of goods -80; fee -0.20; paid out 19.80."""
    issued = bill(of=RESOLD, rules=[tax("0.206")])
    item = issued.items[0]
    assert (issued.billed, item.revenue, item.aws_tax) == (12060, 10000, 2060)
    assert (item.cost, item.fee) == (8000, 20)
    assert paid_out(issued, RESELLER) == 1980


def test_the_tax_does_not_pass_to_the_seller():
    """What AWS owes to the authority is kept for it."""
    found = balances([invoiced(bill(of=RESOLD, rules=[tax("0.206")]))])
    assert found["tax", "USD"] == -2060


def test_the_manufacturers_side_of_a_sale():
    """73.50 revenue + 6.50 seller tax - 7.35 fee = 72.65 paid out."""
    direct = parties(product=always(sold(listing_fee_rate="0.10")))
    issued = bill(charge(7350), of=direct, rules=[tax("0.0884354", liable="Seller")])
    item = issued.items[0]
    assert (item.revenue, item.seller_tax, item.fee, issued.billed) == (7350, 650, 735, 8000)
    assert paid_out(issued, SELLER) == 7265


@pytest.mark.parametrize(
    ("amount", "rate", "expected"),
    [
        (10000, "0.206", 2060),
        # AWS shows 5.8 in a loose example, where 5.81 is exact.
        (5810, "0.1", 581),
        # AWS shows 66.30; the exact 66.3084 is 66.31 neither way it is rounded half up: 66.31.
        (110514, "0.06", 6631),
    ],
)
def test_a_tax_row(amount, rate, expected):
    """The rate times the taxable amount, rounded half up."""
    assert part(amount, rate, "USD") == expected


def test_a_line_taxed_by_one_level_alone():
    """The state taxes all of it; the county nothing, and has a row that says so."""
    georgia = Address("US", "GA", "MILTON", "48573-4839")
    rules = [
        tax("0.206", id="1", state="GA", jurisdiction="GA", location_code="460473664"),
        tax("0", id="2", state="GA", jurisdiction="FULTON", level="County"),
    ]
    found = taxes_on(10000, "USD", "AWSMP_SOFTWARE_RA", georgia, None, rules)
    assert [
        (each.level, each.jurisdiction, each.taxable, each.nontaxable, each.amount, each.rate)
        for each in found
    ] == [("State", "GA", 10000, 0, 2060, "0.206"), ("County", "FULTON", 0, 10000, 0, "0")]


def test_signs_are_those_of_the_feed():
    """To the seller positive, the fee negative, once the ledger's credits are turned round."""
    postings = invoiced(bill()).postings
    shares = {each.type: -each.amount for each in postings if each.account == uncollected(SELLER)}
    assert shares == {Type.SELLER_REV_SHARE: 10000, Type.AWS_REV_SHARE: -300}


def test_the_partners_revenue_is_the_sum_of_its_columns():
    """Billed + fee + refunds + fee refund + cost, all signed."""
    issued = bill(of=RESOLD)
    item = issued.items[0]
    assert item.revenue - item.fee - item.cost == paid_out(issued, RESELLER)


def test_the_buyer_is_billed_what_everybody_gets():
    """Seller, supplier, marketplace and authority."""
    supplied = parties(
        agreement=agreed(reseller=RESELLER, wholesale_rate="0.8"),
        product=always(product(seller_id=SELLER)),
        buyer=buyer(),
    )
    found = balances([invoiced(bill(of=supplied, rules=[tax("0.1")]))])
    assert sum(found.values()) == 0
