"""Terms about money in the store: kept, read back, and as they were before."""

import pytest
from keeping import Kept, seats, selling, washington

from builders import BUYER, SELLER, dimension_definition
from waag.domain.billing_terms import (
    AccountTerms,
    AgreementTerms,
    Collection,
    DimensionTerms,
    ProductTerms,
    Tier,
)
from waag.storage.database import open_reader
from waag.storage.reader import Reader
from waag.storage.secret_box import SecretBox
from waag.storage.stored_market import StoredMarket

TIERS = (Tier(price="1", up_to="10"), Tier(price="0.5"))
TERMS = selling(
    collection=Collection(pays="late", days=3),
    product={"dimensions": (dimension_definition(tiers=TIERS),), "currency": "EUR"},
    agreement={"prices": {"users": "2"}},
    taxes=(washington(),),
)


@pytest.fixture
def kept(ledger):
    """Books of an empty ledger."""
    kept = Kept(ledger)
    yield kept
    kept.close()


@pytest.fixture
def market(kept):
    """The market as it is read beside the writer."""
    market = StoredMarket(Reader(open_reader(kept.path)), SecretBox(b"k" * 32, bytes))
    yield market
    market.close()


def test_terms_are_read_back(kept, market):
    """As they were put."""
    kept.apply(**TERMS)
    found = [
        market.account(BUYER),
        market.product("prod-analytics0001"),
        market.agreement("agmt-1"),
    ]
    assert [each.terms for each in found] == [
        AccountTerms(collection=Collection(pays="late", days=3)),
        ProductTerms(currency="EUR", dimensions={"users": DimensionTerms(tiers=TIERS)}),
        AgreementTerms(prices={"users": "2"}),
    ]
    assert (market.tax_rule("wa"), market.tax_rule("or")) == (washington(), None)


def test_usual_terms_take_the_place_of_others(kept, market):
    """And nothing is kept of them."""
    kept.apply(**selling(collection=Collection(pays="never")))
    kept.apply(**selling())
    assert market.account(BUYER).terms == AccountTerms()
    assert kept.rows("SELECT * FROM terms") == []


def test_an_entry_that_changes_is_kept_as_it_was(kept):
    """Until when; one that does not change is not."""
    kept.apply(**selling())
    dearer = {"dimensions": (dimension_definition(price="0.80"),)}
    kept.apply(**selling(product=dearer))
    kept.apply(**selling(product=dearer))
    product = kept.books.products()[1]
    assert [
        (each.entry.dimensions[0].price, each.since == kept.now) for each in product.versions
    ] == [("0.50", False), ("0.80", True)]
    assert kept.rows("SELECT kind FROM superseded") == [("product",)]


def test_an_agreement_and_an_account_as_they_were(kept):
    """No secret is among it."""
    kept.apply(**selling())
    kept.apply(**selling(agreement={"demonstration": True}, collection=Collection(pays="never")))
    agreement = kept.books.agreements([1])[1]
    assert [each.entry.terms.demonstration for each in agreement.versions] == [False, True]
    assert kept.rows("SELECT kind, subject FROM superseded ORDER BY kind") == [
        ("account", 2),
        ("agreement", 1),
    ]


def test_only_agreements_that_may_have_fees_are_looked_at(kept):
    """One that is paid as it is used has none."""
    kept.apply(**selling())
    before = kept.rows("SELECT count(*) FROM due_work")
    kept.apply(**(selling() | seats()))
    assert (before, kept.rows("SELECT rank, subject FROM due_work")) == ([(0,)], [(1, "2")])


def test_a_reseller_sells_in_the_sellers_place(kept):
    """Bills and payouts are its; the seller gets its part of the price."""
    reseller = "120000000007"
    accounts = selling()["accounts"]
    other = type(accounts[0])(id=reseller, name="Reseller", kind=accounts[0].kind)
    terms = {"reseller": reseller, "wholesale_rate": "0.8", "listing_fee_rate": "0.01"}
    kept.apply(**(selling(agreement=terms) | {"accounts": (*accounts, other)}))
    kept.use("2026-05-14T10:00:00", 200_000_000)
    kept.turn("2026-06-01T06:00:00")
    assert kept.rows("SELECT seller, amount FROM payout ORDER BY seller") == [
        (SELLER, 7920),
        (reseller, 1980),
    ]
    assert kept.balances() == {"bank": 100, "listing-fees": -100}
