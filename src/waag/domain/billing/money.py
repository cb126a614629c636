"""Money: whole minor units of a currency, and the one place where amounts are rounded.

Everything before an amount is exact: quantities, prices and rates are decimals, and their products
are never cut. An amount is rounded once, when it becomes one, half up: away from zero at the half.

Source: AWS's reference SQL for the disbursement report, which rounds as Java's
RoundingMode.HALF_UP; ISO 4217 for the minor units.
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation

from waag.domain.refusals import Refusal

MINOR_DIGITS: Mapping[str, int] = {
    **dict.fromkeys(
        ("AUD", "BRL", "CAD", "CHF", "CNY", "DKK", "EUR", "GBP", "HKD", "ILS", "INR"), 2
    ),
    **dict.fromkeys(("MXN", "NOK", "NZD", "PLN", "SAR", "SEK", "SGD", "THB", "USD", "ZAR"), 2),
    **dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "VND"), 0),
    **dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 3),
}
"""How many digits after the point each currency has."""

EXACT = Context(prec=80, traps=[Inexact, InvalidOperation])
"""Arithmetic that says so rather than lose a digit; 80 hold any product of what may be written."""

_ROUNDING = Context(prec=80, rounding=ROUND_HALF_UP, traps=[InvalidOperation])


class AmountRefused(Refusal):
    """An amount that the currency does not have, or a currency that is not known."""

    rule = "billing.amount"


def round_to_minor(exact: Decimal, currency: str) -> int:
    """The amount in minor units, rounded half up: 0.005 USD is 1, -0.005 USD is -1."""
    scaled = exact.scaleb(minor_digits(currency), context=EXACT)
    return int(scaled.quantize(Decimal(1), context=_ROUNDING))


def minor_digits(currency: str) -> int:
    """How many digits after the point.

    Raises:
        AmountRefused: the currency is not known.
    """
    digits = MINOR_DIGITS.get(currency)
    if digits is None:
        known = ", ".join(sorted(MINOR_DIGITS))
        raise AmountRefused(f"{currency!r} is not a currency of these books; they have {known}.")
    return digits


def to_decimal(minor: int, currency: str) -> Decimal:
    """The amount in the currency's own unit."""
    return Decimal(minor).scaleb(-minor_digits(currency), context=EXACT)


def to_text(minor: int, currency: str) -> str:
    """As it is written: 12.30 USD is 12.30, 12 JPY is 12."""
    return str(to_decimal(minor, currency))


def from_text(text: str, currency: str) -> int:
    """The minor units of an amount as it is written.

    Raises:
        AmountRefused: not a decimal number, or with more digits than the currency has.
    """
    digits = minor_digits(currency)
    whole, point, fraction = text.removeprefix("-").partition(".")
    plain = whole.isascii() and whole.isdigit() and len(whole) <= 15  # noqa: PLR2004 - 64 bits
    if not plain or (point and not (fraction.isascii() and fraction.isdigit())):
        raise AmountRefused(f"{text!r} is no amount; expected one such as 12.30.")
    if len(fraction.rstrip("0")) > digits:
        raise AmountRefused(
            f"{text!r} has more digits than {currency} has; expected at most {digits} after the "
            "point."
        )
    return round_to_minor(Decimal(text), currency)


def multiply(first: Decimal, second: Decimal) -> Decimal:
    """The exact product."""
    return EXACT.multiply(first, second)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    added = Decimal(0)
    for amount in amounts:
        added = EXACT.add(added, amount)
    return added


def part(minor: int, rate: str, currency: str) -> int:
    """A rate of an amount, rounded half up.

    Args:
        minor: the amount.
        rate: a fraction as text, such as 0.03.
        currency: of both.
    """
    return round_to_minor(multiply(to_decimal(minor, currency), Decimal(rate)), currency)


def share(minor: int, numerator: int, denominator: int) -> int:
    """The amount times a fraction of two integers, rounded half up."""
    doubled = 2 * abs(minor) * numerator + denominator
    rounded = doubled // (2 * denominator)
    return rounded if minor >= 0 else -rounded
