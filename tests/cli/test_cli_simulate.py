"""`waag simulate`: a history made up on a server, and what the books say of it."""

import csv
import io
import json
import signal
import subprocess
import sys
import time
from decimal import Decimal

import apsw
import pytest
from commands import waag_at

from server import DEADLINE, live_server, waag_process
from waag.config import Settings

OF_CHANCE = (
    "principal",
    "clock",
    *("bucket", "configuration_request", "enrolled", "identity", "identity_policy", "identity_key"),
)
"""Tables with keys of a data directory's own, the one that says what the clock shows, and those of
the embedded AWS, in which enrollments are made when the server starts."""
HEEDING = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from waag.cli import main
main()
"""
"""`waag`, also where whoever runs the tests had been told to ignore SIGINT."""

HISTORY = "simulate --seed 53 --months 3 --customers 40"
MONTHS = ("2026-01", "2026-02", "2026-03")


OF_EVENTS = "number, id, agreement, account, due, target, name, topic, content"
"""All but how far each has come, which others see to meanwhile."""


def dump(data):
    """Every row of every table."""
    connection = apsw.Connection(str(data / "ledger.sqlite"), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: connection.execute(
                f"SELECT {OF_EVENTS if name == 'event' else '*'} FROM {name}"  # noqa: S608 - its own
            ).fetchall()
            for (name,) in names
            if name not in OF_CHANCE
        }
    finally:
        connection.close()


def rows(data, statement):
    """What a statement answers on a ledger."""
    connection = apsw.Connection(str(data / "ledger.sqlite"), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server on which three months of business were made up."""
    with live_server(Settings(data=tmp_path_factory.mktemp("made-up") / "data")) as running:
        ran = waag_at(running, HISTORY)
        assert ran.exit_code == 0, ran.stderr
        running.said = ran.stdout
        yield running


def made_up(folder, seed):
    """All that a small simulation writes into an empty data directory."""
    with live_server(Settings(data=folder / "data")) as running:
        ran = waag_at(running, f"simulate --months 2 --customers 15 --seed {seed}")
        assert ran.exit_code == 0, ran.stderr
    return dump(folder / "data")


def focus(server, *arguments):
    """A month's charges as CSV, read."""
    ran = waag_at(server, "focus", *arguments)
    assert ran.exit_code == 0, ran.stderr
    return list(csv.DictReader(io.StringIO(ran.stdout)))


def test_it_says_what_it_made(server):
    """Customers, months and the clock's time at the end."""
    assert server.said.startswith("40 customers over 3 months from 2026-01, with the seed 53: ")
    assert server.said.endswith("the clock stands at 2026-04-01T06:00:00Z.\n")


def test_every_month_is_closed(server):
    """In order, each once."""
    closes = rows(server.data, "SELECT month, stage FROM month_close ORDER BY month")
    assert closes == [(month, "closed") for month in MONTHS]


def test_the_books_balance_to_the_cent(server):
    """The sum of all postings of each transaction is nothing."""
    off = "SELECT ledger_transaction FROM posting GROUP BY 1, currency HAVING sum(amount) <> 0"
    assert rows(server.data, off) == []


def test_what_is_owed_is_what_invoices_leave_open(server):
    """The buyers' accounts in the ledger agree with their invoices."""
    owed = rows(server.data, "SELECT sum(amount) FROM posting WHERE account LIKE 'receivable/%'")
    assert owed == rows(server.data, "SELECT sum(open) FROM invoice_standing")


def test_statements_agree_with_usage(server):
    """Every record that was accepted is behind a charge, and no charge has more."""
    used = rows(
        server.data,
        "SELECT agreement, dimension, sum(quantity), count(*) FROM usage_record GROUP BY 1, 2",
    )
    charged = rows(
        server.data,
        "SELECT agreement, dimension, sum(CAST(quantity AS INTEGER)), sum(records) FROM charge "
        "WHERE usage_month IS NOT NULL GROUP BY 1, 2",
    )
    assert used == charged


