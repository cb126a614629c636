import re
from datetime import UTC, datetime

import pytest
from allocating import Partner
from allocating import record as record_of_allocation
from asking import ask
from described_calls import ANALYTICS, CHARGE, DONE, INVOICE, REFUSED
from json_schemas import misfits, references, resolve

from receiver import receiver
from server import live_server
from waag import __version__
from waag.config import Settings

NOW = datetime(2026, 5, 14, 10, 20, 30, tzinfo=UTC)
MADE_BEFORE = {
    "fault-1": "POST /faults",
    "request-1": "POST /data-set-requests",
    "contact-1": "POST /support-contacts",
}
"""Stand-ins for ids, and the call that makes one."""

NOBODY = "http://127.0.0.1:9"
"""Nobody listens there, so that data sets are taken and not delivered."""

REQUESTED = ("accept", "reject", "withdraw")
RECORDED = """accounts:
  - id: "210000000002"
    name: Gracht Health
    kind: buyer
    address: {country: US, state: MA, city: Boston, postal_code: "02108"}
    email_domain: gracht.example
    collection: {pays: as-recorded}
"""
ENDING = (
    RECORDED
    + "agreements:"
    + "".join(
        f"""
  - id: agmt-{name}
    product: prod-poldervault01
    buyer: "210000000002"
    license_arn: arn:aws:license-manager::294406891311:license:l-{name}
    starts: 2026-01-01T00:00:00Z
    ends: 2027-01-01T00:00:00Z
    entitlements: [{{dimension: seats, value: 1}}]
"""
        for name in ("ending", *REQUESTED)
    )
)


@pytest.fixture(scope="module")
def used(tmp_path_factory):
    """A server with something to show: usage, a warning, a call refused, one with notes, events."""
    data = tmp_path_factory.mktemp("used") / "data"
    with (
        receiver() as endpoint,
        live_server(
            Settings(data=data, events_webhook=endpoint.url, aws_endpoint=NOBODY)
        ) as server,
    ):
        server.ask("PUT", "/clock", {"mode": "frozen", "now": NOW.isoformat()})
        server.ask("PUT", "/market", ENDING.encode())
        for name in REQUESTED:
            server.ask(
                "POST", f"/agreements/agmt-{name}/cancellation-request", {"reason_code": "OTHER"}
            )
        # The first is sent once the second comes.
        endpoint.take(2)
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
        partner = Partner(server)
        partner.carried_out(record_of_allocation("101"), Description="Too much")
        inactive = record_of_allocation("1", "2026-07", Status="INACTIVE")
        partner.carried_out(record_of_allocation("60"), inactive)
        server.attribution = partner.id
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
    path = re.sub(r"/(ra-\w+)", "/{id}", path)
    path = re.sub(r"/charges/[\w-]+", "/charges/{id}", path)
    path = re.sub(r"/invoices/[\w-]+", "/invoices/{id}", path)
    path = re.sub(r"/products/\w+", "/products/{code}", path)
    path = re.sub(r"/data-sets/\w+", "/data-sets/{type}", path)
    path = re.sub(r"/events/.+/", "/events/{id}/", path)
    path = re.sub(r"/(faults|data-set-requests|support-contacts)/.+", r"/\1/{id}", path)
    path = re.sub(r"/enrollments/\d+", "/enrollments/{id}", path)
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
    if "event-1" in call:
        sent = ask(used, "GET /events?status=sent").body["events"][0]["id"]
        call = call.replace("event-1", sent)
    return ask(used, call.replace("ra-used", used.attribution), body)


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
        .replace("/data-sets/{type}", "/data-sets/test_customer_support_contacts_data")
        .replace("/enrollments/{id}", "/enrollments/120000000001")
        .replace("/support-contacts/{id}", "/support-contacts/contact-1")
        .replace("/events/{id}", "/events/event-1")
        .replace("{id}/cancellation-request/accept", "agmt-accept/cancellation-request/accept")
        .replace("{id}/cancellation-request/reject", "agmt-reject/cancellation-request/reject")
        .replace("{id}/cancellation-request/with", "agmt-withdraw/cancellation-request/with")
        .replace("{id}/cancellation-request", "agmt-ending/cancellation-request")
        .replace("{id}/renew", "agmt-ending/renew")
        .replace("/attributions/{id}", "/attributions/ra-used")
        .replace("/tasks/{id}", "/tasks/ra-used")
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
