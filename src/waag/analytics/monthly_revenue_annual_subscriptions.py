"""What was billed in a month for contracts, annual fees and scheduled payments, and given back.

One row per transaction reference, by product code, customer and reference. Where it is for several
dimensions, the quantity is of all, and the instance type names each.
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
from waag.analytics.columns import Column, day, last_day, last_moment, moment, whole
from waag.analytics.data_set import Definition

DATA_SET = Definition(
    "monthly_revenue_annual_subscriptions",
    columns=(
        CUSTOMER_REFERENCE,
        *PLACE,
        *PRODUCT,
        Column("Subscription Quantity", "quantity", whole),
        Column("Subscription Start Date", "bought_from", moment),
        Column("Subscription End Date", "bought_until", last_moment),
        Column("Subscription Instance Type", "dimensions"),
        *BILLED,
        ACCOUNT_NUMBER,
        EMAIL_DOMAIN,
        *OFFER,
        Column("Contract Start Date", "contract_starts", day),
        Column("Contract End Date", "contract_ends", last_day),
        *OPPORTUNITY,
        *SOLUTION,
        *PAYER,
    ),
    tables=("market", "billed", "amounts", "bills", "purchases"),
)
