"""Metering operations: usage reported, judged against the market, handed to the ledger."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from functools import lru_cache
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
    find_agreements,
    judge,
    to_rows,
)
from waag.domain.metering_checks import check_batch, find_product
from waag.domain.refusals import Refusal
from waag.domain.refused_usage import RefusedRow, handed_back_rows, refused_rows
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
    agreements = find_agreements(batch.records, product, given)
    ids = _record_ids(random_bytes(16 * len(batch.records)))
    rows = to_rows(batch.records, agreements, product, given, ids)

    def finish(standings: Mapping[int, Standing]) -> Sequence[RecordResult]:
        results = _results(agreements, rows, standings, choices)
        if standings or len(rows) < len(results):  # else every record is a plain success
            _note(refused_rows(batch.records, results, product, caller.region, given.now), ledger)
        return results

    return Pending(ledger.append(rows) if rows else None, finish)


def note_handed_back(
    batch: SubmittedBatch, caller: Caller, *, market: Market, now: Instant, ledger: Ledger
) -> None:
    """Remember records that a fault handed back, unless they could never have been recorded."""
    given = Circumstances(market, MeteringChoices(), caller.account_id, caller.region, now)
    try:
        product = find_product(batch, given)
    except Refusal:
        return
    if product is not None:
        _note(handed_back_rows(batch.records, product, caller.region, now), ledger)


def _note(rows: Sequence[RefusedRow], ledger: Ledger) -> None:
    if rows:
        ledger.note_refused(rows)


def _results(
    agreements: Sequence[Agreement | RecordResult],
    rows: Sequence[UsageRow],
    standings: Mapping[int, Standing],
    choices: MeteringChoices,
) -> list[RecordResult]:
    judged = [judge(row, standings.get(index), choices) for index, row in enumerate(rows)]
    if len(judged) == len(agreements):
        return judged
    each = iter(judged)
    return [
        agreement if isinstance(agreement, RecordResult) else next(each) for agreement in agreements
    ]


def _record_ids(random: bytes) -> Iterator[bytes]:
    """A version 4 UUID from every sixteen random bytes. Source: RFC 9562, section 5.4.

    All of them are marked at once, as one long number.
    """
    kept, marks = _version_4_marks(len(random) // 16)
    ids = (int.from_bytes(random) & kept | marks).to_bytes(len(random))
    return iter([ids[start : start + 16] for start in range(0, len(ids), 16)])


@lru_cache
def _version_4_marks(count: int) -> tuple[int, int]:
    """For so many UUIDs in a row: which bits stay, and which are set for version and variant."""
    kept = bytes.fromhex("ffffffffffff0fff3fffffffffffffff") * count
    marks = bytes.fromhex("00000000000040008000000000000000") * count
    return int.from_bytes(kept), int.from_bytes(marks)
