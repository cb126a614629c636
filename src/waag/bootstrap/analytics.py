"""Data sets, put together: requests for them, their delivery, the support contacts they tell of."""

from concurrent.futures import ThreadPoolExecutor

from waag.admin.contact_calls import ContactCalls
from waag.admin.data_set_calls import DataSetCalls
from waag.bootstrap.features import Feature, Surroundings
from waag.config import AWS_ITSELF, Settings
from waag.delivery.aws import AwsCourier
from waag.delivery.csv_bytes import csv_bytes
from waag.ports.analytics import Courier, DataSets
from waag.services.analytics import AskedDataSets
from waag.services.data_set_contents import Contents
from waag.services.support_contacts import ContactCommands
from waag.storage.analytics.contacts import SqliteSupportContacts
from waag.storage.analytics.requests import SqliteDataSetRequests
from waag.wire.operations.analytics import analytics_operations
from waag.worker.analytics import DataSetDelivery
from waag.worker.thread import RealAlarm, WorkerThread

DELIVERING_THREADS = 4
"""So many sellers are delivered to at once."""

CHECKING_THREADS = 8
"""So many requests wait at once for what AWS says to them."""


class AnalyticsParts:
    """Built beside the writer; nothing runs before the feature is started.

    Args:
        around: what the keeper has.
        data_sets: builds those of GenerateDataSet.

    Attributes:
        feature: what it adds.
    """

    def __init__(self, around: Surroundings, data_sets: DataSets) -> None:
        self._requests = SqliteDataSetRequests(around.writer, around.open_reader())
        self._contacts = SqliteSupportContacts(around.writer, around.open_reader())
        self._threads = ThreadPoolExecutor(CHECKING_THREADS, "data-set-requests")
        self._workers: list[WorkerThread] = []
        courier = _courier(around.settings)
        contents = Contents(
            data_sets, self._requests, self._contacts, around.settings.choices.analytics
        )
        self._delivery = None if courier is None else self._deliver(around, contents, courier)
        asked = AskedDataSets(
            market=around.market,
            sellers=self._requests,
            contents=contents,
            requests=self._requests,
            courier=courier,
            clock=around.clock,
            random_bytes=around.random_bytes,
            wake=self._wake,
        )
        commands = ContactCommands(around.clock, around.market, self._contacts, around.random_bytes)
        self.feature = Feature(
            calls=(
                *DataSetCalls(asked, self._threads).calls(),
                *ContactCalls(commands).calls(),
            ),
            desk=analytics_operations(asked, self._threads),
            start=self._start,
            close=self._close,
        )

    def _deliver(
        self, around: Surroundings, contents: Contents, courier: Courier
    ) -> DataSetDelivery:
        delivery = DataSetDelivery(
            requests=self._requests,
            contents=contents,
            courier=courier,
            to_bytes=csv_bytes,
            clock=around.clock,
            real=around.real,
            jitter=lambda: int.from_bytes(around.random_bytes(4)) / 2**32,
        )
        self._workers += [
            WorkerThread(f"data-set-delivery-{number}", delivery, RealAlarm())
            for number in range(DELIVERING_THREADS)
        ]
        return delivery

    def _wake(self) -> None:
        for worker in self._workers:
            worker.ring()

    def _start(self) -> None:
        for worker in self._workers:
            worker.start()

    def _close(self) -> None:
        """Break off what is being delivered; the queue knows how far it has come."""
        if self._delivery is not None:
            self._delivery.stop()
        self._threads.shutdown()
        for worker in self._workers:
            worker.close()
        self._contacts.close()
        self._requests.close()


def _courier(settings: Settings) -> Courier | None:
    """Who delivers, with the credentials of botocore's usual chain; None if there is no AWS."""
    endpoint = settings.aws_endpoint
    if endpoint is None:
        return None
    return AwsCourier(None if endpoint == AWS_ITSELF else endpoint, lambda: None)
