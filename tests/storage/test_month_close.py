"""Months closed over a real ledger: what is charged, billed, collected and paid out, and when."""

import pytest
from keeping import Kept, month, seats, selling, washington

from builders import (
    account_definition,
    agreement_definition,
    at,
    buyer_definition,
    dimension_definition,
    refusal_of,
)
from waag.domain.billing.adjustments import AdjustmentKind
from waag.domain.billing_terms import Collection, Disbursement, ScheduledPayment, Tier
from waag.domain.instants import format_instant
from waag.domain.months import parse_month
from waag.services.billing import Billing, MonthEndRefused, Opening
from waag.services.statements import explain


@pytest.fixture
def kept(ledger):
    """Books of an empty ledger, in the middle of May."""
    kept = Kept(ledger)
    yield kept
    kept.close()


def instants(kept, table, member="at"):
    """When everything in a table is dated."""
    rows = kept.rows(f"SELECT {member} FROM {table} ORDER BY {member}, id")  # noqa: S608
    return [format_instant(instant) for (instant,) in rows]


def test_a_month_from_usage_to_payout(kept):
    """Charged, billed with tax, paid, and paid out less the fee, all at 06:00 on the first."""
    kept.apply(**selling(), taxes=(washington(),))
    kept.use("2026-05-14T10:00:00", 17_000_000)
    kept.turn("2026-06-01T06:00:00")
    assert kept.amounts() == [("2026-05", "usage", 850)]
    assert kept.balances() == {"bank": 111, "listing-fees": -26, "tax": -85}
    assert [instants(kept, table) for table in ("invoice", "payout")] == [
        ["2026-06-01T06:00:00Z"]
    ] * 2


def test_nothing_happens_before_the_close(kept):
    """Usage of the month is accepted until 06:00 on the first."""
    kept.apply(**selling())
    kept.use("2026-05-14T10:00:00")
    kept.turn("2026-06-01T05:59:59.999999")
    assert kept.amounts() == []


def test_usage_between_midnight_and_the_close(kept):
    """Counts for the month before, if it is of it; else for its own."""
    kept.apply(**selling())
    kept.turn("2026-06-01T05:00:00")
    kept.use("2026-05-31T23:59:00", 2_000_000)
    kept.use("2026-06-01T00:00:00", 4_000_000)
    kept.turn("2026-07-01T06:00:00")
    assert kept.amounts() == [("2026-05", "usage", 100), ("2026-06", "usage", 200)]


def test_a_close_again_changes_nothing(kept):
    """Not a byte."""
    kept.apply(**selling(), taxes=(washington(),))
    kept.use("2026-05-14T10:00:00")
    kept.turn("2026-06-01T06:00:00")
    before = kept.dump()
    kept.settle()
    kept.settle()
    assert kept.dump() == before


def test_how_late_it_is_looked_at_changes_nothing(tmp_path):
    """Day by day or half a year at once: the books are the same to the byte."""
    dumps = []
    days = [f"2026-{number:02}-{day:02}T06:00:00" for number in range(6, 10) for day in (1, 9, 28)]
    for number, turns in enumerate((days, ["2026-09-28T06:00:00"])):
        kept = Kept(tmp_path / f"{number}.sqlite")
        kept.apply(**selling(collection=Collection(pays="late", days=3)), taxes=(washington(),))
        for day in range(1, 14):
            kept.use(f"2026-05-{day:02}T10:00:00", day * 1_234_567)
            kept.use(f"2026-07-{day:02}T10:00:00", day * 7_654_321)
        for turn in turns:
            kept.turn(turn)
        dumps.append(kept.dump())
        kept.close()
    assert dumps[0] == dumps[1]


@pytest.mark.parametrize("at_once", [1, 2, 500])
def test_a_run_takes_all_that_came_in_by_then(tmp_path, at_once):
    """However much is done in one transaction, the payments of the run's own instant among it."""
    kept = Kept(tmp_path / "ledger.sqlite", at_once=at_once)
    buyers = [f"2100000000{number:02}" for number in range(1, 4)]
    kept.apply(
        **selling(
            accounts=(account_definition(), *(buyer_definition(id=each) for each in buyers)),
            agreements=[
                agreement_definition(id=f"agmt-{each}", buyer=each, customer_identifier=each)
                for each in buyers
            ],
        )
    )
    for number in range(1, 4):
        kept.use("2026-05-14T10:00:00", 10_000_000, customer=number + 1, agreement=number)
    kept.turn("2026-06-01T06:00:00")
    payouts = kept.rows("SELECT amount FROM payout")
    kept.close()
    assert payouts == [(1455,)]


