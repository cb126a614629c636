"""Every data set that Waag builds, by its type; implements the port `DataSets`."""

from collections.abc import Mapping

from waag.analytics import (
    customer_subscriber_annual_subscriptions,
    customer_subscriber_hourly_monthly_subscriptions,
    daily_business_canceled_product_subscribers,
    daily_business_fees,
    daily_business_free_trial_conversions,
    daily_business_new_instances,
    daily_business_new_product_subscribers,
    daily_business_usage_by_instance_type,
    disbursed_amount_by_age_of_disbursed_funds,
    disbursed_amount_by_age_of_past_due_funds,
    disbursed_amount_by_age_of_uncollected_funds,
    disbursed_amount_by_customer_geo,
    disbursed_amount_by_instance_hours,
    disbursed_amount_by_product,
    disbursed_amount_by_uncollected_funds_breakdown,
    monthly_revenue_annual_subscriptions,
    monthly_revenue_billing_and_revenue_data,
    monthly_revenue_field_demonstration_usage,
    monthly_revenue_flexible_payment_schedule,
    sales_compensation_billed_revenue,
    us_sales_and_use_tax_records,
)
from waag.analytics.asked import PUBLISHED_AFTER, Store, asked
from waag.analytics.data_set import Definition, Terms, build
from waag.domain.analytics.choices import Available
from waag.domain.analytics.data_sets import Coverage, DataSet, DisbursementReport
from waag.domain.instants import DAY, Instant
from waag.ports import Settle

DEFINITIONS: Mapping[str, Definition] = {
    module.DATA_SET.name: module.DATA_SET
    for module in (
        customer_subscriber_hourly_monthly_subscriptions,
        customer_subscriber_annual_subscriptions,
        daily_business_usage_by_instance_type,
        daily_business_fees,
        daily_business_free_trial_conversions,
        daily_business_new_instances,
        daily_business_new_product_subscribers,
        daily_business_canceled_product_subscribers,
        monthly_revenue_billing_and_revenue_data,
        monthly_revenue_annual_subscriptions,
        monthly_revenue_field_demonstration_usage,
        monthly_revenue_flexible_payment_schedule,
        disbursed_amount_by_product,
        disbursed_amount_by_instance_hours,
        disbursed_amount_by_customer_geo,
        disbursed_amount_by_age_of_uncollected_funds,
        disbursed_amount_by_age_of_disbursed_funds,
        disbursed_amount_by_age_of_past_due_funds,
        disbursed_amount_by_uncollected_funds_breakdown,
        sales_compensation_billed_revenue,
        us_sales_and_use_tax_records,
    )
}
"""By name, in the model's order."""

_PAYOUTS = """
SELECT starts, at FROM payout
WHERE seller = :seller AND at >= :since AND at < :until ORDER BY at DESC
"""


class SqlDataSets:
    """Builds data sets from what the store answers.

    Args:
        store: has the facts.
        terms: what estimates are priced by.
        settle: has everything booked that fell due by now, so that nothing dated before a
            publication is booked only after it was told.
        available: when a data set can be had; whatever was known by then is told.
    """

    def __init__(self, store: Store, terms: Terms, settle: Settle, available: Available) -> None:
        self._store = store
        self._terms = terms
        self._settle = settle
        self._available = available

    def latest_disbursement(
        self, seller_id: str, since: Instant, until: Instant
    ) -> DisbursementReport | None:
        """See `waag.ports.analytics.DataSets.latest_disbursement`."""
        self._settle()
        days = {
            "seller": seller_id,
            "since": since - PUBLISHED_AFTER,
            "until": until - PUBLISHED_AFTER + DAY,
        }
        payouts = list(self._store.rows(_PAYOUTS, days))
        if not payouts:
            return None
        latest: Instant = payouts[0]["at"]
        paid_out_on = latest - latest % DAY
        starts = min(each["starts"] for each in payouts if each["at"] >= paid_out_on)
        return DisbursementReport(paid_out_on + PUBLISHED_AFTER, Coverage(starts, latest))

    def build(self, data_set: str, seller_id: str, published: Instant) -> DataSet:
        """See `waag.ports.analytics.DataSets.build`."""
        self._settle()
        of = asked(data_set, seller_id, published, self._available)
        return build(DEFINITIONS[data_set], of, self._store, self._terms)
