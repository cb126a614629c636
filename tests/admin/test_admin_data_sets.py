"""Data sets and support contacts as the operator asks for them."""

import pytest
from asking import ask

from server import POLDER as POLDER_KEY
from server import live_server
from waag.config import Settings

POLDER, DIJK = "120000000001", "120000000002"
TEST_SET = "test_customer_support_contacts_data"
CONTACT = {
    "agreement": "agmt-molenvault0000001",
    "organization": "Molen Bank",
    "given_name": "Eva",
    "surname": "de Wit",
    "telephone_number": "+31 72 000 0000",
    "email": "eva@molen.example",
}
OTHERS = b"""
enrollments:
  - seller: "120000000002"
    role: arn:aws:iam::120000000002:role/Analytics
    bucket: dijk-reports
    topic: arn:aws:sns:us-east-1:120000000002:ready
    external_id: dijk-7
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server with the demo market, in which one seller has enrolled; nobody takes data sets."""
    data = tmp_path_factory.mktemp("asked") / "data"
    with live_server(Settings(data=data, aws_endpoint="http://127.0.0.1:9")) as running:
        running.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-05-14T10:20:30Z"})
        yield running


def error(server, call, body=None):
    """The status, rule and reason of a refusal."""
    answer = ask(server, call, body)
    return answer.status, answer.error["rule"], answer.error["message"]


def test_a_request_is_shown_whole(server):
    """Where it goes is where its seller has enrolled."""
    body = {
        "type": TEST_SET,
        "date": "2026-05-01",
        "prefix": "a",
        "customer_defined_values": {"b": "c"},
    }
    asked = ask(server, "POST /data-set-requests", body).body
    shown = ask(server, f"GET /data-set-requests/{asked['id']}").body
    del shown["attempts"], shown["last_error"]
    assert shown == {
        "id": asked["id"],
        "status": "pending",
        "seller": POLDER,
        "type": TEST_SET,
        "date": "2026-05-01T00:00:00Z",
        "published": None,
        "covers": {"starts": "2026-05-01T00:00:00Z", "ends": "2026-05-14T10:05:30Z"},
        "bucket": "polder-reports",
        "key": f"a/{TEST_SET}_2026-05-01T00-00-00Z.csv",
        "metadata_key": f"a/{TEST_SET}_2026-05-01T00-00-00Z.meta.json",
        "role": f"arn:aws:iam::{POLDER}:role/MarketplaceCommerceAnalyticsRole",
        "topic": f"arn:aws:sns:us-east-1:{POLDER}:polder-reports-ready",
        "customer_defined_values": {"b": "c"},
        "received": "2026-05-14T10:20:30Z",
        "completed": None,
        "message": None,
    }


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_requests_are_listed_page_by_page(server, limit):
    """Newest first; none is lost between two pages."""
    body = {"type": TEST_SET, "date": "2026-05-01"}
    newest = [ask(server, "POST /data-set-requests", body).body["id"] for _ in range(3)][::-1]
    cursor, found = "", []
    while cursor is not None:
        answer = ask(server, f"GET /data-set-requests?limit={limit}{cursor}").body
        found += [each["id"] for each in answer["data_set_requests"]]
        following = answer["next_cursor"]
        cursor = None if following is None else f"&cursor={following}"
    assert (found[:3], len(set(found))) == (newest, len(found))


def test_a_preview(server):
    """The header and the first rows; nothing is delivered."""
    before = ask(server, "GET /data-set-requests").body
    shown = ask(server, f"GET /data-sets/{TEST_SET}?date=2026-05-01&limit=2").body
    assert (shown["columns"][0], [row[7] for row in shown["rows"]]) == (
        "Product Id",
        ["Eugene", "Angela"],
    )
    assert ask(server, "GET /data-set-requests").body == before


def test_every_type_is_listed(server):
    """27, four of which nobody can build."""
    types = ask(server, "GET /data-set-types").body["data_set_types"]
    assert (len(types), len([each for each in types if each["unknown"]])) == (27, 4)


