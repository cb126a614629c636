"""Figures of the history, each worked out by hand."""

import pytest
from history import MOLEN, RESELLER, SELLER, SLUIS, VAART, lived, seats, when

from builders import agreement_definition, at, dimension_definition, product_definition
from waag.domain.agreements import Subscription
from waag.domain.analytics.choices import Available
from waag.domain.analytics.data_sets import Coverage, DisbursementReport
from waag.domain.billing.adjustments import AdjustmentKind
from waag.domain.billing_terms import ScheduledPayment
from waag.domain.instants import HOUR
from waag.domain.market import DimensionType, Entitlement, Integration, OfferKind, ProductType

USAGE = "daily_business_usage_by_instance_type"
FEES = "daily_business_fees"
TRIALS = "daily_business_free_trial_conversions"
BILLING = "monthly_revenue_billing_and_revenue_data"
ANNUAL = "monthly_revenue_annual_subscriptions"
COUNTS = (
    "New Free Trials",
    "Total Current Free Trials",
    "Converted Free Trials",
    "Non-Converted Free Trials",
)
BILLED = (
    "Customer Billed Amount",
    "AWS Listing Fee",
    "Refunds Amount",
    "AWS Fee Refund",
    "Cost",
    "Partner Revenue Amount",
    "U.S. Sales Tax Customer Billed Amount",
    "U.S. Sales Tax Refunds Amount",
)


def test_usage_of_a_day(past):
    """12 users at 0.50; of 120 GB the last 60 were used that day: 40 at 0.10 and 20 at 0.08."""
    told = past.picked(USAGE, "2026-02-11", "Instance Type", "Usage Units", "Estimated Revenue")
    assert told == [("gb", "60", "5.60"), ("users", "12", "6.00")]


def test_usage_of_a_trial(past):
    """Five hours on the sixth day of seven free ones cost nothing."""
    told = past.picked(
        USAGE, "2026-02-09", "Usage Units", "Offering Description", "Estimated Revenue"
    )
    assert told == [("5", "Free Trial", "0.00")]


def test_fees_are_three_days_back(past):
    """The data set of the 13th has the payment of the 10th; the one of the 11th has nothing."""
    told = [past.picked(FEES, f"2026-02-{day}", "Amount") for day in (11, 13)]
    assert told == [[], [("6000.00",)]]


def test_a_fee_of_what_another_sells(past):
    """Of five seats at 12.00 the seller is told of its four fifths, the reseller of all."""
    told = [
        past.picked(FEES, "2026-02-08", "Amount", "Quantity", "Dimension", seller=seller)
        for seller in (SELLER, RESELLER)
    ]
    assert told == [[("48.00", "5", "seats")], [("60.00", "5", "seats")]]


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        ("2026-02-04", ("1", "1", "0", "0")),
        ("2026-02-06", ("0", "1", "0", "0")),
        ("2026-02-11", ("0", "0", "1", "0")),
    ],
)
def test_a_trial(past, day, counts):
    """It begins on the third, runs seven days, and goes on paid; the demonstration is none."""
    assert past.picked(TRIALS, day, *COUNTS) == [counts]


def test_no_trials(past):
    """Once it is over, nothing is told of it."""
    assert past.told(TRIALS, "2026-02-12") == []


def test_a_month(past):
    """6.00 + 11.60 with 3 % fee and 10 % tax; 24 hours at 0.10 with 20 % fee."""
    assert past.picked(BILLING, "2026-03-15", "Product Code", *BILLED) == [
        ("analytics", "17.60", "-0.53", "0.00", "0.00", "0.00", "17.07", "1.76", "0.00"),
        ("scanner", "2.40", "-0.48", "0.00", "0.00", "0.00", "1.92", "0.00", "0.00"),
    ]


def test_a_refund_in_the_month_after(past):
    """2.00 of 17.60 take back 0.06 of the fee of 0.53, and 0.20 of tax."""
    assert past.picked(BILLING, "2026-04-15", *BILLED) == [
        ("0.00", "0.00", "-2.00", "0.06", "0.00", "-1.94", "0.00", "-0.20")
    ]


def test_contracts_of_a_month(past):
    """A payment of 6,000 with 3 %; the supplier's 48.00 of 60.00 with 3.5 %."""
    names = ("Customer AWS Account Number", *BILLED[:2], "Partner Revenue Amount")
    assert past.picked(ANNUAL, "2026-03-15", *names) == [
        (MOLEN, "6000.00", "-180.00", "5820.00"),
        (SLUIS, "48.00", "-1.68", "46.32"),
    ]


def test_a_reseller(past):
    """It bills 60.00, owes 48.00 for goods and 3.5 % of the 12.00 that it keeps."""
    assert past.picked(ANNUAL, "2026-03-15", *BILLED[:6], seller=RESELLER) == [
        ("60.00", "-0.42", "0.00", "0.00", "-48.00", "11.58")
    ]


def test_a_resellers_payout(past):
    """What it owes for goods is off its revenue."""
    names = ("SellerRev", "AWSRefFee", "Net Amount")
    told = past.picked("disbursed_amount_by_product", "2026-04-04", *names, seller=RESELLER)
    assert told == [("12.00", "-0.42", "11.58")]


