"""What agreements live by, put together: commands, time that passes, events on their way."""

from collections.abc import Callable

from waag.admin.agreement_calls import AgreementCalls
from waag.admin.cancellation_calls import CancellationCalls
from waag.admin.event_calls import EventCalls
from waag.bootstrap.features import Feature, Surroundings
from waag.config import AWS_ITSELF
from waag.delivery.events_aws import AwsReceiver
from waag.delivery.events_webhook import Webhook
from waag.ports.agreements import Receiver
from waag.services.agreements import AgreementCommands
from waag.services.billing import Billing
from waag.services.settling import Settling
from waag.storage.agreements import SqliteAgreements
from waag.storage.outbox import SqliteOutbox
from waag.worker.delivery import Delivery
from waag.worker.settling import SettlingWork
from waag.worker.thread import RealAlarm, WorkerThread


class AgreementParts:
    """Built beside the writer; nothing runs before the feature is started.

    Args:
        around: what the keeper has.
        billing: keeps the books as time passes.
        embedded: takes events, unless there is an AWS for them in the settings.

    Attributes:
        agreements: of all buyers; they know what the clock has to settle of them.
        commands: given about them, by whoever gives them.
        feature: what it adds.
    """

    def __init__(self, around: Surroundings, billing: Billing, embedded: Receiver) -> None:
        clock, random_bytes = around.clock, around.random_bytes
        choices = around.settings.choices.agreements
        self.agreements = agreements = SqliteAgreements(around.writer, around.open_reader())
        outbox = SqliteOutbox(around.writer, around.open_reader())
        self._closers: list[Callable[[], None]] = [agreements.close, outbox.close]
        self._workers: list[WorkerThread] = []
        self._settling = Settling(
            clock,
            agreements,
            around.markets,
            choices=choices,
            random_bytes=random_bytes,
            settled=self._delivery(around, outbox, embedded),
            bill=billing.settle,
        )
        self._billing = billing
        work = SettlingWork(self._settling, clock, agreements.next_instant, billing.next_instant)
        self._wake_settling = self._worker("settling", work)
        self.commands = AgreementCommands(clock, around.markets, choices, random_bytes, self.settle)
        calls = (
            *AgreementCalls(clock, around.market, agreements, self.commands).calls(),
            *CancellationCalls(clock, around.market, self.commands).calls(),
            *EventCalls(around.market, outbox, self.settle).calls(),
        )
        self.feature = Feature(
            calls=calls, start=self._start, settle=self.settle, close=self._close
        )

    def settle(self) -> None:
        """Settle what is due, and have the worker look when there is more.

        Raises:
            StoreUnavailable: the store could not read or write.
        """
        self._billing.begin()
        self._settling()
        self._wake_settling()

    def _delivery(
        self, around: Surroundings, outbox: SqliteOutbox, embedded: Receiver
    ) -> Callable[[], None]:
        """What wakes the delivery of events."""
        settings, random_bytes = around.settings, around.random_bytes
        receivers: list[Receiver] = []
        if settings.events_webhook is not None:
            webhook = Webhook(settings.events_webhook)
            self._closers.append(webhook.close)
            receivers.append(webhook)
        url = settings.events_aws_endpoint
        if url is None:
            receivers.append(embedded)
        else:
            aws = AwsReceiver(None if url == AWS_ITSELF else url, settings.events_aws_source)
            self._closers.append(aws.close)
            receivers.append(aws)
        delivery = Delivery(
            outbox, receivers, around.real, lambda: int.from_bytes(random_bytes(4)) / 2**32
        )
        return self._worker("event-delivery", delivery)

    def _start(self) -> None:
        """Settle what fell due while nobody looked, and go on by itself."""
        self._settling()
        for worker in self._workers:
            worker.start()
            self._closers.append(worker.close)

    def _close(self) -> None:
        while self._closers:
            self._closers.pop()()

    def _worker(self, name: str, work: Callable[[], float | None]) -> Callable[[], None]:
        worker = WorkerThread(name, work, RealAlarm())
        self._workers.append(worker)
        return worker.ring