@pytest.mark.parametrize(
    ("call", "body", "expected"),
    [
        (
            "POST /data-set-requests",
            {"type": "tulips", "date": "2026-05-01"},
            (
                400,
                "analytics",
                "There is no data set 'tulips'; expected one of customer_subscriber",
            ),
        ),
        (
            "POST /data-set-requests",
            {"type": "daily_business_fees", "date": "2026-05-14"},
            (400, "analytics.not-published", "daily_business_fees of 2026-05-14 is available from"),
        ),
        (
            "POST /data-set-requests",
            {"type": "daily_business_fees", "date": "2025-11-02"},
            (
                400,
                "analytics.before-first",
                "The seller joined on 2025-11-03; there is no data set",
            ),
        ),
        (
            "POST /data-set-requests",
            {"type": TEST_SET, "date": "2026-05-01", "seller": DIJK},
            (400, "analytics.enrollment", f"Account {DIJK} has not enrolled in data sets"),
        ),
        (
            "POST /data-set-requests",
            {"type": TEST_SET, "date": "May"},
            (
                400,
                "admin.request",
                "date is 'May'; expected a day such as 2026-11-21, or an instan",
            ),
        ),
        (
            "GET /data-set-requests/tulips",
            None,
            (404, "analytics.request", "There is no request 'tulips' for a data set."),
        ),
        (
            "GET /data-set-requests?status=odd",
            None,
            (400, "admin.request", "status is 'odd'; expected one of pending, delivered, refused"),
        ),
        (
            f"GET /data-sets/{TEST_SET}",
            None,
            (400, "admin.request", "date is missing; expected a day such as 2026-11-21."),
        ),
        (
            "GET /support-contacts/tulips",
            None,
            (404, "analytics.contact-unknown", "There is no support contact 'tulips'."),
        ),
        (
            "POST /support-contacts",
            CONTACT | {"email": ""},
            (400, "analytics.contact", "The email is missing; a support contact has one."),
        ),
    ],
)
def test_what_is_refused(server, call, body, expected):
    """With the rule and the reason."""
    status, rule, message = error(server, call, body)
    assert (status, rule, message[: len(expected[2])]) == expected


def test_a_contact_lives(server):
    """It is told of, changed and deleted; all that is shown."""
    added = ask(server, "POST /support-contacts", CONTACT).body
    path = f"/support-contacts/{added['id']}"
    ask(server, "POST /clock/advance", {"seconds": 1})
    edited = ask(server, f"PUT {path}", {"title": "CTO"}).body
    removed = ask(server, f"DELETE {path}").body
    assert edited == added | {"title": "CTO", "changed": "2026-05-14T10:20:31Z"}
    assert ask(server, f"GET {path}").body == removed
    assert (removed["deleted"], removed["given_name"], removed["buyer"]) == (
        True,
        "",
        "210000000001",
    )


def test_contacts_are_listed_page_by_page(server):
    """In the order in which they came."""
    added = [ask(server, "POST /support-contacts", CONTACT).body["id"] for _ in range(2)]
    of_one = f"/support-contacts?agreement={CONTACT['agreement']}"
    together = ask(server, f"GET {of_one}").body["support_contacts"]
    first = ask(server, f"GET {of_one}&limit=1").body
    second = ask(server, f"GET {of_one}&limit=1&cursor={first['next_cursor']}").body
    assert [each["id"] for each in together][-2:] == added
    assert [page["support_contacts"][0] for page in (first, second)] == together[:2]


class TestSeveralSellers:
    """Once more than one has enrolled."""

    @pytest.fixture(autouse=True)
    def _enrolled(self, server):
        server.ask("PUT", "/market", OTHERS)

    def test_the_seller_has_to_be_named(self, server):
        """It is nobody's guess."""
        body = {"type": TEST_SET, "date": "2026-05-01"}
        assert error(server, "POST /data-set-requests", body)[2].startswith("Several sellers have")

    def test_an_external_id_of_the_market(self, server):
        """An enrollment may name the one that the role asks for."""
        assert ask(server, f"GET /enrollments/{DIJK}").body["external_id"] == "dijk-7"

    def test_an_external_id_of_waag(self, server):
        """Else it is the one that the role in the embedded AWS asks for."""
        shown = ask(server, f"GET /enrollments/{POLDER}").body
        iam = server.client(POLDER_KEY, "iam")
        role = iam.get_role(RoleName=shown["role"].rpartition("/")[2])["Role"]
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Condition"]["StringEquals"]["sts:ExternalId"] == shown["external_id"]
