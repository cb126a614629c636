"""Rating: from what was used to what is owed, step by step."""

from decimal import Decimal

import pytest

from billed import WHOLE, agreed, always, changed, granting, moment, sold
from builders import at
from waag.domain.billing.charges import ChargeKind
from waag.domain.billing.prices import Price, PriceTier, price_of, segments, trial_ends
from waag.domain.billing.rating import Charged, UsageSum, exact_amount, rate, steps_of
from waag.domain.instants import HOUR
from waag.domain.market import (
    AgreementStatus,
    Dimension,
    DimensionType,
    Life,
    OfferKind,
    ProductType,
)
from waag.domain.months import Month

MAY, JUNE = Month(2026, 5), Month(2026, 6)
FIRST, END = MAY.starts // HOUR, MAY.ends // HOUR
TIERS = Price(
    (
        PriceTier(Decimal("1.00"), 10 * WHOLE),
        PriceTier(Decimal("0.80"), 100 * WHOLE),
        PriceTier(Decimal("0.50")),
    )
)


def used(quantity, **given):
    """What was used of `users` in May."""
    usual = {
        "agreement": 1,
        "dimension": 1,
        "first_hour": FIRST,
        "end_hour": END,
        "free": False,
        "quantity": quantity,
        "records": 1,
    }
    return UsageSum(**(usual | given))


def rated(*sums, agreement=None, product=None, charged=None):
    """The amounts, quantities and kinds of the charges for May."""
    of = product or always(sold())
    return [
        (each.amount, each.quantity, each.kind)
        for each in rate(sums, agreement or agreed(), of, MAY, MAY, charged)
    ]


@pytest.mark.parametrize(
    ("quantity", "before", "steps"),
    [
        (5, 0, [("up to 10", "5", "1", "5")]),
        (10, 0, [("up to 10", "10", "1", "10")]),
        (15, 0, [("up to 10", "10", "1", "10"), ("above 10 up to 100", "5", "0.8", "4")]),
        (5, 8, [("up to 10", "2", "1", "2"), ("above 10 up to 100", "3", "0.8", "2.4")]),
        (7, 100, [("above 100", "7", "0.5", "3.5")]),
        (0, 0, [("units", "0", "1", "0")]),
    ],
)
def test_units_go_through_the_tiers_in_order(quantity, before, steps):
    """A step for each price that some of them have."""
    found = steps_of(quantity * WHOLE, TIERS, before * WHOLE)
    assert [(each.what, each.quantity, each.price, each.amount) for each in found] == steps


@pytest.mark.parametrize(
    ("quantity", "before", "amount"), [(5, 0, "0"), (25, 0, "5"), (5, 20, "5"), (5, 18, "3")]
)
def test_what_the_contract_covers_comes_first(quantity, before, amount):
    """Only what lies above it is charged."""
    price = Price((PriceTier(Decimal(1)),), 20 * WHOLE)
    assert exact_amount(steps_of(quantity * WHOLE, price, before * WHOLE)) == Decimal(amount)


@pytest.mark.parametrize(
    ("price", "quantity", "currency", "amount"),
    [
        ("0.50", 17 * WHOLE, "USD", 850),
        ("0.012", 17_420_000, "USD", 21),
        ("0.00000001", 1, "USD", 0),
        ("0.001", 5 * WHOLE, "USD", 1),
        ("0.5", 3 * WHOLE, "JPY", 2),
    ],
)
def test_a_charge_is_quantity_times_price(price, quantity, currency, amount):
    """Rounded once, half up, to the currency's minor units."""
    product = always(sold(price, currency=currency))
    assert rated(used(quantity), product=product) == [(amount, quantity, ChargeKind.USAGE)]


def test_an_amount_that_the_books_cannot_hold():
    """Is not charged, and the charge says so."""
    product, most = always(sold("9999999999.99999999")), 10_000_000_000 * WHOLE
    charge = rate([used(most)], agreed(), product, MAY, MAY)[0]
    assert (charge.amount, charge.steps[-1].what) == (
        0,
        "not charged: more than 100000000000.00 USD",
    )
    assert exact_amount(charge.steps) == 0


def test_a_price_that_changes_within_the_month_splits_it():
    """Usage of an hour has the price in force when the hour began."""
    product = changed(("2026-05-10T12:30:00", sold("1.00")), latest=sold("2.00"))
    hour = at("2026-05-10T13:00:00") // HOUR
    assert segments(MAY, product) == [(FIRST, hour), (hour, END)]
    sums = (
        used(WHOLE, first_hour=FIRST, end_hour=hour),
        used(WHOLE, first_hour=hour, end_hour=END),
    )
    assert rated(*sums, product=product) == [
        (100, WHOLE, ChargeKind.USAGE),
        (200, WHOLE, ChargeKind.USAGE),
    ]


