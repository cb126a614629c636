import re
from datetime import UTC, datetime

import pytest
from asking import ask
from json_schemas import misfits, references, resolve

from server import live_server
from waag import __version__
from waag.config import Settings

NOW = datetime(2026, 5, 14, 10, 20, 30, tzinfo=UTC)
ANALYTICS = "1poldertab2lytics3legacy4"
EXPORT = {"type": "test_customer_support_contacts_data", "date": "2026-05-01"}
CONTACT = {
    "agreement": "agmt-molenanalytics001",
    "organization": "Molen Bank",
    "given_name": "Eva",
    "surname": "de Wit",
    "telephone_number": "+31 72 000 0000",
    "email": "eva@molen.example",
}

CHARGE, INVOICE = "charge-6116c555d7050aa095c7", "inv-8fa517151e11633b9363"

DONE = {
    "GET /clock": None,
    "PUT /clock": {"mode": "frozen"},
    "POST /clock/advance": {"seconds": 0},
    "GET /usage-records": None,
    "GET /usage-warnings": None,
    "GET /calls": None,
    "PUT /market": b"",
    "GET /accounts/210000000001/credentials": None,
    "POST /agreements": {"product": ANALYTICS, "buyer": "120000000002"},
    "GET /agreements": None,
    "GET /agreements/agmt-molenvault0000001": None,
    "POST /agreements/agmt-molenvault0000001/amend": {"entitlements": {"seats": 9}},
    "POST /agreements/agmt-ending/renew": {"ends": "2028-01-01T00:00:00Z"},
    "POST /agreements/agmt-molenvault0000001/suspend": None,
    "POST /agreements/agmt-molenvault0000001/reinstate": None,
    "POST /agreements/agmt-molenvault0000001/cancel": None,
    "GET /events": None,
    "GET /products/7polderharbor8container9x/public-keys": None,
    "POST /products/7polderharbor8container9x/public-keys": None,
    "POST /registration-tokens": {"agreement": "agmt-molenvault0000001"},
    "POST /data-set-requests": EXPORT,
    "GET /data-set-requests": None,
    "GET /data-set-requests/request-1": None,
    "GET /data-set-types": None,
    "GET /data-sets/test_customer_support_contacts_data?date=2026-05-01": None,
    "GET /enrollments/120000000001": None,
    "POST /support-contacts": CONTACT,
    "GET /support-contacts": None,
    "GET /support-contacts/contact-1": None,
    "PUT /support-contacts/contact-1": {"title": "CTO"},
    "DELETE /support-contacts/contact-1": None,
    "POST /faults": {"operation": "MeterUsage", "effect": "throttle"},
    "GET /faults": None,
    "DELETE /faults/fault-1": None,
    "DELETE /faults": None,
    "POST /month-end": {"month": "2026-02"},
    "GET /month-end": None,
    "GET /invoices": None,
    "GET /statement?account=210000000002&month=2026-03": None,
    f"GET /charges/{CHARGE}/usage-records": None,
    "POST /credits": {"charge": CHARGE, "amount": "1.00"},
    "POST /refunds": {"charge": CHARGE, "amount": "1.00"},
    f"POST /invoices/{INVOICE}/payments": {"amount": "1.00"},
    f"POST /invoices/{INVOICE}/write-off": None,
    "GET /openapi.json": None,
}
"""A call that is carried out for each that is described, with its body."""

REFUSED = {
    "PUT /clock": {"mode": "stopped"},
    "POST /clock/advance": {},
    "GET /usage-records?limit=0": None,
    "GET /usage-warnings?limit=0": None,
    "GET /calls?limit=0": None,
    "PUT /market": b"accounts: 1",
    "GET /accounts/1/credentials": None,
    "POST /agreements": {"product": "tulips", "buyer": "120000000002"},
    "GET /agreements?status=odd": None,
    "GET /agreements/agmt-none": None,
    "POST /agreements/agmt-none/amend": {},
    "POST /agreements/agmt-none/renew": {"ends": "2028-01-01T00:00:00Z"},
    "POST /agreements/agmt-none/suspend": None,
    "POST /agreements/agmt-none/reinstate": None,
    "POST /agreements/agmt-none/cancel": None,
    "GET /events?cursor=odd": None,
    "GET /products/tulips/public-keys": None,
    "POST /products/tulips/public-keys": None,
    "POST /registration-tokens": {"agreement": "agmt-none"},
    "POST /data-set-requests": EXPORT | {"date": "May"},
    "GET /data-set-requests?status=odd": None,
    "GET /data-set-requests/odd": None,
    "GET /data-sets/tulips?date=2026-05-01": None,
    "GET /enrollments/210000000001": None,
    "POST /support-contacts": CONTACT | {"agreement": "agmt-none"},
    "GET /support-contacts?limit=0": None,
    "GET /support-contacts/odd": None,
    "PUT /support-contacts/odd": {},
    "DELETE /support-contacts/odd": None,
    "POST /faults": {"operation": "MeterUsage", "effect": "flood"},
    "DELETE /faults/1": None,
    "POST /month-end": {"month": "2026-05"},
    "GET /invoices?status=odd": None,
    "GET /invoices?cursor=odd": None,
    "GET /statement": None,
    "GET /statement?account=1&month=2026-05": None,
    "GET /charges/charge-none/usage-records": None,
    "GET /charges/charge-none/usage-records?cursor=-1": None,
    "POST /credits": {"charge": "charge-none"},
    "POST /refunds": {"charge": "charge-none"},
    "POST /invoices/inv-none/payments": {},
    "POST /invoices/inv-none/write-off": None,
}

