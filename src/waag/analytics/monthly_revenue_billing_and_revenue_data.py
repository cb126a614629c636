"""What was billed in a month for usage and monthly fees, and given back in it.

One row per transaction reference, by product code, customer and reference. A transaction belongs
here or to monthly_revenue_annual_subscriptions, as a whole.
"""

from waag.analytics.column_groups import (
    ACCOUNT_NUMBER,
    BILLED,
    CUSTOMER_REFERENCE,
    EMAIL_DOMAIN,
    OFFER,
    OPPORTUNITY,
    PAYER,
    PLACE,
    PRODUCT,
    SOLUTION,
)
from waag.analytics.data_set import Definition

DATA_SET = Definition(
    "monthly_revenue_billing_and_revenue_data",
    columns=(
        CUSTOMER_REFERENCE,
        *PLACE,
        *PRODUCT,
        *BILLED,
        ACCOUNT_NUMBER,
        EMAIL_DOMAIN,
        *OFFER,
        *OPPORTUNITY,
        *SOLUTION,
        *PAYER,
    ),
    tables=("market", "billed", "amounts", "bills", "purchases"),
)