def test_a_price_that_changes_within_the_month(kept):
    """Splits it at the hour after the change."""
    kept.apply(**selling())
    kept.use("2026-05-14T10:00:00", 10_000_000)
    kept.now = at("2026-05-14T10:30:00")
    dearer = dimension_definition(price="0.80")
    kept.apply(**selling(product={"dimensions": (dearer,)}))
    kept.use("2026-05-14T10:59:00", 10_000_000, resource="later")
    kept.use("2026-05-14T11:00:00", 10_000_000)
    kept.turn("2026-06-01T06:00:00")
    assert kept.amounts() == [("2026-05", "usage", 1000), ("2026-05", "usage", 800)]


def test_tiers_go_on_where_the_price_changes(kept):
    """The month's units are counted through."""
    tiers = (Tier(price="1.00", up_to="10"), Tier(price="0.50"))
    kept.apply(**selling(product={"dimensions": (dimension_definition(tiers=tiers),)}))
    kept.use("2026-05-14T10:00:00", 8_000_000)
    kept.now = at("2026-05-14T12:00:00")
    dearer = (Tier(price="2.00", up_to="10"), Tier(price="1.00"))
    kept.apply(**selling(product={"dimensions": (dimension_definition(tiers=dearer),)}))
    kept.use("2026-05-14T12:00:00", 5_000_000)
    kept.turn("2026-06-01T06:00:00")
    assert kept.amounts() == [("2026-05", "usage", 800), ("2026-05", "usage", 700)]


def test_a_free_trial_that_ends_within_the_month(kept):
    """What was used before is free, and told."""
    trial = {"agreement": {"free_trial_ends": month(5).replace(day=14, hour=12)}}
    kept.apply(**selling(**trial))
    kept.use("2026-05-14T11:59:00", 10_000_000)
    kept.use("2026-05-14T12:00:00", 10_000_000)
    kept.turn("2026-06-01T06:00:00")
    assert kept.amounts() == [("2026-05", "free-trial", 0), ("2026-05", "usage", 500)]


def test_a_product_with_a_trial_for_everybody(kept):
    """So many days from each agreement's acceptance."""
    kept.apply(**selling(product={"free_trial_days": 30}, agreement={"starts": month(5)}))
    kept.use("2026-05-30T23:00:00", 10_000_000)
    kept.use("2026-05-31T00:00:00", 10_000_000)
    kept.turn("2026-06-01T06:00:00")
    assert kept.amounts() == [("2026-05", "free-trial", 0), ("2026-05", "usage", 500)]


def test_a_month_free_of_charge_has_no_invoice(kept):
    """Its charges say what was used."""
    kept.apply(**selling(agreement={"demonstration": True}))
    kept.use("2026-05-14T10:00:00")
    kept.turn("2026-06-01T06:00:00")
    assert (kept.amounts(), kept.balances()) == ([("2026-05", "demonstration", 0)], {})


def test_a_contract_is_billed_when_it_is_accepted(kept):
    """And its consumption at the month's end."""
    kept.apply(**selling(), taxes=())
    kept.apply(**(selling() | seats()))
    kept.settle()
    assert kept.amounts() == [("2026-02", "contract-fee", 12_000)]
    assert instants(kept, "invoice") == ["2026-02-01T00:00:00Z"]


def test_a_schedule_is_billed_on_its_dates(kept):
    """Across a year's end."""
    schedule = (
        ScheduledPayment(at=month(6).replace(day=30), amount="100.00"),
        ScheduledPayment(at=month(1).replace(year=2027), amount="50.00"),
    )
    kept.apply(**(selling() | seats(payment_schedule=schedule)))
    kept.turn("2027-06-01T00:00:00")
    assert instants(kept, "invoice") == ["2026-06-30T00:00:00Z", "2027-01-01T00:00:00Z"]
    assert kept.amounts() == [
        ("2026-06", "scheduled-payment", 10_000),
        ("2027-01", "scheduled-payment", 5_000),
    ]


