"""What was billed and has not come in though it was due, by the days since then.

One row per currency, by currency. Amounts are the seller's net, without tax.
"""

from waag.analytics.ages import age_columns
from waag.analytics.data_set import Definition

DATA_SET = Definition(
    "disbursed_amount_by_age_of_past_due_funds",
    columns=age_columns("Past Due", ""),
    tables=("market", "payouts", "uncollected", "amounts", "bills", "past_due_days", "ages"),
)
