"""Fees that were charged on a day, and whatever was given back on it.

One row per fee, and one per refund or credit, negative; by product code, customer, agreement, when
it was and its id.
"""

from collections.abc import Iterator

from waag.analytics.asked import Asked, Fields
from waag.analytics.column_groups import CUSTOMER, PAYER, PRODUCT, SOLUTION, USER
from waag.analytics.columns import Column, amount, day, last_day, whole
from waag.analytics.data_set import Definition, Terms
from waag.domain.billing.money import part


def _kept(answered: Iterator[Fields], _asked: Asked, _terms: Terms) -> Iterator[Fields]:
    """Of what another sells for the seller, its part."""
    for row in answered:
        yield {**row, "amount": part(row["amount"], row["kept"], row["currency"])}


DATA_SET = Definition(
    "daily_business_fees",
    columns=(
        *USER,
        *PRODUCT,
        Column("Amount", "amount", amount),
        Column("Currency", "currency"),
        Column("Fee Description", "description"),
        *CUSTOMER,
        Column("Start Date", "fee_starts", day),
        Column("End Date", "fee_ends", last_day),
        Column("Quantity", "quantity", whole),
        Column("Dimension", "dimension"),
        *SOLUTION,
        *PAYER,
    ),
    gather=_kept,
)