def test_a_payout_by_place(past):
    """5,820 + 600 of the schedule and 17.07 + 1.76 of usage, all to Seattle."""
    names = ("Disbursed Amount", "City", "Net Amount By Tax Location", "Seller U.S. Sales Tax")
    assert past.picked("disbursed_amount_by_customer_geo", "2026-03-04", *names) == [
        ("6438.83", "Seattle", "5837.07", "601.76")
    ]


@pytest.mark.parametrize(
    ("age", "spans"),
    [
        # Seats of March 116.40 (15 days), hours 1.92 (34 days), seats of January 116.40 (79 days).
        ("uncollected", ["116.40", "1.92", "116.40", "0.00", "0.00", "234.72"]),
        # 46.32 came in on 17 March of a bill of 5 February, and -1.94 of one of 1 March, paid out
        # on 1 April: 55 and 31 days.
        ("disbursed", ["0.00", "44.38", "0.00", "0.00", "0.00", "44.38"]),
        # Due on 31 March (4 days ago) and on 14 February (49 days ago).
        ("past_due", ["1.92", "116.40", "0.00", "0.00", "0.00", "118.32"]),
    ],
)
def test_ages(past, age, spans):
    """Amounts stand in the span of the days that they are old on 4 April."""
    told = past.told(f"disbursed_amount_by_age_of_{age}_funds", "2026-04-04")
    assert [list(row.values()) for row in told] == [spans]


def test_the_breakdown_is_sorted_by_due_date(past):
    """What is due first stands first."""
    told = past.picked(
        "disbursed_amount_by_uncollected_funds_breakdown",
        "2026-04-04",
        "Payer AWS Account Number",
        "Payment Due date",
    )
    assert told == [(VAART, "2026-02-14"), (SLUIS, "2026-03-31"), (VAART, "2026-04-19")]


def test_rates_of_a_payout(past):
    """Both tiers of the GB have a row; users and hours are counted only of prices per hour."""
    names = ("Usage Type Description", "Rate", "User Count", "Instance Hours")
    assert past.picked("disbursed_amount_by_instance_hours", "2026-03-04", *names) == [
        ("Usage, gb", "0.08", "1", "NA"),
        ("Usage, gb", "0.1", "1", "NA"),
        ("Usage, users", "0.5", "1", "NA"),
        ("Scheduled Payment", "6000", "1", "NA"),
    ]


def test_hours_of_a_payout(tmp_path):
    """Hours at a price per hour are summed over customers and charges."""
    with lived(tmp_path / "ledger.db") as past:
        past.turn("2026-06-01T07:00:00")
        names = ("Usage Type Description", "Rate", "User Count", "Instance Hours")
        told = past.picked("disbursed_amount_by_instance_hours", "2026-05-04", *names)
    assert told == [("Usage, m5.large", "0.1", "1", "24")]


def test_the_latest_report(past):
    """The payout of the first is reported on the fourth, with its settlement period."""
    report = past.data_sets.latest_disbursement(
        SELLER, at("2026-03-01T00:00:00"), at("2026-03-31T00:00:00")
    )
    covers = Coverage(at("2026-02-10T00:00:00"), at("2026-03-01T06:00:00"))
    assert report == DisbursementReport(at("2026-03-04T00:00:00"), covers)


def test_no_report(past):
    """Without a payout three days before any of the days there is none."""
    days = at("2026-03-05T00:00:00"), at("2026-04-03T00:00:00")
    assert past.data_sets.latest_disbursement(SELLER, *days) is None


@pytest.mark.parametrize(
    ("available", "units"),
    [(Available.END_OF_DAY, [("5",)]), (Available.START_OF_DAY, [])],
    ids=["end-of-day", "start-of-day"],
)
def test_usage_that_came_the_day_after(tmp_path, available, units):
    """It counts if it was there by the time from which the data set can be had."""
    with lived(tmp_path / "ledger.db") as past:
        past.measure("agmt-demo", "m5.large", "2026-04-18T23:30:00", 5)
        past.available = available
        told = past.picked(USAGE, "2026-04-19", "Usage Units")
    assert told == units


def test_usage_that_came_too_late(tmp_path):
    """What came when the data set could be had already is not in it."""
    with lived(tmp_path / "ledger.db") as past:
        past.use(
            "2026-04-17T10:00:00",
            5_000_000,
            agreement=1,
            product=1,
            customer=3,
            dimension=1,
            received_at=at("2026-04-19T00:00:00") + HOUR,
        )
        told = past.told(USAGE, "2026-04-18")
    assert told == []


@pytest.mark.parametrize(
    ("subscribes", "counts"),
    [(True, ("1", "1", "1", "0")), (False, ("0", "0", "0", "1"))],
    ids=["paid", "gone"],
)
def test_a_free_trial_offer(tmp_path, subscribes, counts):
    """It is converted if the customer has another agreement when it ends.

    That one begins with the seven free days of its own.
    """
    with lived(tmp_path / "ledger.db") as past:
        past.commands.subscribe(
            Subscription("scanner", SLUIS, OfferKind.FREE_TRIAL, at("2026-04-25T00:00:00"))
        )
        past.turn("2026-04-25T00:00:00")
        if subscribes:
            past.commands.subscribe(Subscription("scanner", SLUIS))
        past.turn("2026-04-28T00:00:00")
        told = past.picked(TRIALS, "2026-04-26", *COUNTS)
    assert told == [counts]


