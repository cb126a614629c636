"""The embedded AWS, put together."""

import sys
import threading
from collections.abc import Callable, Sequence

from waag.admin.call_log import CallLog
from waag.bootstrap.features import Feature, Surroundings
from waag.domain.calls import CallRecord
from waag.domain.market import Market
from waag.domain.market_changes import MarketChange
from waag.exchange import Reply, Request
from waag.ports import Markets
from waag.sandbox.embedded_aws import EmbeddedAws
from waag.sandbox.enrollments import EnrolmentWizard, ServiceAccount
from waag.sandbox.iam import Iam
from waag.sandbox.identity_services import identity_services
from waag.sandbox.keys import KeyMaker
from waag.sandbox.marketplace import EmbeddedReceiver, topic_policy
from waag.sandbox.messaging import Messaging
from waag.sandbox.s3 import S3
from waag.sandbox.sts import Sts
from waag.services.calls import LatestCalls
from waag.storage.configuration_requests import SqliteConfigurationRequests
from waag.storage.enrolled import SqliteEnrolled
from waag.storage.identities import SqliteIdentities
from waag.storage.object_files import ObjectFiles
from waag.storage.objects import FileObjects
from waag.wire.embedded import EmbeddedAuthenticator, embedded_service


class SandboxParts:
    """Built beside the writer, over a market that is loaded.

    Args:
        around: what the keeper has.

    Attributes:
        feature: what it adds.
        markets: changes the market, and makes what new enrollments name.
        events: takes those that AWS would send.
        wizard: makes what enrollments name.
    """

    def __init__(self, around: Surroundings) -> None:
        clock, random_bytes, writer = around.clock, around.random_bytes, around.writer
        identities = SqliteIdentities(writer, around.open_reader(), around.secrets)
        files = ObjectFiles(around.settings.data / "objects", random_bytes)
        objects = FileObjects(writer, around.open_reader(), files)
        journal = SqliteConfigurationRequests(writer, around.open_reader())
        enrolled = SqliteEnrolled(writer, around.open_reader())
        messaging = Messaging(
            journal, clock, random_bytes, lambda arn: topic_policy(arn, around.market)
        )
        self.events = EmbeddedReceiver(messaging, around.settings.events_aws_source)
        keys = KeyMaker(random_bytes)
        changing = threading.RLock()
        self._latest = LatestCalls()
        self.service_account = ServiceAccount(identities, clock, keys)
        self.wizard = wizard = EnrolmentWizard(
            identities,
            objects,
            messaging,
            enrolled,
            clock=clock,
            keys=keys,
            changing=changing,
            secret_key=around.secret_key,
        )
        self.markets: Markets = _EnrollingMarkets(around.markets, wizard.run)
        log_calls = around.settings.log_calls
        self._embedded = EmbeddedAws(
            {
                **identity_services(
                    Iam(identities, clock, keys, changing), Sts(identities, clock, keys)
                ),
                "s3": S3(objects, clock, random_bytes).answer,
                **dict.fromkeys(("sns", "sqs", "events"), messaging.answer),
            },
            EmbeddedAuthenticator(around.market, clock).authenticate,
            clock=clock,
            calls=CallLog(self._latest, sys.stderr.write) if log_calls else self._latest,
            random_bytes=random_bytes,
        )

        def close() -> None:
            self._embedded.close()
            messaging.close()
            for each in (identities, objects, journal, enrolled):
                each.close()

        self.feature = Feature(start=wizard.run, close=close)

    async def answer(self, request: Request) -> Reply:
        """Answer a request whose credential scope names one of the six services."""
        service = embedded_service(request)
        assert service is not None, "asked only where there is one"
        return await self._embedded.answer(request, service)

    def answer_here(self, request: Request) -> Reply:
        """The same on the caller's thread, for deliveries; not for who waits for a message."""
        service = embedded_service(request)
        assert service is not None, "deliveries sign for one of the six"
        reply = self._embedded.answer_here(request, service)
        assert reply is not None, "deliveries do not wait for messages"
        return reply

    async def latest_calls(self, limit: int) -> Sequence[CallRecord]:
        """At most `limit` calls that it answered, newest first."""
        return self._latest.latest(limit)


class _EnrollingMarkets:
    """Implements `Markets` over another: what a change enrolls is there once it returns."""

    def __init__(self, markets: Markets, enroll: Callable[[], None]) -> None:
        self._markets = markets
        self._enroll = enroll

    def change(self, decide: Callable[[Market], MarketChange]) -> MarketChange:
        """See `waag.ports.Markets.change`."""
        change = self._markets.change(decide)
        if change.enrollments:
            self._enroll()
        return change
