"""Billing: whatever time brings to the books, in the order in which it comes.

    fees ─> invoices ─> payments or write-offs ─> disbursements        as each falls due
    usage ─> charges ─> invoices                                       at 06:00 UTC on the first

Everything is dated with the instant at which it fell due, however late it is looked at, so that the
books do not depend on when that was. Nothing is dated before the last close: what is told only
after a month was closed is booked at the close. While the clock shows a time before that, nothing
is done.

One thread at a time; whoever else asks waits, and finds it done.
"""

import threading
from collections.abc import Iterable, Sequence
from enum import Enum

from msgspec.structs import replace

from waag.domain.billing.booking import (
    AwaitingPayout,
    Booking,
    DueWork,
    InvoiceStanding,
    MonthClose,
    PaidOut,
    Rank,
    Stage,
)
from waag.domain.billing.charges import Charge
from waag.domain.billing.collection import OPEN, PAID, WRITTEN_OFF, Standing, forgiven, paid
from waag.domain.billing.disbursement import next_run, pay_out
from waag.domain.billing.fees import fees, next_fee, to_charge
from waag.domain.billing.ledger import Transaction
from waag.domain.instants import INSTANT_MIN, Instant, format_instant
from waag.domain.market import Account
from waag.domain.months import Month, month_of
from waag.domain.refusals import Refusal
from waag.ports.billing import Books
from waag.services.invoicing import Invoicing, issued
from waag.services.month_close import Closing

AT_ONCE = 500
"""How much is done in one transaction: usage waits until it is."""


class MonthEndRefused(Refusal):
    """A month that cannot be closed."""

    rule = "billing.month-end"


class Opening(Enum):
    """When the books of a server begin to be kept."""

    AT_START = "at-start"
    """By real time: what fell due while the server was down is done at once."""
    ON_DEMAND = "on-demand"
    """Once the clock was turned or a month closed, or when the clock comes to its first close."""


