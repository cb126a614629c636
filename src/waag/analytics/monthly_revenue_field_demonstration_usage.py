"""What sellers used themselves in a month, to show their products; free of charge.

One row per product and dimension, by product code and dimension.
"""

from collections.abc import Iterator
from itertools import groupby

from waag.analytics.asked import Asked, Fields
from waag.analytics.column_groups import PRODUCT
from waag.analytics.columns import Column, whole
from waag.analytics.data_set import Definition, Terms


def _summed(answered: Iterator[Fields], _asked: Asked, _terms: Terms) -> Iterator[Fields]:
    for _, charges in groupby(answered, lambda row: (row["product_code"], row["dimension"])):
        rows = list(charges)
        yield {**rows[0], "quantity": sum(int(row["quantity"]) for row in rows)}


DATA_SET = Definition(
    "monthly_revenue_field_demonstration_usage",
    columns=(
        *PRODUCT,
        Column("Instance Type", "dimension"),
        Column("Usage Units", "quantity", whole),
        Column("Usage Unit Types", "unit"),
    ),
    gather=_summed,
)
