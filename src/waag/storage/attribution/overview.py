"""Attributions and tasks of all accounts, for the operator, on SQLite."""

from collections.abc import Sequence

from waag.domain.attribution.identifiers import Catalog, Scope
from waag.domain.attribution.records import Attribution
from waag.domain.attribution.tasks import Task
from waag.storage.attribution.attributions import to_attribution
from waag.storage.attribution.tasks import to_task
from waag.storage.queries import Row
from waag.storage.reader import Reader


class SqliteAttributionsOverview:
    """Implements the port `AttributionsOverview`.

    Args:
        reader: of the ledger.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def attributions(
        self, account_id: str | None, after: tuple[str, str, str], limit: int
    ) -> Sequence[Attribution]:
        """See `waag.ports.allocations.AttributionsOverview.attributions`."""
        account, catalog, last = after
        asked = {"account": account, "catalog": catalog, "id": last, "limit": limit}
        rows = self._reader.rows("attributions_of_all", {**asked, "only": account_id})
        return [_to_attribution(row) for row in rows]

    def attribution_by_id(self, attribution_id: str) -> Attribution | None:
        """See `waag.ports.allocations.AttributionsOverview.attribution_by_id`."""
        rows = self._reader.rows("attribution_by_id", (attribution_id,))
        return _to_attribution(rows[0]) if rows else None

    def task_by_id(self, task_id: str) -> Task | None:
        """See `waag.ports.allocations.AttributionsOverview.task_by_id`."""
        rows = self._reader.rows("task", (task_id,))
        return to_task(rows[0]) if rows else None


def _to_attribution(row: Row) -> Attribution:
    account, catalog, *rest = row
    return to_attribution(Scope(account, Catalog(catalog)), tuple(rest))
