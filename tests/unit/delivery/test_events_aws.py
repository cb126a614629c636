"""Events handed to SNS and EventBridge over real sockets, with real signatures."""

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from aws_services import KEY, SECRET, aws_services
from builders import NOW, SELLER
from waag.delivery.events_aws import AwsReceiver
from waag.domain.events import SOURCE, Event, EventTarget

BRIDGED = Event(
    "id-1",
    "agmt-1",
    SELLER,
    NOW,
    EventTarget.EVENTBRIDGE,
    "License Updated - Manufacturer",
    None,
    '{"agreement":{"id":"agmt-1"}}',
)
TOPIC = "aws-mp-subscription-notification-code"
MESSAGE = replace(
    BRIDGED,
    target=EventTarget.SNS,
    name="subscribe-success",
    topic=f"arn:aws:sns:us-east-1:287250355862:{TOPIC}",
    content='{"action":"subscribe-success"}',
)


@pytest.fixture(autouse=True)
def credentials(monkeypatch):
    """Those of botocore's usual chain, from the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)


def delivered(*events, source=SOURCE, denied=(), failing=0):
    """What deliveries come to, and what was asked of the services."""
    with aws_services(*denied, failing=failing) as endpoint:
        receiver = AwsReceiver(endpoint.url, source)
        results = [receiver.deliver(each) for each in events]
        receiver.close()
    return results, endpoint.asked()


def test_an_event_is_put_on_the_default_bus():
    """With AWS's source, the detail type, and the time it fell due."""
    results, asked = delivered(BRIDGED)
    assert results == [None]
    assert asked == [
        (
            "PutEvents",
            {
                "Entries": [
                    {
                        "Time": datetime(2026, 5, 14, 10, 20, 30, tzinfo=UTC).timestamp(),
                        "Source": "aws.agreement-marketplace",
                        "Resources": ["arn:aws:aws-marketplace::aws:agreement:agmt-1"],
                        "DetailType": "License Updated - Manufacturer",
                        "Detail": '{"agreement":{"id":"agmt-1"}}',
                    }
                ]
            },
        )
    ]


def test_another_source():
    """For a bus that takes none of AWS's."""
    _, asked = delivered(BRIDGED, source="polder.marketplace")
    assert asked[0][1]["Entries"][0]["Source"] == "polder.marketplace"


def test_a_message_is_published_to_its_topic():
    """The topic of its name is made once, and takes every message."""
    results, asked = delivered(MESSAGE, MESSAGE)
    made = "arn:aws:sns:us-east-1:120000000001:made"
    published = ("Publish", {"TopicArn": made, "Message": MESSAGE.content})
    assert results == [None, None]
    assert asked == [("CreateTopic", {"Name": TOPIC}), published, published]


def test_a_topic_that_may_not_be_made():
    """Is taken to be there, in the account of the credentials."""
    results, asked = delivered(MESSAGE, denied=("CreateTopic",))
    assert results == [None]
    assert asked[1:] == [
        ("GetCallerIdentity", {}),
        (
            "Publish",
            {
                "TopicArn": f"arn:aws:sns:us-east-1:120000000001:{TOPIC}",
                "Message": MESSAGE.content,
            },
        ),
    ]


def test_a_refusal_is_the_reason():
    """As SNS says it."""
    results, _ = delivered(MESSAGE, denied=("Publish",))
    assert results == ["Publish: AuthorizationError: No."]


def test_an_entry_that_failed_is_the_reason():
    """EventBridge answers 200 all the same; the next attempt is taken."""
    results, _ = delivered(BRIDGED, BRIDGED, failing=1)
    assert results == ["PutEvents: InternalFailure: Try again.", None]


def test_credentials_that_are_not_there(monkeypatch, tmp_path):
    """Are looked for anew with the next attempt."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with aws_services() as endpoint:
        receiver = AwsReceiver(endpoint.url, SOURCE)
        first = receiver.deliver(BRIDGED)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
        second = receiver.deliver(BRIDGED)
        receiver.close()
    assert (first, second) == ("NoCredentialsError: Unable to locate credentials", None)


def run(program, tmp_path):
    """What a program of its own prints."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env=dict(os.environ),
    )
    return done.stdout.strip()


def test_botocore_is_not_loaded_before_the_first_event(tmp_path):
    """A start takes no longer for it."""
    program = (
        "import sys, waag.cli; from waag.delivery.events_aws import AwsReceiver;"
        "AwsReceiver(None, 'mine'); print('botocore' in sys.modules)"
    )
    assert run(program, tmp_path) == "False"
