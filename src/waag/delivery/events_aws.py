"""SNS and EventBridge that events are handed to, as AWS itself would have them there.

SNS makes the envelope of a message and signs it, and the bus that of an event. botocore is loaded
with the first event.
"""

from importlib import import_module
from typing import Any

from waag.domain.events import EVENTS_REGION, Event, EventTarget, resources
from waag.domain.instants import to_datetime

TIMEOUT_SECONDS = 5.0
"""For the connection, and for each part of the answer: a server that stops waits for it."""


class AwsReceiver:
    """Implements the port `Receiver`: publishes to topics, puts events on the default bus.

    Credentials are those of botocore's usual chain. The topic of an event is the one of its name in
    the account of the credentials, since nobody but AWS publishes to AWS's own; it is made if the
    endpoint allows that, with its first event.

    Args:
        endpoint: a URL; None for AWS's own in the Region of events.
        source: of events on the bus.
    """

    def __init__(self, endpoint: str | None, source: str) -> None:
        self._endpoint = endpoint
        self._source = source
        self._clients: dict[str, Any] = {}
        self._topics: dict[str, str] = {}

    def deliver(self, event: Event) -> str | None:
        """Publish one event, or put it."""
        exceptions = import_module("botocore.exceptions")
        try:
            if event.target is EventTarget.SNS:
                return self._publish(event)
            return self._put(event)
        except exceptions.ClientError as error:
            why = error.response["Error"]
            return f"{error.operation_name}: {why.get('Code')}: {why.get('Message')}"
        except exceptions.BotoCoreError as error:
            self.close()  # credentials are looked for anew: those of a client are not
            return f"{type(error).__name__}: {error}"

    def close(self) -> None:
        """Close connections that are kept open."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def _publish(self, event: Event) -> None:
        assert event.topic is not None, "an SNS message has a topic"
        name = event.topic.rpartition(":")[2]
        self._client("sns").publish(TopicArn=self._topic(name), Message=event.content)

    def _put(self, event: Event) -> str | None:
        entry = {
            "Time": to_datetime(event.due),
            "Source": self._source,
            "Resources": list(resources(event)),
            "DetailType": event.name,
            "Detail": event.content,
        }
        answer = self._client("events").put_events(Entries=[entry])
        if answer["FailedEntryCount"]:
            failed = answer["Entries"][0]
            return f"PutEvents: {failed.get('ErrorCode')}: {failed.get('ErrorMessage')}"
        return None

    def _topic(self, name: str) -> str:
        """The ARN of the topic of this name, which is made or was there."""
        if name not in self._topics:
            exceptions = import_module("botocore.exceptions")
            try:
                answer = self._client("sns").create_topic(Name=name)
                self._topics[name] = answer["TopicArn"]
            except exceptions.ClientError:
                # Whoever may not make topics may be allowed to publish to one that is there.
                account = self._client("sts").get_caller_identity()["Account"]
                self._topics[name] = f"arn:aws:sns:{EVENTS_REGION}:{account}:{name}"
        return self._topics[name]

    def _client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = (
                import_module("botocore.session")
                .get_session()
                .create_client(
                    service,
                    region_name=EVENTS_REGION,
                    endpoint_url=self._endpoint,
                    config=import_module("botocore.config").Config(
                        connect_timeout=TIMEOUT_SECONDS,
                        read_timeout=TIMEOUT_SECONDS,
                        retries={"total_max_attempts": 1},
                    ),
                )
            )
        return self._clients[service]
