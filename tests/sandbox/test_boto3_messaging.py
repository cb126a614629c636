"""Topics, queues and rules over boto3, on a real socket."""

import json
import subprocess
import sys
import time
from urllib.parse import urlencode

import pytest
import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from embedded import DIJK_ACCOUNT, POLDER_ACCOUNT, new_user, policy, refused

from receiver import receiver
from server import DIJK, POLDER, RESOLVER, live_server
from waag.config import Settings

TOPIC = f"arn:aws:sns:us-east-1:{POLDER_ACCOUNT}:ready"
QUEUE = f"arn:aws:sqs:us-east-1:{POLDER_ACCOUNT}:inbox"


@pytest.fixture
def sqs(server):
    """The SQS of the account that Polder has."""
    return server.client(POLDER, "sqs")


@pytest.fixture
def sns(server):
    """Its SNS."""
    return server.client(POLDER, "sns")


def received(sqs, url, wait=5):
    """The one message that a queue has."""
    (message,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=wait)["Messages"]
    return json.loads(message["Body"])


def test_a_message_is_sent_and_received(server, sqs):
    """What is sent to a queue is received from it, and gone once it is deleted."""
    url = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    assert url == f"{server.endpoint}/{POLDER_ACCOUNT}/inbox"
    sqs.send_message(QueueUrl=url, MessageBody="hello")
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert message["Body"] == "hello"
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    sqs.change_message_visibility_batch(QueueUrl=url, Entries=[])


def test_a_topic_sends_to_a_queue(sns, sqs):
    """What is published to a topic is received from a queue that is subscribed to it."""
    topic = sns.create_topic(Name="ready")["TopicArn"]
    url = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE)
    sns.publish(TopicArn=topic, Message="done")
    assert received(sqs, url)["Message"] == "done"


def test_a_topic_sends_over_http(sns):
    """What is published to a topic is posted to an address that is subscribed to it."""
    with receiver() as endpoint:
        topic = sns.create_topic(Name="ready")["TopicArn"]
        sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=endpoint.url)
        sns.publish(TopicArn=topic, Message="done")
        assert endpoint.next()["Message"] == "done"


@pytest.mark.parametrize("target", ["sqs", "sns"])
def test_a_rule_sends_what_it_matches(server, sns, sqs, target):
    """An event that a rule matches gets to its target, a queue or a topic."""
    url = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    topic = sns.create_topic(Name="ready")["TopicArn"]
    sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=QUEUE, Attributes={"RawMessageDelivery": "true"}
    )
    events = server.client(POLDER, "events")
    events.put_rule(Name="r", EventPattern=json.dumps({"source": ["waag.test"]}))
    arn = QUEUE if target == "sqs" else topic
    events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": arn}])
    entry = {"DetailType": "t", "Detail": json.dumps({"n": 1})}
    events.put_events(Entries=[{"Source": "another", **entry}, {"Source": "waag.test", **entry}])
    found = received(sqs, url)
    assert (found["source"], found["detail"], found["account"]) == (
        "waag.test",
        {"n": 1},
        POLDER_ACCOUNT,
    )


def test_an_account_sees_its_own(server, sns, sqs):
    """Topics and queues of another account are neither listed nor used."""
    sns.create_topic(Name="ready")
    url = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    others_sns, others_sqs = server.client(DIJK, "sns"), server.client(DIJK, "sqs")
    assert (others_sns.list_topics()["Topics"], others_sqs.list_queues().get("QueueUrls")) == (
        [],
        None,
    )
    assert refused(others_sns.publish, TopicArn=TOPIC, Message="x") == "AuthorizationError"
    assert refused(others_sqs.send_message, QueueUrl=url, MessageBody="x") == "AccessDenied"


def test_a_queue_policy_lets_another_account_in(server, sqs):
    """Another account sends to a queue whose policy lets it."""
    document = policy("sqs:SendMessage", QUEUE, Principal={"AWS": DIJK_ACCOUNT})
    url = sqs.create_queue(QueueName="inbox", Attributes={"Policy": document})["QueueUrl"]
    server.client(DIJK, "sqs").send_message(QueueUrl=url, MessageBody='"hello"')
    assert received(sqs, url) == "hello"


def test_publishing_takes_the_permission(server, sns):
    """Who has no sns:Publish on a topic publishes nothing to it."""
    sns.create_topic(Name="ready")
    user = new_user(server.client(POLDER, "iam"), other=policy("sns:Publish", f"{TOPIC}-other"))
    client = server.client(user, "sns")
    assert refused(client.publish, TopicArn=TOPIC, Message="x") == "AuthorizationError"


def test_a_malformed_policy_is_refused(sns):
    """A topic takes no policy that could not be evaluated."""
    given = {"Name": "ready", "Attributes": {"Policy": '{"Statement": []}'}}
    assert refused(sns.create_topic, **given) is None
    given["Attributes"]["Policy"] = '{"Statement": [{"Effect": "Perhaps"}]}'
    assert refused(sns.create_topic, **given) == "InvalidParameter"


