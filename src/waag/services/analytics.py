"""Data sets asked for: everything that can be known is found out before a request is taken.

What is taken is kept in the queue; delivering it is a worker's concern.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from uuid import UUID

import msgspec

from waag.domain.analytics.contacts import SUPPORT_TYPES
from waag.domain.analytics.data_sets import DATA_SET_TYPES
from waag.domain.analytics.destinations import Destination, check_destination
from waag.domain.analytics.enrollments import Enrollment
from waag.domain.analytics.refusals import (
    AnalyticsRefused,
    DestinationUnreachable,
    NotEnrolled,
    RequestUnknown,
)
from waag.domain.analytics.requests import (
    DataSetRequest,
    KeptRequest,
    RequestQuery,
    RequestStatus,
)
from waag.domain.instants import Instant
from waag.domain.market import Market
from waag.ports import Clock, RandomBytes
from waag.ports.analytics import Courier, DataSetRequests, Sellers
from waag.services.data_set_contents import Contents, Edition
from waag.services.enrollment import find_enrollment


class SubmittedDataSet(msgspec.Struct, frozen=True):
    """A request of either operation.

    Attributes:
        asked: any instant of the publication date; fromDate of a support export.
    """

    type: str
    asked: Instant
    role: str
    bucket: str
    prefix: str | None
    topic: str
    customer_defined_values: Mapping[str, str] | None = None


class Taken(msgspec.Struct, frozen=True):
    """A request that was taken; `notes` are remarks for the operator."""

    request: DataSetRequest
    notes: tuple[str, ...] = ()


class Shown(msgspec.Struct, frozen=True):
    """The first rows of a data set."""

    edition: Edition
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


class RequestPage(msgspec.Struct, frozen=True):
    """Requests, newest first, and the number to go on from; None on the last page."""

    requests: Sequence[KeptRequest]
    next: int | None


class AskedDataSets:
    """Takes requests for data sets, and shows what became of them.

    Args:
        market: who has enrolled.
        sellers: the same, listed.
        contents: which data sets there are.
        requests: the queue.
        courier: knows whether a destination can be delivered to.
        external_id: what the trust policy of the role of an enrollment has to ask for.
        clock: tells when.
        random_bytes: for ids.
        wake: told when there is something to deliver.
    """

    def __init__(
        self,
        *,
        market: Market,
        sellers: Sellers,
        contents: Contents,
        requests: DataSetRequests,
        courier: Courier,
        external_id: Callable[[Enrollment], str],
        clock: Clock,
        random_bytes: RandomBytes,
        wake: Callable[[], None],
    ) -> None:
        self._market = market
        self._sellers = sellers
        self._contents = contents
        self._requests = requests
        self._courier = courier
        self.external_id = external_id
        self._clock = clock
        self._random_bytes = random_bytes
        self._wake = wake

    def enrollment(self, seller_id: str) -> Enrollment:
        """Where a seller has enrolled.

        Raises:
            NotEnrolled: nowhere.
        """
        return find_enrollment(self._market, seller_id)

    def only_seller(self) -> str:
        """The one seller that has enrolled.

        Raises:
            AnalyticsRefused: there are several, or none.
        """
        enrolled = self._sellers.enrolled(2)
        if len(enrolled) == 1:
            return enrolled[0]
        if enrolled:
            raise AnalyticsRefused(
                "Several sellers have enrolled in data sets; name one of them by its account."
            )
        raise NotEnrolled("No seller has enrolled in data sets: the market has no enrollments.")

    def take(self, submitted: SubmittedDataSet, seller_id: str) -> Taken:
        """Take a request; on disk before this returns, and carried out by and by.

        Raises:
            AnalyticsRefused: it cannot be carried out, and why.
            StoreUnavailable: the store could not read or write; nothing was taken.
        """
        enrollment = self.enrollment(seller_id)
        now = self._clock.now()
        edition = self._contents.edition(submitted.type, enrollment, submitted.asked, now)
        destination = self._destination(submitted, enrollment)
        check_destination(destination, seller_id, edition.file_name)
        request = DataSetRequest(
            str(UUID(bytes=self._random_bytes(16), version=4)),
            seller_id,
            edition.type,
            edition.asked,
            edition.published,
            edition.covers,
            edition.file_name,
            destination,
            submitted.customer_defined_values,
            now,
        )
        notes = self._check_delivery(request)
        self._requests.put(request)
        self._wake()
        return Taken(request, notes)

    def request(self, request_id: str) -> KeptRequest:
        """One request.

        Raises:
            RequestUnknown: there is none.
            StoreUnavailable: the store could not be read.
        """
        found = self._requests.request(request_id)
        if found is None:
            raise RequestUnknown(f"There is no request {request_id!r} for a data set.")
        return found

    def requests(
        self,
        *,
        seller_id: str | None,
        data_set: str | None,
        status: RequestStatus | None,
        before: int | None,
        limit: int,
    ) -> RequestPage:
        """Requests, newest first.

        Raises:
            StoreUnavailable: the store could not be read.
        """
        # One more than is asked for tells whether there is a next page.
        found = self._requests.requests(
            RequestQuery(seller_id, data_set, status, before, limit + 1)
        )
        page = found[:limit]
        return RequestPage(page, page[-1].number if len(found) > limit else None)

    def preview(self, data_set: str, seller_id: str, asked: Instant, limit: int) -> Shown:
        """The first rows of a data set, delivered nowhere.

        Raises:
            AnalyticsRefused: there is no such data set, and why.
            StoreUnavailable: the store could not be read.
        """
        enrollment = self.enrollment(seller_id)
        check_named(data_set)
        edition = self._contents.edition(data_set, enrollment, asked, self._clock.now())
        told = self._contents.rows(data_set, seller_id, edition.published, edition.covers)
        return Shown(edition, told.columns, tuple(islice(told.rows, limit)))

    def _destination(self, submitted: SubmittedDataSet, enrollment: Enrollment) -> Destination:
        return Destination(
            submitted.role,
            self.external_id(enrollment),
            enrollment.policy_name,
            submitted.bucket,
            submitted.prefix,
            submitted.topic,
        )

    def _check_delivery(self, request: DataSetRequest) -> tuple[str, ...]:
        """Ask AWS; if nobody answers, the request is taken, and the worker goes on asking."""
        try:
            self._courier.check(request.destination, request.data_key)
        except DestinationUnreachable as unreachable:
            return (f"Taken unchecked, and delivered later: {unreachable.why}",)
        return ()


def check_named(data_set: str) -> None:
    """Refuse a type that there is not; a request over the wire has one of its operation's.

    Raises:
        AnalyticsRefused: with all names.
    """
    if data_set not in DATA_SET_TYPES and data_set not in SUPPORT_TYPES:
        names = ", ".join((*DATA_SET_TYPES, *SUPPORT_TYPES))
        raise AnalyticsRefused(f"There is no data set {data_set!r}; expected one of {names}.")
