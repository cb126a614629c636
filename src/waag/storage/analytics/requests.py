"""Requests for data sets on SQLite: the rows that are not settled are the queue."""

from collections.abc import Sequence
from typing import Any

import msgspec

from waag.domain.analytics.requests import (
    DataSetRequest,
    KeptRequest,
    Progress,
    RequestQuery,
    RequestStatus,
)
from waag.domain.instants import Instant
from waag.storage.queries import Row, query
from waag.storage.reader import Reader
from waag.storage.writer import Writer


class SqliteDataSetRequests:
    """Implements the ports `DataSetRequests` and `Sellers`.

    Args:
        writer: who owns the connection that writes.
        reader: beside it; closed with this.
    """

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    def put(self, request: DataSetRequest) -> None:
        """See `waag.ports.analytics.DataSetRequests.put`."""
        new = Progress()
        row = (
            request.id,
            request.seller_id,
            request.type,
            msgspec.json.encode(request).decode(),
            new.status.value,
            new.attempts,
            new.retry_at,
        )
        self._writer.change(lambda connection: query(connection, "put_data_set_request", row))

    def request(self, request_id: str) -> KeptRequest | None:
        """See `waag.ports.analytics.DataSetRequests.request`."""
        return next(iter(self._read("data_set_request", (request_id,))), None)

    def requests(self, asked: RequestQuery) -> Sequence[KeptRequest]:
        """See `waag.ports.analytics.DataSetRequests.requests`."""
        filters = {
            "type": asked.type,
            "status": None if asked.status is None else asked.status.value,
            "before": asked.before,
            "limit": asked.limit,
        }
        if asked.seller_id is None:
            return self._read("data_set_requests", filters)
        return self._read("data_set_requests_of_seller", filters | {"seller": asked.seller_id})

    def unsettled(self, limit: int) -> Sequence[KeptRequest]:
        """See `waag.ports.analytics.DataSetRequests.unsettled`."""
        return self._read("unsettled_data_set_requests", (limit,))

    def proceed(self, number: int, progress: Progress) -> None:
        """See `waag.ports.analytics.DataSetRequests.proceed`."""
        row = (
            progress.status.value,
            progress.attempts,
            progress.retry_at,
            progress.message,
            progress.last_error,
            progress.completed,
            number,
        )
        self._writer.change(lambda connection: query(connection, "proceed_data_set_request", row))

    def first_agreement(self, seller_id: str) -> Instant | None:
        """See `waag.ports.analytics.Sellers.first_agreement`."""
        return self._reader.rows("first_agreement_of_seller", (seller_id,))[0][0]

    def enrolled(self, limit: int) -> Sequence[str]:
        """See `waag.ports.analytics.Sellers.enrolled`."""
        return [seller for (seller,) in self._reader.rows("enrolled_sellers", (limit,))]

    def close(self) -> None:
        """Close the reader."""
        self._reader.close()

    def _read(self, name: str, asked: Any) -> Sequence[KeptRequest]:
        return [_to_request(row) for row in self._reader.rows(name, asked)]


def _to_request(row: Row) -> KeptRequest:
    number, request, status, *rest = row
    return KeptRequest(
        number,
        msgspec.json.decode(request, type=DataSetRequest),
        Progress(RequestStatus(status), *rest),
    )
