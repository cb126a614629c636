"""Requests to SNS, SQS and EventBridge: which operation, on which resource, of which account."""

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

import msgspec

from waag.domain.policies import PolicyMalformed
from waag.domain.resource_policies import parse_resource_policy
from waag.sandbox.embedded_aws import Call
from waag.sandbox.protocols import Dialect, dialect_of, read_form
from waag.sandbox.refusals import InputInvalid

CHANGING: Mapping[str, frozenset[str]] = {
    "sns": frozenset(
        {
            *("CreateTopic", "DeleteTopic", "SetTopicAttributes", "Subscribe", "Unsubscribe"),
            *("ConfirmSubscription", "SetSubscriptionAttributes", "AddPermission"),
            *("RemovePermission", "TagResource", "UntagResource"),
        }
    ),
    "sqs": frozenset(
        {
            *("CreateQueue", "DeleteQueue", "SetQueueAttributes", "AddPermission"),
            *("RemovePermission", "TagQueue", "UntagQueue"),
        }
    ),
    "events": frozenset(
        {
            *("PutRule", "DeleteRule", "EnableRule", "DisableRule", "PutTargets"),
            *("RemoveTargets", "CreateEventBus", "DeleteEventBus", "PutPermission"),
            *("RemovePermission", "TagResource", "UntagResource"),
        }
    ),
}
"""Operations that make a resource what it is, or change it."""

REMOVING = frozenset({"DeleteTopic", "DeleteQueue", "DeleteRule", "DeleteEventBus"})
"""Operations after which it counts no more how the resource had come about."""

_OTHERS: Mapping[str, frozenset[str]] = {
    "sns": frozenset(
        {
            *("Publish", "PublishBatch", "ListTopics", "ListSubscriptions"),
            *("ListSubscriptionsByTopic", "GetTopicAttributes", "GetSubscriptionAttributes"),
            "ListTagsForResource",
        }
    ),
    "sqs": frozenset(
        {
            *("SendMessage", "SendMessageBatch", "ReceiveMessage", "DeleteMessage"),
            *("DeleteMessageBatch", "ChangeMessageVisibility", "ChangeMessageVisibilityBatch"),
            *("PurgeQueue", "GetQueueUrl", "GetQueueAttributes", "ListQueues", "ListQueueTags"),
            "ListDeadLetterSourceQueues",
        }
    ),
    "events": frozenset(
        {
            *("PutEvents", "ListRules", "DescribeRule", "ListTargetsByRule", "ListEventBuses"),
            *("DescribeEventBus", "ListRuleNamesByTarget", "ListTagsForResource"),
            "TestEventPattern",
        }
    ),
}
_BATCHED_SQS = {f"{each}Batch" for each in ("SendMessage", "DeleteMessage")} | {
    "ChangeMessageVisibilityBatch"
}
_POLICY_BYTES_MAX = 64 * 1024


class MessagingRequest(msgspec.Struct, frozen=True):
    """What a call asks.

    Attributes:
        action: the operation.
        permission: the IAM action that it takes.
        given: its parameters, as a form has them or as JSON does.
        resources: the ARNs that it is on; `*` for none.
        owner: the account whose resources these are.
    """

    service: str
    action: str
    permission: str
    given: Mapping[str, Any]
    resources: tuple[str, ...]
    owner: str

    @property
    def changes(self) -> bool:
        """Whether it makes a resource what it is."""
        return self.action in CHANGING[self.service]


def read_messaging(call: Call) -> MessagingRequest:
    """Make out what a call asks.

    Raises:
        InputInvalid: an operation that is not served, or parameters that cannot be read.
    """
    service, request = call.service, call.request
    if dialect_of(service, request) is Dialect.JSON:
        action = request.headers.get("x-amz-target", "").rpartition(".")[2]
        given = _read_json(call.caller.body)
    else:
        given = read_form(request, call.caller.body)
        action = given.get("Action", "")
    call.operation = action
    if action not in CHANGING[service] | _OTHERS[service]:
        code = "UnknownOperationException" if service == "events" else "InvalidAction"
        raise InputInvalid(code, f"The action {action} is not valid for this endpoint.")
    _check_policies(given)
    account_id, region = call.caller.principal.account_id, call.caller.region
    finders = {"sns": _topics, "sqs": _queues, "events": _rules}
    path = request.path.strip("/")
    resources = finders[service](action, given, f"{region}:{account_id}", path)
    owners = {arn.split(":")[4] for arn in resources if arn != "*"} or {account_id}
    if len(owners) > 1:
        raise InputInvalid("InvalidParameter", "All resources have to be of one account.")
    return MessagingRequest(
        service, action, f"{service}:{_permission(action)}", given, resources, owners.pop()
    )


