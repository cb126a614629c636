"""Which data sets there are, of which dates, and which time they cover."""

from typing import get_args

import pytest

from waag.domain.analytics.choices import AnalyticsChoices, Available
from waag.domain.analytics.data_sets import (
    DATA_SET_TYPES,
    Coverage,
    DisbursementReport,
    check_known,
    check_publication,
    look_back_from,
    publication_of,
)
from waag.domain.analytics.refusals import (
    ColumnsUnknown,
    NothingDisbursed,
    NotPublished,
    PublishedNever,
)
from waag.domain.instants import DAY, format_instant, parse_instant
from waag.wire.generated import commerce_analytics as wire

DAILY = DATA_SET_TYPES["daily_business_new_instances"]
FEES = DATA_SET_TYPES["daily_business_fees"]
MONTHLY = DATA_SET_TYPES["sales_compensation_billed_revenue"]
PAID = DATA_SET_TYPES["disbursed_amount_by_product"]
OVERDUE = DATA_SET_TYPES["disbursed_amount_by_age_of_past_due_funds"]


def at(text):
    """An instant; of a day its midnight."""
    return parse_instant(text if "T" in text else f"{text}T00:00:00Z")


def judged(data_set, asked, now, joined=None, choices=None):
    """The day that a request is judged by."""
    day = check_publication(
        data_set,
        at(asked) if isinstance(asked, str) else asked,
        joined=None if joined is None else at(joined),
        choices=choices or AnalyticsChoices(),
        now=at(now),
    )
    return format_instant(day).partition("T")[0]


def covered(data_set, asked, report=None):
    """The asked day, the published one, and what it covers."""
    day = at(judged(data_set, asked, "2030-01-01"))
    found = publication_of(data_set, at(asked), day, report)
    return [
        format_instant(each)
        for each in (found.asked, found.published, found.covers.starts, found.covers.ends)
    ]


def test_every_type_of_the_model_is_known():
    """In the model's order."""
    assert tuple(DATA_SET_TYPES) == get_args(wire.DataSetType)


@pytest.mark.parametrize(
    "name",
    [
        "disbursed_amount_by_product_with_uncollected_funds",
        "customer_profile_by_industry",
        "customer_profile_by_revenue",
        "customer_profile_by_geography",
    ],
)
def test_columns_that_nobody_knows(name):
    """The four are refused by name, with the reason."""
    with pytest.raises(ColumnsUnknown, match=f"^{name} cannot be generated: AWS has deprecated it"):
        check_known(DATA_SET_TYPES[name])


@pytest.mark.parametrize(
    ("data_set", "asked", "now", "judged_by"),
    [
        (DAILY, "2026-05-13", "2026-05-14", "2026-05-13"),
        (DAILY, "2026-05-13T23:59:59.999999Z", "2026-05-14", "2026-05-13"),
        (DAILY, "2017-09-15", "2026-05-14", "2017-09-15"),
        (MONTHLY, "2026-05-01", "2026-05-16", "2026-05-15"),
        (MONTHLY, "2026-05-31T17:00:00Z", "2026-05-16", "2026-05-15"),
        (MONTHLY, "2017-09-01", "2026-05-16", "2017-09-15"),
        (PAID, "2026-05-13", "2026-05-14", "2026-05-13"),
        (OVERDUE, "2018-04-07", "2026-05-14", "2018-04-07"),
    ],
)
def test_a_date_that_has_been(data_set, asked, now, judged_by):
    """A day, whatever its time; a month, whatever its day, is judged by its 15th."""
    assert judged(data_set, asked, now) == judged_by


@pytest.mark.parametrize(
    ("data_set", "asked", "now", "available"),
    [
        (DAILY, "2026-05-14", "2026-05-14T23:59:59.999999Z", "2026-05-15T00:00:00Z"),
        (DAILY, "2027-01-01", "2026-05-14", "2027-01-02T00:00:00Z"),
        (MONTHLY, "2026-05-01", "2026-05-15T23:59:59Z", "2026-05-16T00:00:00Z"),
        (MONTHLY, "2026-06-30", "2026-05-16", "2026-06-16T00:00:00Z"),
        (PAID, "2026-05-14", "2026-05-14T12:00:00Z", "2026-05-15T00:00:00Z"),
        (DAILY, 2**62, "2026-05-14", "4611686104827 epoch seconds"),
    ],
)
def test_a_date_that_is_not_over(data_set, asked, now, available):
    """Whoever asks is told from when on there is one."""
    with pytest.raises(NotPublished, match=f"is available from {available} on"):
        judged(data_set, asked, now)


