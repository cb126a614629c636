"""What a market file may not say of money."""

from datetime import UTC, datetime

import pytest

from builders import (
    OTHER_SELLER,
    SELLER,
    agreement_definition,
    dimension_definition,
    market_definition,
    product_definition,
    vault_definition,
)
from waag.domain.billing_terms import ScheduledPayment, TaxRule, Tier
from waag.domain.market import DimensionType
from waag.domain.market_changes import changes_to
from waag.domain.market_definition import format_path
from waag.domain.market_excerpt import MarketExcerpt, excerpt_for
from waag.domain.market_mistakes import mistakes_in

SEATS = {"type": DimensionType.ENTITLED}
NAIVE = datetime(2026, 1, 1)  # noqa: DTZ001 - the mistake is that it has no offset
AWARE = datetime(2026, 1, 1, tzinfo=UTC)
RULE = TaxRule(id="1", country="US", jurisdiction="WA", rate="0.1")


def mistakes(before=None, **definition):
    """Where each mistake is, and what was expected."""
    defined = market_definition(**definition)
    market = excerpt_for(defined, before or MarketExcerpt())
    return [(format_path(each.path), each.expected) for each in mistakes_in(defined, market)]


def of_dimension(**given):
    """Mistakes of the one dimension of the vault beside its seats."""
    seats = dimension_definition("seats", **SEATS)
    dimensions = (seats, dimension_definition("overage", **given))
    return mistakes(products=(vault_definition(dimensions=dimensions),), agreements=())


@pytest.mark.parametrize(
    ("given", "where", "expected"),
    [
        ({"per": "year"}, "per", "unit or hour, for a dimension that is Metered"),
        (
            {"per": "hour"} | SEATS,
            "per",
            "month or year or term, for a dimension that is Entitled",
        ),
        (
            {"covered_by": "places"},
            "covered_by",
            "an Entitled dimension of the product, for one that is not",
        ),
        (
            {"covered_by": "seats"} | SEATS,
            "covered_by",
            "an Entitled dimension of the product, for one that is not",
        ),
        (
            {"tiers": (Tier(price="1"), Tier(price="2"))},
            "tiers[0]",
            "an up_to in every tier but the last",
        ),
        (
            {"tiers": (Tier(price="1", up_to="5"),)},
            "tiers[0]",
            "an up_to in every tier but the last",
        ),
        (
            {"tiers": (Tier(price="1", up_to="0"), Tier(price="2"))},
            "tiers[0].up_to",
            "more than 0, where the tier begins",
        ),
        (
            {
                "tiers": (
                    Tier(price="1", up_to="5"),
                    Tier(price="2", up_to="5.0"),
                    Tier(price="3"),
                )
            },
            "tiers[1].up_to",
            "more than 5, where the tier begins",
        ),
    ],
)
def test_terms_of_a_dimension(given, where, expected):
    """That do not fit."""
    assert of_dimension(**given) == [(f"products[0].dimensions[1].{where}", expected)]


@pytest.mark.parametrize(
    ("given", "where", "expected"),
    [
        ({"prices": {"gb": "1"}}, ".prices", "dimensions of prod-analytics0001, not 'gb'"),
        (
            {"payment_schedule": (ScheduledPayment(at=NAIVE, amount="1"),)},
            ".payment_schedule[0].at",
            "an instant with its offset, such as 2026-01-01T00:00:00Z",
        ),
        (
            {"payment_schedule": (ScheduledPayment(at=AWARE, amount="1.005"),)},
            ".payment_schedule[0].amount",
            "an amount; '1.005' has more digits than USD has; expected at most 2 after the point.",
        ),
        (
            {"free_trial_ends": NAIVE},
            ".free_trial_ends",
            "an instant with its offset, such as 2026-01-01T00:00:00Z",
        ),
        ({"wholesale_rate": "0.8"}, "", "reseller and wholesale_rate together, or neither"),
        ({"reseller": SELLER}, "", "reseller and wholesale_rate together, or neither"),
        (
            {"reseller": OTHER_SELLER, "wholesale_rate": "0.8"},
            ".reseller",
            f"an account of kind seller; {OTHER_SELLER} is none here",
        ),
    ],
)
def test_terms_of_an_agreement(given, where, expected):
    """That do not fit."""
    found = mistakes(agreements=(agreement_definition(**given),))
    assert found == [(f"agreements[0]{where}", expected)]


def test_terms_of_an_agreement_to_a_product_that_is_there():
    """In the market, not in the file, are judged by it."""
    before = MarketExcerpt()
    change = changes_to(before, market_definition())
    market = MarketExcerpt(change.accounts, change.products, change.agreements)
    wrong = agreement_definition(payment_schedule=(ScheduledPayment(at=AWARE, amount="1.005"),))
    assert [where for where, _ in mistakes(market, products=(), agreements=(wrong,))] == [
        "agreements[0].payment_schedule[0].amount"
    ]


def test_a_currency_that_is_not_known():
    """Is named with those that are."""
    found = mistakes(products=(product_definition(currency="QQQ"),))
    assert found[0][0] == "products[0].currency"


def test_a_currency_does_not_change():
    """Bills are in it."""
    change = changes_to(MarketExcerpt(), market_definition())
    market = MarketExcerpt(change.accounts, change.products, change.agreements)
    found = mistakes(market, products=(product_definition(currency="EUR"),))
    assert found == [("products[0].currency", "USD, as before: bills are in it")]


def test_tax_rules_of_one_name():
    """Each has a name of its own."""
    assert mistakes(taxes=(RULE, RULE)) == [("taxes[1].id", "a name of its own; 1 is taken above")]


def test_everything_that_fits():
    """Tiers, a schedule, a trial, a tax."""
    tiers = (Tier(price="1", up_to="10"), Tier(price="0.5"))
    agreed = agreement_definition(
        prices={"users": "1"},
        free_trial_ends=AWARE,
        payment_schedule=(ScheduledPayment(at=AWARE, amount="1.50"),),
    )
    product = product_definition(dimensions=(dimension_definition(tiers=tiers, per="hour"),))
    assert mistakes(products=(product,), agreements=(agreed,), taxes=(RULE,)) == []
