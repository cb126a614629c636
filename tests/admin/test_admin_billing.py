"""Money as the operator asks for it: a month's end, statements, invoices, and what is recorded."""

from datetime import UTC, datetime

import pytest
from asking import ask

from server import live_server
from waag.config import Settings

ANALYTICS, SELLER, MOLEN = "1poldertab2lytics3legacy4", "120000000001", "210000000001"
POLICY = b"""
accounts:
  - id: "210000000001"
    name: Molen Bank
    kind: buyer
    address: {country: NL, city: Alkmaar, postal_code: "1811"}
    collection: {pays: as-recorded}
taxes:
  - {id: nl-vat, country: NL, jurisdiction: Netherlands, level: Country, type: VAT, rate: "0.21"}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server on which May 2026 was closed, with two records behind its one charge."""
    with live_server(Settings(data=tmp_path_factory.mktemp("billed") / "data")) as running:
        running.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-05-14T10:20:30Z"})
        running.ask("PUT", "/market", POLICY)
        client = running.client()
        for hour in (8, 9):
            record = {
                "CustomerAWSAccountId": MOLEN,
                "Dimension": "users",
                "Timestamp": datetime(2026, 5, 14, hour, tzinfo=UTC),
                "Quantity": hour,
            }
            client.batch_meter_usage(ProductCode=ANALYTICS, UsageRecords=[record])
        running.ask("POST", "/clock/advance", {"to": "2026-06-01T06:00:00Z"})
        yield running


@pytest.fixture(scope="module")
def statement(server):
    """What the buyer sees of May, before anything is paid."""
    return ask(server, f"GET /statement?account={MOLEN}&month=2026-05").body


@pytest.fixture
def line(statement):
    """Its only line."""
    return statement["invoices"][0]["lines"][0]


def test_a_statement(statement):
    """The invoice, its item and line, with steps and taxes."""
    invoice = statement["invoices"][0]
    item, line = invoice["items"][0], invoice["lines"][0]
    assert statement["closed"] is True
    assert (invoice["billed"], invoice["status"], invoice["due"]) == (
        "10.29",
        "open",
        "2026-07-01T06:00:00Z",
    )
    assert (item["revenue"], item["aws_tax"], item["listing_fee"]) == ("8.50", "1.79", "0.26")
    assert (line["quantity"], line["usage_records"], line["amount"]) == ("17", 2, "8.50")
    assert line["steps"] == [{"what": "units", "quantity": "17", "price": "0.5", "amount": "8.5"}]
    assert [(each["jurisdiction"], each["amount"]) for each in line["taxes"]] == [
        ("Netherlands", "1.79")
    ]


def test_the_seller_sees_the_same_invoice(server, statement):
    """It is one."""
    seen = ask(server, f"GET /statement?account={SELLER}&month=2026-05").body
    assert seen["invoices"] == statement["invoices"]


def test_the_records_behind_a_line(server, line):
    """Page by page, each with its price."""
    first = ask(server, f"GET /charges/{line['charge']}/usage-records?limit=1").body
    path = f"GET /charges/{line['charge']}/usage-records?limit=1&cursor={first['next_cursor']}"
    second = ask(server, path).body
    assert [
        (each["timestamp"], each["quantity"], each["steps"][0]["amount"])
        for page in (first, second)
        for each in page["usage_records"]
    ] == [("2026-05-14T08:00:00Z", "8", "4"), ("2026-05-14T09:00:00Z", "9", "4.5")]
    assert second["next_cursor"] is None


def test_invoices_page_by_page(server, statement):
    """In order of date, each once."""
    first = ask(server, "GET /invoices?limit=1").body
    rest = ask(server, f"GET /invoices?cursor={first['next_cursor']}").body
    found = [each["id"] for page in (first, rest) for each in page["invoices"]]
    assert len(set(found)) == len(found)
    assert found[-1] == statement["invoices"][0]["id"]


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ("month=2026-05", 1),
        (f"account={MOLEN}&month=2026-05&status=open", 1),
        ("month=2026-05&status=paid", 0),
        ("account=120000000002", 0),
    ],
)
def test_invoices_that_are_asked_for(server, filters, count):
    """By account, month and status."""
    assert len(ask(server, f"GET /invoices?{filters}").body["invoices"]) == count


def test_a_months_end_twice(server):
    """The same answer, and not another invoice."""
    answers = [ask(server, "POST /month-end", {"month": "2026-05"}) for _ in range(2)]
    assert answers[0][:2] == answers[1][:2]
    assert answers[0].body == {
        "month": "2026-05",
        "closed_at": "2026-06-01T06:00:00Z",
        "invoices": 1,
        "totals": [
            {
                "currency": "USD",
                "invoices": 1,
                "billed": "10.29",
                "collected": "0.00",
                "given_back": "0.00",
                "disbursed": "0.00",
                "open": "10.29",
                "written_off": "0.00",
            }
        ],
    }