class Billing:
    """Keeps the books.

    Args:
        books: where everything is.
        now: what the clock shows when the server starts.
        opening: a clock that can be turned may be turned back at first, before what the market
            file tells of; so the books are not kept before anybody asks for it.
        at_once: how much is done in one transaction.
    """

    def __init__(
        self, books: Books, now: Instant, opening: Opening, at_once: int = AT_ONCE
    ) -> None:
        self._books = books
        self._lock = threading.RLock()
        self._begun = opening is Opening.AT_START or books.latest_close() is not None
        self._begins = month_of(now).closes
        self._no_late_usage_after: Month | None = None
        self.progress: MonthClose | None = None
        self._at_once = at_once
        self._closing = Closing(books, self._report, at_once)

    def begin(self) -> None:
        """The clock was turned by somebody: from now on the books are kept."""
        self._begun = True

    def settle(self, now: Instant) -> None:
        """Do all that is due by `now`.

        Raises:
            StoreUnavailable: the store could not read or write; the rest is done next time.
        """
        if not self._begun and now < self._begins:
            return
        with self._lock:
            self._begun = True
            if now < self._frontier():
                self._expect_late_usage(now)
                return
            while (month := self._next_close(now)) is not None:
                self._do_due(month.closes - 1)
                self._closing.close(month)
            self._do_due(now)

    def next_instant(self) -> Instant | None:
        """When there is something to do next; None if nothing is planned.

        Raises:
            StoreUnavailable: the store could not be read.
        """
        if not self._begun:
            return self._begins
        latest = self._books.latest_close()
        instants = [self._books.next_due()]
        first = self._books.first_instant(None if latest is None else latest.month)
        if first is not None:
            instants.append(month_of(first).closes)
        planned = [max(each, self._frontier()) for each in instants if each is not None]
        return min(planned, default=None)

    def check_ended(self, month: Month, now: Instant) -> None:
        """Refuse to close a month that has not ended.

        Raises:
            MonthEndRefused: usage of it may still be accepted.
        """
        if now < month.closes:
            raise MonthEndRefused(
                f"{month} is closed at {format_instant(month.closes)}, when no more usage of it is "
                f"accepted; it is {format_instant(now)}. Advance the clock first."
            )

    def close_empty(self, month: Month) -> None:
        """Close a month that has ended and that time has left out, since there is nothing of it.

        Raises:
            StoreUnavailable: the store could not read or write; to be called again.
        """
        with self._lock:
            latest = self._books.latest_close()
            if latest is None or latest.month < month:
                self._closing.close(month)

    def exclusively(self) -> threading.RLock:
        """Held by whoever writes into the books beside this."""
        return self._lock

    def earliest(self, now: Instant) -> Instant:
        """When something that happens now is booked.

        Raises:
            MonthEndRefused: the clock was turned back into a month that is closed.
        """
        frontier = self._frontier()
        if now < frontier:
            raise MonthEndRefused(
                f"The books are closed until {format_instant(frontier)}, and the clock was turned "
                f"back to {format_instant(now)}; nothing is booked before it shows a later time."
            )
        return now

    def came_in(self, transactions: Sequence[Transaction], at: Instant) -> Booking:
        """Transactions, and what waits to be paid out by them."""
        awaiting = tuple(_awaiting(transactions))
        sellers = {each.seller_id for each in awaiting}
        unplanned = sorted(sellers - self._books.disbursements_planned(sellers))
        accounts = self._books.accounts(unplanned)
        first = {
            seller: min(each.at for each in awaiting if each.seller_id == seller)
            for seller in unplanned
        }
        planned = tuple(
            DueWork(
                self._run_after(max(first[seller], at), accounts[seller]),
                Rank.DISBURSEMENT,
                seller,
            )
            for seller in unplanned
        )
        return Booking(transactions=tuple(transactions), awaiting=awaiting, planned=planned)

    def _run_after(self, at: Instant, seller: Account) -> Instant:
        """The first run that takes what came in at an instant; one that is over takes no more."""
        latest = self._books.latest_payout(seller.id, None)
        return next_run(seller.terms.disbursement, at if latest is None else max(at, latest + 1))

    def _report(self, close: MonthClose) -> None:
        self.progress = close

    def _frontier(self) -> Instant:
        """Before which nothing is booked any more."""
        latest = self._books.latest_close()
        return INSTANT_MIN if latest is None else latest.at

    def _expect_late_usage(self, now: Instant) -> None:
        self._no_late_usage_after = None
        month, late_from = str(month_of(now)), self._books.late_from()
        if not late_from or month < late_from:
            self._books.book(Booking(late_from=month))

    def _next_close(self, now: Instant) -> Month | None:
        """The next month to be closed by `now`: months of which there is nothing are left out."""
        latest = self._books.latest_close()
        if latest is not None and latest.stage is not Stage.CLOSED:
            return latest.month
        if latest is not None and now < latest.month.plus(1).closes:
            return None
        first = self._books.first_instant(None if latest is None else latest.month)
        month = None if first is None else month_of(max(first, self._frontier()))
        if month is not None and month.closes <= now:
            return month
        return None if latest is None else self._month_for_late_usage(latest.month)

    def _month_for_late_usage(self, closed: Month) -> Month | None:
        """The month after the last one closed, if there is usage that came after a close.

        None comes unless the clock is turned back, so that it is looked for once.
        """
        if self._no_late_usage_after == closed:
            return None
        following = closed.plus(1)
        if self._closing.late(following):
            return following
        self._no_late_usage_after = closed
        return None

    def _do_due(self, until: Instant) -> None:
        while True:
            # All that came in by a run belongs to it, however much that is.
            while self._fees(until) + self._payments(until) + self._write_offs(until):
                pass
            if not self._disbursements(until):
                return

    def _fees(self, until: Instant) -> int:
        due = self._books.due_work(Rank.FEES, until, self._at_once)
        if not due:
            return 0
        agreements = self._books.agreements(int(each.subject) for each in due)
        products = self._books.products()
        by_id = {each.latest.id: each for each in products.values()}
        charges: list[Charge] = []
        planned: list[DueWork] = []
        for number, agreement in agreements.items():
            product = by_id[agreement.latest.product_id]
            currency = product.latest.terms.currency
            for fee in fees(agreement, product, until):
                booked = max(fee.at, self._frontier())
                charges.append(to_charge(fee, agreement.latest, currency, booked))
            following = next_fee(agreement, product, until)
            if following is not None:
                planned.append(DueWork(following, Rank.FEES, str(number)))
        known = self._books.known_charges([each.id for each in charges])
        new = [each for each in charges if each.id not in known]
        invoicing = Invoicing(self._books, products)
        parties = invoicing.parties(agreements)
        invoices = [
            each
            for (at, agreement), of in _by_agreement(new).items()
            for each in invoicing.invoices(
                of, {agreement: parties[agreement]}, str(month_of(at)), at
            )
        ]
        booking = issued(invoices, {each.buyer.id: each.buyer for each in parties.values()})
        self._books.book(
            replace(
                booking,
                charges=tuple(new),
                planned=(*booking.planned, *planned),
                done=tuple((each.rank, each.subject) for each in due),
            )
        )
        return len(due)

    def _payments(self, until: Instant) -> int:
        due = self._books.due_work(Rank.PAYMENT, until, self._at_once)
        standings = self._standings_of(due)
        at = {each.subject: max(each.at, self._frontier()) for each in due}
        transactions = [paid(each, each.open, at[each.invoice_id]) for each in standings]
        settled = tuple(
            InvoiceStanding(each.invoice_id, PAID, 0, each.paid + each.open) for each in standings
        )
        self._done(due, transactions, settled)
        return len(due)

    def _write_offs(self, until: Instant) -> int:
        due = self._books.due_work(Rank.WRITE_OFF, until, self._at_once)
        standings = self._standings_of(due)
        at = {each.subject: max(each.at, self._frontier()) for each in due}
        transactions = [forgiven(each, at[each.invoice_id]) for each in standings]
        settled = tuple(
            InvoiceStanding(each.invoice_id, WRITTEN_OFF, 0, each.paid) for each in standings
        )
        self._done(due, transactions, settled)
        return len(due)

    def _standings_of(self, due: Iterable[DueWork]) -> Sequence[Standing]:
        """Those that are still open."""
        found = self._books.standings([each.subject for each in due])
        return [each for each in found if each.status == OPEN]

    def _done(
        self,
        due: Sequence[DueWork],
        transactions: Sequence[Transaction],
        standings: tuple[InvoiceStanding, ...],
    ) -> None:
        if due:
            booking = replace(
                self.came_in(transactions, INSTANT_MIN),
                standings=standings,
                done=tuple((each.rank, each.subject) for each in due),
            )
            self._books.book(booking)

    def _disbursements(self, until: Instant) -> int:
        due = self._books.due_work(Rank.DISBURSEMENT, until, self._at_once)
        for each in due:
            self._disburse(each)
        return len(due)

    def _disburse(self, due: DueWork) -> None:
        """One run to one seller; what comes in after it waits for the next."""
        seller_id, at = due.subject, due.at
        first = self._books.first_awaiting(seller_id, INSTANT_MIN)
        later = min(self._books.first_awaiting(seller_id, at + 1).values(), default=None)
        booking = Booking(done=((due.rank, seller_id),))
        if later is not None:
            # What is not paid out, since more was given back than came in, waits for that, too.
            run = next_run(self._books.accounts([seller_id])[seller_id].terms.disbursement, later)
            booking = replace(booking, planned=(DueWork(run, Rank.DISBURSEMENT, seller_id),))
        for currency, came_in in self._books.awaiting(seller_id, at).items():
            before = self._books.latest_payout(seller_id, currency)
            made = pay_out(seller_id, first[currency] if before is None else before, at, came_in)
            if made is not None:
                payout, transaction = made
                booking = replace(
                    booking,
                    payouts=(*booking.payouts, payout),
                    transactions=(*booking.transactions, transaction),
                    paid_out=(*booking.paid_out, PaidOut(seller_id, currency, at)),
                )
        self._books.book(booking)


def _by_agreement(charges: Iterable[Charge]) -> dict[tuple[Instant, int], list[Charge]]:
    """Charges that arose together, each lot an invoice of its own."""
    found: dict[tuple[Instant, int], list[Charge]] = {}
    for charge in charges:
        found.setdefault((charge.at, charge.agreement), []).append(charge)
    return found


def _awaiting(transactions: Iterable[Transaction]) -> Iterable[AwaitingPayout]:
    for each in transactions:
        sellers = dict.fromkeys(
            (posting.account.partition("/")[2], posting.currency)
            for posting in each.postings
            if posting.account.startswith("collected/")
        )
        for seller, currency in sellers:
            yield AwaitingPayout(seller, currency, each.at, each.id)
