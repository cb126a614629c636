"""What was used on a day, and what it will cost, as far as can be told before the month is closed.

One row per customer, agreement and dimension, by product code, customer, agreement, dimension and
offering. The estimate is priced as the month will be, by the terms in force when the day began, and
rounded for itself.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from waag.analytics.asked import Asked, Fields
from waag.analytics.column_groups import CUSTOMER, OFFER, PAYER, PRODUCT, SOLUTION, USER
from waag.analytics.columns import Column, amount, whole
from waag.analytics.data_set import Definition, Terms
from waag.domain.billing.history import History
from waag.domain.billing.money import part, round_to_minor
from waag.domain.billing.prices import price_of
from waag.domain.billing.rating import exact_amount, steps_of
from waag.domain.market import Agreement, Product
from waag.domain.quantities import MICRO_UNITS

AGREEMENTS_AT_ONCE = 500
"""How many agreements' terms are looked up at once."""

PAID = "Usage"
"""The offering of what is neither a free trial nor a demonstration; see the statement."""


def _estimated(answered: Iterator[Fields], asked: Asked, terms: Terms) -> Iterator[Fields]:
    products = terms.products()
    while some := list(islice(answered, AGREEMENTS_AT_ONCE)):
        agreements = terms.agreements([each["agreement"] for each in some])
        for row in some:
            product, agreement = products[row["product"]], agreements[row["agreement"]]
            quantity = row["units"] * MICRO_UNITS + row["rest"]
            estimate = _estimate(row, quantity, product, agreement, asked)
            yield {**row, "quantity": quantity, "estimate": estimate}


def _estimate(
    row: Mapping[str, Any],
    quantity: int,
    product: History[Product],
    agreement: History[Agreement],
    asked: Asked,
) -> int:
    if row["offering"] != PAID:
        return 0
    before = row["units_before"] * MICRO_UNITS + row["rest_before"]
    number = row["dimension_number"]
    dimension = next(each for each in product.latest.dimensions if each.number == number)
    price = price_of(dimension, product, agreement.as_of(asked.ends - 1), asked.starts)
    exact = exact_amount(steps_of(quantity, price, before))
    return part(round_to_minor(exact, row["currency"]), row["kept"], row["currency"])


DATA_SET = Definition(
    "daily_business_usage_by_instance_type",
    columns=(
        *USER,
        *PRODUCT,
        Column("Instance Type", "dimension"),
        Column("Usage Units", "quantity", whole),
        Column("Usage Unit Types", "unit"),
        Column("Offering Description", "offering"),
        Column("Estimated Revenue", "estimate", amount),
        Column("Currency", "currency"),
        *CUSTOMER,
        *OFFER,
        *SOLUTION,
        *PAYER,
    ),
    tables=("market", "trials"),
    gather=_estimated,
)
