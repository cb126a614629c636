"""The marketplace's books, put together."""

from waag.admin.billing_calls import BillingCalls
from waag.admin.focus_calls import FocusCalls
from waag.bootstrap.features import Feature, Surroundings
from waag.ports import Settle
from waag.services.billing import Billing, Opening
from waag.services.payments import Payments
from waag.storage.billing.books import SqliteBooks
from waag.storage.billing.focus import SqliteMonthlyCharges
from waag.storage.billing.statements import SqliteStatements


class BillingParts:
    """Built beside the writer; time brings it what to do.

    Args:
        around: what the keeper has.

    Attributes:
        billing: keeps the books as time passes.
    """

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._books = SqliteBooks(around.writer, around.open_reader())
        self._statements = SqliteStatements(around.open_reader())
        self._monthly = SqliteMonthlyCharges(around.open_reader())
        settable = around.settings.clock == "settable"
        opening = Opening.ON_DEMAND if settable else Opening.AT_START
        self.billing = Billing(self._books, around.clock.now(), opening)

    def feature(self, settle: Settle) -> Feature:
        """What it adds.

        Args:
            settle: does all that is due, agreements' ends and the books among it.
        """
        clock, market = self._around.clock, self._around.market
        payments = Payments(clock, self._books, self._statements, self.billing, settle)
        calls = BillingCalls(
            clock,
            market,
            books=self._books,
            statements=self._statements,
            billing=self.billing,
            payments=payments,
            settle=settle,
        )
        focus = FocusCalls(market, self._monthly, self._books)
        return Feature(calls=(*calls.calls(), *focus.calls()), close=self._close)

    def _close(self) -> None:
        self._books.close()
        self._statements.close()
        self._monthly.close()
