"""Amounts: rounded once, half up, to the minor units that a currency has."""

from decimal import Decimal

import pytest

from builders import refusal_of
from waag.domain.billing.money import (
    AmountRefused,
    from_text,
    multiply,
    part,
    round_to_minor,
    share,
    to_text,
)


@pytest.mark.parametrize(
    ("exact", "currency", "minor"),
    [
        ("0.005", "USD", 1),
        ("0.0049999", "USD", 0),
        ("-0.005", "USD", -1),
        ("2.675", "USD", 268),
        ("0.5", "JPY", 1),
        ("2.5", "JPY", 3),
        ("1.0005", "KWD", 1001),
        ("12345678901234.565", "EUR", 1234567890123457),
    ],
)
def test_an_amount_is_rounded_half_up(exact, currency, minor):
    """To whole minor units, away from zero at the half."""
    assert round_to_minor(Decimal(exact), currency) == minor


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (0, "USD", "0.00"),
        (5, "USD", "0.05"),
        (-1230, "USD", "-12.30"),
        (12, "JPY", "12"),
        (1, "KWD", "0.001"),
    ],
)
def test_an_amount_is_written_with_its_digits(minor, currency, text):
    """As many after the point as the currency has."""
    assert to_text(minor, currency) == text


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.3", "USD", 1230),
        ("0", "USD", 0),
        ("7", "JPY", 7),
        ("7.0", "JPY", 7),
        ("-1", "USD", -100),
    ],
)
def test_an_amount_is_read(text, currency, minor):
    """Zeros at its end do not count."""
    assert from_text(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency", "why"),
    [
        (
            "1.005",
            "USD",
            "'1.005' has more digits than USD has; expected at most 2 after the point.",
        ),
        ("1.5", "JPY", "'1.5' has more digits than JPY has; expected at most 0 after the point."),
        ("", "USD", "'' is no amount; expected one such as 12.30."),
        ("1,000", "USD", "'1,000' is no amount; expected one such as 12.30."),
        ("1.", "USD", "'1.' is no amount; expected one such as 12.30."),
        ("NaN", "USD", "'NaN' is no amount; expected one such as 12.30."),
        ("1" * 16, "USD", f"'{'1' * 16}' is no amount; expected one such as 12.30."),
        ("٣", "USD", "'٣' is no amount; expected one such as 12.30."),
    ],
)
def test_what_is_no_amount_is_refused(text, currency, why):
    """With what was expected."""
    assert refusal_of(from_text, text, currency) == (AmountRefused, why)


def test_an_unknown_currency_is_refused():
    """With those that are known."""
    refused = refusal_of(to_text, 1, "QQQ")
    assert refused is not None
    assert refused[1].startswith("'QQQ' is not a currency of these books; they have AUD, BHD,")


def test_products_are_exact():
    """However many digits they have."""
    largest = Decimal("9999999999.999999")
    assert multiply(largest, Decimal("9999999999.99999999")) == Decimal(
        "99999999999999989900.00000000000001"
    )


@pytest.mark.parametrize(
    ("minor", "rate", "expected"), [(850, "0.03", 26), (10_000, "0.03", 300), (0, "0.2", 0)]
)
def test_a_part_of_an_amount(minor, rate, expected):
    """Is rounded half up, too."""
    assert part(minor, rate, "USD") == expected


@pytest.mark.parametrize(
    ("minor", "numerator", "denominator", "expected"),
    [(100, 1, 3, 33), (100, 2, 3, 67), (5, 1, 2, 3), (-5, 1, 2, -3), (7, 1, 1, 7), (7, 0, 1, 0)],
)
def test_a_share_of_an_amount(minor, numerator, denominator, expected):
    """By a fraction of whole numbers."""
    assert share(minor, numerator, denominator) == expected
