"""Who began to be subscribed on a day; a renewal is no new one.

One row per agreement, by product code, customer and agreement.
"""

from waag.analytics.column_groups import CUSTOMER, OFFER, PAYER, PRODUCT, SOLUTION, USER
from waag.analytics.data_set import Definition

DATA_SET = Definition(
    "daily_business_new_product_subscribers",
    columns=(
        *USER,
        *PRODUCT,
        *CUSTOMER,
        *OFFER,
        *SOLUTION,
        *PAYER,
    ),
)
