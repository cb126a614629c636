"""The last part of the demonstration: the month's usage becomes money, and the money a report.

The clock is turned over the end of the month; the report is delivered into the seller's bucket in
the embedded AWS, and the notice of it comes by a queue that is subscribed to the seller's topic.
"""

import csv
import io
import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from meter_usage import SELLER, Demo

TYPE = "monthly_revenue_billing_and_revenue_data"
DAY = 20
"""Of the next month: the data set is published on the 15th."""

BILLED = "22.00 of 22.00 USD"
"""17 users of Polder Analytics at 0.50, and 6 units of Polder Vault's overage at 2.25."""

ROLE = f"arn:aws:iam::{SELLER}:role/MarketplaceCommerceAnalyticsRole"
TOPIC = f"arn:aws:sns:us-east-1:{SELLER}:polder-reports-ready"
QUEUE = "reports-ready"


def close_and_report(demo: Demo) -> None:
    """Close the month, ask for its report, wait for the notice, and read the report."""
    shown = datetime.fromisoformat(demo.waag("clock")["now"])
    month = shown.strftime("%Y-%m")
    later = shown.replace(
        year=shown.year + shown.month // 12, month=shown.month % 12 + 1, day=DAY, hour=12
    )
    demo.waag("clock", "set", later.strftime("%Y-%m-%dT%H:%M:%SZ"))
    queue = _subscribed(demo)
    report = demo.client(service="marketplacecommerceanalytics")

    def closed() -> str:
        demo.waag("month-end", month)
        statement = demo.waag("statement", "--account", SELLER, "--month", month)
        return f"{month} is {'closed' if statement['closed'] else 'open'}"

    def asked() -> str:
        answer = report.generate_data_set(
            dataSetType=TYPE,
            dataSetPublicationDate=later,
            roleNameArn=ROLE,
            destinationS3BucketName="polder-reports",
            snsTopicArn=TOPIC,
        )
        return f"an id of {len(answer['dataSetRequestId'])} characters"

    def told() -> str:
        notice = _next_notice(demo, queue)
        where.update(notice["dataSetS3Location"])
        return f"success: {notice['success']}"

    def billed() -> str:
        s3 = demo.client(service="s3")
        content = s3.get_object(Bucket=where["bucketName"], Key=where["key"])["Body"].read()
        rows = csv.DictReader(io.StringIO(content.decode()))
        total = sum(Decimal(row["Customer Billed Amount"]) for row in rows)
        return f"{total} of {_in_the_books(demo, month)} USD"

    where: dict[str, str] = {}
    demo.step("the month ends, and is closed", f"{month} is closed", closed)
    demo.step("GenerateDataSet", "an id of 36 characters", asked)
    demo.step("the notice, from SQS", "success: True", told)
    demo.step("billed: the report's, the books'", BILLED, billed)


def _subscribed(demo: Demo) -> str:
    queue: str = demo.client(service="sqs").create_queue(QueueName=QUEUE)["QueueUrl"]
    demo.client(service="sns").subscribe(
        TopicArn=TOPIC, Protocol="sqs", Endpoint=f"arn:aws:sqs:us-east-1:{SELLER}:{QUEUE}"
    )
    return queue


def _next_notice(demo: Demo, queue: str) -> Any:
    answer = demo.client(service="sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=20)
    (message,) = answer["Messages"]
    return json.loads(json.loads(message["Body"])["Message"])


def _in_the_books(demo: Demo, month: str) -> Decimal:
    """All usage that was billed; contracts are told of in another data set."""
    statement = demo.waag("statement", "--account", SELLER, "--month", month)
    lines = [line for invoice in statement["invoices"] for line in invoice["lines"]]
    return sum((Decimal(line["amount"]) for line in lines if line["kind"] == "usage"), Decimal(0))
