"""An agreement from beginning to end: boto3 meters, events come over HTTP, the clock is turned."""

import json
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from receiver import receiver
from server import live_server
from waag.config import Settings

GRACHT = "210000000002"
PRODUCT = b"""
products:
  - id: prod-k35yywhyj4eqg
    code: 74az0btybm649octamy0sktos
    seller: "120000000001"
    title: Trust
    type: saas-subscription
    integration: concurrent
    regions: [us-east-1]
    dimensions:
      - {key: calls, type: Metered, unit: Requests, price: "0.01"}
"""
"""As in the published sequence: pay-as-you-go, with licenses."""

CONTRACT = {"ends": "2027-01-01T00:00:00Z", "entitlements": {"seats": 1}}
LEGACY = "1poldertab2lytics3legacy4"


@pytest.fixture
def receiving():
    """Where events go."""
    with receiver() as endpoint:
        yield endpoint


@pytest.fixture
def server(tmp_path, receiving):
    """A server that delivers events, its clock at the start of the published sequence."""
    settings = Settings(data=tmp_path / "data", events_webhook=receiving.url)
    with live_server(settings) as running:
        running.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-08-20T14:23:11.013Z"})
        running.ask("PUT", "/market", PRODUCT)
        yield running


def at(text):
    """An instant of that day."""
    return datetime.fromisoformat(f"2026-08-20T{text}+00:00").astimezone(UTC)


def advance_to(server, text):
    """Turn the clock to an instant of that day."""
    server.ask("POST", "/clock/advance", {"to": f"2026-08-20T{text}Z"})


def meter(server, agreement, when):
    """The status of a record of the agreement's buyer."""
    record = {"Timestamp": when, "CustomerAWSAccountId": GRACHT, "Quantity": 1}
    by_license = agreement["license_arn"] is not None
    if by_license:
        record |= {"Dimension": "calls", "LicenseArn": agreement["license_arn"]}
    else:
        record |= {"Dimension": "users"}
    named = {} if by_license else {"ProductCode": agreement["product_code"]}
    answer = server.client().batch_meter_usage(UsageRecords=[record], **named)
    return answer["Results"][0]["Status"]


def test_the_published_sequence(server, receiving):
    """Four events of one agreement, with the delays that were seen, usage accepted in between."""
    asked = {"product": "prod-k35yywhyj4eqg", "buyer": GRACHT}
    agreement = server.ask("POST", "/agreements", asked)
    advance_to(server, "14:24:57")
    metered = [meter(server, agreement, at("14:24:00"))]
    server.ask("POST", f"/agreements/{agreement['id']}/cancel")
    advance_to(server, "15:25:27.999999")
    metered.append(meter(server, agreement, at("14:24:56")))
    advance_to(server, "15:25:28")
    metered.append(meter(server, agreement, at("14:24:56")))
    events = receiving.take(4)
    assert metered == ["Success", "Success", "CustomerNotSubscribed"]
    assert [(each["time"][11:], each["detail-type"]) for each in events] == [
        ("14:23:22Z", "Purchase Agreement Created - Proposer"),
        ("14:24:23Z", "License Updated - Manufacturer"),
        ("14:24:57Z", "Purchase Agreement Ended - Proposer"),
        ("14:25:28Z", "License Deprovisioned - Manufacturer"),
    ]
    assert {each["detail"]["agreement"]["id"] for each in events} == {agreement["id"]}


def test_a_legacy_customer_leaves(server, receiving):
    """SNS messages beside the events of EventBridge, each a string of JSON in its envelope."""
    server.ask("POST", "/agreements/agmt-grachtanalytics01/cancel")
    server.ask("POST", "/clock/advance", {"seconds": 3631})
    ended, pending, success = receiving.take(3)
    assert (ended["source"], ended["detail"]["agreement"]["status"]) == (
        "aws.agreement-marketplace",
        "CANCELLED",
    )
    assert [(each["Timestamp"][11:], each["Message"]) for each in (pending, success)] == [
        (
            time,
            f'{{"action":"{action}","customer-identifier":"grAcht00002","product-code":"{LEGACY}"}}',
        )
        for time, action in (
            ("14:23:42.013Z", "unsubscribe-pending"),
            ("15:23:42.013Z", "unsubscribe-success"),
        )
    ]


def test_subscribing_again_at_once(server, receiving):
    """Nobody is told that the final hour is over: only a new subscribe-success follows."""
    server.ask("POST", "/agreements/agmt-grachtanalytics01/cancel")
    server.ask("POST", "/clock/advance", {"seconds": 60})
    again = server.ask("POST", "/agreements", {"product": LEGACY, "buyer": GRACHT})
    server.ask("POST", "/clock/advance", {"seconds": 7200})
    events = receiving.take(4)
    assert [each.get("Message", "")[11:30] for each in events if "Message" in each] == [
        "unsubscribe-pending",
        'subscribe-success",',
    ]
    assert again["customer_identifier"] == "grAcht00002"
    assert meter(server, again, at("16:00:00")) == "Success"


