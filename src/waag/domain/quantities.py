"""Quantities: integers of a millionth of a unit, so that 17, 17.0 and 17.00 are one value.

Source: meteringmarketplace/2016-01-14, UsageQuantityAsDecimalString: at most ten digits before the
point and six after it. The shape's pattern is checked where a request is decoded.
"""

MICRO_UNITS = 1_000_000
_FRACTION_DIGITS = 6


def from_whole(quantity: int) -> int:
    """Micro-units of a whole quantity."""
    return quantity * MICRO_UNITS


def from_decimal(text: str) -> int:
    """Micro-units of a decimal string of the shape's pattern, exactly."""
    whole, _, fraction = text.partition(".")
    return int(whole) * MICRO_UNITS + int(fraction.ljust(_FRACTION_DIGITS, "0"))


def to_decimal(micro_units: int) -> str:
    """The shortest decimal string of a quantity: 17, 17.42, 0.000001."""
    whole, fraction = divmod(micro_units, MICRO_UNITS)
    if not fraction:
        return str(whole)
    return f"{whole}.{fraction:06d}".rstrip("0")
