"""The books as they are seen: a month of one account, invoices, why a charge is what it is."""

from collections.abc import Sequence

import msgspec

from waag.domain.billing.booking import MonthClose, Stage
from waag.domain.billing.charges import ChargeKind
from waag.domain.billing.prices import FREE, price_of
from waag.domain.billing.rating import steps_of
from waag.domain.billing.statements import (
    ExplainedRecord,
    InvoiceQuery,
    ShownInvoice,
    ShownLine,
    Statement,
)
from waag.domain.instants import INSTANT_MIN, Instant
from waag.domain.market import Market
from waag.domain.months import Month
from waag.domain.refusals import Refusal
from waag.ports.billing import Books, Statements

INVOICES_MAX = 1_000_000
"""Of one account in one month; a statement has them all."""


class BooksQueryRefused(Refusal):
    """A question about the books that names something unknown."""

    rule = "billing.query"


class InvoicePage(msgspec.Struct, frozen=True):
    """Invoices in order of date, and the place to go on from; None on the last page."""

    invoices: Sequence[ShownInvoice]
    next: tuple[Instant, str] | None


class Explained(msgspec.Struct, frozen=True):
    """A line, a page of the records behind it, and the place to go on from."""

    line: ShownLine
    records: Sequence[ExplainedRecord]
    next: int | None


def statement(
    account_id: str, month: Month, *, market: Market, statements: Statements, books: Books
) -> Statement:
    """What one seller or buyer sees of a month.

    Raises:
        BooksQueryRefused: no such account.
        StoreUnavailable: the books could not be read.
    """
    _check_account(account_id, market)
    asked = InvoiceQuery(account_id, str(month), None, (INSTANT_MIN, ""), INVOICES_MAX)
    invoices = statements.invoices(asked)
    ids = [each.id for each in invoices]
    latest = books.latest_close()
    within = (account_id, month.starts, month.ends)
    return Statement(
        account_id,
        str(month),
        _is_closed(month, latest),
        tuple(invoices),
        tuple(statements.items(ids)),
        tuple(statements.lines(ids)),
        tuple(statements.adjustments(*within)),
        tuple(statements.payments(*within)),
        tuple(statements.payouts(*within)),
    )


def _is_closed(month: Month, latest: MonthClose | None) -> bool:
    """Whether nothing dated in a month is added any more; months are closed in order."""
    if latest is None or latest.month < month:
        return False
    return latest.month > month or latest.stage is Stage.CLOSED


def list_invoices(asked: InvoiceQuery, market: Market, statements: Statements) -> InvoicePage:
    """Invoices of an account, for a month, that stand so.

    Raises:
        BooksQueryRefused: no such account.
        StoreUnavailable: the books could not be read.
    """
    if asked.account is not None:
        _check_account(asked.account, market)
    # One more than is asked for tells whether there is a next page.
    found = statements.invoices(msgspec.structs.replace(asked, limit=asked.limit + 1))
    page = found[: asked.limit]
    more = len(found) > asked.limit
    return InvoicePage(page, (page[-1].at, page[-1].id) if more else None)


def explain(
    charge_id: str, after: int, limit: int, *, statements: Statements, books: Books
) -> Explained:
    """A charge, and how each usage record behind it is priced.

    Raises:
        BooksQueryRefused: no such charge on an invoice.
        StoreUnavailable: the books could not be read.
    """
    line = statements.line(charge_id)
    if line is None:
        raise BooksQueryRefused(f"There is no charge {charge_id!r} on an invoice.")
    charge = line.charge
    if charge.usage_month is None:
        return Explained(line, (), None)
    agreement = books.agreements([charge.agreement])[charge.agreement]
    products = {each.latest.id: each for each in books.products().values()}
    product = products[agreement.latest.product_id]
    dimension = next(each for each in product.latest.dimensions if each.number == charge.dimension)
    standing = agreement.as_of(charge.ends - 1)
    price, before = FREE, 0
    if charge.kind is ChargeKind.USAGE:
        price = price_of(dimension, product, standing, charge.starts)
        before = statements.used_before(line)
    found = statements.usage_behind(line, product.latest.number, after, limit + 1)
    records = [
        ExplainedRecord(
            place,
            record_id,
            timestamp,
            region,
            quantity,
            steps_of(quantity, price, before + earlier),
        )
        for place, record_id, timestamp, region, quantity, earlier in found[:limit]
    ]
    return Explained(line, records, records[-1].place if len(found) > limit else None)


def _check_account(account_id: str, market: Market) -> None:
    if market.account(account_id) is None:
        raise BooksQueryRefused(f"There is no account {account_id!r}.")
