"""What agreements live by, put together: commands, time that passes, events on their way."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from waag.admin.agreement_calls import AgreementCalls
from waag.admin.cancellation_calls import CancellationCalls
from waag.admin.event_calls import EventCalls
from waag.config import AWS_ITSELF, Settings
from waag.domain.instants import Instant
from waag.domain.market import Market
from waag.ports import Clock, Markets, RandomBytes
from waag.services.agreements import AgreementCommands
from waag.services.settling import Settling
from waag.storage.agreements import SqliteAgreements
from waag.storage.database import open_reader
from waag.storage.outbox import SqliteOutbox
from waag.storage.writer import Writer
from waag.worker.aws import AwsReceiver
from waag.worker.delivery import Delivery
from waag.worker.settling import SettlingWork
from waag.worker.thread import RealAlarm, WorkerThread
from waag.worker.webhook import Webhook


class Surroundings(msgspec.Struct, frozen=True):
    """What the keeper has already.

    Attributes:
        real: the machine's own time.
        random_bytes: for ids, and to spread attempts.
    """

    clock: Clock
    market: Market
    markets: Markets
    real: Callable[[], Instant]
    random_bytes: RandomBytes


class AgreementParts:
    """Built beside the writer; `start` begins the work, `close` ends it before the writer ends.

    Args:
        settings: the choices, and where events go.
        ledger: the database's file.
        writer: who owns the connection that writes.
        around: what else the keeper has.

    Attributes:
        calls: the operator's.
    """

    def __init__(
        self,
        settings: Settings,
        ledger: Path,
        writer: Writer,
        around: Surroundings,
    ) -> None:
        clock, market, random_bytes = around.clock, around.market, around.random_bytes
        agreements = SqliteAgreements(writer, open_reader(ledger))
        outbox = SqliteOutbox(writer, open_reader(ledger))
        self._closers: list[Callable[[], None]] = [agreements.close, outbox.close]
        self._workers: list[WorkerThread] = []
        wake_delivery: Callable[[], None] = _nobody
        receivers = _receivers(settings)
        if receivers:
            self._closers += [receiver.close for receiver in receivers]
            delivery = Delivery(
                outbox, receivers, around.real, lambda: int.from_bytes(random_bytes(4)) / 2**32
            )
            wake_delivery = self._worker("event-delivery", delivery)
        self._settling = Settling(
            clock,
            agreements,
            around.markets,
            choices=settings.choices.agreements,
            random_bytes=random_bytes,
            settled=wake_delivery,
        )
        work = SettlingWork(self._settling, agreements, clock)
        self._wake_settling = self._worker("settling", work)
        commands = AgreementCommands(
            clock, around.markets, settings.choices.agreements, random_bytes, self.settle
        )
        self.calls = (
            *AgreementCalls(clock, market, agreements, commands).calls(),
            *CancellationCalls(clock, market, commands).calls(),
            *EventCalls(market, outbox, self.settle).calls(),
        )

    def settle(self) -> None:
        """Settle what is due, and have the worker look when there is more.

        Raises:
            StoreUnavailable: the store could not read or write.
        """
        self._settling()
        self._wake_settling()

    def start(self) -> None:
        """Settle what fell due while nobody looked, and go on by itself.

        Raises:
            StoreUnavailable: the store could not read or write.
        """
        self._settling()
        for worker in self._workers:
            worker.start()
            self._closers.append(worker.close)

    def close(self) -> None:
        """End the work, and close the connections."""
        while self._closers:
            self._closers.pop()()

    def _worker(self, name: str, work: Callable[[], float | None]) -> Callable[[], None]:
        worker = WorkerThread(name, work, RealAlarm())
        self._workers.append(worker)
        return worker.ring


def _receivers(settings: Settings) -> Sequence[Webhook | AwsReceiver]:
    receivers: list[Webhook | AwsReceiver] = []
    if settings.events_webhook is not None:
        receivers.append(Webhook(settings.events_webhook))
    if settings.events_aws_endpoint is not None:
        url = settings.events_aws_endpoint
        endpoint = None if url == AWS_ITSELF else url
        receivers.append(AwsReceiver(endpoint, settings.events_aws_source))
    return receivers


def _nobody() -> None:
    """Wake nobody: without an address events are kept as they fall due."""
