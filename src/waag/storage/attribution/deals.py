"""Deals and accounts that a batch names, looked up at once, on SQLite."""

from collections.abc import Collection, Mapping

import msgspec

from waag.domain.market import Deal
from waag.storage.reader import Reader

_read_deal = msgspec.json.Decoder(Deal).decode


class SqliteDealLookUps:
    """Implements the port `DealLookUps`.

    Args:
        reader: of the ledger.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def deals(self, names: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], Deal]:
        """See `waag.ports.allocations.DealLookUps.deals`."""
        asked = {"names": msgspec.json.encode(list(names)).decode()}
        found = (_read_deal(row[0]) for row in self._reader.rows("deals_named", asked))
        return {(deal.type, deal.id): deal for deal in found}

    def accounts(self, ids: Collection[str]) -> frozenset[str]:
        """See `waag.ports.allocations.DealLookUps.accounts`."""
        asked = {"ids": msgspec.json.encode(list(ids)).decode()}
        return frozenset(row[0] for row in self._reader.rows("accounts_named", asked))
