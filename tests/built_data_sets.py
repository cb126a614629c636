"""Data sets with a few rows each, in place of those that are built from the marketplace's books."""

from collections.abc import Callable, Mapping

from waag.domain.analytics.data_sets import Coverage, DataSet, DisbursementReport
from waag.domain.instants import DAY, Instant, parse_instant

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


class BuiltDataSets:
    """Implements the port `DataSets`: a builder for each type that is built."""

    def __init__(
        self,
        builders: Mapping[str, Callable[[str, Instant], DataSet]],
        disbursements: Callable[[str, Instant, Instant], DisbursementReport | None],
    ) -> None:
        self._builders = builders
        self._disbursements = disbursements

    def latest_disbursement(
        self, seller_id: str, since: Instant, until: Instant
    ) -> DisbursementReport | None:
        """See `waag.ports.analytics.DataSets.latest_disbursement`."""
        return self._disbursements(seller_id, since, until)

    def build(self, data_set: str, seller_id: str, published: Instant) -> DataSet:
        """See `waag.ports.analytics.DataSets.build`."""
        return self._builders[data_set](seller_id, published)


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
