"""Attributions on SQLite: the latest revision of each is decided in the UPDATE's WHERE."""

from collections.abc import Mapping, Sequence
from typing import Any

import apsw
import msgspec

from waag.domain.attribution.client_tokens import KeptReply, UsedToken
from waag.domain.attribution.identifiers import Scope, attribution_resource
from waag.domain.attribution.records import (
    Attribution,
    AttributionPlace,
    AttributionVersion,
    Direction,
)
from waag.domain.attribution.refusals import (
    AlreadyExists,
    AttributionQuotaExceeded,
    ConcurrentModification,
)
from waag.domain.attribution.revisions import Revision
from waag.domain.attribution.tags import Tag
from waag.domain.instants import Instant
from waag.ports.attribution import AttributionPage, AttributionQuery
from waag.storage.attribution.client_tokens import change_once
from waag.storage.attribution.tags import put_tags
from waag.storage.queries import Row, query
from waag.storage.reader import Reader
from waag.storage.writer import Writer

_FIRST, _LAST = -(2**63), 2**63 - 1
"""Before and after all instants."""


class SqliteAttributions:
    """Implements the port `Attributions`.

    Args:
        writer: who owns the connection that writes.
        reader: of the same ledger.
    """

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    def attribution(
        self, scope: Scope, attribution_id: str, revision: Revision | None = None
    ) -> Attribution | None:
        """See `waag.ports.attribution.Attributions.attribution`."""
        asked = {**scope_columns(scope), "id": attribution_id}
        if revision is None:
            rows = self._reader.rows("attribution", asked)
        else:
            rows = self._reader.rows("attribution_at", {**asked, "revision": revision})
        return to_attribution(scope, rows[0]) if rows else None

    def page(self, asked: AttributionQuery) -> AttributionPage:
        """See `waag.ports.attribution.Attributions.page`."""
        scope, filters = scope_columns(asked.scope), asked.filters
        descending = asked.direction is Direction.DESCENDING
        after = asked.after
        if after is None:
            (moment,) = self._reader.rows("attribution_moment", scope)[0]
            after = AttributionPlace(moment, _LAST if descending else _FIRST, "")
        rows = self._reader.rows(
            "attributions_descending" if descending else "attributions_ascending",
            {
                **scope,
                "moment": after.moment,
                "modified": after.modified,
                "id": after.id,
                "created_from": _or(filters.created_from, _FIRST),
                "created_until": _or(filters.created_until, _LAST),
                "ids": None if filters.ids is None else _json(sorted(filters.ids)),
                "limit": asked.limit + 1,
            },
        )
        found = [to_attribution(asked.scope, row) for row in rows[: asked.limit]]
        if len(rows) <= asked.limit:
            return AttributionPage(found, None)
        return AttributionPage(
            found, AttributionPlace(after.moment, found[-1].version.modified, found[-1].id)
        )

    def create(
        self, new: Attribution, tags: Sequence[Tag], most: int, reply: KeptReply | None
    ) -> UsedToken | None:
        """See `waag.ports.attribution.Attributions.create`."""

        def put(connection: apsw.Connection) -> None:
            scope = scope_columns(new.scope)
            version = _version_columns(new, next_change(connection, new.scope))
            columns = {
                **scope,
                **version,
                "name": new.name,
                "tenancy_model": new.tenancy_model,
                "product": new.product,
                "created": new.created,
                "most": most,
            }
            if not query(connection, "put_attribution", columns):
                raise _why_not(connection, new, most)
            query(connection, "put_attribution_version", {**scope, **version})
            put_tags(connection, attribution_resource(new.scope, new.id), tags)

        return change_once(self._writer, reply, put)

    def update(self, changed: Attribution, reply: KeptReply | None) -> UsedToken | None:
        """See `waag.ports.attribution.Attributions.update`."""
        return change_once(self._writer, reply, lambda connection: advance(connection, changed))


def advance(connection: apsw.Connection, changed: Attribution) -> None:
    """Make a revision of an attribution the latest, within a transaction of the writer.

    Raises:
        ConcurrentModification: the latest is no longer the one before it.
    """
    scope, version = changed.scope, changed.version
    change = next_change(connection, scope)
    columns = {**scope_columns(scope), **_version_columns(changed, change)}
    if not query(connection, "advance_attribution", columns):
        raise ConcurrentModification(
            f"Attribution {changed.id} was changed after its revision {version.revision - 1} was "
            "read. Read it again and submit the change with its current revision."
        )
    query(connection, "put_attribution_version", columns)


def scope_columns(scope: Scope) -> Mapping[str, Any]:
    """What every key begins with."""
    return {"account": scope.account_id, "catalog": scope.catalog.value}


def next_change(connection: apsw.Connection, scope: Scope) -> int:
    """The number of the next change of a scope's attributions; only the one writer may ask."""
    return query(connection, "attribution_moment", scope_columns(scope))[0][0] + 1


def to_attribution(scope: Scope, row: Row) -> Attribution:
    """An attribution from a row of the query `attribution`, and of those with its columns."""
    attribution_id, name, tenancy_model, product, created, latest, *version = row
    return Attribution(
        scope,
        attribution_id,
        name,
        tenancy_model,
        product,
        created,
        AttributionVersion(*version),
        latest,
    )


def _version_columns(attribution: Attribution, change: int) -> Mapping[str, Any]:
    version = attribution.version
    return {
        "id": attribution.id,
        "revision": version.revision,
        "modified": version.modified,
        "change": change,
        "description": version.description,
        "effective_from": version.effective_from,
        "effective_until": version.effective_until,
        "active": version.active,
        "total": version.total,
    }


def _or(given: Instant | None, otherwise: Instant) -> Instant:
    return otherwise if given is None else given


def _json(values: Sequence[str]) -> str:
    return msgspec.json.encode(values).decode()


def _why_not(
    connection: apsw.Connection, new: Attribution, most: int
) -> AlreadyExists | AttributionQuotaExceeded:
    """Why a new attribution was not put: its name is taken, or there are too many."""
    taken = query(connection, "attribution_by_name", {**scope_columns(new.scope), "name": new.name})
    if taken:
        return AlreadyExists(
            f"The name {new.name!r} is taken by revenue attribution {taken[0][0]} of {new.scope}; "
            "a name is given once, in the same case."
        )
    return AttributionQuotaExceeded(
        f"There are {most} revenue attributions in {new.scope} already, which is as many as there "
        "may be."
    )
