"""The types of data sets: how often each is published, since when, and which time it covers.

A publication date is a day, given as the instant of its midnight in UTC. What a data set of that
date tells lies before it.
"""

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Any

import msgspec

from waag.domain.analytics.choices import AnalyticsChoices, Available
from waag.domain.analytics.refusals import (
    ColumnsUnknown,
    NothingDisbursed,
    NotPublished,
    PublishedNever,
)
from waag.domain.instants import (
    DAY,
    INSTANT_MAX,
    INSTANT_MIN,
    SECOND,
    Instant,
    format_instant,
    parse_instant,
    start_of_month,
)

LOOK_BACK_DAYS = 31
"""Over so many days, the one asked for among them, the latest disbursement report is looked for.

Source: DataSetPublicationDate.
"""

MONTHLY_ON = 15
"""The day of the month on which monthly data sets are published. Source: DataSetType."""


class Cadence(Enum):
    """How often a data set is published."""

    DAILY = "daily"
    MONTHLY = "monthly"
    DISBURSEMENT = "disbursement"
    """With each disbursement report."""


class Coverage(msgspec.Struct, frozen=True):
    """The time that a data set tells of: `ends` is its last second, of a support export its end.

    Source: the metadata file's dataSetCoverageRange.
    """

    starts: Instant
    ends: Instant


class DisbursementReport(msgspec.Struct, frozen=True):
    """A report that came with a payout to a seller.

    Attributes:
        published: midnight of the day of publication.
        covers: the settlement period.
    """

    published: Instant
    covers: Coverage


class DataSet(msgspec.Struct, frozen=True):
    """What a data set tells.

    Attributes:
        columns: the header.
        rows: as many values each as there are columns; read once, while it is delivered.
    """

    columns: Sequence[str]
    rows: Iterator[Sequence[str]]


class DataSetType(msgspec.Struct, frozen=True):
    """One of the types of GenerateDataSet.

    Attributes:
        first: midnight of the earliest publication date.
        days_back: how many days before its publication the day lies that a daily one tells of.
        unknown: why nobody can build it; None if it can be built.
    """

    name: str
    cadence: Cadence
    first: Instant
    days_back: int = 1
    unknown: str | None = None


class Publication(msgspec.Struct, frozen=True):
    """A data set that has been published.

    Attributes:
        asked: midnight of the day that was asked for.
        published: midnight of the day it is dated.
    """

    asked: Instant
    published: Instant
    covers: Coverage


_FIRST = "2017-09-15"
_NEVER_PUBLISHED = (
    "AWS has deprecated it and never published its columns, so nobody knows what a file of it holds"
)


def _type(name: str, cadence: Cadence, first: str = _FIRST, **more: Any) -> DataSetType:
    return DataSetType(name, cadence, parse_instant(f"{first}T00:00:00Z"), **more)


DATA_SET_TYPES = {
    each.name: each
    for each in (
        _type("customer_subscriber_hourly_monthly_subscriptions", Cadence.DAILY),
        _type("customer_subscriber_annual_subscriptions", Cadence.DAILY),
        _type("daily_business_usage_by_instance_type", Cadence.DAILY),
        _type("daily_business_fees", Cadence.DAILY, days_back=3),
        _type("daily_business_free_trial_conversions", Cadence.DAILY),
        _type("daily_business_new_instances", Cadence.DAILY),
        _type("daily_business_new_product_subscribers", Cadence.DAILY),
        _type("daily_business_canceled_product_subscribers", Cadence.DAILY),
        _type("monthly_revenue_billing_and_revenue_data", Cadence.MONTHLY),
        _type("monthly_revenue_annual_subscriptions", Cadence.MONTHLY),
        _type("monthly_revenue_field_demonstration_usage", Cadence.MONTHLY, "2018-03-15"),
        _type("monthly_revenue_flexible_payment_schedule", Cadence.MONTHLY, "2018-11-15"),
        _type("disbursed_amount_by_product", Cadence.DISBURSEMENT),
        _type(
            "disbursed_amount_by_product_with_uncollected_funds",
            Cadence.DISBURSEMENT,
            unknown=f"{_NEVER_PUBLISHED}; disbursed_amount_by_product, "
            "disbursed_amount_by_age_of_uncollected_funds and "
            "disbursed_amount_by_age_of_disbursed_funds have taken its place",
        ),
        _type("disbursed_amount_by_instance_hours", Cadence.DISBURSEMENT),
        _type("disbursed_amount_by_customer_geo", Cadence.DISBURSEMENT),
        _type("disbursed_amount_by_age_of_uncollected_funds", Cadence.DISBURSEMENT),
        _type("disbursed_amount_by_age_of_disbursed_funds", Cadence.DISBURSEMENT),
        _type("disbursed_amount_by_age_of_past_due_funds", Cadence.DISBURSEMENT, "2018-04-07"),
        _type(
            "disbursed_amount_by_uncollected_funds_breakdown", Cadence.DISBURSEMENT, "2019-10-04"
        ),
        _type("customer_profile_by_industry", Cadence.DAILY, unknown=_NEVER_PUBLISHED),
        _type("customer_profile_by_revenue", Cadence.DAILY, unknown=_NEVER_PUBLISHED),
        _type("customer_profile_by_geography", Cadence.DAILY, unknown=_NEVER_PUBLISHED),
        _type("sales_compensation_billed_revenue", Cadence.MONTHLY),
        _type("us_sales_and_use_tax_records", Cadence.MONTHLY),
    )
}
"""By name, in the model's order.

Source: DataSetType; first dates of the later ones from older texts of the same.
"""


