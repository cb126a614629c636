"""Fees: what an agreement costs by its terms, and when."""

import pytest

from billed import always, changed, contract, granting, moment
from builders import at
from waag.domain.billing.charges import ChargeKind
from waag.domain.billing.fees import contract_value, fees, next_fee, to_charge
from waag.domain.billing_terms import ScheduledPayment
from waag.domain.instants import format_instant, parse_instant
from waag.domain.market import Entitlement

FOREVER = at("2036-01-01T00:00:00")


def due(agreement, product=None, until=FOREVER):
    """Dates and amounts of the fees."""
    found = fees(agreement, always(product or contract()), until)
    return [(format_instant(each.at)[:10], each.amount) for each in found]


@pytest.mark.parametrize(
    ("value", "amount"), [(25, 300_000), (2.5, 30_000), (True, 12_000), ("gold", 12_000)]
)
def test_a_contract_is_paid_on_acceptance(value, amount):
    """Quantity times price for the whole term; what is no number counts as one."""
    assert due(always(granting(value))) == [("2026-02-01", amount)]


@pytest.mark.parametrize("value", [0, False])
def test_nothing_granted_costs_nothing(value):
    """No fee at all."""
    assert due(always(granting(value))) == []


def test_what_is_added_is_paid_for_the_rest_of_the_term():
    """By time: half a year of a year is half."""
    half = ("2026-08-02T12:00:00", granting(10))
    assert due(changed(half, latest=granting(12))) == [
        ("2026-02-01", 120_000),
        ("2026-08-02", 12_000),
    ]


def test_less_is_not_given_back_and_more_again_not_charged_again():
    """What was paid for stays paid."""
    agreement = changed(
        ("2026-03-01T00:00:00", granting(10)),
        ("2026-04-01T00:00:00", granting(5)),
        latest=granting(10),
    )
    assert due(agreement) == [("2026-02-01", 120_000)]


def test_a_later_end_is_a_renewal():
    """The whole is paid again for what it adds, when it is agreed."""
    longer = granting(10, ends=at("2028-02-01T00:00:00"))
    agreement = changed(("2027-01-15T00:00:00", granting(10)), latest=longer)
    assert due(agreement) == [("2026-02-01", 120_000), ("2027-01-15", 120_000)]


def test_a_contract_that_is_cancelled_was_paid():
    """Its fee stays; a refund is the operator's to make."""
    ended = granting(10, ends=at("2026-03-01T00:00:00"))
    assert due(changed(("2026-03-01T00:00:00", granting(10)), latest=ended)) == [
        ("2026-02-01", 120_000)
    ]


@pytest.mark.parametrize(
    ("starts", "per", "dates"),
    [
        ("2024-01-31", "month", ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"]),
        ("2025-01-31", "month", ["2025-01-31", "2025-02-28", "2025-03-31", "2025-04-30"]),
        ("2024-02-29", "year", ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28"]),
        ("2023-12-15", "month", ["2023-12-15", "2024-01-15", "2024-02-15", "2024-03-15"]),
    ],
)
def test_fees_that_recur_come_on_the_day_of_the_start(starts, per, dates):
    """Or on the last day of a month that has no such day."""
    agreement = always(granting(1, starts=at(f"{starts}T00:00:00"), ends=None))
    found = due(agreement, contract("10.00", per=per))
    assert [date for date, _ in found[:4]] == dates


@pytest.mark.parametrize(("per", "kind"), [("month", "monthly-fee"), ("year", "annual-fee")])
def test_fees_that_recur_end_with_the_agreement(per, kind):
    """None is due at its end or after it."""
    found = fees(always(granting(2)), always(contract("10.00", per=per)), FOREVER)
    assert {each.kind for each in found} == {ChargeKind(kind)}
    assert max(each.ends for each in found) == at("2027-02-01T00:00:00")


def test_a_month_counts_what_is_granted_when_it_begins():
    """More within a month counts from the next."""
    agreement = changed(("2026-03-15T00:00:00", granting(1)), latest=granting(2))
    found = due(agreement, contract("10.00", per="month"), at("2026-04-30T00:00:00"))
    assert found == [("2026-02-01", 1000), ("2026-03-01", 1000), ("2026-04-01", 2000)]


SCHEDULE = (
    ScheduledPayment(at=moment("2026-02-01T00:00:00"), amount="1000.00"),
    ScheduledPayment(at=moment("2026-08-01T00:00:00"), amount="500.50"),
)


def test_a_schedule_takes_the_place_of_fees_up_front():
    """Each payment on its date."""
    agreement = granting(25, payment_schedule=SCHEDULE)
    assert due(always(agreement)) == [("2026-02-01", 100_000), ("2026-08-01", 50_050)]


def test_a_schedule_ends_with_the_agreement():
    """What was to come is not charged any more."""
    agreement = granting(25, payment_schedule=SCHEDULE)
    ended = granting(25, payment_schedule=SCHEDULE, ends=at("2026-05-01T00:00:00"))
    assert due(changed(("2026-05-01T00:00:00", agreement), latest=ended)) == [
        ("2026-02-01", 100_000)
    ]


def test_a_demonstration_has_no_fees():
    """The seller does not pay itself."""
    assert due(always(granting(25, demonstration=True))) == []


@pytest.mark.parametrize(
    ("agreement", "product", "after", "following"),
    [
        (granting(1), contract(), "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"),
        (granting(1), contract(), "2026-02-01T00:00:00Z", None),
        (granting(1), contract(per="month"), "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"),
        (granting(1), contract(per="month"), "2027-01-01T00:00:00Z", None),
        (
            granting(1, payment_schedule=SCHEDULE),
            contract(),
            "2026-02-01T00:00:00Z",
            "2026-08-01T00:00:00Z",
        ),
    ],
)
def test_the_next_fee(agreement, product, after, following):
    """The first date after an instant."""
    found = next_fee(always(agreement), always(product), parse_instant(after))
    assert found == (None if following is None else parse_instant(following))


def test_the_value_of_a_contract():
    """All that is to be paid by its terms."""
    agreement = granting(2, payment_schedule=SCHEDULE)
    assert contract_value(agreement, always(contract())) == 150_050


def test_the_price_is_that_of_the_acceptance():
    """A later one is for later buyers."""
    product = changed(("2026-02-02T00:00:00", contract("100")), latest=contract("200"))
    found = fees(always(granting(1)), product, FOREVER)
    assert [each.amount for each in found] == [10_000]


def test_a_fee_as_it_is_billed():
    """In the month that it is booked in, with an id that follows from what it is for."""
    fee = fees(always(granting(1)), always(contract()), FOREVER)[0]
    booked = at("2026-03-01T06:00:00")
    charges = [to_charge(fee, granting(1), "USD", when) for when in (fee.at, booked)]
    assert [each.month for each in charges] == ["2026-02", "2026-03"]
    assert charges[0].id == charges[1].id


def test_what_is_granted_of_something_else_is_nothing():
    """Of this dimension."""
    other = granting(1, entitlements=(Entitlement("seats", 5),))
    assert due(always(other)) == []