def test_a_month_with_nothing(server):
    """Is closed, and has no totals."""
    answer = ask(server, "POST /month-end", {"month": "2025-01"}).body
    assert (answer["invoices"], answer["totals"]) == (0, [])


def test_how_far_the_close_has_come(server):
    """The last one is done."""
    assert ask(server, "GET /month-end").body == {
        "month": "2026-05",
        "stage": "closed",
        "done": 1,
        "total": 1,
    }


@pytest.mark.parametrize(
    ("call", "body", "status", "rule", "message"),
    [
        (
            "POST /month-end",
            {"month": "2026-06"},
            409,
            "billing.month-end",
            "2026-06 is closed at 2026-07-01T06:00:00Z, when no more usage of it is accepted; it "
            "is 2026-06-01T06:00:00Z. Advance the clock first.",
        ),
        (
            "POST /month-end",
            {"month": "May"},
            400,
            "month",
            "'May' is no month; expected one such as 2026-10.",
        ),
        (
            "POST /invoices/inv-none/payments",
            {},
            404,
            "billing.invoice",
            "There is no invoice 'inv-none'.",
        ),
        (
            "POST /refunds",
            {"charge": "charge-none"},
            409,
            "billing.adjustment",
            "There is no charge 'charge-none' on an invoice.",
        ),
        (
            "GET /statement?account=1&month=2026-05",
            None,
            400,
            "billing.query",
            "There is no account '1'.",
        ),
        (
            "GET /invoices?account=1",
            None,
            400,
            "billing.query",
            "There is no account '1'.",
        ),
        (
            "GET /statement?account=1",
            None,
            400,
            "admin.request",
            "Name an account and a month, such as ?account=…&month=2026-10.",
        ),
        (
            "GET /charges/charge-none/usage-records",
            None,
            400,
            "billing.query",
            "There is no charge 'charge-none' on an invoice.",
        ),
    ],
)
def test_a_refusal(  # noqa: PLR0917 - the columns of the table
    server, call, body, status, rule, message
):
    """Has its status, its rule and a sentence."""
    assert ask(server, call, body)[:2] == (status, {"error": {"rule": rule, "message": message}})


def test_money_that_moves(tmp_path):
    """A payment in parts, a refund, a credit: all of it in the statement of the month it was in."""
    with live_server(Settings(data=tmp_path / "data")) as running:
        running.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-05-14T10:20:30Z"})
        running.ask("PUT", "/market", POLICY)
        record = {
            "CustomerAWSAccountId": MOLEN,
            "Dimension": "users",
            "Timestamp": datetime(2026, 5, 14, 8, tzinfo=UTC),
            "Quantity": 100,
        }
        running.client().batch_meter_usage(ProductCode=ANALYTICS, UsageRecords=[record])
        running.ask("POST", "/clock/advance", {"to": "2026-06-02T00:00:00Z"})
        path = f"/statement?account={MOLEN}&month="
        invoice = running.ask("GET", f"{path}2026-05")["invoices"][0]
        charge = invoice["lines"][0]["charge"]
        parts = [
            running.ask("POST", f"/invoices/{invoice['id']}/payments", {"amount": "20.50"}),
            running.ask("POST", "/refunds", {"charge": charge, "amount": "10.00", "reason": "r"}),
            running.ask("POST", "/credits", {"charge": charge, "amount": "5.00"}),
            running.ask("POST", f"/invoices/{invoice['id']}/payments", {}),
        ]
        seen = running.ask("GET", f"{path}2026-06")
    assert [each.get("status", each.get("total")) for each in parts] == [
        "open",
        "12.10",
        "5.00",
        "paid",
    ]
    assert {each["amount"] for each in seen["payments"]} == {"20.50", "22.90"}
    assert [(each["kind"], each["reason"]) for each in seen["adjustments"]] == [
        ("credit", ""),
        ("refund", "r"),
    ]


def test_by_real_time_no_month_is_closed_on_demand(tmp_path):
    """Each is closed when it has ended."""
    settings = Settings(data=tmp_path / "data", clock="real")
    with live_server(settings) as running:
        answer = ask(running, "POST /month-end", {"month": "2020-01"})
    assert answer[:2] == (
        400,
        {
            "error": {
                "rule": "clock.real",
                "message": "This server runs by real time, and closes each month at 06:00 UTC on "
                "the first of the next; start it with --clock settable to close one on demand.",
            }
        },
    )


def test_a_month_with_nothing_is_closed_on_demand(tmp_path):
    """Time leaves it out; its end does not."""
    with live_server(Settings(data=tmp_path / "data")) as running:
        running.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-12-20T12:00:00Z"})
        running.ask("POST", "/month-end", {"month": "2026-11"})
        statement = running.ask("GET", "/statement?account=120000000001&month=2026-11")
    assert (statement["closed"], statement["invoices"]) == (True, [])
