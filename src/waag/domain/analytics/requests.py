"""Requests for data sets: what is kept of each until it is delivered and told of, and after."""

from collections.abc import Mapping
from enum import Enum

import msgspec

from waag.domain.analytics.data_sets import Coverage
from waag.domain.analytics.destinations import Destination
from waag.domain.instants import Instant


class RequestStatus(Enum):
    """How far a request has come."""

    PENDING = "pending"
    """The objects are to be put."""
    DELIVERED = "delivered"
    """Both objects are there; that is to be told."""
    REFUSED = "refused"
    """It cannot be delivered; that is to be told."""
    SUCCEEDED = "succeeded"
    FAILED = "failed"

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is done about it."""
        return self in (RequestStatus.SUCCEEDED, RequestStatus.FAILED)


class DataSetRequest(msgspec.Struct, frozen=True):
    """A request that was accepted.

    Attributes:
        id: a UUID.
        asked: midnight of the publication date asked for; fromDate of a support export.
        published: midnight of the publication date; None of a support export.
        file_name: of both files, without their endings.
        received: when, by the clock.
    """

    id: str
    seller_id: str
    type: str
    asked: Instant
    published: Instant | None
    covers: Coverage
    file_name: str
    destination: Destination
    customer_defined_values: Mapping[str, str] | None
    received: Instant

    @property
    def data_key(self) -> str:
        """Where the rows go."""
        return self.destination.key(f"{self.file_name}.csv")

    @property
    def metadata_key(self) -> str:
        """Where the file beside them goes."""
        return self.destination.key(f"{self.file_name}.meta.json")


class Progress(msgspec.Struct, frozen=True):
    """What became of a request so far.

    Attributes:
        attempts: how often its present step was tried in vain.
        retry_at: not tried before this instant of the machine's own time.
        message: why it cannot be delivered, as it is told.
        last_error: why the present step failed last; of a settled request, why nobody was told.
        completed: when both objects were there, by the clock.
    """

    status: RequestStatus = RequestStatus.PENDING
    attempts: int = 0
    retry_at: Instant = 0
    message: str | None = None
    last_error: str | None = None
    completed: Instant | None = None


class KeptRequest(msgspec.Struct, frozen=True):
    """A request in the queue; `number` is its place."""

    number: int
    request: DataSetRequest
    progress: Progress


class RequestQuery(msgspec.Struct, frozen=True):
    """Which requests are asked for, newest first.

    Attributes:
        seller_id, type, status: None for all.
        before: the number to go on from; None from the newest.
    """

    seller_id: str | None
    type: str | None
    status: RequestStatus | None
    before: int | None
    limit: int
