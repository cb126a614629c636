"""Metering operations: usage reported, judged against the market, handed to the ledger."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

import msgspec

from waag.domain.instants import Instant
from waag.domain.market import Agreement, Market
from waag.domain.metering import (
    Circumstances,
    MeteringChoices,
    RecordResult,
    Standing,
    SubmittedBatch,
    UsageRow,
    find_agreement,
    judge,
    to_rows,
)
from waag.domain.metering_checks import check_batch, find_product
from waag.ports import Caller, Ledger, RandomBytes

Result = TypeVar("Result")


class Pending(msgspec.Struct, Generic[Result], frozen=True):
    """A result that waits for the ledger: await `standings`, then `finish` with what it gives.

    So a service stays a plain function, and whoever called it does the waiting. Without anything
    to wait for, `standings` is None and `finish` takes an empty mapping.
    """

    standings: Awaitable[Mapping[int, Standing]] | None
    finish: Callable[[Mapping[int, Standing]], Result]


def batch_meter_usage(
    batch: SubmittedBatch,
    caller: Caller,
    *,
    market: Market,
    choices: MeteringChoices,
    now: Instant,
    random_bytes: RandomBytes,
    ledger: Ledger,
) -> Pending[Sequence[RecordResult]]:
    """Record a seller's usage records; those accepted are on disk when the result is there.

    Returns:
        A result for each record, in order.

    Raises:
        Refusal: the batch is refused whole (see `waag.domain.metering_checks`).
        StoreUnavailable: from the pending standings; nothing was recorded.
    """
    given = Circumstances(market, choices, caller.account_id, caller.region, now)
    product = find_product(batch, given)
    if product is None:
        return Pending(None, lambda _: ())
    check_batch(batch, product, given)
    agreements = [find_agreement(record, product, given) for record in batch.records]
    ids = _record_ids(random_bytes(16 * len(batch.records)))
    rows = to_rows(batch.records, agreements, product, given, ids)
    return Pending(
        ledger.append(rows) if rows else None,
        lambda standings: list(_results(agreements, rows, standings, choices)),
    )


def _results(
    agreements: Sequence[Agreement | RecordResult],
    rows: Sequence[UsageRow],
    standings: Mapping[int, Standing],
    choices: MeteringChoices,
) -> Iterator[RecordResult]:
    sent = enumerate(rows)
    for agreement in agreements:
        if isinstance(agreement, RecordResult):
            yield agreement
        else:
            index, row = next(sent)
            yield judge(row, standings.get(index), choices)


def _record_ids(random: bytes) -> Iterator[bytes]:
    """A version 4 UUID from every sixteen random bytes. Source: RFC 9562, section 5.4."""
    ids = bytearray(random)
    starts = range(0, len(ids), 16)
    for start in starts:
        ids[start + 6] = ids[start + 6] & 0x0F | 0x40
        ids[start + 8] = ids[start + 8] & 0x3F | 0x80
    return iter([bytes(ids[start : start + 16]) for start in starts])
