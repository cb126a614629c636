"""SNS, SQS and EventBridge by the library moto: loaded at first use, asked in the process.

What it lacks is put in its place here: rules that send to topics, subscriptions of queues of
another account, and HTTP subscribers that nobody waits for.
"""

import json
import logging
import warnings
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any

import urllib3

from waag.domain.instants import SECOND, to_datetime
from waag.exchange import Reply

_HANDLERS = {
    "sns": ("moto.sns.responses", "SNSResponse"),
    "sqs": ("moto.sqs.responses", "SQSResponse"),
    "events": ("moto.events.responses", "EventsHandler"),
}
_POST_SECONDS = 5.0
_log = logging.getLogger(__name__)


class MotoBackends:
    """The library, loaded.

    Not for several threads at once.
    """

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of other libraries that moto uses
            self._handlers = {
                service: getattr(import_module(module), name)
                for service, (module, name) in _HANDLERS.items()
            }
        self._request: Any = import_module("moto.core.request").Request
        self._http_exception: type[Exception] = import_module("moto.core.exceptions").HTTPException
        self._random: Any = import_module("moto.moto_api._internal").mock_random
        self._sns: Any = import_module("moto.sns.models")
        self._sqs: Any = import_module("moto.sqs.models")
        self._events: Any = import_module("moto.events.models")
        self._forget()
        self._poster = _Poster()
        _adapt_sns(self._sns, self._poster)
        _adapt_events(self._events, self._sns, self._sqs)

    def _forget(self) -> None:
        """Begin with nothing: what the library knows is the process's, not this object's."""
        for backends in (
            self._sns.sns_backends,
            self._sqs.sqs_backends,
            self._events.events_backends,
        ):
            for of_account in backends.values():
                of_account.reset()
            backends.clear()

    def seed(self, seed: int) -> None:
        """Have the ids that are made next be drawn from a seed."""
        self._random.seed(seed)

    def ask(
        self,
        service: str,
        place: tuple[str, str],
        url: str,
        headers: Mapping[str, str],
        body: bytes,
    ) -> Reply:
        """What the library answers.

        Args:
            service: a signing name.
            place: account and Region.
            url: whole; addresses of queues begin as it does.
            headers: those that say what the body is.
            body: a POST's.
        """
        account_id, region = place
        scope = f"AKIAIOSFODNN7EXAMPLE/20260101/{region}/{service}/aws4_request"
        sent = {
            **headers,
            "x-moto-account-id": account_id,
            "authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=",
        }
        answered: Mapping[str, Any]
        request = self._request.from_primitives("POST", url, sent, body)
        try:
            status, answered, content = self._handlers[service].dispatch(request, url, sent)
        except self._http_exception as error:
            status = getattr(error, "code", 400)
            answered = {}
            content = getattr(error, "get_body", str)()
        encoded = content if isinstance(content, bytes) else str(content).encode()
        kept = tuple(
            (name.lower(), str(value))
            for name, value in answered.items()
            if name.lower() not in ("status", "server", "date", "content-length")
        )
        return Reply(int(status), kept, encoded)

    def policy(self, arn: str) -> str | None:
        """The policy of a topic or a queue, if it has one."""
        _, _, service, region, account_id, name = arn.split(":", 5)
        if service == "sns":
            topic = self._sns.sns_backends[account_id][region].topics.get(arn)
            return None if topic is None else topic.policy
        if service == "sqs":
            queue = self._sqs.sqs_backends[account_id][region].queues.get(name)
            policy = None if queue is None else queue.policy
            return json.dumps(policy) if isinstance(policy, dict) else policy or None
        return None

    def put_topic(self, arn: str, policy: str) -> None:
        """Have a topic be there, with this policy."""
        _, _, _, region, account_id, name = arn.split(":", 5)
        self._sns.sns_backends[account_id][region].create_topic(name).policy = policy

    def publish(self, topic: str, message: str) -> None:
        """Publish on a topic, if it is there."""
        _, _, _, region, account_id, _ = topic.split(":", 5)
        found = self._sns.sns_backends[account_id][region].topics.get(topic)
        if found is not None:
            found.publish(message)

    def put_event(self, account_id: str, region: str, event: Mapping[str, Any]) -> None:
        """Send an event to the targets of the rules of an account's default bus."""
        bus = self._events.events_backends[account_id][region].describe_event_bus("default")
        for rule in bus.rules.values():
            rule.send_to_targets(event)

    def close(self) -> None:
        """Send what is to be sent to HTTP subscribers."""
        self._poster.close()


