"""Applying a definition to the market there is."""

import pytest

from builders import (
    BUYER,
    STRANGER,
    FakeMarkets,
    buyer_definition,
    deal_definition,
    market_definition,
    refusal_of,
)
from waag.domain.market_definition import MarketDefinition, MarketRefused
from waag.services.market import apply_market


@pytest.mark.parametrize(
    ("times", "expected"), [(1, (4, 0, 0)), (2, (0, 0, 4))], ids=["once", "twice"]
)
def test_a_definition_is_applied(times, expected):
    """The market matches it, and applying it again changes nothing."""
    markets = FakeMarkets()
    changes = [apply_market(market_definition(), markets) for _ in range(times)]
    assert (changes[-1].added, changes[-1].changed, changes[-1].unchanged) == expected


def test_each_definition_is_decided_on_the_latest_market():
    """A later definition changes what an earlier one brought."""
    markets = FakeMarkets()
    for name in ("Buyer", "Renamed"):
        apply_market(MarketDefinition(accounts=(buyer_definition(name=name),)), markets)
    assert markets.current.accounts[BUYER].name == "Renamed"


def test_a_refused_definition_changes_nothing():
    """One mistake and nothing of the definition is taken."""
    markets = FakeMarkets()
    before = markets.current
    wrong = market_definition(deals=(deal_definition(owner=STRANGER),))
    refused = refusal_of(apply_market, wrong, markets)
    assert (refused, markets.current is before) == (
        (MarketRefused, "deals[0].owner: an account; 999999999999 is none here"),
        True,
    )