def check_known(data_set: DataSetType) -> None:
    """Refuse a type that nobody can build.

    Raises:
        ColumnsUnknown: with the reason.
    """
    if data_set.unknown is not None:
        raise ColumnsUnknown(f"{data_set.name} cannot be generated: {data_set.unknown}.")


def published_on(data_set: DataSetType, asked: Instant) -> Instant:
    """Midnight of the day by which a request is judged: of a month, the day of its publication."""
    if not INSTANT_MIN <= asked <= INSTANT_MAX:
        return asked
    if data_set.cadence is Cadence.MONTHLY:
        return start_of_month(asked) + (MONTHLY_ON - 1) * DAY
    return asked - asked % DAY


def check_publication(
    data_set: DataSetType,
    asked: Instant,
    *,
    joined: Instant | None,
    choices: AnalyticsChoices,
    now: Instant,
) -> Instant:
    """The day by which a request is judged, once it is sure that a data set may be of that day.

    Args:
        data_set: which.
        asked: any instant of the day that is asked for; of the month, if it is monthly.
        joined: since when the seller sells; None if nobody knows.
        choices: when a data set can be had.
        now: what the clock shows.

    Raises:
        PublishedNever: from before there was any.
        NotPublished: it is not there yet.
    """
    day = published_on(data_set, asked)
    shown = _written_day(day)
    if day < data_set.first:
        raise PublishedNever(
            f"{data_set.name} is published {_cadence(data_set)} since "
            f"{_written_day(data_set.first)}; there is none of {shown}."
        )
    if joined is not None and day < joined - joined % DAY:
        raise PublishedNever(
            f"The seller joined on {_written_day(joined)}; there is no data set of {shown}, from "
            "before that."
        )
    available = day + DAY if choices.data_set_available is Available.END_OF_DAY else day
    if now < available:
        raise NotPublished(
            f"{data_set.name} of {shown} is available from {format_instant(available)} on; it is "
            f"{format_instant(now)}."
        )
    return day


def look_back_from(day: Instant) -> Instant:
    """Midnight of the first day on which a disbursement report is looked for."""
    return day - (LOOK_BACK_DAYS - 1) * DAY


def publication_of(
    data_set: DataSetType, asked: Instant, day: Instant, report: DisbursementReport | None
) -> Publication:
    """What was published on a day that has passed `check_publication`.

    Args:
        data_set: which.
        asked: any instant of the day that is asked for.
        day: as `check_publication` answered.
        report: the latest since `look_back_from`, for a data set that comes with these.

    Raises:
        NothingDisbursed: it comes with disbursement reports, and there is none.
    """
    asked_day = asked - asked % DAY
    if data_set.cadence is Cadence.DISBURSEMENT:
        if report is None:
            raise NothingDisbursed(
                f"Nothing was disbursed: no disbursement report was published from "
                f"{_written_day(look_back_from(day))} to {_written_day(day)}, the "
                f"{LOOK_BACK_DAYS} days up to the one asked for."
            )
        return Publication(asked_day, report.published, report.covers)
    if data_set.cadence is Cadence.MONTHLY:
        ends = start_of_month(day)
        covers = Coverage(start_of_month(ends - 1), ends - SECOND)
    else:
        starts = day - data_set.days_back * DAY
        covers = Coverage(starts, starts + DAY - SECOND)
    return Publication(asked_day, day, covers)


def _cadence(data_set: DataSetType) -> str:
    return {
        Cadence.DAILY: "daily",
        Cadence.MONTHLY: f"on the {MONTHLY_ON}th of each month",
        Cadence.DISBURSEMENT: "with each disbursement",
    }[data_set.cadence]


def _written_day(instant: Instant) -> str:
    return format_instant(instant).partition("T")[0]