MADE_BEFORE = {
    "fault-1": "POST /faults",
    "request-1": "POST /data-set-requests",
    "contact-1": "POST /support-contacts",
}
"""Stand-ins for ids, and the call that makes one."""

NOBODY = "http://127.0.0.1:9"
"""Nobody listens there, so that data sets are taken and not delivered."""

ENDING = b"""
accounts:
  - id: "210000000002"
    name: Gracht Health
    kind: buyer
    address: {country: US, state: MA, city: Boston, postal_code: "02108"}
    email_domain: gracht.example
    collection: {pays: as-recorded}
agreements:
  - id: agmt-ending
    product: prod-poldervault01
    buyer: "210000000002"
    license_arn: arn:aws:license-manager::294406891311:license:l-ending
    starts: 2026-01-01T00:00:00Z
    ends: 2027-01-01T00:00:00Z
    entitlements: [{dimension: seats, value: 1}]
"""


@pytest.fixture(scope="module")
def used(tmp_path_factory):
    """A server with something to show: usage, a warning, a call refused, one with notes."""
    settings = Settings(data=tmp_path_factory.mktemp("used") / "data", aws_endpoint=NOBODY)
    with live_server(settings) as server:
        server.ask("PUT", "/clock", {"mode": "frozen", "now": NOW.isoformat()})
        server.ask("PUT", "/market", ENDING)
        server.ask("PUT", "/clock", {"mode": "frozen", "now": NOW.isoformat()})
        record = {
            "CustomerAWSAccountId": "210000000001",
            "Dimension": "users",
            "Timestamp": NOW,
            "Quantity": 5,
            "UsageAllocations": [
                {"AllocatedUsageQuantity": 5, "Tags": [{"Key": "team", "Value": "a"}]}
            ],
        }
        client = server.client()
        zero = record | {"Quantity": 0, "Dimension": "gb-scanned"}
        del zero["UsageAllocations"]
        client.batch_meter_usage(ProductCode=ANALYTICS, UsageRecords=[zero])
        for _ in range(2):
            client.batch_meter_usage(ProductCode=ANALYTICS, UsageRecords=[record])
        with pytest.raises(client.exceptions.InvalidUsageDimensionException):
            client.batch_meter_usage(
                ProductCode=ANALYTICS, UsageRecords=[record | {"Dimension": "tulips"}]
            )
        yield server


@pytest.fixture(scope="module")
def described(used):
    """The description that the server gives of itself."""
    return ask(used, "GET /openapi.json").body


def operation(described, call):
    """How a call is described."""
    method, path = call.split()
    path = re.sub(r"/accounts/\d+", "/accounts/{account}", path.partition("?")[0])
    path = re.sub(r"/agreements/agmt-\w+", "/agreements/{id}", path)
    path = re.sub(r"/charges/[\w-]+", "/charges/{id}", path)
    path = re.sub(r"/invoices/[\w-]+", "/invoices/{id}", path)
    path = re.sub(r"/products/\w+", "/products/{code}", path)
    path = re.sub(r"/data-sets/\w+", "/data-sets/{type}", path)
    path = re.sub(r"/(faults|data-set-requests|enrollments|support-contacts)/.+", r"/\1/{id}", path)
    return described["paths"][f"/admin/v1{path}"][method.lower()]


def schema(described, call, status):
    """The schema of a call's answer."""
    answer = operation(described, call)["responses"][status]
    return answer["content"]["application/json"]["schema"]


def carried_out(used, call):
    """The answer to a call that is carried out; what it is about is made first, with a new id."""
    body = DONE[call]
    for stand_in, making in MADE_BEFORE.items():
        if stand_in in call:
            made = ask(used, making, DONE[making]).body
            call = call.replace(stand_in, made["id"])
    return ask(used, call, body)


def test_it_is_openapi(described):
    """The document says which OpenAPI it is and what it describes."""
    assert (described["openapi"], described["info"]) == (
        "3.1.0",
        {"title": "Waag admin API", "version": __version__},
    )


