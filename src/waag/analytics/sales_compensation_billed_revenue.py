"""What was billed in a month and given back in it, whatever it was for.

One row per transaction reference with a net other than nothing, by product code, customer and
reference.
"""

from waag.analytics.column_groups import (
    ACCOUNT_NUMBER,
    OPPORTUNITY,
    PAYER,
    PLACE,
    PRODUCT,
    REVENUE,
    SOLUTION,
)
from waag.analytics.columns import Column
from waag.analytics.data_set import Definition

DATA_SET = Definition(
    "sales_compensation_billed_revenue",
    columns=(
        ACCOUNT_NUMBER,
        *PLACE,
        Column("Email Domain", "email_domain"),
        PRODUCT[1],
        PRODUCT[0],
        *REVENUE,
        *OPPORTUNITY,
        *SOLUTION,
        *PAYER,
    ),
    tables=("market", "billed", "amounts", "bills"),
)