@pytest.mark.parametrize(
    ("data_set", "asked", "joined", "why"),
    [
        (DAILY, "2017-09-14", None, "is published daily since 2017-09-15; there is none of"),
        (MONTHLY, "2017-08-31", None, "is published on the 15th of each month since 2017-09-15"),
        (OVERDUE, "2018-04-06", None, "is published with each disbursement since 2018-04-07"),
        (DAILY, "1970-01-01", None, "there is none of 1970-01-01"),
        (DAILY, -(2**62), None, "there is none of -4611686018428 epoch seconds"),
        (DAILY, "2026-03-09", "2026-03-10T15:00:00Z", "The seller joined on 2026-03-10"),
        (MONTHLY, "2026-02-28", "2026-03-10", "there is no data set of 2026-02-15"),
    ],
)
def test_a_date_before_there_was_any(data_set, asked, joined, why):
    """Nothing is from before its type was published, or before the seller joined."""
    with pytest.raises(PublishedNever, match=why):
        judged(data_set, asked, "2026-05-14", joined)


def test_the_day_on_which_the_seller_joined():
    """Is the first of which there is a data set."""
    assert judged(DAILY, "2026-03-10", "2026-05-14", "2026-03-10T15:00:00Z") == "2026-03-10"


@pytest.mark.parametrize(
    ("data_set", "asked", "now"),
    [(DAILY, "2026-05-14", "2026-05-14"), (MONTHLY, "2026-05-01", "2026-05-15")],
)
def test_available_from_the_start_of_the_day_by_choice(data_set, asked, now):
    """As the reports of the portal are."""
    choices = AnalyticsChoices(data_set_available=Available.START_OF_DAY)
    assert (
        judged(data_set, asked, now, choices=choices)
        == ("2026-05-14", "2026-05-15")[data_set is MONTHLY]
    )


@pytest.mark.parametrize(
    ("data_set", "asked", "expected"),
    [
        (
            DAILY,
            "2014-06-09T17:00:01Z".replace("2014", "2024"),
            ["2024-06-09", "2024-06-09", "2024-06-08T00:00:00Z", "2024-06-08T23:59:59Z"],
        ),
        (
            FEES,
            "2026-05-24",
            ["2026-05-24", "2026-05-24", "2026-05-21T00:00:00Z", "2026-05-21T23:59:59Z"],
        ),
        (
            MONTHLY,
            "2024-03-31",
            ["2024-03-31", "2024-03-15", "2024-02-01T00:00:00Z", "2024-02-29T23:59:59Z"],
        ),
        (
            MONTHLY,
            "2026-01-01",
            ["2026-01-01", "2026-01-15", "2025-12-01T00:00:00Z", "2025-12-31T23:59:59Z"],
        ),
    ],
)
def test_what_a_data_set_covers(data_set, asked, expected):
    """The day before, three days before for fees, the month before."""
    days, covers = expected[:2], expected[2:]
    assert covered(data_set, asked) == [f"{day}T00:00:00Z" for day in days] + covers


REPORT = DisbursementReport(at("2026-05-08"), Coverage(at("2026-04-05"), at("2026-05-05")))


def test_a_disbursement_report_is_taken_as_it_was_published():
    """With its settlement period."""
    assert covered(PAID, "2026-06-01", REPORT) == [
        "2026-06-01T00:00:00Z",
        "2026-05-08T00:00:00Z",
        "2026-04-05T00:00:00Z",
        "2026-05-05T00:00:00Z",
    ]


def test_the_look_back():
    """31 days, the one asked for among them."""
    assert look_back_from(at("2026-06-07")) == at("2026-06-07") - 30 * DAY


def test_nothing_was_disbursed():
    """The refusal names the days that were looked at."""
    with pytest.raises(NothingDisbursed, match="from 2026-05-08 to 2026-06-07, the 31 days up to"):
        covered(PAID, "2026-06-07")
