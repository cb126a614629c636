"""Marketplace revenue shares on SQLite: an UPDATE's WHERE decides who makes the next revision."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import apsw
import msgspec

from waag.domain.attribution.client_tokens import KeptReply, UsedToken
from waag.domain.attribution.identifiers import Scope, share_resource
from waag.domain.attribution.records import Direction
from waag.domain.attribution.refusals import AlreadyExists, ConcurrentModification
from waag.domain.attribution.revisions import Revision
from waag.domain.attribution.share_allocations import ShareAllocation
from waag.domain.attribution.shares import (
    Share,
    ShareAllocationPlace,
    SharePlace,
    ShareVersion,
)
from waag.domain.attribution.tags import Tag
from waag.ports.revenue_shares import (
    ShareAllocationPage,
    ShareAllocationQuery,
    SharePage,
    ShareQuery,
)
from waag.storage.attribution.attributions import scope_columns
from waag.storage.attribution.client_tokens import change_once
from waag.storage.attribution.tags import put_tags
from waag.storage.queries import Row, query
from waag.storage.reader import Reader
from waag.storage.writer import Writer

_INTEGER_MAX = 2**63 - 1
_BEFORE_ALL, _AFTER_ALL = "", "~"
"""Texts that come before and after every id and day."""


class SqliteRevenueShares:
    """Implements the port `RevenueShares`.

    Args:
        writer: who owns the connection that writes.
        reader: of the same ledger.
    """

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    def share(self, scope: Scope, product: str, revision: Revision | None = None) -> Share | None:
        """See `waag.ports.revenue_shares.RevenueShares.share`."""
        asked = {**scope_columns(scope), "product": product}
        if revision is None:
            rows = self._reader.rows("revenue_share", asked)
        else:
            rows = self._reader.rows("revenue_share_at", {**asked, "revision": revision})
        return _from_row_share(scope, rows[0]) if rows else None

    def page(self, asked: ShareQuery) -> SharePage:
        """See `waag.ports.revenue_shares.RevenueShares.page`."""
        scope, filters = scope_columns(asked.scope), asked.filters
        ascending = asked.direction is Direction.ASCENDING
        after = asked.after
        if after is None:
            moment = self._reader.rows("revenue_share_moment", scope)[0][0]
            limits = (-_INTEGER_MAX, _BEFORE_ALL) if ascending else (_INTEGER_MAX, _AFTER_ALL)
            after = SharePlace(moment, *limits)
        columns = {
            **scope,
            "moment": after.moment,
            "modified": after.modified,
            "after": after.product,
            "products": _names(filters.products),
            "created_from": filters.created_from,
            "created_until": filters.created_until,
            "limit": asked.limit + 1,
        }
        rows = self._reader.rows(f"revenue_shares_{asked.direction.value.lower()}", columns)
        shares = [_from_row_share(asked.scope, row) for row in rows[: asked.limit]]
        if len(rows) <= asked.limit:
            return SharePage(shares, None)
        last = shares[-1]
        return SharePage(shares, SharePlace(after.moment, last.version.modified, last.product))

    def create(self, new: Share, tags: Sequence[Tag], reply: KeptReply | None) -> UsedToken | None:
        """See `waag.ports.revenue_shares.RevenueShares.create`."""

        def put(connection: apsw.Connection) -> None:
            columns = _columns_of_revision(connection, new)
            if not query(connection, "put_revenue_share", columns):
                raise AlreadyExists(
                    f"Product {new.product} has a marketplace revenue share in {new.scope} "
                    "already; a product has one."
                )
            query(connection, "put_revenue_share_version", columns)
            put_tags(connection, share_resource(new.scope, new.product), tags)

        return change_once(self._writer, reply, put)

    def allocation(self, share: Share, allocation_id: str) -> ShareAllocation | None:
        """See `waag.ports.revenue_shares.RevenueShares.allocation`."""
        asked = {**_columns_of_view(share), "id": allocation_id}
        rows = self._reader.rows("revenue_share_allocation", asked)
        return _from_row_allocation(rows[0]) if rows else None

    def active_allocations(self, share: Share) -> Sequence[ShareAllocation]:
        """See `waag.ports.revenue_shares.RevenueShares.active_allocations`."""
        rows = self._reader.rows("active_revenue_share_allocations", _columns_of_view(share))
        return [_from_row_allocation(row) for row in rows]

    def allocations(self, asked: ShareAllocationQuery) -> ShareAllocationPage:
        """See `waag.ports.revenue_shares.RevenueShares.allocations`."""
        share, filters, after = asked.share, asked.filters, asked.after
        limit = _BEFORE_ALL if asked.direction is Direction.ASCENDING else _AFTER_ALL
        columns = {
            **_columns_of_view(share),
            "after_from": limit if after is None else _text(after.effective_from),
            "after": limit if after is None else after.id,
            "begins_from": _text(filters.begins_from) or _BEFORE_ALL,
            "begins_before": _text(filters.begins_before) or _AFTER_ALL,
            "status": filters.status,
            "limit": asked.limit + 1,
        }
        name = f"revenue_share_allocations_{asked.direction.value.lower()}"
        found = [_from_row_allocation(row) for row in self._reader.rows(name, columns)]
        page = found[: asked.limit]
        if len(found) == len(page):
            return ShareAllocationPage(page, None)
        revision, last = share.version.revision, page[-1]
        place = ShareAllocationPlace(revision, last.effective_from, last.id)
        return ShareAllocationPage(page, place)

    def put_allocation(
        self, changed: Share, made: ShareAllocation, reply: KeptReply | None
    ) -> UsedToken | None:
        """See `waag.ports.revenue_shares.RevenueShares.put_allocation`."""

        def put(connection: apsw.Connection) -> None:
            columns = _columns_of_revision(connection, changed)
            if not query(connection, "advance_revenue_share", columns):
                raise ConcurrentModification(
                    f"The marketplace revenue share of product {changed.product} was changed after "
                    f"its revision {made.revision - 1} was read. Read it again and submit the "
                    "change with its current revision."
                )
            query(connection, "put_revenue_share_version", columns)
            allocation = {**columns, **_to_row_allocation(made)}
            query(connection, "put_revenue_share_allocation", allocation)

        return change_once(self._writer, reply, put)


def _columns_of_view(share: Share) -> Mapping[str, Any]:
    """Which share, as of which revision."""
    return {
        **scope_columns(share.scope),
        "product": share.product,
        "revision": share.version.revision,
    }


def _columns_of_revision(connection: apsw.Connection, share: Share) -> Mapping[str, Any]:
    """A revision of a share, and which change of its scope's shares it is."""
    scope = scope_columns(share.scope)
    version = share.version
    return {
        **_columns_of_view(share),
        "created": share.created,
        "modified": version.modified,
        "change": query(connection, "revenue_share_moment", scope)[0][0] + 1,
        "active": version.active,
        "total": version.total,
    }


def _from_row_share(scope: Scope, row: Row) -> Share:
    product, created, latest, *version = row
    return Share(scope, product, created, ShareVersion(*version), latest)


def _to_row_allocation(made: ShareAllocation) -> Mapping[str, Any]:
    return {
        "id": made.id,
        "effective_from": _text(made.effective_from),
        "effective_until": _text(made.effective_until),
        "percent": made.percent,
        "status": made.status,
        "created": made.created,
        "modified": made.modified,
    }


def _from_row_allocation(row: Row) -> ShareAllocation:
    allocation_id, first, last, *rest = row
    until = None if last is None else date.fromisoformat(last)
    return ShareAllocation(allocation_id, date.fromisoformat(first), until, *rest)


def _names(products: frozenset[str] | None) -> str | None:
    return None if products is None else msgspec.json.encode(sorted(products)).decode()


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