def _permission(action: str) -> str:
    """The IAM action: a batch takes that of one."""
    return action.removesuffix("Batch") if action in _BATCHED_SQS | {"PublishBatch"} else action


def _read_json(body: bytes) -> Mapping[str, Any]:
    try:
        decoded: Any = msgspec.json.decode(body or b"{}")
    except msgspec.DecodeError as error:
        raise InputInvalid("SerializationException", f"The body is no JSON: {error}.") from error
    if not isinstance(decoded, dict):
        raise InputInvalid("SerializationException", "The body is no JSON object.")
    return cast("dict[str, Any]", decoded)


def _text(given: Mapping[str, Any], *names: str) -> str:
    for name in names:
        value = given.get(name)
        if isinstance(value, str) and value:
            return value
    return ""


def _known(arn: str) -> str:
    if arn.count(":") < 5:  # noqa: PLR2004 - an ARN has six parts
        raise InputInvalid("InvalidParameter", f"{arn!r:.200} is no ARN.")
    return arn


def _topics(action: str, given: Mapping[str, Any], place: str, path: str) -> tuple[str, ...]:
    del path  # SNS has one
    subscription = _text(given, "SubscriptionArn")
    if subscription:
        return (_known(subscription).rpartition(":")[0],)
    arn = _text(given, "TopicArn", "TargetArn", "ResourceArn")
    if arn:
        return (_known(arn),)
    name = _text(given, "Name")
    return (f"arn:aws:sns:{place}:{name}",) if action == "CreateTopic" and name else ("*",)


def _queues(action: str, given: Mapping[str, Any], place: str, path: str) -> tuple[str, ...]:
    region, _, account_id = place.partition(":")
    url = _text(given, "QueueUrl")
    where = urlsplit(url).path.strip("/") if url else path
    if action in ("CreateQueue", "GetQueueUrl"):
        owner = _text(given, "QueueOwnerAWSAccountId") or account_id
        where = f"{owner}/{_text(given, 'QueueName')}"
    owner, _, name = where.rpartition("/")
    return (f"arn:aws:sqs:{region}:{owner or account_id}:{name}",) if name else ("*",)


def _rules(action: str, given: Mapping[str, Any], place: str, path: str) -> tuple[str, ...]:
    del path  # EventBridge has one
    if action == "PutEvents":
        entries = given.get("Entries")
        listed = cast("list[Any]", entries) if isinstance(entries, list) else []
        buses = [
            _text(cast("dict[str, Any]", each), "EventBusName") or "default"
            for each in listed
            if isinstance(each, dict)
        ]
        return tuple({_bus(bus, place): None for bus in buses}) or ("*",)
    arn = _text(given, "ResourceARN")
    if arn:
        return (_known(arn),)
    name = _text(given, "Rule", "Name")
    if "Bus" in action or action.endswith("Permission"):
        return (_bus(_text(given, "EventBusName") or name or "default", place),)
    if not name:
        return ("*",)
    bus = _bus(_text(given, "EventBusName") or "default", place)
    head, _, bus_name = bus.rpartition(":event-bus/")
    return (f"{head}:rule/{name}" if bus_name == "default" else f"{head}:rule/{bus_name}/{name}",)


def _bus(name: str, place: str) -> str:
    return _known(name) if name.startswith("arn:") else f"arn:aws:events:{place}:event-bus/{name}"


def _check_policies(given: Mapping[str, Any]) -> None:
    """Refuse a policy that could not be evaluated; it may stand in several places."""
    attributes = given.get("Attributes")
    found: list[object] = []
    if isinstance(attributes, dict):
        found.append(cast("dict[str, Any]", attributes).get("Policy"))
    if given.get("AttributeName") == "Policy":
        found.append(given.get("AttributeValue"))
    for name, value in given.items():
        if value == "Policy" and name.endswith((".Name", ".key")):
            stem = name.rpartition(".")[0]
            found.append(given.get(f"{stem}.Value", given.get(f"{stem}.value")))
    for document in found:
        if not isinstance(document, str) or not document:
            continue
        try:
            parse_resource_policy(document[:_POLICY_BYTES_MAX], "policy", "")
        except PolicyMalformed as refused:
            raise InputInvalid(
                "InvalidParameter", f"Invalid parameter: Policy Error: {refused.why}"
            ) from refused
