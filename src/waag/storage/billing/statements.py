"""The books read for those who look at them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from waag.domain.billing.adjustments import Adjustment, AdjustmentKind, GivenBack
from waag.domain.billing.disbursement import Payout
from waag.domain.billing.invoicing import Item
from waag.domain.billing.statements import (
    CurrencyTotals,
    InvoiceQuery,
    Payment,
    ShownInvoice,
    ShownItem,
    ShownLine,
)
from waag.domain.instants import HOUR, Instant
from waag.domain.quantities import MICRO_UNITS
from waag.storage.billing.rows import as_json, decode_taxes, from_row_charge
from waag.storage.queries import Row
from waag.storage.reader import Reader

_CHARGE_COLUMNS = 16


class SqliteStatements:
    """Implements `waag.ports.billing.Statements`.

    Args:
        reader: beside the writer; closed with this.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def close(self) -> None:
        """Close the connection."""
        self._reader.close()

    def invoices(self, asked: InvoiceQuery) -> Sequence[ShownInvoice]:
        """See `waag.ports.billing.Statements.invoices`."""
        at, after = asked.after
        filters: dict[str, Any] = {
            "month": asked.month,
            "status": asked.status,
            "at": at,
            "id": after,
            "limit": asked.limit,
        }
        if asked.account is None:
            rows = self._reader.rows("invoices", filters)
        else:
            rows = self._reader.rows("invoices_of", filters | {"account": asked.account})
        return [ShownInvoice(*row) for row in rows]

    def items(self, invoice_ids: Sequence[str]) -> Sequence[ShownItem]:
        """See `waag.ports.billing.Statements.items`."""
        rows = self._reader.rows("shown_items", (as_json(invoice_ids),))
        return [ShownItem(*row) for row in rows]

    def lines(self, invoice_ids: Sequence[str]) -> Sequence[ShownLine]:
        """See `waag.ports.billing.Statements.lines`."""
        return [_to_line(row) for row in self._reader.rows("shown_lines", (as_json(invoice_ids),))]

    def line(self, charge_id: str) -> ShownLine | None:
        """See `waag.ports.billing.Statements.line`."""
        rows = self._reader.rows("line", (charge_id,))
        return _to_line(rows[0]) if rows else None

    def item(self, reference: str) -> Item:
        """See `waag.ports.billing.Statements.item`."""
        return Item(*self._reader.rows("item", (reference,))[0])

    def given_back(self, charge_id: str, reference: str) -> GivenBack:
        """See `waag.ports.billing.Statements.given_back`."""
        asked = {"charge": charge_id, "reference": reference}
        return GivenBack(*self._reader.rows("given_back", asked)[0])

    def adjustments(self, account: str, since: Instant, until: Instant) -> Sequence[Adjustment]:
        """See `waag.ports.billing.Statements.adjustments`."""
        rows = self._reader.rows("adjustments", _within(account, since, until))
        full: list[Row] = [
            (name, AdjustmentKind(kind), *rest, decode_taxes(taxes))
            for name, kind, *rest, taxes in rows
        ]
        return [Adjustment(*row) for row in full]

    def payments(self, account: str, since: Instant, until: Instant) -> Sequence[Payment]:
        """See `waag.ports.billing.Statements.payments`."""
        rows = self._reader.rows("payments", _within(account, since, until))
        return [Payment(*row) for row in rows]

    def payouts(self, account: str, since: Instant, until: Instant) -> Sequence[Payout]:
        """See `waag.ports.billing.Statements.payouts`."""
        rows = self._reader.rows("payouts", _within(account, since, until))
        return [Payout(*row) for row in rows]

    def totals(self, month: str) -> Sequence[CurrencyTotals]:
        """See `waag.ports.billing.Statements.totals`."""
        back = {row[0]: row[1:] for row in self._reader.rows("month_given_back", (month,))}
        disbursed: dict[str, int] = dict(self._reader.rows("month_disbursed", (month,)))
        found: list[CurrencyTotals] = []
        for currency, count, billed, paid, owed, given_up in self._reader.rows(
            "month_totals", (month,)
        ):
            given_back, of_given_up = back.get(currency, (0, 0))
            totals = (billed, paid, given_back, disbursed.get(currency, 0), owed)
            found.append(CurrencyTotals(currency, count, *totals, given_up - of_given_up))
        return found

    def used_before(self, line: ShownLine) -> int:
        """See `waag.ports.billing.Statements.used_before`."""
        charge = line.charge
        asked = (charge.usage_month, charge.agreement, charge.dimension, charge.starts)
        return sum(int(quantity) for (quantity,) in self._reader.rows("used_before", asked))

    def usage_behind(
        self, line: ShownLine, product: int, after: int, limit: int
    ) -> Sequence[tuple[int, str, Instant, str, int, int]]:
        """See `waag.ports.billing.Statements.usage_behind`."""
        charge = line.charge
        asked = {
            "product": product,
            "first": charge.starts // HOUR,
            "end": charge.ends // HOUR,
            "agreement": charge.agreement,
            "dimension": charge.dimension,
            "after": after,
            "limit": limit,
        }
        return [
            (
                place,
                str(UUID(bytes=record_id)),
                timestamp,
                region,
                quantity,
                units * MICRO_UNITS + rest - quantity,
            )
            for place, record_id, timestamp, region, quantity, units, rest in self._reader.rows(
                "usage_behind", asked
            )
        ]


def _to_line(row: Row) -> ShownLine:
    *named, taxes = row[_CHARGE_COLUMNS:]
    values: Row = (from_row_charge(row[:_CHARGE_COLUMNS]), *named, decode_taxes(taxes))
    return ShownLine(*values)


def _within(account: str, since: Instant, until: Instant) -> Mapping[str, Any]:
    return {"account": account, "since": since, "until": until}
