"""Calls of MeterUsage with boto3."""

import pytest
from botocore.exceptions import ClientError
from market_now import NOW
from workload_market import INSTANCE_2, SCANNER


def meter(server, who=INSTANCE_2, region="us-east-1", **given):
    """Report five scans or hosts; the id of the record. A member given as None is left out."""
    usual = {
        "ProductCode": SCANNER,
        "Timestamp": NOW,
        "UsageDimension": "hosts",
        "UsageQuantity": 5,
    }
    if given.get("ProductCode", SCANNER) != SCANNER:
        usual["UsageDimension"] = "scans"
    sent = {name: value for name, value in (usual | given).items() if value is not None}
    credentials = getattr(who, "credentials", who)
    return server.client(credentials, region=region).meter_usage(**sent)["MeteringRecordId"]


def code(server, *who, **given):
    """The error code that a report is answered with."""
    with pytest.raises(ClientError) as refused:
        meter(server, *who, **given)
    return refused.value.response["Error"]["Code"]


def records(server):
    """What was accepted."""
    return server.ask("GET", "/usage-records")["usage_records"]