def test_waiting_for_a_message_ends_when_it_comes(sqs):
    """A receiver that waits is answered at the end of its wait, or as soon as something comes."""
    url = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    began = time.monotonic()
    assert "Messages" not in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)
    assert time.monotonic() - began > 0.9
    sqs.send_message(QueueUrl=url, MessageBody='"late"')
    assert received(sqs, url, 20) == "late"
    assert time.monotonic() - began < 10


def test_what_is_not_served_says_so(server):
    """An operation that is not served is refused in the service's own words."""
    events = server.client(POLDER, "events")
    assert refused(events.list_archives) == "UnknownOperationException"


def test_topics_queues_and_rules_outlive_the_server(tmp_path):
    """A server started anew has the same topics, subscriptions, queues and rules, and they work."""
    settings = Settings(data=tmp_path / "data")
    with live_server(settings) as first:
        sns, sqs = first.client(POLDER, "sns"), first.client(POLDER, "sqs")
        events = first.client(POLDER, "events")
        sns.create_topic(Name="ready")
        sqs.create_queue(QueueName="inbox", Attributes={"VisibilityTimeout": "7"})
        sqs.create_queue(QueueName="gone")
        sqs.delete_queue(QueueUrl=f"{first.endpoint}/{POLDER_ACCOUNT}/gone")
        subscription = sns.subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=QUEUE)
        events.put_rule(Name="r", EventPattern=json.dumps({"source": ["waag.test"]}))
    with live_server(settings) as second:
        sns, sqs = second.client(POLDER, "sns"), second.client(POLDER, "sqs")
        (url,) = sqs.list_queues()["QueueUrls"]
        (kept,) = sns.list_subscriptions()["Subscriptions"]
        assert kept["SubscriptionArn"] == subscription["SubscriptionArn"]
        asked = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])
        assert asked["Attributes"] == {"VisibilityTimeout": "7"}
        rules = second.client(POLDER, "events").list_rules()["Rules"]
        assert [rule["Name"] for rule in rules] == ["r"]
        sns.publish(TopicArn=TOPIC, Message="again")
        assert received(sqs, url)["Message"] == "again"


def test_a_server_that_nobody_asks_loads_no_library():
    """Whatever a server is made of is there without moto, boto3 or botocore being loaded."""
    program = (
        "import sys, waag.cli.serve, waag.processes.front; "
        "print({'moto', 'boto3', 'botocore', 'awscrt'} & set(sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "set()"


def form(server, credentials, **parameters):
    """A request to SQS in the query protocol, signed: what it is answered."""
    body = urlencode(parameters)
    headers = {"content-type": "application/x-www-form-urlencoded"}
    asked = AWSRequest("POST", f"{server.endpoint}/", headers, body)
    SigV4Auth(Credentials(*credentials), "sqs", "us-east-1").add_auth(asked)
    return urllib3.request("POST", asked.url, body=body, headers=dict(asked.headers)).data.decode()


def test_older_sdks_speak_the_query_protocol(server, sqs):
    """A queue is sent to and received from in forms, too, waiting included."""
    url = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    assert "<Message>" not in form(
        server, POLDER, Action="ReceiveMessage", QueueUrl=url, WaitTimeSeconds="1"
    )
    form(server, POLDER, Action="SendMessage", QueueUrl=url, MessageBody="hello")
    answered = form(server, POLDER, Action="ReceiveMessage", QueueUrl=url)
    assert "<Body>hello</Body>" in answered
    refusal = form(server, RESOLVER, Action="PurgeQueue", QueueUrl=url)
    assert "<Code>AccessDenied</Code>" in refusal


@pytest.mark.parametrize(
    ("service", "operation", "given", "code"),
    [
        ("sns", "publish", {"TopicArn": "topic", "Message": "x"}, "InvalidParameter"),
        ("sns", "publish", {"TopicArn": TOPIC, "Message": "x"}, "NotFound"),
        ("sqs", "get_queue_url", {"QueueName": "none"}, "AWS.SimpleQueueService.NonExistentQueue"),
        ("events", "describe_rule", {"Name": "none"}, "ResourceNotFoundException"),
    ],
)
def test_refusals(server, service, operation, given, code):
    """What is not there, or no name at all, is refused with the service's own code."""
    assert refused(getattr(server.client(POLDER, service), operation), **given) == code


def test_a_rule_that_is_turned_off_sends_nothing(server, sqs):
    """A disabled rule is passed over; a target that is gone keeps nobody from putting events."""
    url = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    events = server.client(POLDER, "events")
    events.create_event_bus(Name="own")
    for name, arn in (("off", QUEUE), ("gone", f"{QUEUE}-gone")):
        pattern = json.dumps({"source": ["waag.test"]})
        events.put_rule(Name=name, EventPattern=pattern, EventBusName="own")
        target = {"Id": "1", "Arn": arn, "Input": json.dumps("fixed")}
        events.put_targets(Rule=name, EventBusName="own", Targets=[target])
    entry = {"Source": "waag.test", "DetailType": "t", "Detail": "{}", "EventBusName": "own"}
    events.put_events(Entries=[entry])
    assert received(sqs, url) == "fixed"
    events.disable_rule(Name="off", EventBusName="own")
    events.put_events(Entries=[entry])
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
