"""An unmodified boto3 meters usage over a socket."""

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

ANALYTICS = "1poldertab2lytics3legacy4"


def record(**given):
    usual = {
        "Timestamp": datetime.now(UTC),
        "CustomerIdentifier": "moLenBank01",
        "Dimension": "users",
        "Quantity": 5,
    }
    return usual | given


def test_a_valid_record_is_a_success(server):
    """A record of a subscribed customer is accepted."""
    answer = server.client().batch_meter_usage(ProductCode=ANALYTICS, UsageRecords=[record()])
    assert [result["Status"] for result in answer["Results"]] == ["Success"]
