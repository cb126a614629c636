"""Data sets of a running Waag follow from what was metered over a real socket."""

import pytest
from market_now import NOW
from test_boto3_meters_usage import meter, record

USAGE = "daily_business_usage_by_instance_type"
BILLING = "monthly_revenue_billing_and_revenue_data"
DISBURSED = "disbursed_amount_by_product"


@pytest.fixture
def june(server):
    """Five users were metered on 14 May; it is 16 June."""
    meter(server, record())
    server.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-06-16T00:00:00Z"})
    return server


def told(server, data_set, date):
    """The rows of a data set that speak of the product that was metered, by column."""
    shown = server.ask("GET", f"/data-sets/{data_set}?date={date}&limit=100")
    rows = [dict(zip(shown["columns"], row, strict=True)) for row in shown["rows"]]
    return [row for row in rows if row["Product Code"] == "1poldertab2lytics3legacy4"]


@pytest.mark.parametrize(
    ("data_set", "date", "columns"),
    [
        (USAGE, f"{NOW:%Y-%m}-15", {"Usage Units": "5", "Currency": "USD"}),
        (BILLING, "2026-06-15", {"Currency": "USD"}),
    ],
)
def test_what_was_metered(june, data_set, date, columns):
    """It is told the day after, and once its month is closed."""
    rows = [{name: row[name] for name in columns} for row in told(june, data_set, date)]
    assert rows == [columns]


def test_the_estimate_is_what_is_billed(june):
    """A month with one day of usage costs what was estimated for the day."""
    estimated = told(june, USAGE, "2026-05-15")[0]["Estimated Revenue"]
    assert told(june, BILLING, "2026-06-15")[0]["Customer Billed Amount"] == estimated


def test_a_payout_is_told(june):
    """What was billed on 1 June is paid on invoice, and paid out with the month's payout."""
    billed = told(june, BILLING, "2026-06-15")[0]["Partner Revenue Amount"]
    assert told(june, DISBURSED, "2026-06-14")[0]["Net Amount"] == billed
