"""AWS Marketplace's events in the embedded AWS, where they cannot be taken."""

import os

import pytest

from builders import NOW, SELLER
from waag.domain.events import SOURCE, Event, EventTarget
from waag.domain.refusals import StoreUnavailable
from waag.sandbox.marketplace import EmbeddedReceiver
from waag.sandbox.messaging import Messaging
from waag.services.clock import RealClock

TOPIC = "arn:aws:sns:us-east-1:287250355862:aws-mp-subscription-notification-code"


class UnreadableJournal:
    """A journal whose store is gone."""

    def has(self, *_, **__):
        """Nobody knows."""
        raise StoreUnavailable("The disk is gone.")


@pytest.mark.parametrize(
    ("target", "topic"), [(EventTarget.SNS, TOPIC), (EventTarget.EVENTBRIDGE, None)]
)
def test_a_store_that_cannot_be_read(target, topic):
    """Is the reason why an event was not taken; it is tried again."""
    messaging = Messaging(UnreadableJournal(), RealClock(lambda: NOW), os.urandom, lambda _: None)
    event = Event("id-1", "agmt-1", SELLER, NOW, target, "name", topic, "{}")
    assert EmbeddedReceiver(messaging, SOURCE).deliver(event) == "The disk is gone."
