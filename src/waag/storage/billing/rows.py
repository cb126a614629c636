"""Rows of the books, to and from the values they stand for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import msgspec
from msgspec.structs import astuple

from waag.domain.billing.adjustments import Adjustment
from waag.domain.billing.booking import MonthClose, Stage
from waag.domain.billing.charges import Charge, ChargeKind, Step
from waag.domain.billing.history import History, history
from waag.domain.billing.invoicing import Invoice
from waag.domain.billing.ledger import Transaction
from waag.domain.billing.taxes import LineTax
from waag.domain.billing_terms import AccountTerms
from waag.domain.market import Account, AccountKind, Address
from waag.domain.months import parse_month
from waag.storage.queries import Row

Entry = TypeVar("Entry")

decode_steps = msgspec.json.Decoder(tuple[Step, ...]).decode
decode_taxes = msgspec.json.Decoder(tuple[LineTax, ...]).decode


def as_json(value: object) -> str:
    """As a column keeps it."""
    return msgspec.json.encode(value).decode()


def to_row_charge(charge: Charge) -> Row:
    """Of the table `charge`."""
    columns = msgspec.structs.replace(charge, quantity=str(charge.quantity))
    name, kind, *rest, steps = astuple(columns)
    return (name, kind.value, *rest, as_json(steps))


def from_row_charge(row: Row) -> Charge:
    """Of the table `charge`."""
    name, kind, *rest, quantity, records, amount, currency, steps = row
    numbers = (int(quantity), records, amount)
    values: Row = (name, ChargeKind(kind), *rest, *numbers, currency, decode_steps(steps))
    return Charge(*values)


def to_row_invoice(invoice: Invoice) -> Row:
    """Of the table `invoice`."""
    address = None if invoice.address is None else as_json(invoice.address)
    return (
        invoice.id,
        invoice.month,
        invoice.at,
        invoice.due,
        invoice.buyer_id,
        invoice.seller_id,
        invoice.currency,
        invoice.billed,
        address,
    )


def to_rows_items(invoices: Iterable[Invoice]) -> Iterator[Row]:
    """Of the table `invoice_item`."""
    for invoice in invoices:
        for place, item in enumerate(invoice.items, 1):
            reference, *rest = astuple(item)
            yield (reference, invoice.id, place, *rest)


def to_rows_lines(invoices: Iterable[Invoice]) -> Iterator[Row]:
    """Of the table `invoice_line`."""
    for invoice in invoices:
        for place, line in enumerate(invoice.lines, 1):
            yield (line.charge.id, line.reference, place, as_json(line.taxes))


def to_row_adjustment(adjustment: Adjustment) -> Row:
    """Of the table `adjustment`."""
    name, kind, *rest, taxes = astuple(adjustment)
    return (name, kind.value, *rest, as_json(taxes))


def to_rows_postings(transactions: Iterable[Transaction]) -> Iterator[Row]:
    """Of the table `posting`."""
    for each in transactions:
        for place, posting in enumerate(each.postings, 1):
            account, kind, *rest = astuple(posting)
            yield (each.id, place, account, kind.value, *rest)


def to_row_close(close: MonthClose) -> Row:
    """Of the table `month_close`."""
    return (
        str(close.month),
        close.at,
        close.stage.value,
        close.done,
        close.total,
        str(close.cursor),
    )


def from_row_close(row: Row) -> MonthClose:
    """Of the table `month_close`."""
    month, at, stage, done, total, cursor = row
    return MonthClose(parse_month(month), at, Stage(stage), done, total, int(cursor))


def from_row_account(row: Row) -> Account:
    """Of the table `account`; nobody signs for it."""
    number, account_id, name, kind, address, email_domain, terms = row
    return Account(
        number,
        account_id,
        name,
        AccountKind(kind),
        (),
        None if address is None else msgspec.json.decode(address, type=Address),
        email_domain,
        terms=AccountTerms() if terms is None else msgspec.json.decode(terms, type=AccountTerms),
    )


def histories(
    latest: Mapping[int, Entry], superseded: Sequence[Row], entry_type: type[Entry]
) -> dict[int, History[Entry]]:
    """Entries with what they were before.

    Args:
        latest: by number.
        superseded: number, until when, and the entry as JSON, in the order they gave way.
        entry_type: of the entries.
    """
    before: dict[int, list[tuple[int, Entry]]] = {}
    for number, until, definition in superseded:
        entry = msgspec.json.decode(definition, type=entry_type)
        before.setdefault(number, []).append((until, entry))
    return {number: history(before.get(number, ()), entry) for number, entry in latest.items()}
