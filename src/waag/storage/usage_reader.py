"""Reading accepted usage back, beside the writer, on a connection of its own."""

from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

import msgspec

from waag.domain.instants import HOUR, INSTANT_MAX, INSTANT_MIN
from waag.domain.metering import Allocation
from waag.domain.refused_usage import UnrecordedUsage
from waag.domain.usage import RecordedUsage, UsageQuery
from waag.storage.queries import Row
from waag.storage.reader import Reader

_BEFORE_ALL = (INSTANT_MIN, "", 0, 0, 0, "")
_KEY_COLUMNS = 7


class SqliteUsageReader:
    """Implements the port `UsageReader`.

    Args:
        reader: closed with this.
        catch_up: returns once what fronts have noted is on disk.
    """

    def __init__(self, reader: Reader, catch_up: Callable[[], None] = lambda: None) -> None:
        self._reader = reader
        self._catch_up = catch_up

    def usage_records(self, asked: UsageQuery) -> Sequence[RecordedUsage]:
        """See `waag.ports.UsageReader.usage_records`."""
        return list(self._read(asked))

    def unrecorded(self, asked: UsageQuery) -> Sequence[UnrecordedUsage]:
        """See `waag.ports.UsageReader.unrecorded`."""
        self._catch_up()
        found = self._reader.rows(
            "unrecorded_usage",
            {
                "product": asked.product,
                "since": INSTANT_MIN if asked.since is None else asked.since,
                "until": INSTANT_MAX if asked.until is None else asked.until,
                "limit": asked.limit,
            },
        )
        return [UnrecordedUsage(*row) for row in found]

    def close(self) -> None:
        """Close the reader."""
        self._reader.close()

    def _read(self, asked: UsageQuery) -> Iterator[RecordedUsage]:
        wanted = asked.limit
        after = (0, *_BEFORE_ALL) if asked.after is None else asked.after
        for product in self._products(asked.product):
            if product < after[0] or not wanted:
                continue
            key = after[1:] if product == after[0] else _BEFORE_ALL
            for row in self._rows_of(product, key, asked, wanted):
                wanted -= 1
                yield _from_row(row)

    def _products(self, product: int | None) -> Sequence[int]:
        if product is not None:
            return [product]
        return [number for (number,) in self._reader.rows("product_numbers")]

    def _rows_of(self, product: int, after: Row, asked: UsageQuery, limit: int) -> Sequence[Row]:
        since = INSTANT_MIN if asked.since is None else asked.since
        until = INSTANT_MAX if asked.until is None else asked.until
        columns = ("hour", "region", "customer", "license", "dimension", "resource")
        return self._reader.rows(
            "usage_records",
            {
                "product": product,
                "agreement": asked.agreement,
                "first_hour": since // HOUR,
                "last_hour": until // HOUR,
                "since": since,
                "until": until,
                "limit": limit,
                **dict(zip(columns, after, strict=True)),
            },
        )


def _from_row(row: Row) -> RecordedUsage:
    """A record with its names: by LicenseArn or by ProductCode, whichever it was sent under."""
    key, named = row[:_KEY_COLUMNS], row[_KEY_COLUMNS:]
    (record_id, code, agreement, account, identifier, license_arn, dimension, *rest) = named
    timestamp, quantity, received_at, allocations = rest
    sent_by_license = key[4] != 0
    return RecordedUsage(
        key,
        str(UUID(bytes=record_id)),
        code,
        agreement,
        account,
        identifier,
        license_arn if sent_by_license else None,
        dimension,
        timestamp,
        quantity,
        key[2],
        received_at,
        ()
        if allocations is None
        else msgspec.json.decode(allocations, type=tuple[Allocation, ...]),
    )
