"""Events of AWS Marketplace in the embedded AWS: its topics, and the buses of accounts."""

import json
import os
import subprocess
import sys

import pytest
from embedded import POLDER_ACCOUNT, refused

from receiver import receiver
from server import DIJK, POLDER, live_server
from waag.config import Settings

AWS = "arn:aws:sns:us-east-1:287250355862"
CODE = "1poldertab2lytics3legacy4"
SUBSCRIPTIONS = f"{AWS}:aws-mp-subscription-notification-{CODE}"
QUEUE = f"arn:aws:sqs:us-east-1:{POLDER_ACCOUNT}:inbox"
BUYER = "210000000003"
SUBSCRIPTION = {"product": "prod-polderanalyt1", "buyer": BUYER}


@pytest.fixture
def inbox(server):
    """A queue of the seller's, which its SNS and EventBridge may send to."""
    return server.client(POLDER, "sqs").create_queue(QueueName="inbox")["QueueUrl"]


def subscribe(server, topic=SUBSCRIPTIONS, credentials=POLDER, queue=QUEUE):
    """Subscribe a queue: the subscription's ARN."""
    sns = server.client(credentials, "sns")
    return sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)["SubscriptionArn"]


def listen(server, source="aws.agreement-marketplace"):
    """Have events of the seller's bus go to the queue."""
    events = server.client(POLDER, "events")
    events.put_rule(Name="marketplace", EventPattern=json.dumps({"source": [source]}))
    events.put_targets(Rule="marketplace", Targets=[{"Id": "1", "Arn": QUEUE}])


def buy(server):
    """A buyer subscribes, and the time comes at which AWS tells of it."""
    buyer = {"id": BUYER, "name": "Brug", "kind": "buyer"}
    server.ask("PUT", "/market", {"accounts": [buyer]})
    server.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-05-14T10:20:30Z"})
    agreement = server.ask("POST", "/agreements", SUBSCRIPTION)
    server.ask("POST", "/clock/advance", {"seconds": 120})
    return agreement


def received(server, inbox):
    """The next message of the queue."""
    answer = server.client(POLDER, "sqs").receive_message(QueueUrl=inbox, WaitTimeSeconds=20)
    (message,) = answer["Messages"]
    return json.loads(message["Body"])


def test_a_queue_is_told_of_a_subscription(server, inbox):
    """By the topic that AWS has for the product."""
    subscribe(server)
    agreement = buy(server)
    told = received(server, inbox)
    assert (told["Type"], told["TopicArn"]) == ("Notification", SUBSCRIPTIONS)
    message = json.loads(told["Message"])
    assert (message["action"], message["product-code"], message["customer-identifier"]) == (
        "subscribe-success",
        CODE,
        agreement["customer_identifier"],
    )


def test_a_rule_is_told_of_an_agreement(server, inbox):
    """On the default bus of the seller's account, as EventBridge has events."""
    listen(server)
    agreement = buy(server)
    told = received(server, inbox)
    assert (told["detail-type"], told["source"], told["account"], told["region"]) == (
        "Purchase Agreement Created - Proposer",
        "aws.agreement-marketplace",
        POLDER_ACCOUNT,
        "us-east-1",
    )
    assert (told["time"], told["detail"]["agreement"]["id"]) == (
        "2026-05-14T10:20:41Z",
        agreement["id"],
    )


def test_subscriptions_outlive_a_restart(tmp_path):
    """The topic is there again before the subscription is."""
    settings = Settings(data=tmp_path / "data")
    with live_server(settings) as first:
        first.client(POLDER, "sqs").create_queue(QueueName="inbox")
        subscription = subscribe(first)
    with live_server(settings) as second:
        buy(second)
        url = second.client(POLDER, "sqs").get_queue_url(QueueName="inbox")["QueueUrl"]
        assert received(second, url)["TopicArn"] == SUBSCRIPTIONS
        second.client(POLDER, "sns").unsubscribe(SubscriptionArn=subscription)


def test_another_seller_may_not_subscribe(server):
    """The topic's policy names the product's seller alone."""
    queue = QUEUE.replace(POLDER_ACCOUNT, "120000000002")
    sns = server.client(DIJK, "sns")
    given = {"TopicArn": SUBSCRIPTIONS, "Protocol": "sqs", "Endpoint": queue}
    assert refused(sns.subscribe, **given) == "AuthorizationError"


@pytest.mark.parametrize(
    "name",
    [
        "aws-mp-subscription-notification-nobodys",
        f"aws-mp-entitlement-notification-{CODE}",
        "anything",
    ],
)
def test_a_topic_that_there_is_not(server, name):
    """Of no product, or not of products of its kind: nobody may subscribe to it."""
    sns = server.client(POLDER, "sns")
    given = {"TopicArn": f"{AWS}:{name}", "Protocol": "sqs", "Endpoint": QUEUE}
    assert refused(sns.subscribe, **given) == "AuthorizationError"


def test_nobody_else_publishes(server):
    """Nor does the product's seller."""
    sns = server.client(POLDER, "sns")
    given = {"TopicArn": SUBSCRIPTIONS, "Message": "m"}
    assert refused(sns.publish, **given) == "AuthorizationError"


def test_the_webhook_is_told_too(tmp_path):
    """Of every event, beside whoever listens in the embedded AWS."""
    with receiver() as endpoint:
        settings = Settings(data=tmp_path / "data", events_webhook=endpoint.url)
        with live_server(settings) as server:
            inbox = server.client(POLDER, "sqs").create_queue(QueueName="inbox")["QueueUrl"]
            listen(server)
            buy(server)
            assert received(server, inbox) == endpoint.next()


def test_another_source(tmp_path):
    """What is set for events on a bus is theirs here, too."""
    settings = Settings(data=tmp_path / "data", events_aws_source="polder.marketplace")
    with live_server(settings) as server:
        inbox = server.client(POLDER, "sqs").create_queue(QueueName="inbox")["QueueUrl"]
        listen(server, "polder.marketplace")
        buy(server)
        assert received(server, inbox)["source"] == "polder.marketplace"


PROGRAM = """
import sys, time
from pathlib import Path
from test_events_are_embedded import buy
from server import live_server
from waag.config import Settings

with live_server(Settings(data=Path(sys.argv[1]))) as server:
    buy(server)
    told = ["due"]
    while "due" in told:
        told = [each["status"] for each in server.ask("GET", "/events")["events"]]
        time.sleep(0.01)
print(told, "moto" in sys.modules)
"""


def test_events_that_nobody_listens_to(tmp_path):
    """Are taken without moto being loaded, though there are a topic, a queue and a rule."""
    data = tmp_path / "data"
    with live_server(Settings(data=data)) as first:
        first.client(POLDER, "sqs").create_queue(QueueName="inbox")
        first.client(POLDER, "sns").create_topic(Name="ready")
        first.client(POLDER, "events").put_rule(Name="idle", ScheduleExpression="rate(1 day)")
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(data)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == "['sent', 'sent'] False"


def test_a_rule_that_goes_by_a_schedule(server, inbox):
    """It has no pattern, and so none of the events on the bus."""
    events = server.client(POLDER, "events")
    events.put_rule(Name="often", ScheduleExpression="rate(1 minute)")
    events.put_targets(Rule="often", Targets=[{"Id": "1", "Arn": QUEUE}])
    subscribe(server)
    buy(server)
    assert received(server, inbox)["Type"] == "Notification"
