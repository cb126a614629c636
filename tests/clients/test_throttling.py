"""Quotas as boto3 meets them: off unless chosen, counted over all fronts."""

import time

import pytest
from botocore.exceptions import ClientError

from server import POLDER, live_server, waag_process
from waag.config import Choices, Settings
from waag.domain.throttling import Throttling, ThrottlingChoices

ANALYTICS = "1poldertab2lytics3legacy4"
STRICT = Choices(throttling=ThrottlingChoices(Throttling.STRICT))


def outcomes(count, call, **asked):
    """What so many calls come to, one after another."""
    found = []
    for _ in range(count):
        try:
            found.append(call(**asked)["ResponseMetadata"]["HTTPStatusCode"])
        except ClientError as error:
            metadata = error.response["ResponseMetadata"]
            found.append((error.response["Error"]["Code"], metadata["HTTPStatusCode"]))
    return found


@pytest.fixture
def machine():
    """The machine's own time, which stands still."""
    return [time.time_ns() // 1000]


@pytest.fixture
def server(tmp_path, machine):
    """A server that throttles."""
    settings = Settings(data=tmp_path / "data", choices=STRICT)
    with live_server(settings, real=lambda: machine[0]) as running:
        yield running


def test_a_seller_that_is_too_fast(server, machine):
    """Ten calls a second; the operator sees which quota, and the caller may go on soon."""
    asked = {"UsageRecords": [], "ProductCode": ANALYTICS}
    call = server.client().batch_meter_usage
    assert outcomes(11, call, **asked) == [200] * 10 + [("ThrottlingException", 400)]
    shown = server.latest_call()
    assert (shown["rule"], shown["why"]) == (
        "throttling.quota",
        "Account 120000000001 may make 10 calls a second under quota L-BatchMeterUsage in "
        "us-east-1, by the machine's time.",
    )
    machine[0] += 100_000
    assert outcomes(2, call, **asked) == [200, ("ThrottlingException", 400)]
    assert outcomes(1, server.client(region="eu-west-1").batch_meter_usage, **asked) == [200]


def test_what_is_answered_at_the_desk(server):
    """Is counted there, by its own quota."""
    call = server.client(service="marketplace-entitlement").get_entitlements
    assert outcomes(21, call, ProductCode=ANALYTICS)[19:] == [200, ("ThrottlingException", 400)]


def test_revenue_measurement_names_its_quota(server):
    """With the members and the status that it models."""
    client = server.client(POLDER, "partnercentral-revenue-measurement")
    asked = {"Catalog": "AWS", "MaxResults": 1}
    outcomes(10, client.list_revenue_attributions, **asked)
    with pytest.raises(client.exceptions.ThrottlingException) as throttled:
        client.list_revenue_attributions(**asked)
    response = throttled.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 429
    assert (response["ServiceCode"], response["QuotaCode"]) == ("partnercentral", "L-List")


def test_it_is_off_unless_chosen(tmp_path, machine):
    """However many calls."""
    settings = Settings(data=tmp_path / "data")
    with live_server(settings, real=lambda: machine[0]) as server:
        call = server.client().batch_meter_usage
        assert outcomes(30, call, UsageRecords=[], ProductCode=ANALYTICS) == [200] * 30


def test_fronts_count_together(tmp_path):
    """The keeper counts for all of them, over however many connections calls come."""
    with waag_process(tmp_path / "data", "--fronts=2", "--set=throttling=strict") as server:
        clients = [server.client() for _ in range(8)]
        began = time.monotonic()
        found = [
            outcomes(1, each.batch_meter_usage, UsageRecords=[], ProductCode=ANALYTICS)[0]
            for _ in range(6)
            for each in clients
        ]
        seconds = time.monotonic() - began
    assert ("ThrottlingException", 400) in found
    assert found.count(200) <= 10 + 10 * seconds + 1
