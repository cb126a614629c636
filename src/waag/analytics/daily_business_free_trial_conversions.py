"""What became of free trials on a day. One row per product that has any, by product code.

A trial is converted where its agreement goes on when it is over, or another one, paid, is there.
"""

from waag.analytics.column_groups import PRODUCT, SOLUTION
from waag.analytics.columns import Column
from waag.analytics.data_set import Definition

DATA_SET = Definition(
    "daily_business_free_trial_conversions",
    columns=(
        *PRODUCT,
        Column("New Free Trials", "begun"),
        Column("Total Current Free Trials", "running"),
        Column("Converted Free Trials", "converted"),
        Column("Non-Converted Free Trials", "not_converted"),
        *SOLUTION,
    ),
    tables=("market", "trials"),
)
