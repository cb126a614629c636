"""Contracts that were made in a month and are paid by a schedule.

One row per payment, by product code, customer, agreement and place in the schedule. Amounts in
other currencies than US dollars are left out: Waag has no rates of exchange.
"""

from collections.abc import Iterator
from itertools import groupby

from waag.analytics.asked import Asked, Fields
from waag.analytics.column_groups import CUSTOMER, PAYER_REFERENCE, PRODUCT
from waag.analytics.columns import Column, amount, customer_reference, day, last_day, product_guid
from waag.analytics.data_set import Definition, Terms
from waag.domain.billing.money import from_text


def _with_totals(answered: Iterator[Fields], _asked: Asked, _terms: Terms) -> Iterator[Fields]:
    for _, schedule in groupby(answered, lambda row: row["agreement"]):
        payments = list(schedule)
        amounts = [
            from_text(row["payment"], "USD") if row["currency"] == "USD" else None
            for row in payments
        ]
        total = None if None in amounts else sum(filter(None, amounts))
        for row, paid in zip(payments, amounts, strict=True):
            yield {**row, "amount": paid, "total": total, "payments": len(payments)}


DATA_SET = Definition(
    "monthly_revenue_flexible_payment_schedule",
    columns=(
        *CUSTOMER[:4],
        Column("Customer ZIP Code", "postal_code"),
        CUSTOMER[5],
        Column("User Reference ID", "customer_id", customer_reference),
        Column("User AWS Account Number", "customer_id"),
        Column("Product ID", "product_id", product_guid),
        PRODUCT[0],
        Column("Product Type", "type"),
        Column("AWS Marketplace Offer ID", "offer_id"),
        Column("Contract Create Date", "accepted", day),
        Column("Contract Expiration Date", "ends", last_day),
        Column("Total Contract Value (USD)", "total", amount),
        Column("# of Payments", "payments"),
        Column("Invoice Date", "due", day),
        Column("Invoice Amount (USD)", "amount", amount),
        PAYER_REFERENCE,
    ),
    gather=_with_totals,
)
