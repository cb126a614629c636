"""Allocations on SQLite: every version is a row, and stays."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import apsw
import msgspec

from waag.domain.attribution.allocations import Allocation
from waag.domain.attribution.identifiers import Scope
from waag.domain.attribution.records import Direction
from waag.domain.attribution.revisions import Revision
from waag.ports.allocations import AllocationQuery
from waag.storage.attribution.attributions import scope_columns
from waag.storage.queries import query, query_many
from waag.storage.reader import Reader

_BEFORE_ALL, _AFTER_ALL = "", "~"
"""Before and after all days and ids, as text."""


class SqliteAllocations:
    """Implements the port `Allocations`.

    Args:
        reader: of the ledger.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def allocation(
        self, scope: Scope, attribution_id: str, allocation_id: str, revision: Revision
    ) -> Allocation | None:
        """See `waag.ports.allocations.Allocations.allocation`."""
        asked = {**_key(scope, attribution_id), "id": allocation_id, "revision": revision}
        rows = self._reader.rows("allocation_at", asked)
        return Allocation(*rows[0]) if rows else None

    def page(self, asked: AllocationQuery) -> Sequence[Allocation]:
        """See `waag.ports.allocations.Allocations.page`."""
        filters = asked.filters
        descending = asked.direction is Direction.DESCENDING
        first = _AFTER_ALL if descending else _BEFORE_ALL
        rows = self._reader.rows(
            "allocations_descending" if descending else "allocations_ascending",
            {
                **_key(asked.scope, asked.attribution),
                "revision": asked.revision,
                "after_day": first if asked.after is None else asked.after.effective_from,
                "after_id": first if asked.after is None else asked.after.id,
                "from_since": filters.begins.since or _BEFORE_ALL,
                "from_before": filters.begins.before or _AFTER_ALL,
                "until_since": filters.ends.since or _BEFORE_ALL,
                "until_before": filters.ends.before or _AFTER_ALL,
                "entity_types": _json(filters.entity_types),
                "entities": _json(filters.entities),
                "customers": _json(filters.customers),
                "status": filters.status,
                "limit": asked.limit,
            },
        )
        return [Allocation(*row) for row in rows]

    def touched(
        self, scope: Scope, attribution_id: str, days: tuple[str, str], ids: Sequence[str]
    ) -> Sequence[Allocation]:
        """See `waag.ports.allocations.Allocations.touched`."""
        begins, ends = days
        asked = {"begins": begins, "ends": ends, "ids": _json(ids)}
        rows = self._reader.rows("allocations_touched", {**_key(scope, attribution_id), **asked})
        return [Allocation(*row) for row in rows]


def write_versions(
    connection: apsw.Connection,
    scope: Scope,
    attribution_id: str,
    versions: Sequence[Allocation],
    updated: Sequence[str],
) -> None:
    """Write the versions of a revision, within a transaction of the writer.

    Args:
        connection: the writer's.
        scope: of the attribution.
        attribution_id: whose allocations they are.
        versions: all of the same revision.
        updated: ids of those that take the place of another.
    """
    key = (scope.account_id, scope.catalog.value, attribution_id)
    if updated:
        revision = versions[0].revision
        query_many(connection, "replace_allocation", ((revision, *key, each) for each in updated))
    rows = ((*key, *msgspec.structs.astuple(each)) for each in versions)
    query_many(connection, "put_allocation", rows)


def count_allocations(
    connection: apsw.Connection, scope: Scope, attribution_id: str
) -> Mapping[str, Any]:
    """Days and numbers, by what a version of the attribution calls them."""
    counted = query(connection, "allocations_counted", _key(scope, attribution_id))[0]
    names = ("effective_from", "effective_until", "active", "total")
    return dict(zip(names, counted, strict=True))


def _key(scope: Scope, attribution_id: str) -> Mapping[str, Any]:
    return {**scope_columns(scope), "attribution": attribution_id}


def _json(values: Collection[str] | None) -> str | None:
    return None if values is None else msgspec.json.encode(sorted(values)).decode()