class _Poster:
    """Posts to HTTP subscribers, in order, without anybody waiting.

    Stands in moto for the library `requests`.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "sns-http")
        self._pool = urllib3.PoolManager(retries=False, timeout=_POST_SECONDS)

    def post(self, url: str, json: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        """Post a notification."""
        told = {
            **headers,
            "x-amz-sns-message-type": "Notification",
            "x-amz-sns-message-id": str(json.get("MessageId", "")),
            "x-amz-sns-topic-arn": str(json.get("TopicArn", "")),
        }
        self._thread.submit(self._post, url, dict(json), told)

    def _post(self, url: str, content: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        try:
            self._pool.request("POST", url, body=json.dumps(content), headers=headers)
        except urllib3.exceptions.HTTPError as error:
            _log.warning("a notification was not taken by %s: %s", url, error)

    def close(self) -> None:
        self._thread.shutdown()
        self._pool.clear()


def _adapt_sns(sns: Any, poster: _Poster) -> None:
    """Post beside the call, deliver to queues of any account, and bear with those that are gone."""
    sns.requests = poster
    original = getattr(sns.Subscription.publish, "waag_original", sns.Subscription.publish)

    def publish(subscription: Any, *given: Any, **named: Any) -> None:
        if subscription.protocol == "sqs":
            subscription.account_id = subscription.endpoint.split(":")[4]
        try:
            original(subscription, *given, **named)
        except Exception as error:  # noqa: BLE001 - publishing succeeds whoever subscribes
            _log.warning("a message was not taken by %s: %r", subscription.endpoint, error)

    publish.waag_original = original  # type: ignore[attr-defined]  # so that it is put in once
    sns.Subscription.publish = publish


def _adapt_events(events: Any, sns: Any, sqs: Any) -> None:
    """Send to topics too, and to queues wherever they are; bear with targets that are gone."""

    def send_to_targets(rule: Any, event: Mapping[str, Any], transform_input: bool = True) -> None:  # noqa: FBT001, FBT002 - as moto calls it
        pattern = rule.event_pattern
        # A rule without a pattern goes by a schedule; to moto it matches everything.
        if rule.state == "DISABLED" or not pattern.get_pattern():
            return
        if not pattern.matches_event(event):
            return
        for target in rule.targets:
            content = _content_for(events, target, event) if transform_input else dict(event)
            try:
                _send(target, content, sns, sqs)
            except Exception as error:  # noqa: BLE001 - putting events succeeds whoever listens
                _log.warning("an event was not taken by %s: %r", target["Arn"], error)

    events.Rule.send_to_targets = send_to_targets


def _content_for(events: Any, target: Mapping[str, Any], event: Mapping[str, Any]) -> Any:
    if "Input" in target:
        return target["Input"]
    if "InputTransformer" not in target:
        return {name: value for name, value in event.items() if name != "ingestion-time"}
    transformer = target["InputTransformer"]
    return events.EventTemplateParser.parse(
        input_template=transformer.get("InputTemplate"),
        input_paths_map=transformer.get("InputPathsMap", {}),
        event=event,
    )


def _send(target: Mapping[str, Any], content: Any, sns: Any, sqs: Any) -> None:
    arn = target["Arn"]
    _, _, service, region, account_id, name = arn.split(":", 5)
    text = content
    if not isinstance(content, str):
        event: dict[str, Any] = dict(content)
        if isinstance(event.get("time"), int | float):
            event["time"] = _shown_seconds(event["time"])
        text = json.dumps(event)
    if service == "sqs":
        group = target.get("SqsParameters", {}).get("MessageGroupId")
        sqs.sqs_backends[account_id][region].send_message(name, text, group_id=group)
    elif service == "sns":
        sns.sns_backends[account_id][region].publish(text, arn)
    else:
        _log.warning("rules send to queues and topics here, not to %s", arn)


def _shown_seconds(seconds: float) -> str:
    return f"{to_datetime(int(seconds) * SECOND):%Y-%m-%dT%H:%M:%SZ}"