def test_a_suspended_customer(server):
    """Is not subscribed until it is reinstated; the operator sees why."""
    agreement = server.ask("POST", "/agreements/agmt-grachtanalytics01/suspend")
    suspended = meter(server, agreement, at("14:00:00"))
    notes = server.latest_call()["notes"]
    server.ask("POST", "/agreements/agmt-grachtanalytics01/reinstate")
    assert (suspended, notes, meter(server, agreement, at("14:00:00"))) == (
        "CustomerNotSubscribed",
        [
            (
                "UsageRecords[0]: CustomerNotSubscribed. Agreement agmt-grachtanalytics01 is "
                "suspended; it takes usage once it is reinstated."
            )
        ],
        "Success",
    )


def test_the_clock_goes_across_several_ends(server, receiving):
    """One step of the clock ends agreements and lets events fall due, each at its own instant."""
    for seconds, end in ((0, "14:25:00"), (10, "14:24:00")):
        server.ask("POST", "/clock/advance", {"seconds": seconds})
        server.ask(
            "POST",
            "/agreements",
            {
                "product": "5poldervault6concurrent78",
                "buyer": GRACHT,
                "ends": f"2026-08-20T{end}Z",
                "entitlements": {"seats": 1},
            },
        )
    server.ask("POST", "/clock/advance", {"seconds": 86400})
    events = receiving.take(8)
    assert [(each["time"][14:], each["detail-type"].rsplit(" - ")[0]) for each in events] == [
        ("23:22Z", "Purchase Agreement Created"),
        ("23:32Z", "Purchase Agreement Created"),
        ("24:00Z", "Purchase Agreement Ended"),
        ("24:23Z", "License Updated"),
        ("24:31Z", "License Deprovisioned"),
        ("24:33Z", "License Updated"),
        ("25:00Z", "Purchase Agreement Ended"),
        ("25:31Z", "License Deprovisioned"),
    ]


def test_setting_the_clock_back_undoes_nothing(server, receiving):
    """What was sent is not sent again, and what has ended has ended."""
    server.ask("POST", "/agreements/agmt-grachtanalytics01/cancel")
    server.ask("POST", "/clock/advance", {"seconds": 3631})
    receiving.take(3)
    server.ask("PUT", "/clock", {"now": "2026-08-19T00:00:00Z"})
    server.ask("PUT", "/clock", {"now": "2026-08-21T00:00:00Z"})
    listed = server.ask("GET", "/events")["events"]
    status = server.ask("GET", "/agreements/agmt-grachtanalytics01")["status"]
    assert ([each["name"] for each in listed], status) == (
        [
            "Purchase Agreement Ended - Proposer",
            "unsubscribe-pending",
            "unsubscribe-success",
        ],
        "cancelled",
    )


def test_a_running_clock_brings_events_by_itself(server, receiving):
    """Nobody has to turn it: what is due comes when its time does."""
    server.ask("POST", "/agreements", {"product": "prod-poldervault01", "buyer": GRACHT} | CONTRACT)
    server.ask("POST", "/clock/advance", {"seconds": 10.8})
    server.ask("PUT", "/clock", {"mode": "running"})
    assert receiving.next()["detail-type"] == "Purchase Agreement Created - Proposer"


def test_usage_of_a_suspended_license_is_not_a_refusal(server):
    """A status per record, as for every customer that is not subscribed."""
    agreement = server.ask(
        "POST", "/agreements", {"product": "prod-k35yywhyj4eqg", "buyer": GRACHT}
    )
    server.ask("POST", f"/agreements/{agreement['id']}/suspend")
    server.ask("POST", "/clock/advance", {"seconds": 60})
    assert meter(server, agreement, at("14:23:30")) == "CustomerNotSubscribed"


def test_usage_after_the_end_is_not_of_the_license(server):
    """In the final hour records are taken for the time before the end, no other."""
    agreement = server.ask(
        "POST", "/agreements", {"product": "prod-k35yywhyj4eqg", "buyer": GRACHT}
    )
    server.ask("POST", "/clock/advance", {"seconds": 60})
    server.ask("POST", f"/agreements/{agreement['id']}/cancel")
    server.ask("POST", "/clock/advance", {"seconds": 60})
    with pytest.raises(ClientError) as refused:
        meter(server, agreement, at("14:24:30"))
    assert refused.value.response["Error"]["Code"] == "InvalidLicenseException"


def test_what_a_market_file_puts_there_is_not_told_of(server):
    """Neither when it is applied nor when it ends."""
    ending = {
        "id": "agmt-file",
        "product": "prod-k35yywhyj4eqg",
        "buyer": GRACHT,
        "license_arn": "arn:aws:license-manager::294406891311:license:l-file",
        "starts": "2026-08-20T00:00:00Z",
        "ends": "2026-08-20T15:00:00Z",
    }
    file = json.dumps({"agreements": [ending]}).replace('"2026', "2026").replace('0Z"', "0Z")
    assert server.ask("PUT", "/market", file.encode())["added"] == 1
    server.ask("POST", "/clock/advance", {"seconds": 86400})
    status = server.ask("GET", "/agreements/agmt-file")["status"]
    assert (status, server.ask("GET", "/events")["events"]) == ("expired", [])
