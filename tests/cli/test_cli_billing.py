"""`waag month-end`, `statement`, `invoices`, `payment`, `refund` and `credit`."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from commands import waag_at

from server import live_server
from waag.config import Settings

ANALYTICS, MOLEN = "1poldertab2lytics3legacy4", "210000000001"
POLICY = b"""
accounts:
  - id: "210000000001"
    name: Molen Bank
    kind: buyer
    address: {country: NL, city: Alkmaar, postal_code: "1811"}
    collection: {pays: as-recorded}
"""
STATEMENT = f"statement --account {MOLEN} --month 2026-05"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server on which May 2026 has ended, with a hundred users reported."""
    with live_server(Settings(data=tmp_path_factory.mktemp("billed") / "data")) as running:
        running.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-05-14T10:20:30Z"})
        running.ask("PUT", "/market", POLICY)
        record = {
            "CustomerAWSAccountId": MOLEN,
            "Dimension": "users",
            "Timestamp": datetime(2026, 5, 14, 8, tzinfo=UTC),
            "Quantity": 100,
        }
        running.client().batch_meter_usage(ProductCode=ANALYTICS, UsageRecords=[record])
        running.ask("POST", "/clock/advance", {"to": "2026-06-01T06:00:00Z"})
        yield running


def answer(server, command, *arguments):
    """What a command prints as JSON."""
    return json.loads(waag_at(server, f"{command} --json", *arguments).stdout)


@pytest.fixture(scope="module")
def invoice(server):
    """The invoice of May."""
    return answer(server, STATEMENT)["invoices"][0]


def test_a_months_end_is_shown(server):
    """What was billed, and what became of it."""
    ran = waag_at(server, "month-end 2026-05")
    lines = ran.stdout.splitlines()
    assert (ran.exit_code, lines[0]) == (0, "2026-05 was closed at 2026-06-01T06:00:00Z.")
    assert lines[2].split() == ["USD", "1", "50.00", "0.00", "0.00", "50.00", "0.00", "0.00"]


def test_a_month_that_has_not_ended_is_refused(server):
    """Exit code 1."""
    ran = waag_at(server, "month-end 2026-06")
    assert ran.exit_code == 1
    assert ran.stderr.startswith("Error: 2026-06 is closed at 2026-07-01T06:00:00Z")


def test_a_months_end_as_json(server):
    """As the admin API answers it."""
    assert answer(server, "month-end 2026-05")["invoices"] == 1


def test_a_statement_is_shown(server, invoice):
    """Invoice, lines, and what each party has of it."""
    shown = waag_at(server, STATEMENT).stdout
    assert shown.startswith(f"{MOLEN} in 2026-05, which is closed.\n")
    assert f"Invoice {invoice['id']} of 2026-06-01T06:00:00Z: {MOLEN} owes" in shown
    assert "revenue 50.00, listing fee 1.50 (0.03)" in shown


def test_a_statement_with_nothing(server):
    """Says so, and that the month is open."""
    assert waag_at(server, f"statement --account {MOLEN} --month 2026-09").stdout == (
        f"{MOLEN} in 2026-09, which is open, with what was billed until now.\nNothing was billed.\n"
    )


def test_a_statement_as_csv(server, invoice):
    """A row for each line."""
    ran = waag_at(server, f"{STATEMENT} --csv")
    rows = list(csv.DictReader(io.StringIO(ran.stdout)))
    assert [(each["invoice"], each["quantity"], each["amount"]) for each in rows] == [
        (invoice["id"], "100", "50.00")
    ]


def test_csv_and_json_exclude_each_other(server):
    """Wrong usage."""
    assert waag_at(server, f"{STATEMENT} --csv --json").exit_code == 2


def test_the_records_behind_a_charge(server, invoice):
    """Each with its price, and how they add up."""
    charge = invoice["lines"][0]["charge"]
    shown = waag_at(server, f"{STATEMENT} --charge {charge}").stdout
    assert "2026-05-14T08:00:00Z" in shown
    assert shown.endswith("50.00 USD: 100 units x 0.5 = 50\n")
    records = answer(server, f"{STATEMENT} --charge {charge}")["usage_records"]
    assert [each["quantity"] for each in records] == ["100"]


def test_a_charge_of_another_statement(server):
    """Is not explained."""
    ran = waag_at(server, f"{STATEMENT} --charge charge-none")
    assert (ran.exit_code, ran.stderr) == (
        1,
        f"Error: charge-none is no charge of {MOLEN} in 2026-05.\n",
    )


def test_invoices_are_listed(server):
    """A table, and how to go on."""
    ran = waag_at(server, "invoices --limit 1")
    assert ran.stdout.splitlines()[1].split()[1] == "2026-02"
    assert ran.stdout.splitlines()[-1].startswith("There is more: --cursor ")
    assert len(answer(server, "invoices --month 2026-05")["invoices"]) == 1


def test_what_happened_is_recorded(server, invoice):
    """A payment, a refund, a credit, and then the rest; the statement of June has it all."""
    charge, name = invoice["lines"][0]["charge"], invoice["id"]
    done = [
        answer(server, f"payment record {name} --amount 20.00")["open"],
        answer(server, f"refund {charge} --amount 5.00 --reason broken")["total"],
        answer(server, f"credit {charge} --amount 5.00")["total"],
        waag_at(server, f"payment write-off {name}").stdout.split()[6],
    ]
    assert done == ["30.00", "5.00", "5.00", "written-off"]
    shown = waag_at(server, f"statement --account {MOLEN} --month 2026-06").stdout
    assert [word in shown for word in ("COLLECTED", "FORGIVEN", "broken")] == [True] * 3


def test_a_payment_that_is_too_late(server, invoice):
    """The invoice is written off by the test before."""
    ran = waag_at(server, f"payment record {invoice['id']}")
    assert ran.exit_code == 1
