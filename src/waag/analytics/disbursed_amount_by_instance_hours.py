"""What the revenue of a payout was charged for: units at a price, and by how many customers.

One row per product, kind of charge, dimension and price, by these. Hours are told of prices per
hour; of other units there are none, which is NA.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from waag.analytics.asked import Asked, Fields
from waag.analytics.column_groups import SOLUTION
from waag.analytics.columns import Column
from waag.analytics.data_set import Definition, Terms
from waag.domain.billing.charges import plain
from waag.domain.billing.money import total

NO_HOURS = "NA"


def _counted(answered: Iterator[Fields], _asked: Asked, _terms: Terms) -> Iterator[Fields]:
    rates = groupby(answered, lambda row: (row["product_code"], row["usage_type"], row["rate"]))
    for _, steps in rates:
        rows = list(steps)
        hours = NO_HOURS
        if rows[0]["per"] == "hour":
            hours = plain(total(Decimal(row["units"]) for row in rows))
        users = len({row["customer_id"] for row in rows})
        yield {**rows[0], "users": users, "hours": hours}


DATA_SET = Definition(
    "disbursed_amount_by_instance_hours",
    columns=(
        Column("Product", "product_title"),
        Column("Product Code", "product_code"),
        Column("Usage Type Description", "usage_type"),
        Column("Rate", "rate"),
        Column("User Count", "users"),
        Column("Instance Hours", "hours"),
        *SOLUTION,
    ),
    tables=("market", "payouts", "paid_out", "amounts", "bills"),
    gather=_counted,
)
