"""SNS, SQS and EventBridge of the embedded AWS: judged here, answered by moto.

Topics, queues, rules and subscriptions outlive a restart: the requests that made them are kept, and
made again when one of the services is first asked. Messages in queues do not outlive it.
"""

import json
import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec

from waag.domain.configuration_requests import ConfigurationRequest
from waag.domain.instants import SECOND, Instant
from waag.domain.policies import PolicyMalformed
from waag.domain.refusals import AccessDenied
from waag.domain.resource_policies import ResourcePolicy, parse_resource_policy
from waag.exchange import Reply
from waag.ports import Clock, RandomBytes
from waag.sandbox.access import Target, authorize
from waag.sandbox.embedded_aws import Call
from waag.sandbox.messaging_requests import REMOVING, MessagingRequest, read_messaging
from waag.sandbox.moto_backends import MotoBackends
from waag.sandbox.protocols import Dialect, dialect_of
from waag.sandbox.stores import Journal

WAIT_SECONDS_MAX = 20
"""How long a queue is asked for a message. Source: ReceiveMessage, WaitTimeSeconds."""

_SEED_BYTES = 7
_SUCCESS = range(200, 300)
_REPLAYED_AT = "127.0.0.1"
_log = logging.getLogger(__name__)


class _Sent(msgspec.Struct, frozen=True):
    """A request as it is kept."""

    path: str
    content_type: str
    target: str
    body: bytes


class Messaging:
    """Answers requests to the three services, one at a time.

    Args:
        journal: what made resources what they are.
        clock: real time is what waiting goes by.
        random_bytes: for the ids that moto makes.
        topic_policy: of a topic that is there without being made; None for any other.
    """

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        random_bytes: RandomBytes,
        topic_policy: Callable[[str], str | None],
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._random_bytes = random_bytes
        self._topic_policy = topic_policy
        self._lock = threading.Lock()
        self._moto: MotoBackends | None = None

    def answer(self, call: Call) -> Reply | None:
        """Carry out one operation; None where there is nothing yet, and more is to be waited for.

        Raises:
            Refusal: it is not carried out.
        """
        asked = read_messaging(call)
        with self._lock:
            moto = self._loaded()
            for arn in asked.resources:
                self._see_to_topic(moto, arn)
            self._authorize(call, asked, moto)
            if asked.action == "ReceiveMessage":
                return self._receive(call, asked, moto)
            if not asked.changes:
                return self._ask(call, asked, moto, _sent(call))
            return self._change(call, asked, moto)

    def create_topic(self, arn: str) -> bool:
        """Have a topic be there, without loading the library for it: whether it was not.

        Raises:
            StoreUnavailable: the store could not write.
        """
        _, _, service, region, account_id, name = arn.split(":", 5)
        form = urlencode({"Action": "CreateTopic", "Name": name, "Version": "2010-03-31"})
        sent = _Sent("/", "application/x-www-form-urlencoded", "", form.encode())
        seed = int.from_bytes(self._random_bytes(_SEED_BYTES))
        made = ConfigurationRequest(
            account_id, region, service, "CreateTopic", arn, seed, msgspec.msgpack.encode(sent)
        )
        with self._lock:
            if self._journal.has("CreateTopic", arn):
                return False
            self._journal.append(made)
            if self._moto is not None:
                self._make_again(self._moto, made)
                self._seed_anew(self._moto)
        return True

    def publish(self, topic: str, message: str) -> None:
        """Publish on a topic that is there without being made.

        The library is not loaded for one that nobody has subscribed to; likewise below.

        Raises:
            NotServed: somebody has, and the library is not there.
            StoreUnavailable: the store could not be read.
        """
        with self._lock:
            if self._moto is not None or self._journal.has("Subscribe", topic):
                self._loaded().publish(topic, message)

    def put_event(self, account_id: str, region: str, event: Mapping[str, Any]) -> None:
        """Put an event, in EventBridge's envelope, on the default bus of an account.

        Raises:
            NotServed: the account has a rule with a target, and the library is not there.
            StoreUnavailable: the store could not be read.
        """
        rules = f"arn:aws:events:{region}:{account_id}:rule/"
        with self._lock:
            if self._moto is not None or self._journal.has("PutTargets", rules, below=True):
                self._loaded().put_event(account_id, region, event)

    def close(self) -> None:
        """Send what is to be sent to HTTP subscribers."""
        if self._moto is not None:
            self._moto.close()

    def _loaded(self) -> MotoBackends:
        if self._moto is None:
            moto = MotoBackends()
            for made in self._journal.all():
                self._make_again(moto, made)
            self._seed_anew(moto)
            self._moto = moto
        return self._moto

    def _make_again(self, moto: MotoBackends, made: ConfigurationRequest) -> None:
        sent = msgspec.msgpack.decode(made.request, type=_Sent)
        self._see_to_topic(moto, made.resource)
        moto.seed(made.seed)
        try:
            reply = _ask(moto, made.service, (made.account_id, made.region), _REPLAYED_AT, sent)
        except Exception:  # noqa: BLE001 - one that cannot be made again must not keep the others
            _log.exception("%s of %s could not be made again", made.action, made.resource)
            return
        if reply.status not in _SUCCESS:
            _log.warning("%s of %s is refused now", made.action, made.resource)

    def _see_to_topic(self, moto: MotoBackends, arn: str) -> None:
        """Have a topic be there that nobody makes, with the policy that it has by now."""
        policy = self._topic_policy(arn)
        if policy is not None:
            moto.put_topic(arn, policy)

    def _seed_anew(self, moto: MotoBackends) -> int:
        """Draw ids from something that nobody can know, and that was never drawn from before."""
        seed = int.from_bytes(self._random_bytes(_SEED_BYTES))
        moto.seed(seed)
        return seed

    def _authorize(self, call: Call, asked: MessagingRequest, moto: MotoBackends) -> None:
        for arn in asked.resources:
            policy = None if arn == "*" else _policy(moto.policy(arn))
            target = Target(arn, asked.owner, policy)
            authorize(call.caller, asked.permission, target)

    def _change(self, call: Call, asked: MessagingRequest, moto: MotoBackends) -> Reply:
        sent = _sent(call)
        seed = self._seed_anew(moto)
        reply = self._ask(call, asked, moto, sent)
        self._seed_anew(moto)
        if reply.status not in _SUCCESS:
            return reply
        resource = asked.resources[0]
        if asked.action in REMOVING:
            self._journal.forget(resource)
            return reply
        self._journal.append(
            ConfigurationRequest(
                asked.owner,
                _region(asked, call),
                asked.service,
                asked.action,
                resource,
                seed,
                msgspec.msgpack.encode(sent),
            )
        )
        return reply

    def _receive(self, call: Call, asked: MessagingRequest, moto: MotoBackends) -> Reply | None:
        """Ask for what is there, and note until when more is to be waited for."""
        now = self._clock.real()
        if call.patience is None:
            call.patience = now + _waited(asked)
        reply = self._ask(call, asked, moto, _without_waiting(call))
        empty = b'"Messages"' not in reply.body and b"<Message>" not in reply.body
        waits = reply.status in _SUCCESS and empty and now < call.patience
        return None if waits else reply

    def _ask(self, call: Call, asked: MessagingRequest, moto: MotoBackends, sent: _Sent) -> Reply:
        host = call.request.headers.get("host", _REPLAYED_AT)
        reply = _ask(moto, asked.service, (asked.owner, _region(asked, call)), host, sent)
        return Reply(
            reply.status, (*reply.headers, ("x-amzn-requestid", call.request_id)), reply.body
        )