def test_what_is_told_of_a_closed_month_is_booked_at_its_close(kept):
    """Nothing dated in it is added any more."""
    kept.apply(**selling())
    kept.use("2026-05-14T10:00:00")
    kept.turn("2026-06-02T00:00:00")
    closed = kept.rows("SELECT * FROM charge WHERE month = '2026-05'")
    kept.apply(**(selling() | seats()))
    kept.turn("2026-06-03T00:00:00")
    assert kept.rows("SELECT * FROM charge WHERE month <= '2026-05'") == closed
    assert instants(kept, "invoice")[-1] == "2026-06-01T06:00:00Z"


def test_usage_that_came_after_its_month_was_closed(kept):
    """As where the clock was turned back: it is billed with the next month, once."""
    kept.apply(**selling())
    kept.use("2026-05-14T10:00:00", 2_000_000)
    kept.turn("2026-06-01T06:00:00")
    kept.turn("2026-05-20T00:00:00")
    kept.use("2026-05-20T00:00:00", 3_000_000)
    kept.turn("2026-07-01T06:00:00")
    kept.turn("2026-08-01T06:00:00")
    assert kept.amounts() == [("2026-05", "usage", 100), ("2026-06", "usage", 150)]
    assert kept.rows("SELECT description FROM charge WHERE month = '2026-06'") == [
        ("users, Users, late",)
    ]


def test_a_month_is_closed_even_if_nobody_has_a_fee_or_usage_later(kept):
    """One with a fee alone, too."""
    kept.apply(**(selling() | seats()))
    kept.settle()
    assert kept.rows("SELECT month, stage FROM month_close") == [("2026-02", "closed")]


def test_a_month_of_the_last_year(kept):
    """The calendar's end is no obstacle, and months with nothing are passed over."""
    kept.apply(**selling())
    kept.use("2026-05-14T10:00:00")
    kept.turn("9999-12-31T23:59:59")
    assert kept.rows("SELECT month FROM month_close") == [("2026-05",)]


def test_usage_beyond_what_a_number_holds(kept):
    """Is summed all the same, and not charged; everybody else's month is closed."""
    kept.apply(**selling())
    for hour in range(24):
        for resource in range(50):
            kept.use(f"2026-05-13T{hour:02}:00:00", 10**16 - 1, resource=str(resource))
    kept.turn("2026-06-01T06:00:00")
    quantity = kept.rows("SELECT quantity FROM charge")
    assert (quantity, kept.amounts()) == (
        [(str(1200 * (10**16 - 1)),)],
        [("2026-05", "usage", 0)],
    )


@pytest.mark.parametrize(
    ("policy", "status", "paid_at"),
    [
        (Collection(), "paid", "2026-06-01T06:00:00Z"),
        (Collection(pays="on-time"), "paid", "2026-07-01T06:00:00Z"),
        (Collection(pays="late", days=10), "paid", "2026-07-11T06:00:00Z"),
        (Collection(pays="never"), "open", None),
        (Collection(pays="never", written_off_days=20), "written-off", "2026-07-21T06:00:00Z"),
        (
            Collection(pays="late", days=30, written_off_days=20),
            "written-off",
            "2026-07-21T06:00:00Z",
        ),
    ],
)
def test_a_buyer_keeps_to_its_policy(kept, policy, status, paid_at):
    """Paid, open or given up, each on its day."""
    kept.apply(**selling(collection=policy))
    kept.use("2026-05-14T10:00:00")
    kept.turn("2026-12-01T00:00:00")
    when = kept.rows("SELECT at FROM ledger_transaction WHERE action IN ('COLLECTED', 'FORGIVEN')")
    assert kept.rows("SELECT status FROM invoice_standing") == [(status,)]
    assert [format_instant(at) for (at,) in when] == ([] if paid_at is None else [paid_at])


def test_a_seller_is_paid_on_its_day(kept):
    """What came in until then; what came later waits for the next."""
    kept.apply(
        **selling(seller={"disbursement": Disbursement(day=15)}, collection=Collection(pays="late"))
    )
    for number in (5, 6):
        kept.use(f"2026-{number:02}-14T10:00:00")
    kept.turn("2026-09-01T06:00:00")
    rows = kept.rows("SELECT starts, at FROM payout ORDER BY at")
    assert [(format_instant(starts), format_instant(ends)) for starts, ends in rows] == [
        ("2026-07-01T06:00:00Z", "2026-07-15T06:00:00Z"),
        ("2026-07-15T06:00:00Z", "2026-08-15T06:00:00Z"),
    ]


