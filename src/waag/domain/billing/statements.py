"""What the books show: invoices with their lines, a month of one account, a month of all."""

import msgspec

from waag.domain.billing.adjustments import Adjustment
from waag.domain.billing.charges import Charge, Step
from waag.domain.billing.disbursement import Payout
from waag.domain.billing.taxes import LineTax
from waag.domain.instants import Instant


class ShownInvoice(msgspec.Struct, frozen=True):
    """An invoice as it stands; amounts in minor units."""

    id: str
    month: str
    at: Instant
    due: Instant
    buyer_id: str
    seller_id: str
    currency: str
    billed: int
    status: str
    open: int
    paid: int


class ShownLine(msgspec.Struct, frozen=True):
    """A line of an invoice with the names of what it is for; fees are of the line's item."""

    charge: Charge
    invoice_id: str
    reference: str
    product_code: str
    agreement_id: str
    dimension: str | None
    taxes: tuple[LineTax, ...]


class ShownItem(msgspec.Struct, frozen=True):
    """What an agreement adds to an invoice, and what of it each party keeps."""

    reference: str
    invoice_id: str
    agreement_id: str
    product_code: str
    seller_id: str
    revenue: int
    fee_rate: str
    fee: int
    seller_tax: int
    aws_tax: int
    cost: int
    supplier_id: str | None
    supplier_fee_rate: str
    supplier_fee: int


class Payment(msgspec.Struct, frozen=True):
    """Money that came in for an invoice, or a debt that was given up.

    Attributes:
        action: of the ledger: COLLECTED or FORGIVEN.
    """

    id: str
    at: Instant
    action: str
    invoice_id: str
    amount: int
    currency: str


class InvoiceQuery(msgspec.Struct, frozen=True):
    """Which invoices are asked for; None for all.

    Attributes:
        account: buyer, seller of record or supplier.
        after: the instant and id of the last one already seen.
    """

    account: str | None
    month: str | None
    status: str | None
    after: tuple[Instant, str]
    limit: int


class Statement(msgspec.Struct, frozen=True):
    """A month of one account: what was billed for it, and what happened in it."""

    account_id: str
    month: str
    closed: bool
    invoices: tuple[ShownInvoice, ...]
    items: tuple[ShownItem, ...]
    lines: tuple[ShownLine, ...]
    adjustments: tuple[Adjustment, ...]
    payments: tuple[Payment, ...]
    payouts: tuple[Payout, ...]


class CurrencyTotals(msgspec.Struct, frozen=True):
    """What became of a month's invoices in one currency, in minor units.

    Attributes:
        invoices: how many.
        billed: taxes included.
        collected: what came in.
        given_back: by refunds and credits.
        disbursed: what was paid out to sellers, after fees.
        open: what is still owed.
        written_off: what was given up.
    """

    currency: str
    invoices: int
    billed: int
    collected: int
    given_back: int
    disbursed: int
    open: int
    written_off: int


class ExplainedRecord(msgspec.Struct, frozen=True):
    """A usage record behind a charge, and how it is priced.

    Attributes:
        place: among the charge's records, from 1.
        quantity: in micro-units.
    """

    place: int
    id: str
    timestamp: Instant
    region: str
    quantity: int
    steps: tuple[Step, ...]
