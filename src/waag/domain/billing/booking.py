"""What is written into the books in one transaction, and what is planned for later."""

from enum import Enum, IntEnum

import msgspec

from waag.domain.billing.adjustments import Adjustment
from waag.domain.billing.charges import Charge
from waag.domain.billing.disbursement import Payout
from waag.domain.billing.invoicing import Invoice
from waag.domain.billing.ledger import Transaction
from waag.domain.instants import Instant
from waag.domain.months import Month


class Rank(IntEnum):
    """What there is to do at an instant; at the same one, in this order."""

    FEES = 1
    """Of the agreement with this number."""
    PAYMENT = 2
    """Of the invoice with this id."""
    WRITE_OFF = 3
    """Of the invoice with this id."""
    DISBURSEMENT = 4
    """To the seller with this account."""


class DueWork(msgspec.Struct, frozen=True, order=True):
    """Something to do at an instant."""

    at: Instant
    rank: Rank
    subject: str


class Stage(Enum):
    """How far a month's close has come."""

    RATING = "rating"
    INVOICING = "invoicing"
    CLOSED = "closed"


class MonthClose(msgspec.Struct, frozen=True):
    """The close of a month.

    Attributes:
        at: its instant, which all that it books is dated.
        done, total: of what its stage does: products rated, charges gone through.
        cursor: while it invoices, the number of the customer that was invoiced last.
    """

    month: Month
    at: Instant
    stage: Stage = Stage.RATING
    done: int = 0
    total: int = 0
    cursor: int = 0


class RatedUsage(msgspec.Struct, frozen=True):
    """How many usage records of a product and month were charged for."""

    month: str
    product: int
    records: int


class InvoiceStanding(msgspec.Struct, frozen=True):
    """Where an invoice stands from now on; amounts in minor units."""

    invoice_id: str
    status: str
    open: int
    paid: int


class AwaitingPayout(msgspec.Struct, frozen=True):
    """A transaction with money for a seller, to be paid out."""

    seller_id: str
    currency: str
    at: Instant
    transaction_id: str


class PaidOut(msgspec.Struct, frozen=True):
    """What came in for a seller until an instant does not wait any more."""

    seller_id: str
    currency: str
    until: Instant


class Booking(msgspec.Struct, frozen=True, kw_only=True):
    """One transaction's worth: all of it is written, or nothing.

    Attributes:
        standings: of invoices, in place of those before.
        planned: in place of what is planned of the same rank and subject.
        done: what is not to be done any more.
        late_from: usage of which months may come late; None leaves it as it is.
    """

    charges: tuple[Charge, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    payouts: tuple[Payout, ...] = ()
    transactions: tuple[Transaction, ...] = ()
    standings: tuple[InvoiceStanding, ...] = ()
    awaiting: tuple[AwaitingPayout, ...] = ()
    paid_out: tuple[PaidOut, ...] = ()
    planned: tuple[DueWork, ...] = ()
    done: tuple[tuple[Rank, str], ...] = ()
    close: MonthClose | None = None
    rated: tuple[RatedUsage, ...] = ()
    late_from: str | None = None