def test_a_seller_who_owes_waits_for_more(kept):
    """What was given back is taken off the next payout."""
    kept.apply(**selling())
    kept.use("2026-05-14T10:00:00", 10_000_000)
    kept.use("2026-07-14T10:00:00", 10_000_000)
    kept.turn("2026-06-02T00:00:00")
    charge = kept.rows("SELECT id FROM charge")[0][0]
    kept.payments.give_back(AdjustmentKind.REFUND, charge, "2.00", "")
    kept.turn("2026-08-01T06:00:00")
    assert kept.rows("SELECT amount FROM payout ORDER BY at") == [(485,), (291,)]


def test_currencies_without_minor_units(kept):
    """Half a yen is one."""
    yen = {"currency": "JPY", "dimensions": (dimension_definition(price="0.5"),)}
    kept.apply(**selling(product=yen))
    kept.use("2026-05-14T10:00:00", 3_000_000)
    kept.turn("2026-06-01T06:00:00")
    assert (kept.amounts(), kept.balances()) == ([("2026-05", "usage", 2)], {})


def test_a_policy_and_a_payment_that_comes_before_it(kept):
    """It is paid once."""
    kept.apply(**selling(collection=Collection(pays="on-time")))
    kept.use("2026-05-14T10:00:00", 10_000_000)
    kept.turn("2026-06-01T06:00:00")
    kept.payments.pay(kept.rows("SELECT id FROM invoice")[0][0], None)
    kept.turn("2026-12-01T00:00:00")
    assert kept.rows("SELECT count(*) FROM ledger_transaction WHERE action = 'COLLECTED'") == [(1,)]


def test_a_month_that_has_not_ended(kept):
    """Cannot be closed."""
    refused = refusal_of(kept.billing.check_ended, parse_month("2026-05"), kept.now)
    assert refused == (
        MonthEndRefused,
        "2026-05 is closed at 2026-06-01T06:00:00Z, when no more usage of it is accepted; it is "
        "2026-05-14T00:00:00Z. Advance the clock first.",
    )


def test_when_there_is_something_to_do_next(kept):
    """The close of the month with usage, then the payment; nothing after that."""
    kept.apply(**selling(collection=Collection(pays="on-time")))
    found = [kept.billing.next_instant()]
    kept.use("2026-05-14T10:00:00")
    for turn in ("2026-05-20T00:00:00", "2026-06-01T06:00:00", "2026-07-01T06:00:00"):
        kept.turn(turn)
        found.append(kept.billing.next_instant())
    assert [None if each is None else format_instant(each) for each in found] == [
        None,
        "2026-06-01T06:00:00Z",
        "2026-07-01T06:00:00Z",
        None,
    ]


def test_a_customer_with_more_charges_than_are_invoiced_at_once(tmp_path):
    """Has one invoice all the same, as everybody has."""
    kept = Kept(tmp_path / "ledger.sqlite", at_once=1)
    dimensions = (dimension_definition(), dimension_definition("gb"), dimension_definition("calls"))
    kept.apply(**selling(product={"dimensions": dimensions}))
    for number in range(1, 4):
        kept.use("2026-05-14T10:00:00", dimension=number)
    kept.turn("2026-06-01T06:00:00")
    found = (kept.rows("SELECT count(*) FROM charge"), kept.rows("SELECT billed FROM invoice"))
    kept.close()
    assert found == ([(3,)], [(150,)])


def test_books_that_begin_on_demand(ledger):
    """Nothing is billed of the past before somebody asks, or the first close comes."""
    kept = Kept(ledger)
    kept.apply(**(selling() | seats()))
    found = []
    for begin, now in ((False, kept.now), (True, kept.now), (False, at("2026-06-01T06:00:00"))):
        billing = Billing(kept.books, kept.now, Opening.ON_DEMAND)
        planned = billing.next_instant()
        if begin:
            billing.begin()
        billing.settle(now)
        found.append((planned, len(kept.amounts())))
    kept.close()
    first_close = at("2026-06-01T06:00:00")
    assert found == [(first_close, 0), (first_close, 1), (None, 1)]


def test_a_fee_has_no_usage_records_behind_it(kept):
    """It is explained by its steps alone."""
    kept.apply(**(selling() | seats()))
    kept.settle()
    charge = kept.rows("SELECT id FROM charge")[0][0]
    explained = explain(charge, 0, 10, statements=kept.statements, books=kept.books)
    assert (explained.records, explained.line.charge.steps[0].quantity) == ((), "10")
