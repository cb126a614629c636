"""Percentages of revenue, exact: whole hundredths of a percent, beside the text as submitted.

What is added up and compared are the hundredths; what is shown again is the text.
"""

from typing import TypeAlias

Hundredths: TypeAlias = int
"""Of a percent: 15.5 % are 1550."""

WHOLE: Hundredths = 100_00
"""All of it; there is no more to be shared."""

_PLACES = 2


def read_percent(text: str) -> Hundredths:
    r"""The hundredths of a RevenueSharePercent, such as 15, 15.5 or 15.50.

    Args:
        text: of the form \d{1,3}(\.\d{1,2})?; it may say more than 100.
    """
    whole, _, fraction = text.partition(".")
    return int(whole) * 10**_PLACES + int(fraction.ljust(_PLACES, "0"))


def format_percent(hundredths: Hundredths) -> str:
    """With two places, for a person."""
    whole, fraction = divmod(hundredths, 10**_PLACES)
    return f"{whole}.{fraction:02}"
