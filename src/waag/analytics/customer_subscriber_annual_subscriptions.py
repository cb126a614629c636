"""Who was subscribed when the day ended, to what is bought in advance for a term or year.

One row per agreement and what it grants, by product code, customer, agreement and dimension.
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
    "customer_subscriber_annual_subscriptions",
    columns=(
        ACCOUNT_NUMBER,
        PRODUCT[0],
        Column("Product Id", "product_id", product_guid),
        PRODUCT[1],
        Column("Subscription Id", "agreement_id"),
        Column("Subscription Quantity", "quantity"),
        Column("Subscription Type", "dimension"),
        Column("Subscription Intent", "intent"),
        OFFER[0],
        Column("Subscription Start Date", "starts", day),
        Column("Previous Offer ID", "previous_offer_id"),
        OFFER[1],
        *SOLUTION,
        PAYER_REFERENCE,
        *RESELLER,
    ),
    tables=("market", "bought"),
)
