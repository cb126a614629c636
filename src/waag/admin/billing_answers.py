"""What the operator's calls about money take and give. Amounts are decimal strings."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

InvoiceStatus = Literal["open", "paid", "written-off"]


class MonthEndBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The month, such as 2026-10."""

    month: str


class TotalsAnswer(msgspec.Struct, frozen=True):
    """What became of a month's invoices in one currency."""

    currency: str
    invoices: int
    billed: str
    collected: str
    given_back: str
    disbursed: str
    open: str
    written_off: str


class MonthEndAnswer(msgspec.Struct, frozen=True):
    """A month that is closed, and what has become of its invoices until now."""

    month: str
    closed_at: str
    invoices: int
    totals: tuple[TotalsAnswer, ...]


class MonthCloseAnswer(msgspec.Struct, frozen=True):
    """How far the close has come that is or was in hand last; all null if there was none."""

    month: str | None = None
    stage: Literal["rating", "invoicing", "closed"] | None = None
    done: int | None = None
    total: int | None = None


class StepAnswer(msgspec.Struct, frozen=True):
    """So many units at a price; the amount is exact, not rounded."""

    what: str
    quantity: str
    price: str
    amount: str


class TaxAnswer(msgspec.Struct, frozen=True):
    """What one jurisdiction takes of a line."""

    jurisdiction: str
    level: str
    type: str
    rate: str
    taxable: str
    amount: str
    reason: str
    liable: Literal["Seller", "AWS"]


class LineAnswer(msgspec.Struct, frozen=True):
    """A line of an invoice: a charge and its taxes."""

    charge: str
    transaction_reference: str
    kind: str
    product_code: str
    agreement: str
    dimension: str | None
    description: str
    starts: str
    ends: str
    quantity: str
    usage_records: int
    amount: str
    currency: str
    steps: tuple[StepAnswer, ...]
    taxes: tuple[TaxAnswer, ...]


class ItemAnswer(msgspec.Struct, frozen=True):
    """What an agreement adds to an invoice, and who keeps what of it."""

    transaction_reference: str
    agreement: str
    product_code: str
    seller: str
    revenue: str
    listing_fee_rate: str
    listing_fee: str
    seller_tax: str
    aws_tax: str
    cost: str
    supplier: str | None
    supplier_listing_fee: str


class InvoiceAnswer(msgspec.Struct, frozen=True):
    """An invoice as it stands; without items and lines in a list."""

    id: str
    month: str
    issued: str
    due: str
    buyer: str
    seller: str
    currency: str
    billed: str
    status: InvoiceStatus
    open: str
    paid: str
    items: tuple[ItemAnswer, ...] = ()
    lines: tuple[LineAnswer, ...] = ()


class InvoicesAnswer(msgspec.Struct, frozen=True):
    """One page of invoices; `next_cursor` is null on the last."""

    invoices: tuple[InvoiceAnswer, ...]
    next_cursor: str | None


class PaymentBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was paid, in the invoice's currency; all that is open unless it is given."""

    amount: str | None = None


class StandingAnswer(msgspec.Struct, frozen=True):
    """An invoice as it stands now."""

    invoice: str
    status: InvoiceStatus
    open: str
    paid: str
    currency: str


class AdjustmentBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is given back of a charge, before tax; all that is left of it unless it is given."""

    charge: str
    amount: str | None = None
    reason: Annotated[str, Meta(max_length=255)] = ""


class AdjustmentAnswer(msgspec.Struct, frozen=True):
    """What was given back, and what of it each party bears."""

    id: str
    kind: Literal["refund", "credit"]
    charge: str
    transaction_reference: str
    at: str
    amount: str
    listing_fee: str
    seller_tax: str
    aws_tax: str
    total: str
    currency: str
    reason: str


class PaymentAnswer(msgspec.Struct, frozen=True):
    """Money that came in for an invoice, or a debt that was given up."""

    at: str
    action: Literal["COLLECTED", "FORGIVEN"]
    invoice: str
    amount: str
    currency: str


class PayoutAnswer(msgspec.Struct, frozen=True):
    """Money paid out to a seller."""

    id: str
    period_starts: str
    paid_at: str
    amount: str
    currency: str
    bank_trace: str


class StatementAnswer(msgspec.Struct, frozen=True):
    """A month of one account: what was billed for it, and what happened in it."""

    account: str
    month: str
    closed: bool
    invoices: tuple[InvoiceAnswer, ...]
    adjustments: tuple[AdjustmentAnswer, ...]
    payments: tuple[PaymentAnswer, ...]
    payouts: tuple[PayoutAnswer, ...]


class ExplainedRecordAnswer(msgspec.Struct, frozen=True):
    """A usage record behind a charge, and how it is priced."""

    id: str
    timestamp: str
    region: str
    quantity: str
    steps: tuple[StepAnswer, ...]


class ExplainedAnswer(msgspec.Struct, frozen=True):
    """A charge and a page of its usage records; `next_cursor` is null on the last."""

    line: LineAnswer
    usage_records: tuple[ExplainedRecordAnswer, ...]
    next_cursor: str | None
