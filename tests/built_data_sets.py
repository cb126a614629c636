"""Data sets with a few rows each, in place of those that are built from the marketplace's books."""

from waag.domain.analytics.data_sets import Coverage, DataSet, DisbursementReport
from waag.domain.instants import DAY, parse_instant
from waag.services.data_set_contents import BuiltDataSets

DAILY = "daily_business_usage_by_instance_type"
FEES = "daily_business_fees"
MONTHLY = "monthly_revenue_billing_and_revenue_data"
DISBURSED = "disbursed_amount_by_product"
HUGE = "daily_business_new_instances"
EMPTY = "daily_business_new_product_subscribers"
HUGE_ROWS = 10_000
COLUMNS = ("Product Title", "Product Code")
ODD_ROWS = (('Polder "Analytics", ltd', "=1+1"), ("two\nlines", "€ 🌷"))
PAID = parse_instant("2026-05-08T00:00:00Z")
SETTLED = Coverage(PAID - 33 * DAY, PAID - 3 * DAY)


def _disbursed(_seller, since, until):
    return DisbursementReport(PAID, SETTLED) if since <= PAID <= until else None


def data_sets() -> BuiltDataSets:
    """One of each cadence; one disbursement."""

    def few(_seller, _published):
        return DataSet(COLUMNS, iter(ODD_ROWS))

    return BuiltDataSets(
        {
            DAILY: few,
            FEES: few,
            MONTHLY: few,
            DISBURSED: few,
            HUGE: lambda _seller, _published: DataSet(
                COLUMNS, (("x" * 1000, str(number)) for number in range(HUGE_ROWS))
            ),
            EMPTY: lambda _seller, _published: DataSet(COLUMNS, iter(())),
        },
        _disbursed,
    )