@pytest.mark.parametrize(
    ("what", "statement"),
    [
        ("trials", "SELECT 1 FROM agreement_life WHERE offer = 'free-trial'"),
        ("cancellations or ends", "SELECT 1 FROM agreement_life WHERE status <> 'active'"),
        ("renewals", "SELECT 1 FROM agreement_life WHERE status = 'renewed'"),
        ("debts", "SELECT 1 FROM invoice_standing WHERE status = 'open'"),
        ("payments", "SELECT 1 FROM invoice_standing WHERE status = 'paid'"),
        ("workloads' usage", "SELECT 1 FROM usage_record WHERE resource <> ''"),
        ("refunds", "SELECT 1 FROM adjustment WHERE kind = 'refund'"),
        ("credits", "SELECT 1 FROM adjustment WHERE kind = 'credit'"),
        ("parts", "SELECT 1 FROM invoice_standing WHERE open > 0 AND paid > 0"),
        ("suspensions", "SELECT 1 FROM agreement_life WHERE status = 'suspended'"),
        ("taxes", "SELECT 1 FROM posting WHERE account = 'tax'"),
        ("payouts", "SELECT 1 FROM payout"),
    ],
    ids=lambda value: value.split()[0],
)
def test_there_is_something_of_everything(server, what, statement):
    """A history has all that business has."""
    assert rows(server.data, f"{statement} LIMIT 1") == [(1,)], what


def test_the_same_again_is_refused(server):
    """It is not gone on with; the buyers are there already."""
    ran = waag_at(server, f"{HISTORY} --from 2027-01")
    assert (ran.exit_code, "has a simulation with the seed 53" in ran.stderr) == (1, True)


def test_a_closed_time_is_refused(server):
    """The message says from when on one can be made."""
    ran = waag_at(server, "simulate --seed 8 --months 1 --customers 1")
    assert (ran.exit_code, "begin with 2026-05 or later" in ran.stderr) == (1, True)


def test_a_time_without_calendar_is_refused(server):
    """As one before the epoch, which usage is counted from."""
    ran = waag_at(server, "simulate --seed 8 --from 1969-12")
    assert (ran.exit_code, "expected a month from 1970-01 to 9900-01" in ran.stderr) == (1, True)


def test_the_same_seed_writes_the_same_to_the_byte(tmp_path):
    """Every row of every table."""
    assert made_up(tmp_path / "first", 3) == made_up(tmp_path / "second", 3)


def test_another_seed_writes_something_else(tmp_path):
    """Other charges, for a start."""
    first, second = (made_up(tmp_path / str(seed), seed)["charge"] for seed in (3, 4))
    assert first != second


def test_real_time_is_not_made_up(tmp_path):
    """Where the clock runs by real time there is no simulation."""
    with live_server(Settings(data=tmp_path / "data", clock="real")) as running:
        ran = waag_at(running, "simulate")
    assert (ran.exit_code, "a simulation turns the clock" in ran.stderr) == (1, True)


def test_json_is_the_answer(tmp_path):
    """For other programs."""
    with live_server(Settings(data=tmp_path / "data")) as running:
        ran = waag_at(running, "simulate --months 1 --customers 1 --json")
    answer = json.loads(ran.stdout)
    assert (answer["stage"], answer["done"]) == ("done", answer["total"])


def test_ctrl_c_breaks_it_off(tmp_path):
    """The command says so; the server goes on, and what was made is sound."""
    with waag_process(tmp_path / "data", "--fronts=0") as running:
        command = [sys.executable, "-c", HEEDING, "simulate", "--customers=300"]
        where = [f"--endpoint={running.endpoint}", f"--data={running.data}"]
        with subprocess.Popen([*command, *where], stderr=subprocess.PIPE, text=True) as simulating:
            waited = time.monotonic() + DEADLINE
            while not running.ask("GET", "/simulate")["usage_records"]:
                assert time.monotonic() < waited
            simulating.send_signal(signal.SIGINT)
            _, said = simulating.communicate(timeout=DEADLINE)
        assert (simulating.returncode, "The simulation was stopped at" in said) == (1, True)
        assert running.stop() == 0
    check = rows(tmp_path / "data", "PRAGMA integrity_check")
    off = rows(tmp_path / "data", "SELECT sum(amount) FROM posting HAVING sum(amount) <> 0")
    assert (check, off) == ([("ok",)], [])


