"""A server for commands to be tried on."""

from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from server import live_server, waag_process
from waag.config import Settings

NOW = datetime(2026, 5, 14, 10, 20, 30, tzinfo=UTC)
ANALYTICS = "1poldertab2lytics3legacy4"


@pytest.fixture(scope="session")
def used_server(tmp_path_factory):
    """A server with a record, that record again, and one with a dimension that there is not."""
    with live_server(Settings(data=tmp_path_factory.mktemp("used") / "data")) as running:
        running.ask("PUT", "/clock", {"mode": "frozen", "now": NOW.isoformat()})
        client = running.client()
        record = {
            "CustomerIdentifier": "moLenBank01",
            "Dimension": "users",
            "Timestamp": NOW,
            "QuantityAsDecimal": "5.5",
        }
        for _ in range(2):
            client.batch_meter_usage(ProductCode=ANALYTICS, UsageRecords=[record])
        with pytest.raises(ClientError):
            client.batch_meter_usage(
                ProductCode=ANALYTICS, UsageRecords=[record | {"Dimension": "[/b] [red]tulips"}]
            )
        yield running


@pytest.fixture
def server(used_server):
    """That server, its clock frozen at NOW."""
    used_server.ask("PUT", "/clock", {"mode": "frozen", "now": NOW.isoformat()})
    return used_server


@pytest.fixture
def waag(tmp_path):
    """A server with two fronts, its clock standing still."""
    with waag_process(tmp_path / "data", "--fronts=2") as running:
        running.ask("PUT", "/clock", {"mode": "frozen", "now": NOW.isoformat()})
        yield running
