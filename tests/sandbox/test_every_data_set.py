"""Business made up, and every data set of it asked for, announced and read, all with boto3."""

import csv
import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from embedded import POLDER_ACCOUNT

from server import POLDER, waag_process
from waag.domain.analytics.data_sets import DATA_SET_TYPES

TOPIC = f"arn:aws:sns:us-east-1:{POLDER_ACCOUNT}:polder-reports-ready"
QUEUE = f"arn:aws:sqs:us-east-1:{POLDER_ACCOUNT}:reports-ready"
MONTH = "2026-02"
PUBLISHED = datetime(2026, 3, 20, tzinfo=UTC)
KNOWN = [name for name, each in DATA_SET_TYPES.items() if each.unknown is None]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server of an empty directory, on which a quarter of business was made up."""
    data = tmp_path_factory.mktemp("quarter") / "data"
    with waag_process(data) as running:
        command = "simulate --seed 7 --months 3 --customers 25"
        where = f"--endpoint {running.endpoint} --data {data}"
        subprocess.run([sys.executable, "-m", "waag", *f"{command} {where}".split()], check=True)
        yield running


@pytest.fixture(scope="module")
def files(server):
    """Every data set by its type: rows by column, each found by its notice."""
    clients = {
        name: server.client(POLDER, name)
        for name in ("sqs", "sns", "s3", "marketplacecommerceanalytics")
    }
    queue = clients["sqs"].create_queue(QueueName="reports-ready")["QueueUrl"]
    clients["sns"].subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=QUEUE)
    asked = {_asked(clients["marketplacecommerceanalytics"], each): each for each in KNOWN}
    found = {}
    while len(found) < len(asked):
        answer = clients["sqs"].receive_message(QueueUrl=queue, WaitTimeSeconds=20)
        (message,) = answer["Messages"]
        clients["sqs"].delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        notice = json.loads(json.loads(message["Body"])["Message"])
        assert notice["success"], notice
        found[asked[notice["dataSetRequestId"]]] = _read(clients["s3"], notice)
    return found


def _asked(service, data_set):
    answer = service.generate_data_set(
        dataSetType=data_set,
        dataSetPublicationDate=PUBLISHED,
        roleNameArn=f"arn:aws:iam::{POLDER_ACCOUNT}:role/MarketplaceCommerceAnalyticsRole",
        destinationS3BucketName="polder-reports",
        snsTopicArn=TOPIC,
    )
    return answer["dataSetRequestId"]


def _read(s3, notice):
    where = notice["dataSetS3Location"]
    content = s3.get_object(Bucket=where["bucketName"], Key=where["key"])["Body"].read()
    return list(csv.DictReader(io.StringIO(content.decode())))


def total(rows, column):
    """The sum of a column."""
    return sum((Decimal(row[column]) for row in rows), Decimal(0))


def test_every_type_is_announced_once(files):
    """All whose columns are known."""
    assert sorted(files) == sorted(KNOWN)


def test_what_was_billed_is_what_the_books_say(server, files):
    """Both monthly revenue data sets together have all invoices of the month."""
    statement = server.ask("GET", f"/statement?account={POLDER_ACCOUNT}&month={MONTH}")
    booked = total([item for each in statement["invoices"] for item in each["items"]], "revenue")
    billed = sum(
        total(files[name], "Customer Billed Amount")
        for name in (
            "monthly_revenue_billing_and_revenue_data",
            "monthly_revenue_annual_subscriptions",
        )
    )
    assert billed == booked > 0
