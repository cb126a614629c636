"""What an unmodified boto3 is told of requests for data sets; nobody is there to deliver to."""

from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError
from raw import send_signed

from built_data_sets import DAILY, DISBURSED, FEES, MONTHLY, data_sets
from server import DIJK, POLDER, RESOLVER, live_server
from waag.config import Choices, Settings
from waag.domain.analytics.choices import AnalyticsChoices, Available, FileDate, SupportFileName
from waag.wire.faults import WireChoices

NOW = "2026-05-16T10:20:30Z"
NOBODY = "http://127.0.0.1:9"
POLDERS = "120000000001"
TARGET = "MarketplaceCommerceAnalytics20150701."
CONTACTS = "customer_support_contacts_data"
TEST_CONTACTS = "test_customer_support_contacts_data"


def started(data, **choices):
    """A server that delivers to nobody, its clock standing still."""
    return live_server(Settings(data=data, aws_endpoint=NOBODY, **choices), data_sets())


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """One server with the demo market for all."""
    with started(tmp_path_factory.mktemp("asked") / "data") as running:
        running.ask("PUT", "/clock", {"mode": "frozen", "now": NOW})
        yield running


def places(**given):
    """Where to: what the seller of the demo market has enrolled with."""
    return {
        "roleNameArn": f"arn:aws:iam::{POLDERS}:role/MarketplaceCommerceAnalyticsRole",
        "destinationS3BucketName": "polder-reports",
        "snsTopicArn": f"arn:aws:sns:us-east-1:{POLDERS}:polder-reports-ready",
    } | given


def generate(server, data_set=DAILY, date="2026-05-15", credentials=POLDER, **given):
    """One call: the request as the operator sees it."""
    client = server.client(credentials, service="marketplacecommerceanalytics")
    answer = client.generate_data_set(
        dataSetType=data_set, dataSetPublicationDate=date, **places(**given)
    )
    return server.ask("GET", f"/data-set-requests/{answer['dataSetRequestId']}")


def export(server, data_set=CONTACTS, date="2026-05-01", **given):
    """The same of the other operation."""
    client = server.client(service="marketplacecommerceanalytics")
    answer = client.start_support_data_export(
        dataSetType=data_set, fromDate=date, **places(**given)
    )
    return server.ask("GET", f"/data-set-requests/{answer['dataSetRequestId']}")


def refused(call, server, **given):
    """The code, status and message of a refusal."""
    with pytest.raises(ClientError) as refusal:
        call(server, **given)
    response = refusal.value.response
    return (
        response["Error"]["Code"],
        response["ResponseMetadata"]["HTTPStatusCode"],
        response["Error"]["Message"],
    )


@pytest.mark.parametrize(
    ("data_set", "date", "expected"),
    [
        (DAILY, datetime(2026, 5, 15, 17, 0, 1, tzinfo=UTC), ("2026-05-15", "05-15", "05-14")),
        (DAILY, "2026-05-15", ("2026-05-15", "05-15", "05-14")),
        (FEES, "2026-05-15", ("2026-05-15", "05-15", "05-12")),
        (MONTHLY, "2026-05-31", ("2026-05-31", "05-15", "04-01")),
        (MONTHLY, "2026-04-02", ("2026-04-02", "04-15", "03-01")),
        (DISBURSED, "2026-05-08", ("2026-05-08", "05-08", "04-05")),
        (DISBURSED, "2026-05-15", ("2026-05-15", "05-08", "04-05")),
    ],
)
def test_a_data_set_is_asked_for(server, data_set, date, expected):
    """By a day, by any day of a month, by any of the 31 days from a disbursement report on."""
    file, published, covers = expected
    asked = generate(server, data_set, date)
    assert (asked["key"], asked["published"], asked["covers"]["starts"]) == (
        f"{data_set}_{file}.csv",
        f"2026-{published}",
        f"2026-{covers}T00:00:00Z",
    )


@pytest.mark.parametrize("data_set", [CONTACTS, TEST_CONTACTS])
def test_an_export_is_asked_for(server, data_set):
    """From a date up to a quarter of an hour ago."""
    asked = export(server, data_set)
    assert (asked["key"], asked["covers"]) == (
        f"{data_set}_2026-05-01T00-00-00Z.csv",
        {"starts": "2026-05-01T00:00:00Z", "ends": "2026-05-16T10:05:30Z"},
    )


def test_what_is_taken_unchecked_is_noted(server):
    """Nobody listens where data sets are delivered to, so nobody knows."""
    generate(server, customerDefinedValues={str(number): "x" for number in range(5)})
    [note] = server.latest_call()["notes"]
    assert note.startswith("Taken unchecked, and delivered later: ")


