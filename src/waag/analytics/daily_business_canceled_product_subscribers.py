"""Whose agreement ended on a day, cancelled or expired; a renewal is no end.

One row per agreement, by product code, customer and agreement.
"""

from waag.analytics.column_groups import CUSTOMER, OFFER, PAYER, PRODUCT, SOLUTION, USER
from waag.analytics.columns import Column, day
from waag.analytics.data_set import Definition

DATA_SET = Definition(
    "daily_business_canceled_product_subscribers",
    columns=(
        *USER,
        *PRODUCT,
        Column("Subscribed Date", "starts", day),
        *CUSTOMER,
        *OFFER,
        *SOLUTION,
        *PAYER,
    ),
)
