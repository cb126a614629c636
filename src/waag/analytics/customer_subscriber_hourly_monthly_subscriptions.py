"""Who was subscribed when the day ended, to what is paid as it is used or by the month.

One row per agreement, by product code, customer and agreement.
"""

from waag.analytics.column_groups import (
    ACCOUNT_NUMBER,
    OFFER,
    PAYER_REFERENCE,
    PRODUCT,
    RESELLER,
    SOLUTION,
)
from waag.analytics.columns import Column, day, product_guid
from waag.analytics.data_set import Definition

DATA_SET = Definition(
    "customer_subscriber_hourly_monthly_subscriptions",
    columns=(
        ACCOUNT_NUMBER,
        PRODUCT[0],
        Column("Product Id", "product_id", product_guid),
        PRODUCT[1],
        Column("Subscription Start Date", "starts", day),
        *OFFER,
        *SOLUTION,
        PAYER_REFERENCE,
        *RESELLER,
    ),
    tables=("market", "bought"),
)