@pytest.mark.parametrize(
    ("given", "price"),
    [
        ({}, "2.00"),
        ({"prices": {"users": "1.50"}}, "1.50"),
        (
            {
                "life": Life(
                    AgreementStatus.ACTIVE,
                    OfferKind.PRIVATE,
                    "offer-1",
                    at("2026-01-01T00:00:00"),
                )
            },
            "1.00",
        ),
    ],
)
def test_whose_price_holds(given, price):
    """A public offer follows the product; a private one keeps what was accepted, or has its own."""
    product = changed(("2026-05-01T00:00:00", sold("1.00")), latest=sold("2.00"))
    dimension = product.latest.dimensions[0]
    found = price_of(dimension, product, agreed(**given), MAY.starts)
    assert found.tiers == (PriceTier(Decimal(price)),)


def test_a_contract_keeps_the_prices_of_its_acceptance():
    """Consumption above what it covers has these, too."""
    kind = {"type": ProductType.SAAS_CONTRACT_WITH_CONSUMPTION}
    seats = Dimension(2, "seats", DimensionType.ENTITLED, "Users", "120")
    now = sold("2.00", covered_by="users", more=(seats,), **kind)
    product = changed(("2026-05-01T00:00:00", sold("1.00", **kind)), latest=now)
    found = price_of(now.dimensions[0], product, granting(3), MAY.starts)
    assert (found.tiers, found.covered) == ((PriceTier(Decimal("1.00")),), 0)


def test_usage_covered_by_what_is_granted():
    """As many units a month as the Entitled dimension's value."""
    product = always(sold("2.00", covered_by="users"))
    assert rated(used(5 * WHOLE), agreement=granting(3), product=product) == [
        (400, 5 * WHOLE, ChargeKind.USAGE)
    ]


@pytest.mark.parametrize(
    ("agreement", "product", "ends"),
    [
        (agreed(), sold(), None),
        (agreed(), sold(free_trial_days=30), at("2026-01-31T00:00:00")),
        (agreed(free_trial_ends=moment("2026-05-02T00:00:00")), sold(), at("2026-05-02T00:00:00")),
        (
            agreed(
                ends=at("2026-03-01T00:00:00"),
                life=Life(AgreementStatus.ACTIVE, OfferKind.FREE_TRIAL, "offer-1", 0),
            ),
            sold(),
            at("2026-03-01T00:00:00"),
        ),
    ],
)
def test_when_a_free_trial_ends(agreement, product, ends):
    """By the agreement's terms, by its offer, or so many days after it was accepted."""
    assert trial_ends(agreement, product) == ends


def test_a_free_trial_is_free_and_fills_no_tier():
    """What is paid begins at the first tier."""
    product = always(sold(tiers=(("1", "10"), ("0.5", None))))
    sums = (used(50 * WHOLE, free=True), used(10 * WHOLE))
    assert rated(*sums, product=product) == [
        (0, 50 * WHOLE, ChargeKind.FREE_TRIAL),
        (1000, 10 * WHOLE, ChargeKind.USAGE),
    ]


def test_a_demonstration_is_free():
    """The usage is told all the same."""
    assert rated(used(5 * WHOLE), agreement=agreed(demonstration=True)) == [
        (0, 5 * WHOLE, ChargeKind.DEMONSTRATION)
    ]


@pytest.mark.parametrize(
    ("known", "more"),
    [
        (Charged(5 * WHOLE, 1, 250), []),
        (Charged(4 * WHOLE, 1, 200), [(50, WHOLE, ChargeKind.USAGE)]),
    ],
)
def test_usage_that_came_late_is_charged_by_what_it_adds(known, more):
    """What was charged before is taken off; nothing is charged twice."""
    assert rated(used(5 * WHOLE), charged={(1, FIRST, False): known}) == more


def test_late_usage_says_so():
    """In a charge of the month in which it is billed, with an id of its own."""
    known = {(1, FIRST, False): Charged(4 * WHOLE, 1, 200)}
    first, late = (
        rate([used(5 * WHOLE)], agreed(), always(sold()), MAY, billed, charged)[0]
        for billed, charged in ((MAY, None), (JUNE, known))
    )
    assert (late.month, late.usage_month, late.description) == (
        "2026-06",
        "2026-05",
        "users, Users, late",
    )
    assert late.id != first.id
    assert exact_amount(late.steps) == Decimal("0.50")


def test_the_same_usage_makes_the_same_charge():
    """Its id follows from what it is for."""
    twice = [rate([used(WHOLE)], agreed(), always(sold()), MAY, MAY) for _ in range(2)]
    assert twice[0] == twice[1]
