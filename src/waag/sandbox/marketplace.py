"""AWS Marketplace as sellers meet it in the embedded AWS: its topics, and events on their buses.

What is told, and when, is not decided here.
"""

import json
import re

from waag.domain.agreement_events import TOPIC_OWNER
from waag.domain.events import EVENTS_REGION, Event, EventTarget, enveloped
from waag.domain.market import Market
from waag.domain.refusals import Refusal
from waag.sandbox.messaging import Messaging

_TOPIC = re.compile(
    rf"arn:aws:sns:{EVENTS_REGION}:{TOPIC_OWNER}:aws-mp-(subscription|entitlement)-notification-"
    "([A-Za-z0-9_-]+)"
)
_ALLOWED = (
    "sns:ConfirmSubscription",
    "sns:GetSubscriptionAttributes",
    "sns:GetTopicAttributes",
    "sns:ListSubscriptionsByTopic",
    "sns:SetSubscriptionAttributes",
    "sns:Subscribe",
    "sns:Unsubscribe",
)


def topic_policy(arn: str, market: Market) -> str | None:
    """The policy of one of AWS Marketplace's topics; None if there is no such topic.

    There is one for subscriptions of each product that its seller runs, and of contracts one for
    entitlements. Nobody but the product's seller subscribes. Source: Seller Guide, SNS topics.
    """
    named = _TOPIC.fullmatch(arn)
    product = None if named is None else market.product_by_code(named[2])
    if named is None or product is None or not product.type.is_saas:
        return None
    if named[1] == "entitlement" and not product.type.is_contract:
        return None
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{product.seller_id}:root"},
        "Action": _ALLOWED,
        "Resource": arn,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class EmbeddedReceiver:
    """Implements the port `Receiver`: topics of AWS's own, and the bus of the account concerned.

    Args:
        messaging: where these are.
        source: of events on a bus.
    """

    def __init__(self, messaging: Messaging, source: str) -> None:
        self._messaging = messaging
        self._source = source

    def deliver(self, event: Event) -> str | None:
        """Publish one event, or put it; whom nobody listens to has been taken, too."""
        try:
            if event.target is EventTarget.SNS:
                assert event.topic is not None, "an SNS message has a topic"
                self._messaging.publish(event.topic, event.content)
            else:
                content = {**enveloped(event), "source": self._source}
                self._messaging.put_event(event.account_id, EVENTS_REGION, content)
        except Refusal as refusal:
            return refusal.why
        return None
