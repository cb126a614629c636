"""The end of a month on demand: everything that is due, the close among it, in one go."""

from collections.abc import Sequence

import msgspec

from waag.domain.billing.statements import CurrencyTotals
from waag.domain.instants import Instant
from waag.domain.months import Month
from waag.ports import Clock, SettableClock, Settle
from waag.ports.billing import Statements
from waag.services.billing import Billing
from waag.services.clock import ClockNotSettable


class MonthEnd(msgspec.Struct, frozen=True):
    """What has become of a month, with all that is due by now."""

    month: Month
    closed: Instant
    totals: Sequence[CurrencyTotals]


def month_end(
    month: Month, *, clock: Clock, billing: Billing, statements: Statements, settle: Settle
) -> MonthEnd:
    """Close a month and do all that is due; what is done already stays as it is.

    Months before it are closed first, each at its own instant.

    Raises:
        ClockNotSettable: the server runs by real time, and closes each month by itself.
        MonthEndRefused: the month has not ended.
        StoreUnavailable: the store could not read or write; to be asked again.
    """
    if not isinstance(clock, SettableClock):
        raise ClockNotSettable(
            "This server runs by real time, and closes each month at 06:00 UTC on the first of "
            "the next; start it with --clock settable to close one on demand."
        )
    billing.check_ended(month, clock.now())
    settle()
    billing.close_empty(month)
    return MonthEnd(month, month.closes, statements.totals(str(month)))
