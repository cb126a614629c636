import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from asking import ask

from server import DIJK, live_server
from waag.config import Settings

NOW = datetime(2026, 5, 14, 10, 20, 30, tzinfo=UTC)
ANALYTICS = "1poldertab2lytics3legacy4"
VAULT = "5poldervault6concurrent78"
FORMS = "3dijkforms4requests5saas6"
LICENSE = "arn:aws:license-manager::294406891311:license:l-00112233445566778899aabbccddeeff"
TAGS = [{"Key": "team", "Value": "a"}]

RECORDS = {
    "analytics 1": {
        "CustomerIdentifier": "moLenBank01",
        "Dimension": "users",
        "Quantity": 5,
        "Timestamp": NOW - timedelta(hours=2),
    },
    "analytics 2": {
        "CustomerIdentifier": "grAcht00002",
        "Dimension": "gb-scanned",
        "QuantityAsDecimal": "1.50",
        "Timestamp": NOW - timedelta(hours=1),
    },
    "analytics 3": {
        "CustomerAWSAccountId": "210000000001",
        "Dimension": "users",
        "Quantity": 7,
        "Timestamp": NOW,
        "UsageAllocations": [
            {"AllocatedUsageQuantity": 4, "Tags": TAGS},
            {"AllocatedUsageQuantity": 3},
        ],
    },
    "vault 1": {
        "CustomerAWSAccountId": "210000000001",
        "LicenseArn": LICENSE,
        "Dimension": "overage",
        "Quantity": 2147483647,
        "Timestamp": NOW - timedelta(hours=2),
    },
    "forms 1": {
        "CustomerIdentifier": "gRforms0001",
        "Dimension": "forms",
        "Quantity": 0,
        "Timestamp": NOW,
    },
}


@pytest.fixture(scope="module")
def metered(tmp_path_factory):
    """A server with five records of three products, and their ids."""
    data = tmp_path_factory.mktemp("metered") / "data"
    with live_server(Settings(data=data)) as server:
        server.ask("PUT", "/clock", {"mode": "frozen", "now": NOW.isoformat()})
        ids = {}
        for name, record in RECORDS.items():
            client = server.client(DIJK) if name.startswith("forms") else server.client()
            product = {} if "LicenseArn" in record else {"ProductCode": product_of(name)}
            answer = client.batch_meter_usage(UsageRecords=[record], **product)
            ids[name] = answer["Results"][0]["MeteringRecordId"]
        server.ids = ids
        yield server


def product_of(name):
    """The product code of a record."""
    return {"analytics": ANALYTICS, "vault": VAULT, "forms": FORMS}[name.split()[0]]


def shown(server, query):
    """The names of the records that a query is answered with, in order."""
    names = {record_id: name for name, record_id in server.ids.items()}
    records = ask(server, f"GET /usage-records{query}").body["usage_records"]
    return [names[record["id"]] for record in records]


ALL = ["analytics 1", "analytics 2", "analytics 3", "vault 1", "forms 1"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ALL),
        (f"?product={ANALYTICS}", ALL[:3]),
        ("?product=prod-poldervault01", ["vault 1"]),
        ("?product=prod-polderscanner", []),
        ("?agreement=agmt-molenanalytics001", ["analytics 1", "analytics 3"]),
        (f"?product={ANALYTICS}&agreement=agmt-grachtanalytics01", ["analytics 2"]),
        (f"?product={FORMS}&agreement=agmt-grachtanalytics01", []),
        ("?from=2026-05-14T09:20:30Z", ["analytics 2", "analytics 3", "forms 1"]),
        ("?from=2026-05-14T09:20:31Z", ["analytics 3", "forms 1"]),
        ("?to=2026-05-14T09:20:30Z", ["analytics 1", "vault 1"]),
        ("?from=2026-05-14T09:00:00Z&to=2026-05-14T10:00:00Z", ["analytics 2"]),
        ("?from=2026-05-14T11:20:30%2B02:00", ["analytics 2", "analytics 3", "forms 1"]),
        ("?limit=2", ALL[:2]),
        ("?limit=1000", ALL),
    ],
)
def test_a_query_is_answered_with_the_records_it_asks_for(metered, query, expected):
    """Product, agreement, span of time and limit each narrow what is shown."""
    assert shown(metered, query) == expected


def record_of(server, name):
    """A record as the admin API shows it."""
    records = ask(server, "GET /usage-records").body["usage_records"]
    return next(record for record in records if record["id"] == server.ids[name])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "analytics 3",
            {
                "product_code": ANALYTICS,
                "agreement": "agmt-molenanalytics001",
                "customer_aws_account_id": "210000000001",
                "customer_identifier": "moLenBank01",
                "license_arn": None,
                "dimension": "users",
                "timestamp": "2026-05-14T10:20:30Z",
                "hour": "2026-05-14T10:00:00Z",
                "quantity": "7",
                "region": "us-east-1",
                "resource": None,
                "received_at": "2026-05-14T10:20:30Z",
                "allocations": [
                    {"quantity": "4", "tags": {"team": "a"}},
                    {"quantity": "3", "tags": {}},
                ],
            },
        ),
        (
            "vault 1",
            {
                "product_code": VAULT,
                "agreement": "agmt-molenvault0000001",
                "customer_aws_account_id": "210000000001",
                "customer_identifier": None,
                "license_arn": LICENSE,
                "dimension": "overage",
                "timestamp": "2026-05-14T08:20:30Z",
                "hour": "2026-05-14T08:00:00Z",
                "quantity": "2147483647",
                "region": "us-east-1",
                "resource": None,
                "received_at": "2026-05-14T10:20:30Z",
                "allocations": [],
            },
        ),
    ],
)
def test_a_record_is_shown_in_full(metered, name, expected):
    """Every member of a record has its name and its form."""
    assert record_of(metered, name) == {"id": metered.ids[name], **expected}


