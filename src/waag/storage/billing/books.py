"""The books as billing reads and writes them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import apsw
import msgspec

from waag.domain.billing.booking import (
    Booking,
    DueWork,
    MonthClose,
    Rank,
    RatedUsage,
)
from waag.domain.billing.charges import Charge, ChargeKind
from waag.domain.billing.collection import Standing
from waag.domain.billing.history import History
from waag.domain.billing.ledger import Posting, Type, collected
from waag.domain.billing.rating import Charged, UsageSum
from waag.domain.billing_terms import TaxRule
from waag.domain.instants import HOUR, Instant
from waag.domain.market import Account, Agreement, Product
from waag.domain.months import Month, parse_month
from waag.domain.quantities import MICRO_UNITS
from waag.storage.billing.rows import (
    as_json,
    from_row_account,
    from_row_charge,
    from_row_close,
    histories,
    to_row_adjustment,
    to_row_charge,
    to_row_close,
    to_row_invoice,
    to_rows_items,
    to_rows_lines,
    to_rows_postings,
)
from waag.storage.queries import Row, query, query_many
from waag.storage.reader import Reader
from waag.storage.stored_market import to_agreement, to_product
from waag.storage.writer import Writer

_NEVER = 2**63 - 1


class SqliteBooks:
    """Implements `waag.ports.billing.Books`.

    Args:
        writer: who owns the connection that writes.
        reader: beside it; closed with this.
    """

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    def close(self) -> None:
        """Close the connection."""
        self._reader.close()

    def book(self, booking: Booking) -> None:
        """See `waag.ports.billing.Books.book`."""
        self._writer.change(lambda connection: _write(connection, booking))

    def due_work(self, rank: Rank, until: Instant, limit: int) -> Sequence[DueWork]:
        """See `waag.ports.billing.Books.due_work`."""
        rows = self._reader.rows("due_work", (rank.value, until, limit))
        return [DueWork(at, Rank(rank), subject) for at, rank, subject in rows]

    def next_due(self) -> Instant | None:
        """See `waag.ports.billing.Books.next_due`."""
        return self._one("next_due_work")

    def disbursements_planned(self, sellers: Iterable[str]) -> frozenset[str]:
        """See `waag.ports.billing.Books.disbursements_planned`."""
        rows = self._reader.rows("planned_disbursements", (as_json(list(sellers)),))
        return frozenset(subject for (subject,) in rows)

    def latest_close(self) -> MonthClose | None:
        """See `waag.ports.billing.Books.latest_close`."""
        rows = self._reader.rows("latest_month_close")
        return from_row_close(rows[0]) if rows else None

    def first_instant(self, after: Month | None) -> Instant | None:
        """See `waag.ports.billing.Books.first_instant`."""
        hour = 0 if after is None else after.ends // HOUR
        found: list[Instant] = []
        first_hour = self._one("first_usage_hour", {"hour": hour})
        if first_hour is not None:
            found.append(first_hour * HOUR)
        month = self._one("first_charged_month", ("" if after is None else str(after),))
        if month is not None:
            found.append(parse_month(month).starts)
        fees = self._one("next_fees")
        if fees is not None:
            found.append(fees)
        return min(found, default=None)

    def late_from(self) -> str:
        """See `waag.ports.billing.Books.late_from`."""
        late_from: str = self._reader.rows("late_from")[0][0]
        return late_from

    def rated(self, month: str) -> Sequence[RatedUsage]:
        """See `waag.ports.billing.Books.rated`."""
        return [RatedUsage(*row) for row in self._reader.rows("rated_usage_of", (month,))]

    def rated_from(self, month: str, before: str) -> Sequence[RatedUsage]:
        """See `waag.ports.billing.Books.rated_from`."""
        rows = self._reader.rows("rated_usage_from", (month, before))
        return [RatedUsage(*row) for row in rows]

    def usage_count(self, product: int, hours: tuple[int, int]) -> int:
        """See `waag.ports.billing.Books.usage_count`."""
        count: int = self._reader.rows("usage_count", (product, *hours))[0][0]
        return count

    def usage_sums(
        self, product: int, hours: tuple[int, int], trials: Mapping[int, int]
    ) -> Sequence[UsageSum]:
        """See `waag.ports.billing.Books.usage_sums`."""
        first, end = hours
        asked: dict[str, object] = {"product": product, "first": first, "end": end}
        name = "usage_sums"
        if trials:
            name = "usage_sums_with_trials"
            asked["trials"] = as_json(list(trials.items()))
        return [
            UsageSum(
                agreement, dimension, first, end, bool(free), units * MICRO_UNITS + rest, records
            )
            for agreement, dimension, free, units, rest, records in self._reader.rows(name, asked)
        ]

    def charged_usage(
        self, month: str, product: int
    ) -> Mapping[int, Mapping[tuple[int, int, bool], Charged]]:
        """See `waag.ports.billing.Books.charged_usage`."""
        found: dict[int, dict[tuple[int, int, bool], Charged]] = {}
        rows = self._reader.rows("charged_usage", (month, product))
        for agreement, dimension, starts, kind, quantity, records, amount in rows:
            key = (dimension, starts // HOUR, kind == ChargeKind.FREE_TRIAL.value)
            of_agreement = found.setdefault(agreement, {})
            before = of_agreement.get(key, Charged())
            of_agreement[key] = Charged(
                before.quantity + int(quantity), before.records + records, before.amount + amount
            )
        return found

    def known_charges(self, ids: Sequence[str]) -> frozenset[str]:
        """See `waag.ports.billing.Books.known_charges`."""
        rows = self._reader.rows("known_charges", (as_json(ids),))
        return frozenset(name for (name,) in rows)

    def products(self) -> Mapping[int, History[Product]]:
        """See `waag.ports.billing.Books.products`."""
        by_number: dict[int, list[Row]] = {}
        for row in self._reader.rows("products_in_full"):
            by_number.setdefault(row[0], []).append(row)
        latest = {
            number: product
            for number, rows in by_number.items()
            if (product := to_product(rows)) is not None
        }
        return histories(latest, self._superseded("product", latest), Product)

    def agreements(self, numbers: Iterable[int]) -> Mapping[int, History[Agreement]]:
        """See `waag.ports.billing.Books.agreements`."""
        rows = self._reader.rows("agreements_in_full", (as_json(sorted(set(numbers))),))
        latest = {row[0]: to_agreement(row) for row in rows}
        return histories(latest, self._superseded("agreement", latest), Agreement)

    def agreements_with_trials(self, product_id: str, after: Instant | None) -> Sequence[Agreement]:
        """See `waag.ports.billing.Books.agreements_with_trials`."""
        asked = {"product": product_id, "after": _NEVER if after is None else after}
        return [to_agreement(row) for row in self._reader.rows("agreements_with_trials", asked)]

    def accounts(self, ids: Iterable[str]) -> Mapping[str, Account]:
        """See `waag.ports.billing.Books.accounts`."""
        rows = self._reader.rows("accounts_by_id", (as_json(sorted(set(ids))),))
        return {row[1]: from_row_account(row) for row in rows}

    def tax_rules(self) -> Sequence[TaxRule]:
        """See `waag.ports.billing.Books.tax_rules`."""
        return [
            msgspec.json.decode(definition, type=TaxRule)
            for (definition,) in self._reader.rows("tax_rules")
        ]

    def charges_to_invoice(self, month: str, customer: int, limit: int) -> Sequence[Charge]:
        """See `waag.ports.billing.Books.charges_to_invoice`."""
        rows = self._reader.rows("charges_to_invoice", (month, customer, limit))
        return [from_row_charge(row) for row in rows]

    def count_charges(self, month: str) -> int:
        """See `waag.ports.billing.Books.count_charges`."""
        count: int = self._reader.rows("count_charges", (month,))[0][0]
        return count

    def standings(self, invoice_ids: Sequence[str]) -> Sequence[Standing]:
        """See `waag.ports.billing.Books.standings`."""
        asked = (as_json(invoice_ids),)
        postings: dict[str, list[Posting]] = {}
        for invoice_id, account, kind, reference, amount, currency in self._reader.rows(
            "standing_postings", asked
        ):
            posting = Posting(account, Type(kind), reference, amount, currency)
            postings.setdefault(invoice_id, []).append(posting)
        rows = self._reader.rows("standings", asked)
        full: list[Row] = [(*row, tuple(postings.get(row[0], ()))) for row in rows]
        return [Standing(*row) for row in full]

    def awaiting(self, seller_id: str, until: Instant) -> Mapping[str, Sequence[Posting]]:
        """See `waag.ports.billing.Books.awaiting`."""
        found: dict[str, list[Posting]] = {}
        asked = {"seller": seller_id, "until": until}
        account = collected(seller_id)
        for currency, reference, kind, amount in self._reader.rows("awaiting_sums", asked):
            posting = Posting(account, Type(kind), reference, amount, currency)
            found.setdefault(currency, []).append(posting)
        return found

    def first_awaiting(self, seller_id: str, since: Instant) -> Mapping[str, Instant]:
        """See `waag.ports.billing.Books.first_awaiting`."""
        return dict(self._reader.rows("first_awaiting", (seller_id, since)))

    def latest_payout(self, seller_id: str, currency: str | None) -> Instant | None:
        """See `waag.ports.billing.Books.latest_payout`."""
        return self._one("latest_payout", {"seller": seller_id, "currency": currency})

    def _one(self, name: str, asked: Sequence[Any] | Mapping[str, Any] = ()) -> Any:
        return self._reader.rows(name, asked)[0][0]

    def _superseded(self, kind: str, numbers: Iterable[int]) -> Sequence[Row]:
        return self._reader.rows("superseded", (kind, as_json(list(numbers))))


def _write(connection: apsw.Connection, booking: Booking) -> None:
    def put(name: str, rows: Iterable[Row]) -> None:
        query_many(connection, name, rows)

    put("put_charge", map(to_row_charge, booking.charges))
    put("put_invoice", map(to_row_invoice, booking.invoices))
    put("put_invoice_item", to_rows_items(booking.invoices))
    put("put_invoice_line", to_rows_lines(booking.invoices))
    put("put_adjustment", map(to_row_adjustment, booking.adjustments))
    put(
        "put_payout",
        (msgspec.structs.astuple(each) for each in booking.payouts),
    )
    put(
        "put_ledger_transaction",
        ((each.id, each.at, each.action.value, each.subject) for each in booking.transactions),
    )
    put("put_posting", to_rows_postings(booking.transactions))
    put(
        "put_invoice_standing",
        ((each.invoice_id, each.status, each.open, each.paid) for each in booking.standings),
    )
    put(
        "remove_awaiting_payout",
        ((each.seller_id, each.currency, each.until) for each in booking.paid_out),
    )
    put(
        "put_awaiting_payout",
        (
            (each.seller_id, each.currency, each.at, each.transaction_id)
            for each in booking.awaiting
        ),
    )
    put("remove_due_work", ((rank.value, subject) for rank, subject in booking.done))
    put("put_due_work", ((each.rank.value, each.subject, each.at) for each in booking.planned))
    put("put_rated_usage", ((each.month, each.product, each.records) for each in booking.rated))
    if booking.close is not None:
        query(connection, "put_month_close", to_row_close(booking.close))
    if booking.late_from is not None:
        query(connection, "put_late_from", (booking.late_from,))
