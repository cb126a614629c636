"""What was billed and has not come in, transaction by transaction.

One row per transaction reference, by the day it is due and reference.
"""

from waag.analytics.column_groups import OPPORTUNITY, PAYER, REVENUE, SOLUTION
from waag.analytics.columns import Column, day
from waag.analytics.data_set import Definition

DATA_SET = Definition(
    "disbursed_amount_by_uncollected_funds_breakdown",
    columns=(
        Column("Payer AWS Account Number", "customer_id"),
        Column("Product Code", "product_code"),
        *REVENUE,
        *OPPORTUNITY,
        *SOLUTION,
        *PAYER,
        Column("Payment Due date", "due", day),
    ),
    tables=("market", "uncollected", "amounts", "bills"),
)