@pytest.mark.parametrize(
    ("name", "quantity"), [("analytics 1", "5"), ("analytics 2", "1.5"), ("forms 1", "0")]
)
def test_a_quantity_is_the_shortest_decimal_string(metered, name, quantity):
    """Quantities are text, so that nothing is rounded on the way."""
    assert record_of(metered, name)["quantity"] == quantity


def test_the_last_page_has_no_cursor(metered):
    """Where nothing follows, there is nowhere to go on."""
    assert ask(metered, "GET /usage-records?limit=5").body["next_cursor"] is None


@pytest.mark.parametrize("query", ["", "&from=2026-05-14T08:20:30Z", "&to=2026-05-14T10:20:31Z"])
def test_pages_follow_on_each_other(metered, query):
    """Cursor by cursor every record is shown once, in the order of one large page."""
    names = {record_id: name for name, record_id in metered.ids.items()}
    found, cursor = [], ""
    while cursor is not None:
        page = ask(metered, f"GET /usage-records?limit=2{query}{cursor and '&cursor=' + cursor}")
        found += [names[record["id"]] for record in page.body["usage_records"]]
        cursor = page.body["next_cursor"]
        assert len(found) <= len(ALL)
    assert found == ALL


def cursor_of(value):
    """A cursor that holds some JSON."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "%%%",
        "é",
        cursor_of("key"),
        cursor_of([1, 2, "us-east-1"]),
        cursor_of([1, 2, 3, 4, 5, 6, 7]),
        cursor_of([2**63, 1, "", 0, 0, 0, ""]),
        cursor_of([1, -(2**63) - 1, "", 0, 0, 0, ""]),
        base64.urlsafe_b64encode(b"\xff").decode(),
    ],
)
def test_a_cursor_that_no_answer_gave_is_refused(server, cursor):
    """Whatever stands in a cursor, it is a refusal and no failure."""
    assert ask(server, f"GET /usage-records?cursor={cursor}")[:2] == (
        400,
        {
            "error": {
                "rule": "admin.request",
                "message": "cursor is not a next_cursor of an answer.",
            }
        },
    )


@pytest.mark.parametrize(
    "limit", ["", "0", "1001", "-1", "+1", "1.0", "many", "٣", "1_0", "9" * 5000]
)
def test_a_limit_out_of_bounds_is_refused(server, limit):
    """A page has 1 to 1000 records."""
    assert ask(server, f"GET /usage-records?limit={limit.replace('+', '%2B')}")[:2] == (
        400,
        {
            "error": {
                "rule": "admin.request",
                "message": f"limit is {limit!r}; expected a number from 1 to 1000.",
            }
        },
    )


@pytest.mark.parametrize(
    ("query", "rule", "message"),
    [
        (
            "from=yesterday",
            "admin.request",
            "from is 'yesterday'; expected an instant such as 2026-11-21T10:00:00Z.",
        ),
        (
            "to=2026-05-14",
            "admin.request",
            "to is '2026-05-14'; expected an instant such as 2026-11-21T10:00:00Z.",
        ),
        (
            "product=tulips",
            "usage.query",
            "There is no product with the code or id 'tulips'.",
        ),
        ("agreement=agmt-none", "usage.query", "There is no agreement 'agmt-none'."),
    ],
)
def test_a_query_that_cannot_be_understood_is_refused(server, query, rule, message):
    """The refusal names the offending value and what would have passed."""
    assert ask(server, f"GET /usage-records?{query}")[:2] == (
        400,
        {"error": {"rule": rule, "message": message}},
    )


def test_a_ledger_without_usage_has_an_empty_page(server):
    """Nothing accepted is no refusal."""
    assert ask(server, "GET /usage-records").body == {"usage_records": [], "next_cursor": None}


class TestCalls:
    """The latest API calls."""

    def test_they_are_shown_newest_first(self, metered):
        """The last call comes first, with all that is known of it."""
        call = ask(metered, "GET /calls?limit=1").body["calls"][0]
        request_id, microseconds = call.pop("request_id"), call.pop("microseconds")
        assert (len(request_id), microseconds >= 0, call) == (
            36,
            True,
            {
                "time": "2026-05-14T10:20:30Z",
                "service": "Marketplace Metering",
                "operation": "BatchMeterUsage",
                "caller": "arn:aws:iam::120000000002:user/dijk-ci",
                "region": "us-east-1",
                "status": 200,
                "outcome": "Success",
                "rule": "",
                "why": "",
                "notes": [],
            },
        )

    def test_all_are_shown_unless_there_are_too_many(self, metered):
        """Without a limit up to fifty are shown."""
        assert len(ask(metered, "GET /calls").body["calls"]) == 5

    def test_a_server_that_was_not_called_has_none(self, server):
        """Calls of the admin API are not among them."""
        assert ask(server, "GET /calls").body == {"calls": []}

    @pytest.mark.parametrize("limit", ["0", "10001", "x", "9" * 5000])
    def test_a_limit_out_of_bounds_is_refused(self, server, limit):
        """1 to 10000 calls can be asked for."""
        assert ask(server, f"GET /calls?limit={limit}")[:2] == (
            400,
            {
                "error": {
                    "rule": "admin.request",
                    "message": f"limit is {limit!r}; expected a number from 1 to 10000.",
                }
            },
        )