def test_every_call_is_described(described):
    """The document has exactly the calls that these tests make."""
    found = {
        f"{method.upper()} {path.removeprefix('/admin/v1')}"
        for path, methods in described["paths"].items()
        for method in methods
    }
    named = {
        call.replace("{account}", "210000000001")
        .replace("{code}", "7polderharbor8container9x")
        .replace("/faults/{id}", "/faults/fault-1")
        .replace("/data-set-requests/{id}", "/data-set-requests/request-1")
        .replace(
            "/data-sets/{type}", "/data-sets/test_customer_support_contacts_data?date=2026-05-01"
        )
        .replace("/enrollments/{id}", "/enrollments/120000000001")
        .replace("/support-contacts/{id}", "/support-contacts/contact-1")
        .replace("{id}/renew", "agmt-ending/renew")
        .replace("/charges/{id}", f"/charges/{CHARGE}")
        .replace("/invoices/{id}", f"/invoices/{INVOICE}")
        .replace("{id}", "agmt-molenvault0000001")
        for call in found
    }
    assert named == {call.partition("?")[0] for call in DONE}


@pytest.fixture(scope="module")
def answers(used):
    """The answers to all of them, each carried out once, in order."""
    return {call: carried_out(used, call) for call in DONE}


@pytest.mark.parametrize("call", DONE)
def test_every_call_is_there(answers, call):
    """What is described is answered."""
    assert answers[call].status == 200


@pytest.mark.parametrize("call", DONE)
def test_an_answer_fits_its_schema(answers, described, call):
    """Every member is described and has the form that it is described with."""
    answer = answers[call].body
    assert list(misfits(answer, schema(described, call, "200"), described)) == []


@pytest.mark.parametrize("call", REFUSED)
def test_a_refusal_fits_its_schema(used, described, call):
    """A refusal is described too, mistakes included."""
    answer = ask(used, call, REFUSED[call]).body
    assert list(misfits(answer, schema(described, call, "default"), described)) == []


@pytest.mark.parametrize(
    "call", ["PUT /clock", "POST /clock/advance", "POST /faults", "POST /registration-tokens"]
)
def test_a_body_that_is_taken_fits_its_schema(described, call):
    """What a call takes is described as it is taken."""
    body = operation(described, call)["requestBody"]["content"]["application/json"]["schema"]
    assert list(misfits(DONE[call], body, described)) == []


def test_a_market_file_is_described_as_text(described):
    """The one body that is no JSON has a media type of its own."""
    assert operation(described, "PUT /market")["requestBody"]["content"] == {
        "application/yaml": {"schema": {"type": "string"}}
    }


def test_every_reference_leads_somewhere(described):
    """Each schema that is referred to is in the document."""
    assert all(isinstance(resolve(each, described), dict) for each in references(described))


def test_every_operation_has_a_name_of_its_own(described):
    """Code that is generated from the document has a function for each call."""
    names = [each["operationId"] for path in described["paths"].values() for each in path.values()]
    assert len(set(names)) == len(names) == len(DONE)


def test_parameters_of_the_path_are_described(described):
    """A path's variables are its required parameters."""
    call = operation(described, "GET /accounts/1/credentials")
    assert call["parameters"] == [
        {"name": "account", "in": "path", "required": True, "schema": {"type": "string"}}
    ]


def test_parameters_of_the_query_are_described(described):
    """Each can be left out; a limit is a number."""
    call = operation(described, "GET /usage-records")
    assert [(each["name"], each["in"], each["schema"]["type"]) for each in call["parameters"]] == [
        ("product", "query", "string"),
        ("agreement", "query", "string"),
        ("from", "query", "string"),
        ("to", "query", "string"),
        ("limit", "query", "integer"),
        ("cursor", "query", "string"),
    ]


def test_the_token_is_described(described):
    """Every call takes a bearer token."""
    assert (described["security"], described["components"]["securitySchemes"]) == (
        [{"operator": []}],
        {"operator": {"type": "http", "scheme": "bearer"}},
    )


@pytest.mark.parametrize(
    ("value", "schema", "expected"),
    [
        ({}, {"$ref": "#/components/schemas/ErrorBody"}, ["$ has no error"]),
        (1, {"type": "string"}, ["$ is 1, not of type string"]),
        ([1, "a"], {"items": {"type": "integer"}}, ["$[1] is 'a', not of type integer"]),
        ("c", {"enum": ["a", "b"]}, ["$ is 'c', not one of ['a', 'b']"]),
        (
            {"a": 1},
            {"properties": {"b": {}}},
            ["$ has a member a, which is not described"],
        ),
        (
            1,
            {"anyOf": [{"type": "string"}, {"type": "null"}]},
            ["$ fits none of [{'type': 'string'}, {'type': 'null'}]"],
        ),
    ],
)
def test_the_check_finds_what_does_not_fit(described, value, schema, expected):
    """The check that these tests rest on tells a misfit."""
    assert list(misfits(value, schema, described)) == expected
