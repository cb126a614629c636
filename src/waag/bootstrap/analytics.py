"""Data sets, put together: requests for them, their delivery, the support contacts they tell of."""

from concurrent.futures import ThreadPoolExecutor

from waag.admin.contact_calls import ContactCalls
from waag.admin.data_set_calls import DataSetCalls
from waag.admin.enrollment_calls import EnrollmentCalls
from waag.bootstrap.features import Feature, Surroundings
from waag.bootstrap.sandbox import SandboxParts
from waag.config import AWS_ITSELF, Settings
from waag.delivery.aws import AwsCourier
from waag.delivery.csv_bytes import csv_bytes
from waag.delivery.in_process import NOWHERE
from waag.domain.identities import external_id
from waag.ports.analytics import AwsCredentials, Courier, DataSets
from waag.services.analytics import AskedDataSets
from waag.services.data_set_contents import Contents
from waag.services.enrollment import EnrollmentCommands
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
        embedded: what is delivered to, unless there is an AWS in the settings.

    Attributes:
        enrollments: of sellers.
        contacts: of customers, for sellers' support.
        feature: what it adds.
    """

    def __init__(self, around: Surroundings, data_sets: DataSets, embedded: SandboxParts) -> None:
        self._requests = SqliteDataSetRequests(around.writer, around.open_reader())
        self._contact_log = SqliteSupportContacts(around.writer, around.open_reader())
        self._threads = ThreadPoolExecutor(CHECKING_THREADS, "data-set-requests")
        self._workers: list[WorkerThread] = []
        endpoint = around.settings.aws_endpoint
        courier = _courier(around.settings, embedded)
        contents = Contents(
            data_sets, self._requests, self._contact_log, around.settings.choices.analytics
        )
        self._delivery = self._deliver(around, contents, courier)
        self.enrollments = EnrollmentCommands(
            market=around.market,
            markets=embedded.markets,
            external_id=lambda enrollment: external_id(around.secret_key, enrollment),
            courier=courier,
            enroller=embedded.wizard if endpoint is None else None,
            endpoint=None if endpoint == AWS_ITSELF else endpoint,
        )
        asked = AskedDataSets(
            market=around.market,
            sellers=self._requests,
            contents=contents,
            requests=self._requests,
            courier=courier,
            external_id=self.enrollments.external_id,
            clock=around.clock,
            random_bytes=around.random_bytes,
            wake=self._wake,
        )
        self.contacts = ContactCommands(
            around.clock, around.market, self._contact_log, around.random_bytes
        )
        self.feature = Feature(
            calls=(
                *DataSetCalls(asked, self._threads).calls(),
                *EnrollmentCalls(self.enrollments, self._threads).calls(),
                *ContactCalls(self.contacts).calls(),
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
        self._delivery.stop()
        self._threads.shutdown()
        for worker in self._workers:
            worker.close()
        self._contact_log.close()
        self._requests.close()


def _courier(settings: Settings, embedded: SandboxParts) -> Courier:
    """Who delivers: to the embedded AWS, or elsewhere as botocore's usual chain has it."""
    endpoint = settings.aws_endpoint
    if endpoint is None:
        return AwsCourier(
            NOWHERE,
            lambda: AwsCredentials(*embedded.service_account.credentials()),
            embedded.answer_here,
        )
    return AwsCourier(None if endpoint == AWS_ITSELF else endpoint, lambda: None)
