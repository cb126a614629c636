"""Marketplace revenue shares on a real ledger, for tests: the services, and requests to them."""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from builders import SELLER, at, market
from waag.domain.attribution.choices import AttributionChoices
from waag.domain.attribution.client_tokens import TokenUse, fingerprint
from waag.domain.attribution.identifiers import Catalog, Scope
from waag.domain.attribution.records import Direction
from waag.domain.attribution.share_allocations import AllocationEdit, AllocationTerms
from waag.domain.attribution.shares import ShareAllocationFilters
from waag.services.attribution.idempotency import Idempotency
from waag.services.attribution.share_allocations import (
    AllocationsAsked,
    EditedAllocation,
    NewAllocation,
    ShareAllocations,
    ShownAllocation,
)
from waag.services.attribution.shares import MarketplaceRevenueShares, NewShare, SharesAsked
from waag.storage.attribution.client_tokens import SqliteClientTokens
from waag.storage.attribution.shares import SqliteRevenueShares
from waag.storage.database import open_database, open_reader
from waag.storage.page_tokens import SealedPageTokens
from waag.storage.reader import Reader
from waag.storage.writer import Writer

NOW = at("2026-08-07T12:00:00")
PRODUCT = "prod-analytics0001"
REAL = Scope(SELLER, Catalog.AWS)
SANDBOX = Scope(SELLER, Catalog.SANDBOX)


class Sharing:
    """The services over one ledger.

    Args:
        writer: the ledger's.
        reader: of the same ledger.
        stored: keeps shares.
    """

    def __init__(self, writer: Writer, reader: Reader, stored: SqliteRevenueShares) -> None:
        self.writer = writer
        self.stored = stored
        choices = AttributionChoices()
        idempotency = Idempotency(SqliteClientTokens(reader), choices.client_token_seconds)
        surroundings: dict[str, Any] = {
            "market": market(),
            "page_tokens": SealedPageTokens(b"k" * 32, os.urandom),
            "choices": choices,
        }
        self.shares = MarketplaceRevenueShares(stored, idempotency, **surroundings)
        self.allocations = ShareAllocations(
            stored, idempotency, **surroundings, random_bytes=os.urandom
        )


@contextmanager
def sharing(
    ledger: Path, kept: type[SqliteRevenueShares] = SqliteRevenueShares
) -> Generator[Sharing]:
    """The services over an empty ledger, until the block ends."""
    writer = Writer(open_database(ledger))
    reader = Reader(open_reader(ledger))
    try:
        yield Sharing(writer, reader, kept(writer, reader))
    finally:
        reader.close()
        writer.close()


def day(text: str | None) -> date | None:
    """A date; None for none."""
    return None if text is None else date.fromisoformat(text)


def token(name: str | None, operation: str, scope: Scope, *parameters: object) -> TokenUse | None:
    """A client token, as of a request with these parameters."""
    if name is None:
        return None
    return TokenUse(scope, operation, name, fingerprint(parameters))


def new_share(product: str = PRODUCT, scope: Scope = REAL, name: str | None = None) -> NewShare:
    """A request to create a share without tags."""
    return NewShare(scope, product, (), token(name, "CreateShare", scope, product))


def new_allocation(
    start: str,
    end: str | None = None,
    percent: str = "20",
    *,
    scope: Scope = REAL,
    name: str | None = None,
) -> NewAllocation:
    """A request to create an allocation of PRODUCT's share."""
    terms = AllocationTerms(date.fromisoformat(start), day(end), percent)
    use = token(name, "CreateAllocation", scope, start, end, percent)
    return NewAllocation(scope, PRODUCT, terms, use)


def edit(
    shown: ShownAllocation, revision: int, *, name: str | None = None, **given: str
) -> EditedAllocation:
    """A request to edit an allocation of PRODUCT's share: start, end, percent, status."""
    changes = AllocationEdit(
        day(given.get("start")), day(given.get("end")), given.get("percent"), given.get("status")
    )
    use = token(name, "UpdateAllocation", REAL, shown.allocation.id, revision, sorted(given))
    return EditedAllocation(REAL, PRODUCT, shown.allocation.id, revision, changes, use)


def allocations_asked(**given: Any) -> AllocationsAsked:
    """A request to list the allocations of PRODUCT's share."""
    usual = {
        "scope": REAL,
        "product": PRODUCT,
        "filters": ShareAllocationFilters(),
        "revision": None,
        "direction": Direction.ASCENDING,
        "limit": 100,
        "next_token": None,
    }
    return AllocationsAsked(**(usual | given))


def shares_asked(**given: Any) -> SharesAsked:
    """A request to list shares."""
    usual = {
        "scope": REAL,
        "products": None,
        "codes": None,
        "created_from": None,
        "created_until": None,
        "direction": Direction.DESCENDING,
        "limit": 100,
        "next_token": None,
    }
    return SharesAsked(**(usual | given))


def walked(page: Callable[[str | None], Any], rows: str) -> list[list[Any]]:
    """Every page of a list, from the first to the last."""
    pages: list[list[Any]] = []
    next_token = None
    while next_token is not None or not pages:
        answer = page(next_token)
        pages.append(list(getattr(answer, rows)))
        next_token = answer.next_token
    return pages
