"""Entries of the market kept as they were before a change, for whoever bills by old terms.

Reading them is `waag.storage.billing`'s concern.
"""

from collections.abc import Iterator

import apsw
import msgspec

from waag.domain.instants import Instant
from waag.domain.market import Market
from waag.domain.market_changes import MarketChange
from waag.storage.queries import Row, query_many


def keep_superseded(
    connection: apsw.Connection, market: Market, change: MarketChange, now: Instant
) -> None:
    """Keep what `change` is about to replace, as it is until `now`.

    Args:
        connection: the writer's, within the transaction of the change.
        market: as it is before the change.
        change: what is to be put.
        now: what the clock shows.
    """
    query_many(connection, "supersede", _superseded(market, change, now))


def _superseded(market: Market, change: MarketChange, now: Instant) -> Iterator[Row]:
    """Only what has a number that is taken was there before, so that only that is looked up."""
    taken = market.numbers_taken()
    encode = msgspec.json.encode
    for account in change.accounts:
        before = market.account(account.id) if account.number <= taken.account else None
        if before is not None:
            public = msgspec.structs.replace(before, principals=())
            yield "account", before.number, now, encode(public).decode()
    for product in change.products:
        sold = market.product(product.id) if product.number <= taken.product else None
        if sold is not None:
            yield "product", sold.number, now, encode(sold).decode()
    for agreement in change.agreements:
        agreed = market.agreement(agreement.id) if agreement.number <= taken.agreement else None
        if agreed is not None:
            yield "agreement", agreed.number, now, encode(agreed).decode()
