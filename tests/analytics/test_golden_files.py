"""Data sets of the history, to the byte, and asked again after much has changed."""

import pytest
from golden import golden, golden_files
from history import MOLEN, lived

from builders import account_definition, buyer_definition, product_definition
from waag.analytics.sql_data_sets import DEFINITIONS
from waag.domain.billing.adjustments import AdjustmentKind
from waag.domain.market_definition import AddressDefinition


@pytest.mark.parametrize(("data_set", "day"), golden_files())
def test_the_file(past, data_set, day):
    """A data set of a date is the file that was written down for it, to the byte."""
    assert past.csv(data_set, day) == golden(data_set, day)


def test_every_data_set_has_a_golden_file():
    """None is left out."""
    assert {data_set for data_set, _ in golden_files()} == set(DEFINITIONS)


def later(past):
    """Facts after the last of the files, each of which would alter one if it counted."""
    past.apply(
        accounts=(
            account_definition(name="Polder Renamed"),
            buyer_definition(
                id=MOLEN,
                name="Molen Renamed",
                address=AddressDefinition(country="NL", city="Delft"),
                email_domain="renamed.example",
            ),
        ),
        products=(product_definition(title="Renamed", solution_title="Renamed"),),
        agreements=(),
    )
    past.payments.give_back(
        AdjustmentKind.REFUND, past.charge("agmt-analytics", "usage"), "1.00", "later"
    )
    past.payments.give_back(
        AdjustmentKind.CREDIT, past.charge("agmt-seats-2", "scheduled-payment"), "50", "later"
    )
    invoices = past.rows("SELECT invoice FROM invoice_standing WHERE status = 'open' ORDER BY open")
    past.payments.pay(invoices[0][0], None)
    past.payments.write_off(invoices[1][0])
    past.commands.cancel("agmt-analytics")
    past.measure("agmt-demo", "m5.large", "2026-04-20T10:00:00", 5)
    past.instance("i-4", "2026-04-21T10:00:00")
    past.turn("2026-10-01T07:00:00")


def test_asked_again_after_later_facts(tmp_path):
    """Refunds, payments, payouts, ends and new names since then alter no byte."""
    with lived(tmp_path / "ledger.db") as past:
        before = {name: past.csv(*name) for name in golden_files()}
        later(past)
        after = {name: past.csv(*name) for name in golden_files()}
    assert after == before


def test_later_facts_are_told_of_their_own_time(tmp_path):
    """What altered nothing before is in the data sets of its own month."""
    with lived(tmp_path / "ledger.db") as past:
        later(past)
        told = past.picked(
            "sales_compensation_billed_revenue",
            "2026-05-15",
            "Product Title",
            "Country",
            "Gross Revenue",
            "Gross Refunds",
            "Net Revenue",
            "AR Period",
        )
    # 1.00 of users, less 3 %; 50 of the schedule, less 3 %; seats of 120.00 less 3 % written off.
    assert told == [
        ("Renamed", "US", "0.00", "-1.00", "-0.97", "2026-04"),
        ("Vault", "US", "0.00", "-50.00", "-48.50", "2026-04"),
        ("Vault", "BE", "-120.00", "0.00", "-116.40", "2026-04"),
    ]


def test_another_sellers_are_empty(past):
    """A seller of whom the books know nothing gets a header and no rows."""
    widths = [
        (data_set, len(past.told(data_set, day, "120000000002")))
        for data_set, day in golden_files()
    ]
    assert [each for each in widths if each[1]] == []
