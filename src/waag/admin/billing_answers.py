"""What the operator's calls about money take and give. Amounts are decimal strings."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from waag.domain.billing.adjustments import Adjustment
from waag.domain.billing.booking import InvoiceStanding
from waag.domain.billing.charges import Step
from waag.domain.billing.disbursement import Payout
from waag.domain.billing.money import to_text
from waag.domain.billing.statements import (
    CurrencyTotals,
    ExplainedRecord,
    Payment,
    ShownInvoice,
    ShownItem,
    ShownLine,
    Statement,
)
from waag.domain.billing.taxes import LineTax
from waag.domain.instants import format_instant
from waag.domain.quantities import to_decimal
from waag.services.month_end import MonthEnd

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


def to_answer_month_end(done: MonthEnd) -> MonthEndAnswer:
    """As it is answered."""
    return MonthEndAnswer(
        str(done.month),
        format_instant(done.closed),
        sum(each.invoices for each in done.totals),
        tuple(map(_to_totals, done.totals)),
    )


def _to_totals(totals: CurrencyTotals) -> TotalsAnswer:
    currency = totals.currency
    amounts = (
        totals.billed,
        totals.collected,
        totals.given_back,
        totals.disbursed,
        totals.open,
        totals.written_off,
    )
    return TotalsAnswer(
        currency, totals.invoices, *(to_text(amount, currency) for amount in amounts)
    )


def to_answer_line(line: ShownLine) -> LineAnswer:
    """As it is answered."""
    charge = line.charge
    currency = charge.currency
    return LineAnswer(
        charge.id,
        line.reference,
        charge.kind.value,
        line.product_code,
        line.agreement_id,
        line.dimension,
        charge.description,
        format_instant(charge.starts),
        format_instant(charge.ends),
        to_decimal(charge.quantity),
        charge.records,
        to_text(charge.amount, currency),
        currency,
        _to_steps(charge.steps),
        tuple(_to_tax(each, currency) for each in line.taxes),
    )


def _to_steps(steps: tuple[Step, ...]) -> tuple[StepAnswer, ...]:
    return tuple(StepAnswer(each.what, each.quantity, each.price, each.amount) for each in steps)


def _to_tax(tax: LineTax, currency: str) -> TaxAnswer:
    return TaxAnswer(
        tax.jurisdiction,
        tax.level,
        tax.type,
        tax.rate,
        to_text(tax.taxable, currency),
        to_text(tax.amount, currency),
        tax.reason,
        "Seller" if tax.liable == "Seller" else "AWS",
    )


def _to_item(item: ShownItem, currency: str) -> ItemAnswer:
    return ItemAnswer(
        item.reference,
        item.agreement_id,
        item.product_code,
        item.seller_id,
        to_text(item.revenue, currency),
        item.fee_rate,
        to_text(item.fee, currency),
        to_text(item.seller_tax, currency),
        to_text(item.aws_tax, currency),
        to_text(item.cost, currency),
        item.supplier_id,
        to_text(item.supplier_fee, currency),
    )


def to_answer_invoice(
    invoice: ShownInvoice,
    items: tuple[ItemAnswer, ...] = (),
    lines: tuple[LineAnswer, ...] = (),
) -> InvoiceAnswer:
    """As it is answered."""
    currency = invoice.currency
    status = msgspec.convert(invoice.status, InvoiceStatus)
    return InvoiceAnswer(
        invoice.id,
        invoice.month,
        format_instant(invoice.at),
        format_instant(invoice.due),
        invoice.buyer_id,
        invoice.seller_id,
        currency,
        to_text(invoice.billed, currency),
        status,
        to_text(invoice.open, currency),
        to_text(invoice.paid, currency),
        items,
        lines,
    )


def to_answer_standing(standing: InvoiceStanding, currency: str) -> StandingAnswer:
    """As it is answered."""
    return StandingAnswer(
        standing.invoice_id,
        msgspec.convert(standing.status, InvoiceStatus),
        to_text(standing.open, currency),
        to_text(standing.paid, currency),
        currency,
    )


def to_answer_adjustment(given: Adjustment) -> AdjustmentAnswer:
    """As it is answered."""
    currency = given.currency
    return AdjustmentAnswer(
        given.id,
        given.kind.value,
        given.charge_id,
        given.reference,
        format_instant(given.at),
        to_text(given.amount, currency),
        to_text(given.fee, currency),
        to_text(given.seller_tax, currency),
        to_text(given.aws_tax, currency),
        to_text(given.total, currency),
        currency,
        given.reason,
    )


def _to_payment(payment: Payment) -> PaymentAnswer:
    return PaymentAnswer(
        format_instant(payment.at),
        "COLLECTED" if payment.action == "COLLECTED" else "FORGIVEN",
        payment.invoice_id,
        to_text(payment.amount, payment.currency),
        payment.currency,
    )


def _to_payout(payout: Payout) -> PayoutAnswer:
    return PayoutAnswer(
        payout.id,
        format_instant(payout.starts),
        format_instant(payout.at),
        to_text(payout.amount, payout.currency),
        payout.currency,
        payout.bank_trace,
    )


def to_answer_statement(shown: Statement) -> StatementAnswer:
    """As it is answered: each invoice with its own items and lines."""
    items: dict[str, list[ShownItem]] = {}
    for item in shown.items:
        items.setdefault(item.invoice_id, []).append(item)
    lines: dict[str, list[LineAnswer]] = {}
    for line in shown.lines:
        lines.setdefault(line.invoice_id, []).append(to_answer_line(line))
    return StatementAnswer(
        shown.account_id,
        shown.month,
        shown.closed,
        tuple(
            to_answer_invoice(
                each,
                tuple(_to_item(item, each.currency) for item in items[each.id]),
                tuple(lines[each.id]),
            )
            for each in shown.invoices
        ),
        tuple(map(to_answer_adjustment, shown.adjustments)),
        tuple(map(_to_payment, shown.payments)),
        tuple(map(_to_payout, shown.payouts)),
    )


def to_answer_record(record: ExplainedRecord) -> ExplainedRecordAnswer:
    """As it is answered."""
    return ExplainedRecordAnswer(
        record.id,
        format_instant(record.timestamp),
        record.region,
        to_decimal(record.quantity),
        _to_steps(record.steps),
    )
