"""What a payout consisted of, by the days from the bill to the payout.

One row per currency, by currency. Amounts are the seller's net, without tax.
"""

from waag.analytics.ages import age_columns
from waag.analytics.data_set import Definition

DATA_SET = Definition(
    "disbursed_amount_by_age_of_disbursed_funds",
    columns=age_columns("Collected", " pending"),
    tables=("market", "payouts", "paid_out", "amounts", "bills", "disbursed_days", "ages"),
)
