"""What billing needs of its store: the books as they are kept, and as they are looked at."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from waag.domain.billing.adjustments import Adjustment, GivenBack
from waag.domain.billing.booking import Booking, DueWork, MonthClose, Rank, RatedUsage
from waag.domain.billing.charges import Charge
from waag.domain.billing.collection import Standing
from waag.domain.billing.disbursement import Payout
from waag.domain.billing.history import History
from waag.domain.billing.invoicing import Item
from waag.domain.billing.ledger import Posting
from waag.domain.billing.rating import Charged, UsageSum
from waag.domain.billing.statements import (
    CurrencyTotals,
    InvoiceQuery,
    Payment,
    ShownInvoice,
    ShownItem,
    ShownLine,
)
from waag.domain.billing_terms import TaxRule
from waag.domain.instants import Instant
from waag.domain.market import Account, Agreement, Product
from waag.domain.months import Month

Hours = tuple[int, int]
"""The first hour, and the first no longer meant, counted from the epoch."""


class Books(Protocol):
    """The books, and the usage and terms they are made from.

    Raises:
        StoreUnavailable: from any call; nothing was written.
    """

    def book(self, booking: Booking) -> None:
        """Write all of it in one transaction; on disk before this returns."""
        ...

    def due_work(self, rank: Rank, until: Instant, limit: int) -> Sequence[DueWork]:
        """At most so much of one kind that is due by then, in order."""
        ...

    def next_due(self) -> Instant | None:
        """When the next work is due; None if nothing is planned."""
        ...

    def disbursements_planned(self, sellers: Iterable[str]) -> frozenset[str]:
        """Which of these sellers have a disbursement planned."""
        ...

    def latest_close(self) -> MonthClose | None:
        """The close that was begun last."""
        ...

    def first_instant(self, after: Month | None) -> Instant | None:
        """The first instant after a month with usage, charges or fees to come."""
        ...

    def late_from(self) -> str:
        """From which month on usage may have come after its close; empty for none."""
        ...

    def rated(self, month: str) -> Sequence[RatedUsage]:
        """What of a month was charged for, by product."""
        ...

    def rated_from(self, month: str, before: str) -> Sequence[RatedUsage]:
        """The same of all months from one on, before another."""
        ...

    def usage_count(self, product: int, hours: Hours) -> int:
        """How many records there are."""
        ...

    def usage_sums(
        self, product: int, hours: Hours, trials: Mapping[int, int]
    ) -> Sequence[UsageSum]:
        """What was used, by agreement and dimension; what agreements used in a trial apart.

        Args:
            product: the number.
            hours: of the usage.
            trials: by agreement, the first hour that is not in its trial.
        """
        ...

    def charged_usage(
        self, month: str, product: int
    ) -> Mapping[int, Mapping[tuple[int, int, bool], Charged]]:
        """What was charged for usage of a month: by agreement, then as `rating.rate` takes it."""
        ...

    def known_charges(self, ids: Sequence[str]) -> frozenset[str]:
        """Which of these charges are there."""
        ...

    def products(self) -> Mapping[int, History[Product]]:
        """Every product by number."""
        ...

    def agreements(self, numbers: Iterable[int]) -> Mapping[int, History[Agreement]]:
        """Those with these numbers."""
        ...

    def agreements_with_trials(self, product_id: str, after: Instant | None) -> Sequence[Agreement]:
        """Those to a product that may have a free trial: by their own terms, or accepted later."""
        ...

    def accounts(self, ids: Iterable[str]) -> Mapping[str, Account]:
        """Those with these ids, without the principals that sign for them."""
        ...

    def tax_rules(self) -> Sequence[TaxRule]:
        """The tax table."""
        ...

    def charges_to_invoice(self, month: str, customer: int, limit: int) -> Sequence[Charge]:
        """Charges of a month without an invoice, of customers with higher numbers, in order."""
        ...

    def count_charges(self, month: str) -> int:
        """How many charges a month has."""
        ...

    def standings(self, invoice_ids: Sequence[str]) -> Sequence[Standing]:
        """How invoices stand, in the order of their ids; one that is not there is left out."""
        ...

    def awaiting(self, seller_id: str, until: Instant) -> Mapping[str, Sequence[Posting]]:
        """By currency: what came in for a seller by then and was not paid out."""
        ...

    def first_awaiting(self, seller_id: str, since: Instant) -> Mapping[str, Instant]:
        """By currency: when the first of what was not paid out came in, since an instant."""
        ...

    def latest_payout(self, seller_id: str, currency: str | None) -> Instant | None:
        """When a seller was paid out last, in a currency; None for any."""
        ...


class Statements(Protocol):
    """The books read by those who look at them.

    Raises:
        StoreUnavailable: from any call.
    """

    def invoices(self, asked: InvoiceQuery) -> Sequence[ShownInvoice]:
        """In order of date and id."""
        ...

    def items(self, invoice_ids: Sequence[str]) -> Sequence[ShownItem]:
        """Of these invoices, in their order."""
        ...

    def lines(self, invoice_ids: Sequence[str]) -> Sequence[ShownLine]:
        """Of these invoices, in their order."""
        ...

    def line(self, charge_id: str) -> ShownLine | None:
        """Of this charge; None if there is none, or it is on no invoice."""
        ...

    def item(self, reference: str) -> Item:
        """With this transaction reference."""
        ...

    def given_back(self, charge_id: str, reference: str) -> GivenBack:
        """What was given back of a line and of its item."""
        ...

    def adjustments(self, account: str, since: Instant, until: Instant) -> Sequence[Adjustment]:
        """Of an account's invoices, in order of date."""
        ...

    def payments(self, account: str, since: Instant, until: Instant) -> Sequence[Payment]:
        """Of an account's invoices, in order of date."""
        ...

    def payouts(self, account: str, since: Instant, until: Instant) -> Sequence[Payout]:
        """To an account, in order of date."""
        ...

    def totals(self, month: str) -> Sequence[CurrencyTotals]:
        """What became of a month's invoices, by currency."""
        ...

    def used_before(self, line: ShownLine) -> int:
        """How many micro-units were priced in the same month before a line's."""
        ...

    def usage_behind(
        self, line: ShownLine, product: int, after: int, limit: int
    ) -> Sequence[tuple[int, str, Instant, str, int, int]]:
        """Place, id, timestamp, Region, quantity and the quantity before it, of each record."""
        ...
