"""What was billed and has not come in, by the days since it was billed; due or not.

One row per currency, by currency. Amounts are the seller's net, without tax.
"""

from waag.analytics.ages import age_columns
from waag.analytics.data_set import Definition

DATA_SET = Definition(
    "disbursed_amount_by_age_of_uncollected_funds",
    columns=age_columns("Uncollected", " pending"),
    tables=("market", "payouts", "uncollected", "amounts", "bills", "uncollected_days", "ages"),
)
