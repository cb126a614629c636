"""A month's charges read in order, for those who take them elsewhere."""

from collections.abc import Sequence

from waag.domain.billing.adjustments import Adjustment, AdjustmentKind
from waag.domain.billing.focus import BilledCharge
from waag.domain.instants import Instant
from waag.domain.months import Month
from waag.storage.billing.rows import decode_taxes, from_row_charge
from waag.storage.queries import Row
from waag.storage.reader import Reader

_CHARGE_COLUMNS = 16
_ADJUSTMENT_COLUMNS = 15


class SqliteMonthlyCharges:
    """Implements `waag.ports.focus.MonthlyCharges`.

    Args:
        reader: beside the writer; closed with this.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def close(self) -> None:
        """Close the connection."""
        self._reader.close()

    def charges(
        self, month: str, account: str | None, after: tuple[int, str], limit: int
    ) -> Sequence[BilledCharge]:
        """See `waag.ports.focus.MonthlyCharges.charges`."""
        customer, charge_id = after
        asked = {"month": month, "account": account, "customer": customer, "id": charge_id}
        rows = self._reader.rows("focus_charges", asked | {"limit": limit})
        return [_to_billed(row) for row in rows]

    def adjustments(
        self, month: Month, account: str | None, after: tuple[Instant, str], limit: int
    ) -> Sequence[tuple[Adjustment, BilledCharge]]:
        """See `waag.ports.focus.MonthlyCharges.adjustments`."""
        at, adjustment_id = after
        within = {"since": month.starts, "until": month.ends, "account": account}
        asked = within | {"at": at, "id": adjustment_id, "limit": limit}
        rows = self._reader.rows("focus_adjustments", asked)
        return [
            (_to_adjustment(row[:_ADJUSTMENT_COLUMNS]), _to_billed(row[_ADJUSTMENT_COLUMNS:]))
            for row in rows
        ]


def _to_billed(row: Row) -> BilledCharge:
    taxes, invoice_id, buyer_id = row[_CHARGE_COLUMNS:]
    charge = from_row_charge(row[:_CHARGE_COLUMNS])
    return BilledCharge(charge, decode_taxes(taxes), invoice_id, buyer_id)


def _to_adjustment(row: Row) -> Adjustment:
    name, kind, *rest, taxes = row
    values: Row = (name, AdjustmentKind(kind), *rest, decode_taxes(taxes))
    return Adjustment(*values)
