"""What the books have, as the operator is answered it."""

import msgspec

from waag.admin.billing_answers import (
    AdjustmentAnswer,
    ExplainedRecordAnswer,
    InvoiceAnswer,
    InvoiceStatus,
    ItemAnswer,
    LineAnswer,
    MonthEndAnswer,
    PaymentAnswer,
    PayoutAnswer,
    StandingAnswer,
    StatementAnswer,
    StepAnswer,
    TaxAnswer,
    TotalsAnswer,
)
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