def _region(asked: MessagingRequest, call: Call) -> str:
    """A resource's own, else the one that the request is signed for."""
    arn = asked.resources[0]
    return call.caller.region if arn == "*" else arn.split(":")[3]


def _policy(document: str | None) -> ResourcePolicy | None:
    if document is None:
        return None
    try:
        return parse_resource_policy(document, "resource policy", "")
    except PolicyMalformed as refused:
        raise AccessDenied(f"The resource's policy cannot be evaluated: {refused.why}") from refused


def _sent(call: Call) -> _Sent:
    headers = call.request.headers
    return _Sent(
        call.request.path,
        headers.get("content-type", ""),
        headers.get("x-amz-target", ""),
        call.caller.body,
    )


def _ask(moto: MotoBackends, service: str, place: tuple[str, str], host: str, sent: _Sent) -> Reply:
    headers = {"content-type": sent.content_type, "host": host}
    if sent.target:
        headers["x-amz-target"] = sent.target
    return moto.ask(service, place, f"http://{host}{sent.path}", headers, sent.body)


def _waited(asked: MessagingRequest) -> Instant:
    given = str(asked.given.get("WaitTimeSeconds", "0"))
    seconds = int(given) if given.isascii() and given.isdecimal() else 0
    return min(seconds, WAIT_SECONDS_MAX) * SECOND


def _without_waiting(call: Call) -> _Sent:
    """The same request for what is there at once."""
    sent = _sent(call)
    if dialect_of("sqs", call.request) is Dialect.JSON:
        body = json.dumps({**json.loads(sent.body), "WaitTimeSeconds": 0}).encode()
    else:
        pairs = parse_qsl(sent.body.decode(), keep_blank_values=True)
        kept = [(name, value) for name, value in pairs if name != "WaitTimeSeconds"]
        body = urlencode([*kept, ("WaitTimeSeconds", "0")]).encode()
    return msgspec.structs.replace(sent, body=body)
