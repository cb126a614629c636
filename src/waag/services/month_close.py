"""The close of a month: its usage rated, its charges invoiced, one short transaction after another.

    rating     each product in turn: what was used is summed where it lies, and charged
    invoicing  the charges of some customers at a time, in the order of their numbers
    closed     nothing dated in the month is added any more

How far it has come is written with what it does, so that a close that was killed goes on where it
was. All it writes has the instant of the close and ids that follow from what they name: the books
are the same to the byte whether it was killed or not.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby

import msgspec
from msgspec.structs import replace

from waag.domain.billing.booking import Booking, MonthClose, RatedUsage, Stage
from waag.domain.billing.charges import Charge
from waag.domain.billing.history import History
from waag.domain.billing.prices import segments, trial_ends
from waag.domain.billing.rating import rate
from waag.domain.instants import DAY, HOUR
from waag.domain.market import Product
from waag.domain.months import Month, parse_month
from waag.ports.billing import Books
from waag.services.invoicing import Invoicing, issued

Progress = Callable[[MonthClose], None]


class Closing(msgspec.Struct, frozen=True):
    """Closes months.

    Attributes:
        books: where everything is.
        progress: told how far it has come.
        at_once: how many agreements are charged, or charges invoiced, in one transaction.
    """

    books: Books
    progress: Progress
    at_once: int

    def close(self, month: Month) -> None:
        """Close a month, or go on with its close.

        Raises:
            StoreUnavailable: the store could not read or write; to be called again.
        """
        begun = self.books.latest_close()
        if begun is None or begun.month != month:
            begun = self._keep(MonthClose(month, month.closes))
        products = self.books.products()
        if begun.stage is Stage.RATING:
            begun = self._rate(begun, products)
        if begun.stage is Stage.INVOICING:
            self._invoice(begun, products)

    def _keep(self, close: MonthClose, booking: Booking | None = None) -> MonthClose:
        """Write how far it has come, with what was done."""
        self.books.book(replace(booking or Booking(), close=close))
        self.progress(close)
        return close

    def _rate(self, begun: MonthClose, products: Mapping[int, History[Product]]) -> MonthClose:
        month = begun.month
        rated = {each.product for each in self.books.rated(str(month))}
        to_rate = [(month, number) for number in products if number not in rated]
        to_rate += self.late(month)
        total = begun.done + len(to_rate)
        for done, (of, number) in enumerate(to_rate, begun.done + 1):
            for booking in self._charges(of, month, products[number]):
                begun = self._keep(replace(begun, done=done, total=total), booking)
        return self._keep(
            replace(
                begun,
                stage=Stage.INVOICING,
                done=0,
                total=self.books.count_charges(str(month)),
            )
        )

    def late(self, month: Month) -> list[tuple[Month, int]]:
        """Months before one, and products' numbers, with usage that came after it was rated."""
        late_from = self.books.late_from()
        if not late_from:
            return []
        return [
            (of, each.product)
            for each in self.books.rated_from(late_from, str(month))
            if self.books.usage_count(each.product, _hours(of := parse_month(each.month)))
            != each.records
        ]

    def _charges(self, of: Month, billed: Month, product: History[Product]) -> Iterator[Booking]:
        """What a product's usage of a month is charged, some agreements at a time."""
        number = product.latest.number
        trials = self._trials(of, product)
        sums = sorted(
            (
                each
                for hours in segments(of, product)
                for each in self.books.usage_sums(number, hours, trials)
            ),
            key=lambda each: each.agreement,
        )
        by_agreement = [
            (agreement, list(used))
            for agreement, used in groupby(sums, lambda each: each.agreement)
        ]
        charged = self.books.charged_usage(str(of), number)
        last = RatedUsage(str(of), number, sum(each.records for each in sums))
        for start in range(0, len(by_agreement), self.at_once):
            some = by_agreement[start : start + self.at_once]
            agreements = self.books.agreements(agreement for agreement, _ in some)
            charges = [
                charge
                for agreement, used in some
                for charge in rate(
                    used,
                    agreements[agreement].as_of(of.ends - 1),
                    product,
                    of,
                    billed,
                    charged.get(agreement),
                )
            ]
            whole = start + self.at_once >= len(by_agreement)
            yield Booking(charges=tuple(charges), rated=(last,) if whole else ())

    def _trials(self, month: Month, product: History[Product]) -> Mapping[int, int]:
        """By agreement, the first hour that is not in its trial; of those with a trial in it."""
        sold = product.latest
        days = sold.terms.free_trial_days
        after = None if days is None else month.starts - days * DAY
        found: dict[int, int] = {}
        for agreement in self.books.agreements_with_trials(sold.id, after):
            ends = trial_ends(agreement, sold)
            if ends is not None and ends > month.starts:
                found[agreement.number] = -(-ends // HOUR)
        return found

    def _invoice(self, begun: MonthClose, products: Mapping[int, History[Product]]) -> None:
        month, invoicing = begun.month, Invoicing(self.books, products)
        while charges := self._next_charges(begun):
            agreements = self.books.agreements(each.agreement for each in charges)
            parties = invoicing.parties(agreements)
            invoices = invoicing.invoices(charges, parties, str(month), begun.at)
            buyers = {each.buyer.id: each.buyer for each in parties.values()}
            begun = self._keep(
                replace(begun, done=begun.done + len(charges), cursor=charges[-1].customer),
                issued(invoices, buyers),
            )
        closed = replace(begun, stage=Stage.CLOSED)
        self._keep(closed, Booking(late_from=str(month)))

    def _next_charges(self, begun: MonthClose) -> Sequence[Charge]:
        """All charges of some customers; never only a part of one customer's."""
        limit = self.at_once
        while True:
            charges = self.books.charges_to_invoice(str(begun.month), begun.cursor, limit)
            if len(charges) < limit:
                return charges
            last = charges[-1].customer
            whole = [each for each in charges if each.customer != last]
            if whole:
                return whole
            limit *= 2


def _hours(month: Month) -> tuple[int, int]:
    return month.starts // HOUR, month.ends // HOUR