def test_the_end_of_the_server_ends_it(tmp_path):
    """SIGTERM does not wait for a simulation; what is on disk is sound."""
    with waag_process(tmp_path / "data", "--fronts=0") as running:
        running.ask("POST", "/simulate", {"customers": 300})
        assert running.stop() == 0
    assert rows(tmp_path / "data", "PRAGMA integrity_check") == [("ok",)]


def test_a_killed_server_leaves_a_sound_ledger(tmp_path):
    """It is served again, with books that balance; the simulation is not gone on with."""
    with waag_process(tmp_path / "data", "--fronts=0") as running:
        running.ask("POST", "/simulate", {"customers": 300})
        waited = time.monotonic() + DEADLINE
        while not running.ask("GET", "/simulate")["usage_records"]:
            assert time.monotonic() < waited
        running.stop(signal.SIGKILL)
    with live_server(Settings(data=tmp_path / "data")) as again:
        stage = again.ask("GET", "/simulate")["stage"]
        refused = again.ask("POST", "/simulate", {"customers": 300})["error"]["rule"]
    check = rows(tmp_path / "data", "PRAGMA integrity_check")
    off = rows(tmp_path / "data", "SELECT sum(amount) FROM posting HAVING sum(amount) <> 0")
    assert (stage, refused, check, off) == (None, "simulation.refused", [("ok",)], [])


def test_there_is_one_at_a_time(tmp_path):
    """The second is refused, until the first is stopped."""
    with live_server(Settings(data=tmp_path / "data")) as running:
        running.ask("POST", "/simulate", {"customers": 300})
        refused = running.ask("POST", "/simulate", {"seed": 2})["error"]["rule"]
        stopped = running.ask("DELETE", "/simulate")["stage"]
    assert (refused, stopped) == ("simulation.refused", "stopped")


def test_a_turned_clock_fails_it(tmp_path):
    """Whoever interferes is told of it by the simulation."""
    with live_server(Settings(data=tmp_path / "data")) as running:
        running.ask("POST", "/simulate", {"customers": 300})
        running.ask("PUT", "/clock", {"now": "2031-01-01T00:00:00Z"})
        waited = time.monotonic() + DEADLINE
        while (answer := running.ask("GET", "/simulate"))["stage"] == "running":
            assert time.monotonic() < waited
    assert (answer["stage"], bool(answer["why"])) == ("failed", True)


def test_focus_adds_up_to_the_invoices(server):
    """What is billed by each invoice is the sum of its rows."""
    billed: dict[str, Decimal] = {}
    for row in focus(server, "--month", "2026-02"):
        if row["InvoiceId"].startswith("inv-"):
            cost = Decimal(row["BilledCost"])
            billed[row["InvoiceId"]] = billed.get(row["InvoiceId"], Decimal(0)) + cost
    invoices = rows(server.data, "SELECT id, billed FROM invoice WHERE month = '2026-02'")
    assert billed == {name: Decimal(minor) / 100 for name, minor in invoices}


def test_focus_of_one_account(server, tmp_path):
    """Only its rows, in a file."""
    buyer = focus(server, "--month", "2026-02")[0]["BillingAccountId"]
    file = tmp_path / "focus.csv"
    waag_at(server, "focus --month 2026-02", "--account", buyer, "-o", file)
    found = {row["BillingAccountId"] for row in csv.DictReader(io.StringIO(file.read_text()))}
    assert found == {buyer}
