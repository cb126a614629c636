"""What the FOCUS export needs of the books: a month's charges in order."""

from collections.abc import Sequence
from typing import Protocol, TypeAlias

from waag.domain.billing.adjustments import Adjustment
from waag.domain.billing.focus import BilledCharge
from waag.domain.instants import Instant
from waag.domain.months import Month

ChargePlace: TypeAlias = tuple[int, str]
"""A customer's number and a charge's id."""
AdjustmentPlace: TypeAlias = tuple[Instant, str]


class MonthlyCharges(Protocol):
    """What was charged and given back in a month, in order.

    Raises:
        StoreUnavailable: from any call.
    """

    def charges(
        self, month: str, account: str | None, after: ChargePlace, limit: int
    ) -> Sequence[BilledCharge]:
        """Of the books of a month, of one buyer or seller if it is given."""
        ...

    def adjustments(
        self, month: Month, account: str | None, after: AdjustmentPlace, limit: int
    ) -> Sequence[tuple[Adjustment, BilledCharge]]:
        """Given in a month, each with its charge."""
        ...
