"""Columns: what stands above each, which value of a row stands in it, and how that is written."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeAlias

import msgspec

from waag.analytics.asked import Fields
from waag.domain.analytics.contacts import guid
from waag.domain.billing.money import minor_digits, to_decimal
from waag.domain.billing.names import derived
from waag.domain.instants import SECOND, Instant, format_instant
from waag.domain.quantities import MICRO_UNITS

PLACES_MIN = 2
"""Digits after the point that an amount has at least, also of currencies that have none."""

Form: TypeAlias = Callable[[Any, str], str]
"""A value as text; the second argument is the currency of its row."""


def text(value: Any, _: str) -> str:
    """As it is."""
    return str(value)


def amount(minor: int, currency: str) -> str:
    """An amount in minor units, such as -1234.50."""
    return f"{to_decimal(minor, currency):.{max(PLACES_MIN, minor_digits(currency))}f}"


def whole(micro_units: Any, _: str) -> str:
    """A quantity in whole units, since readers take it for an integer; half up."""
    return str((2 * int(micro_units) + MICRO_UNITS) // (2 * MICRO_UNITS))


def day(instant: Instant, _: str) -> str:
    """The day of an instant, such as 2026-10-31."""
    return format_instant(instant).partition("T")[0]


def last_day(ends: Instant, _: str) -> str:
    """The last day before an end."""
    return day(ends - 1, "")


def moment(instant: Instant, _: str) -> str:
    """An instant as monthly data sets have it, such as 2026-10-31 23:59:59."""
    return settled(instant, "").replace("T", " ").removesuffix("Z")


def last_moment(ends: Instant, _: str) -> str:
    """The last second before an end."""
    return moment(ends - 1, "")


def settled(instant: Instant, _: str) -> str:
    """An instant to the second, such as 2026-10-31T23:59:59Z."""
    return format_instant(instant - instant % SECOND)


def product_guid(product_id: str, _: str) -> str:
    """The GUID of a product in reports from before ids such as prod-…."""
    return guid("product", product_id)


@lru_cache(10_000)
def customer_reference(account_id: str, _: str) -> str:
    """An opaque key of the account that uses a product, always the same."""
    return derived("cref", account_id)


@lru_cache(10_000)
def payer_reference(account_id: str, _: str) -> str:
    """An opaque key of the account that is billed, always the same."""
    return derived("payer", account_id)


@lru_cache(10_000)
def seller_reference(account_id: str, _: str) -> str:
    """An opaque key of the account that sells, always the same."""
    return derived("seller", account_id)


@lru_cache(10_000)
def address_reference(address: str, _: str) -> str:
    """An opaque key of an account's address."""
    return derived("address", address)


class Column(msgspec.Struct, frozen=True):
    """One column.

    Attributes:
        name: in the header.
        field: which value of a row; None where Waag has no fact that it could follow from.
        form: how the value is written; one that is not there is an empty text.
    """

    name: str
    field: str | None
    form: Form = text

    def written(self, row: Fields, currency: str) -> str:
        """What a row has in it."""
        value = None if self.field is None else row[self.field]
        return "" if value is None else self.form(value, currency)
