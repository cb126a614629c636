"""Events in the envelopes that they travel in."""

import pytest
from msgspec.structs import replace

from builders import NOW, SELLER
from waag.domain.events import Event, EventTarget, enveloped, resources, written

ARN = "arn:aws:aws-marketplace::aws:agreement:agmt-1"
BRIDGED = Event(
    "id-1",
    "agmt-1",
    SELLER,
    NOW + 345_678,
    EventTarget.EVENTBRIDGE,
    "License Updated - Manufacturer",
    None,
    '{"agreement":{"id":"agmt-1"}}',
)
MESSAGE = replace(
    BRIDGED, target=EventTarget.SNS, topic="arn:topic", content='{"action":"subscribe-success"}'
)


def test_the_envelope_of_event_bridge():
    """The structure of an event, its time in whole seconds, the detail as JSON."""
    assert enveloped(BRIDGED) == {
        "version": "0",
        "id": "id-1",
        "detail-type": "License Updated - Manufacturer",
        "source": "aws.agreement-marketplace",
        "account": SELLER,
        "time": "2026-05-14T10:20:30Z",
        "region": "us-east-1",
        "resources": [ARN],
        "detail": {"agreement": {"id": "agmt-1"}},
    }


def test_the_envelope_of_sns():
    """The message is a string of JSON; nothing signs it, and no member says that something did."""
    assert enveloped(MESSAGE) == {
        "Type": "Notification",
        "MessageId": "id-1",
        "TopicArn": "arn:topic",
        "Message": '{"action":"subscribe-success"}',
        "Timestamp": "2026-05-14T10:20:30.345Z",
    }


@pytest.mark.parametrize(("event", "expected"), [(BRIDGED, (ARN,)), (MESSAGE, ())])
def test_the_resources(event, expected):
    """EventBridge names the agreement, SNS does not."""
    assert resources(event) == expected


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (NOW, "2026-05-14T10:20:30Z"),
        (NOW + 999, "2026-05-14T10:20:30Z"),
        (NOW + 13_999, "2026-05-14T10:20:30.013Z"),
    ],
)
def test_instants_inside_events(instant, expected):
    """Have milliseconds where there are any."""
    assert written(instant) == expected
