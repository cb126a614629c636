"""Who may buy and what is sold, walked, on SQLite."""

from collections.abc import Sequence

from waag.storage.reader import Reader


class SqliteCatalog:
    """Implements the port `Catalog`.

    Args:
        reader: closed with this.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def buyers(self, after: int, limit: int, /) -> Sequence[str]:
        """See `waag.ports.Catalog.buyers`."""
        return [account_id for (account_id,) in self._reader.rows("buyers_page", (after, limit))]

    def products(self, after: int, limit: int, /) -> Sequence[str]:
        """See `waag.ports.Catalog.products`."""
        return [product_id for (product_id,) in self._reader.rows("products_page", (after, limit))]

    def close(self) -> None:
        """Close the reader."""
        self._reader.close()
