"""The market changed by its operator."""

from waag.domain.market_changes import MarketChange, changes_to
from waag.domain.market_definition import MarketDefinition
from waag.ports import Markets


def apply_market(definition: MarketDefinition, markets: Markets) -> MarketChange:
    """Make the market match a definition: add and change, never remove; usage stays as it is.

    Raises:
        MarketRefused: the definition has mistakes; nothing was changed.
        StoreUnavailable: the store could not write; nothing was changed.
    """
    return markets.change(lambda market: changes_to(market, definition))
