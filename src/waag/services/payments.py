"""What the operator records of money: payments, debts given up, refunds and credits."""

from collections.abc import Callable

from msgspec.structs import replace

from waag.domain.billing.adjustments import (
    Adjustment,
    AdjustmentKind,
    AdjustmentRefused,
    adjust,
    adjusted,
)
from waag.domain.billing.booking import Booking, InvoiceStanding, Rank
from waag.domain.billing.collection import OPEN, PAID, WRITTEN_OFF, Standing, forgiven, paid
from waag.domain.billing.invoicing import Line
from waag.domain.billing.money import from_text, to_text
from waag.domain.instants import Instant
from waag.domain.refusals import Refusal
from waag.ports import Clock, Settle
from waag.ports.billing import Books, Statements
from waag.services.billing import Billing


class InvoiceUnknown(Refusal):
    """No such invoice."""

    rule = "billing.invoice"


class PaymentRefused(Refusal):
    """An invoice that is not to be paid, or not so much."""

    rule = "billing.payment"


class Payments:
    """Records facts, each in one transaction; what was due before them is settled first.

    Args:
        clock: tells when.
        books: where they are written.
        statements: what they are about.
        billing: nothing else is written meanwhile.
        settle: told before and after each.
    """

    def __init__(
        self,
        clock: Clock,
        books: Books,
        statements: Statements,
        billing: Billing,
        settle: Settle,
    ) -> None:
        self._clock = clock
        self._books = books
        self._statements = statements
        self._billing = billing
        self._settle = settle

    def pay(self, invoice_id: str, amount: str | None) -> InvoiceStanding:
        """A buyer has paid an invoice, or some of it.

        Args:
            invoice_id: which.
            amount: in the invoice's currency; None for all that is open.

        Raises:
            InvoiceUnknown: there is none.
            PaymentRefused: it is not open, or less is.
            AmountRefused: not an amount.
            MonthEndRefused: the clock shows a time that is closed.
        """

        def pay(standing: Standing, at: Instant) -> tuple[Booking, InvoiceStanding]:
            currency = standing.currency
            minor = standing.open if amount is None else from_text(amount, currency)
            if not 0 < minor <= standing.open:
                raise PaymentRefused(
                    f"{to_text(minor, currency)} {currency} cannot be paid of invoice "
                    f"{invoice_id}: {to_text(standing.open, currency)} is open; expected more "
                    "than 0 and no more than that."
                )
            left = standing.open - minor
            status = OPEN if left else PAID
            booking = self._billing.came_in([paid(standing, minor, at)], at)
            return booking, InvoiceStanding(invoice_id, status, left, standing.paid + minor)

        return self._record(invoice_id, pay)

    def write_off(self, invoice_id: str) -> InvoiceStanding:
        """An invoice is given up.

        Raises:
            InvoiceUnknown, PaymentRefused, MonthEndRefused: as for `pay`.
        """

        def give_up(standing: Standing, at: Instant) -> tuple[Booking, InvoiceStanding]:
            booking = self._billing.came_in([forgiven(standing, at)], at)
            return booking, InvoiceStanding(invoice_id, WRITTEN_OFF, 0, standing.paid)

        return self._record(invoice_id, give_up)

    def give_back(
        self, kind: AdjustmentKind, charge_id: str, amount: str | None, reason: str
    ) -> Adjustment:
        """Something of a charge is given back.

        Args:
            kind: a refund or a credit.
            charge_id: on which line.
            amount: before tax, in the charge's currency; None for all that is left.
            reason: in the operator's words.

        Raises:
            AdjustmentRefused: no such charge on an invoice, or not so much.
            AmountRefused: not an amount.
            MonthEndRefused: the clock shows a time that is closed.
        """
        self._settle()
        with self._billing.exclusively():
            at = self._billing.earliest(self._clock.now())
            shown = self._statements.line(charge_id)
            if shown is None:
                raise AdjustmentRefused(f"There is no charge {charge_id!r} on an invoice.")
            line = Line(shown.charge, shown.reference, shown.taxes)
            item = self._statements.item(shown.reference)
            standing = self._books.standings([shown.invoice_id])[0]
            before = self._statements.given_back(charge_id, shown.reference)
            minor = None if amount is None else from_text(amount, shown.charge.currency)
            given = adjust(kind, line, item, standing, before, minor, reason, at)
            self._books.book(self._booked(given, standing, line))
        self._settle()
        return given

    def _booked(self, given: Adjustment, standing: Standing, line: Line) -> Booking:
        """An adjustment; an invoice of which nothing is left to pay is paid by it."""
        item = self._statements.item(line.reference)
        transaction = adjusted(given, item, standing)
        booking = replace(self._billing.came_in([transaction], given.at), adjustments=(given,))
        if standing.status != OPEN:
            return booking
        left = max(standing.open - given.total, 0)
        status = OPEN if left else PAID
        invoice_id = standing.invoice_id
        booking = replace(
            booking, standings=(InvoiceStanding(invoice_id, status, left, standing.paid),)
        )
        if left:
            return booking
        return self._nothing_left(booking, standing, given)

    def _nothing_left(self, booking: Booking, standing: Standing, given: Adjustment) -> Booking:
        """What sellers have of an invoice that is paid by being given back is theirs."""
        transaction = booking.transactions[0]
        postings = [
            each
            for each in transaction.postings
            if not each.account.startswith(("receivable/", "bank"))
        ]
        after = replace(standing, open=0, postings=(*standing.postings, *postings))
        settled = paid(after, 0, given.at)
        came_in = self._billing.came_in([transaction, settled], given.at)
        return replace(
            booking,
            transactions=came_in.transactions,
            awaiting=came_in.awaiting,
            planned=came_in.planned,
            done=_not_planned(standing.invoice_id),
        )

    def _record(
        self,
        invoice_id: str,
        record: Callable[[Standing, Instant], tuple[Booking, InvoiceStanding]],
    ) -> InvoiceStanding:
        self._settle()
        with self._billing.exclusively():
            at = self._billing.earliest(self._clock.now())
            found = self._books.standings([invoice_id])
            if not found:
                raise InvoiceUnknown(f"There is no invoice {invoice_id!r}.")
            standing = found[0]
            if standing.status != OPEN:
                raise PaymentRefused(
                    f"Invoice {invoice_id} is {standing.status}; expected one that is open."
                )
            booking, after = record(standing, at)
            done = () if after.status == OPEN else _not_planned(invoice_id)
            self._books.book(replace(booking, standings=(after,), done=done))
        self._settle()
        return after


def _not_planned(invoice_id: str) -> tuple[tuple[Rank, str], ...]:
    """An invoice that is settled is neither paid nor given up any more."""
    return (Rank.PAYMENT, invoice_id), (Rank.WRITE_OFF, invoice_id)