def test_currencies_without_minor_units(tmp_path):
    """Amounts have two places at least; what is not in dollars has no dollar amount."""
    with lived(tmp_path / "ledger.db") as past:
        past.apply(
            products=(
                product_definition(
                    id="prod-yen0000000001",
                    code="yen",
                    currency="JPY",
                    dimensions=(dimension_definition(price="12"),),
                ),
            ),
            agreements=(
                agreement_definition(
                    id="agmt-yen",
                    product="prod-yen0000000001",
                    customer_identifier="yen-1",
                    starts=when("2026-04-20"),
                    payment_schedule=(ScheduledPayment(at=when("2026-04-20"), amount="1200"),),
                    ends=when("2027-04-20"),
                ),
            ),
        )
        past.turn("2026-05-16T00:00:00")
        schedule = past.picked(
            "monthly_revenue_flexible_payment_schedule",
            "2026-05-15",
            "Total Contract Value (USD)",
            "Invoice Amount (USD)",
        )
        billed = past.picked(ANNUAL, "2026-05-15", "Customer Billed Amount", "Currency")
    assert (schedule, billed) == ([("", "")], [("1200.00", "JPY")])


def test_a_monthly_fee_is_no_annual_subscription(tmp_path):
    """What is paid by the month is billed with usage, and subscribed to by the month."""
    with lived(tmp_path / "ledger.db") as past:
        dimension = dimension_definition(
            "seats", type=DimensionType.ENTITLED, price="10", per="month"
        )
        past.apply(
            products=(
                product_definition(
                    id="prod-monthly000001",
                    code="monthly",
                    integration=Integration.CONCURRENT,
                    type=ProductType.SAAS_CONTRACT,
                    dimensions=(dimension,),
                ),
            ),
            agreements=(
                seats(
                    9,
                    product="prod-monthly000001",
                    starts=when("2026-04-20"),
                    ends=when("2027-04-20"),
                ),
            ),
        )
        past.turn("2026-05-16T00:00:00")
        subscribed = past.picked(
            "customer_subscriber_hourly_monthly_subscriptions", "2026-05-15", "Product Code"
        )
        billed = past.picked(BILLING, "2026-05-15", "Product Code", "Customer Billed Amount")
    assert (("monthly",) in subscribed, billed) == (True, [("monthly", "50.00")])


@pytest.mark.parametrize(
    "given", [{"fails": True}, {"starts": at("2026-04-21T00:00:00")}], ids=["failed", "cancelled"]
)
def test_who_never_was_a_subscriber(tmp_path, given):
    """Whose payment failed, or who cancelled before it began, is neither new nor cancelled."""
    with lived(tmp_path / "ledger.db") as past:
        agreed = past.commands.subscribe(Subscription("scanner", SLUIS, **given))
        if agreed.ends is None:
            past.commands.cancel(agreed.id)
        past.turn("2026-04-25T00:00:00")
        told = [
            past.told(f"daily_business_{what}_product_subscribers", f"2026-04-{day}")
            for what in ("new", "canceled")
            for day in (21, 22)
        ]
    assert told == [[], [], [], []]


@pytest.mark.parametrize(
    ("data_set", "day"),
    [
        ("daily_business_canceled_product_subscribers", "2026-03-21"),
        ("daily_business_new_product_subscribers", "2026-03-21"),
        (FEES, "2026-03-14"),
        (TRIALS, "2026-03-14"),
        ("us_sales_and_use_tax_records", "2026-05-15"),
        ("monthly_revenue_flexible_payment_schedule", "2026-04-15"),
    ],
)
def test_nothing_to_tell(past, data_set, day):
    """A renewal is neither an end nor a beginning; what was before is told no more."""
    assert past.csv(data_set, day).count(b"\n") == 1


def test_what_comes_to_nothing_is_no_compensation(tmp_path):
    """What was billed and given back in the same month is left out."""
    with lived(tmp_path / "ledger.db") as past:
        past.commands.subscribe(
            Subscription(
                "vault",
                VAART,
                OfferKind.PUBLIC,
                at("2027-04-20T00:00:00"),
                (Entitlement("seats", 1),),
            )
        )
        agreed = past.rows("SELECT id FROM agreement ORDER BY number DESC LIMIT 1")[0][0]
        charge = past.charge(agreed, "annual-fee")
        past.payments.give_back(AdjustmentKind.REFUND, charge, None, "mistaken")
        billed = past.picked(ANNUAL, "2026-05-15", *BILLED[:6])
        compensation = past.told("sales_compensation_billed_revenue", "2026-05-15")
    assert (billed, compensation) == (
        [("12.00", "-0.36", "-12.00", "0.36", "0.00", "0.00")],
        [],
    )