@pytest.mark.parametrize(
    ("given", "rule", "message"),
    [
        (
            {"data_set": "tulips"},
            "shape.constraint",
            "1 validation error detected: Value 'tulips' at 'dataSetType' failed to satisfy",
        ),
        (
            {"customerDefinedValues": {str(number): "x" for number in range(6)}},
            "shape.constraint",
            "1 validation error detected: Value '{6 entries}' at 'customerDef",
        ),
        (
            {"customerDefinedValues": {}},
            "shape.constraint",
            "1 validation error detected: Value '{0 entries}' at 'customerDefinedValues' f",
        ),
        (
            {"destinationS3BucketName": "x" * 64},
            "shape.constraint",
            "1 validation error detected: Value 'xxxx",
        ),
        (
            {"data_set": "customer_profile_by_industry"},
            "analytics.columns",
            "customer_profile_by_industry cannot be generated: AWS has deprecated it and never",
        ),
        (
            {"date": "2026-05-16"},
            "analytics.not-published",
            f"{DAILY} of 2026-05-16 is available from 2026-05-17T00:00:00Z on; it is {NOW}.",
        ),
        ({"date": "2036-05-16"}, "analytics.not-published", f"{DAILY} of 2036-05-16 is available"),
        (
            {"data_set": MONTHLY, "date": "2026-06-01"},
            "analytics.not-published",
            f"{MONTHLY} of 2026-06-15 is available from 2026-06-16T00:00:00Z on",
        ),
        (
            {"date": "2016-05-16"},
            "analytics.before-first",
            f"{DAILY} is published daily since 2017",
        ),
        (
            {"date": "2025-11-02"},
            "analytics.before-first",
            "The seller joined on 2025-11-03; there",
        ),
        (
            {"data_set": DISBURSED, "date": "2026-05-07"},
            "analytics.disbursement",
            "Nothing was disbursed: no disbursement report was published from 2026-04-07 to",
        ),
        (
            {"destinationS3BucketName": "arn:aws:s3:::reports"},
            "analytics.destination",
            "destinationS3BucketName 'arn:aws:s3:::reports' is an ARN; give the bucket's name",
        ),
        (
            {"roleNameArn": "arn:aws:iam::999999999999:role/x"},
            "analytics.destination",
            "roleNameArn 'arn:aws:iam::999999999999:role/x' is a role of account 999999999999",
        ),
        (
            {"destinationS3Prefix": "a/../b"},
            "analytics.destination",
            "destinationS3Prefix 'a/../b'",
        ),
        ({"snsTopicArn": "ready"}, "analytics.destination", "snsTopicArn 'ready' is not the ARN"),
    ],
    ids=lambda given: str(given)[:50],
)
def test_what_is_refused(server, given, rule, message):
    """With the one error that the service models, and what would have passed."""
    code, status, told = refused(generate, server, **given)
    call = server.latest_call()
    assert (code, status, call["rule"]) == ("MarketplaceCommerceAnalyticsException", 400, rule)
    assert told[: len(message)] == message


def test_the_exception_can_be_caught_by_name(server):
    """As the model has it."""
    client = server.client(service="marketplacecommerceanalytics")
    with pytest.raises(client.exceptions.MarketplaceCommerceAnalyticsException):
        client.generate_data_set(dataSetType=DAILY, dataSetPublicationDate="2030-01-01", **places())


def test_an_export_that_would_begin_after_its_end(server):
    """The refusal says how far it could go."""
    assert refused(export, server, date=NOW)[2].startswith(f"fromDate is {NOW}; changes are expor")


def test_who_has_not_enrolled(server):
    """Is told so before anything else is looked at."""
    assert refused(generate, server, credentials=DIJK, data_set="tulips", date="2036-01-01") == (
        "SubscriptionRequiredException",
        400,
        "The AWS Access Key Id needs a subscription for the service",
    )


def test_who_is_not_allowed_to(server):
    """Is told that before; nothing of the request counts."""
    assert refused(generate, server, credentials=RESOLVER, data_set="tulips")[0] == (
        "AccessDeniedException"
    )


@pytest.mark.parametrize(
    ("credentials", "code"),
    [
        (POLDER, "MarketplaceCommerceAnalyticsException"),
        (DIJK, "SubscriptionRequiredException"),
        (RESOLVER, "AccessDeniedException"),
    ],
    ids=["enrolled", "not enrolled", "not allowed"],
)
def test_an_empty_request(server, credentials, code):
    """Which other SDKs send: its shape counts last."""
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": f"{TARGET}GenerateDataSet",
    }
    service = "marketplacecommerceanalytics"
    reply = send_signed(server, b"{}", headers=headers, service=service, credentials=credentials)
    assert (reply.status, code in reply.body.decode()) == (400, True)


@pytest.mark.parametrize(
    ("choices", "ask", "shown"),
    [
        (
            Choices(analytics=AnalyticsChoices(data_set_available=Available.START_OF_DAY)),
            lambda server: generate(server, date="2026-05-16")["key"],
            f"{DAILY}_2026-05-16.csv",
        ),
        (
            Choices(analytics=AnalyticsChoices(data_set_file_date=FileDate.PUBLISHED)),
            lambda server: generate(server, DISBURSED)["key"],
            f"{DISBURSED}_2026-05-08.csv",
        ),
        (
            Choices(analytics=AnalyticsChoices(support_file_name=SupportFileName.RANGE)),
            lambda server: export(server)["key"],
            f"{CONTACTS}_2026-05-01T00-00-00Z_to_2026-05-16T10-05-30Z.csv",
        ),
        (
            Choices(wire=WireChoices(data_set_refusal_status=500)),
            lambda server: refused(generate, server, date="2030-01-01")[1],
            500,
        ),
    ],
    ids=["availability", "file date", "file name", "status"],
)
def test_choices(tmp_path, choices, ask, shown):
    """Other readings, where AWS's sources differ."""
    with started(tmp_path / "data", choices=choices) as server:
        server.ask("PUT", "/clock", {"mode": "frozen", "now": NOW})
        assert ask(server) == shown
