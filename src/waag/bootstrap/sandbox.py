"""The embedded AWS, put together."""

import sys
import threading
from collections.abc import Sequence

from waag.admin.call_log import CallLog
from waag.bootstrap.features import Feature, Surroundings
from waag.domain.calls import CallRecord
from waag.exchange import Reply, Request
from waag.sandbox.embedded_aws import EmbeddedAws
from waag.sandbox.iam import Iam
from waag.sandbox.identity_services import identity_services
from waag.sandbox.keys import KeyMaker
from waag.sandbox.messaging import Messaging
from waag.sandbox.s3 import S3
from waag.sandbox.sts import Sts
from waag.services.calls import LatestCalls
from waag.storage.configuration_requests import SqliteConfigurationRequests
from waag.storage.identities import SqliteIdentities
from waag.storage.object_files import ObjectFiles
from waag.storage.objects import FileObjects
from waag.wire.embedded import EmbeddedAuthenticator, embedded_service


class SandboxParts:
    """Built beside the writer.

    Args:
        around: what the keeper has.

    Attributes:
        feature: what it adds.
    """

    def __init__(self, around: Surroundings) -> None:
        clock, random_bytes = around.clock, around.random_bytes
        identities = SqliteIdentities(around.writer, around.open_reader(), around.secrets)
        files = ObjectFiles(around.settings.data / "objects", random_bytes)
        objects = FileObjects(around.writer, around.open_reader(), files)
        journal = SqliteConfigurationRequests(around.writer, around.open_reader())
        messaging = Messaging(journal, clock, random_bytes)
        keys = KeyMaker(random_bytes)
        changing = threading.RLock()
        sts = Sts(identities, clock, keys)
        iam = Iam(identities, clock, keys, changing)
        self._latest = LatestCalls()
        log_calls = around.settings.log_calls
        calls = CallLog(self._latest, sys.stderr.write) if log_calls else self._latest
        self._embedded = EmbeddedAws(
            {
                **identity_services(iam, sts),
                "s3": S3(objects, clock, random_bytes).answer,
                **dict.fromkeys(("sns", "sqs", "events"), messaging.answer),
            },
            EmbeddedAuthenticator(around.market, clock).authenticate,
            clock=clock,
            calls=calls,
            random_bytes=random_bytes,
        )

        def close() -> None:
            self._embedded.close()
            messaging.close()
            for each in (identities, objects, journal):
                each.close()

        self.feature = Feature(close=close)

    async def answer(self, request: Request) -> Reply:
        """Answer a request whose credential scope names one of the six services."""
        service = embedded_service(request)
        assert service is not None, "asked only where there is one"
        return await self._embedded.answer(request, service)

    async def latest_calls(self, limit: int) -> Sequence[CallRecord]:
        """At most `limit` calls that it answered, newest first."""
        return self._latest.latest(limit)
