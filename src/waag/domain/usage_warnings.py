"""What nobody notices: accepted usage that is probably not what the seller meant, and lost usage.

Each rule but the last is a suspicion about records that stand in the ledger; the last is about
those that do not, and is `refused_usage`'s concern.

    double-billing     by ProductCode and by LicenseArn, for one customer, dimension and hour
    two-regions        in two Regions, for one customer, dimension and hour
    early-zero         a zero in the first half of an hour: nothing else is taken for that hour
    before-agreement   for an hour before the agreement began
    local-time         a day on which every timestamp of a customer is off by the same whole hours
    not-recorded       answered 200 with another status than Success, and never made good

Where records of a quantity are compared, those of different resources are apart, since each
resource meters itself; and a zero bills nothing, so it doubles nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum
from itertools import groupby

import msgspec

from waag.domain.instants import DAY, HOUR, MINUTE, Instant, format_instant
from waag.domain.usage import RecordedUsage

TOLERANCE = 5 * MINUTE
"""How far from a whole hour a timestamp may lie that counts as off by that."""

OFFSET_HOURS_MAX = 14
"""No time zone is further from UTC."""

HOURS_MIN = 5
"""On how many hours of a day the offset has to be the same, so that it is no coincidence."""

IDS_SHOWN = 10


class WarningKind(Enum):
    """Which rule warns."""

    DOUBLE_BILLING = "double-billing"
    TWO_REGIONS = "two-regions"
    EARLY_ZERO = "early-zero"
    BEFORE_AGREEMENT = "before-agreement"
    LOCAL_TIME = "local-time"
    NOT_RECORDED = "not-recorded"

    @property
    def why(self) -> str:
        """Why it matters."""
        return _WHY[self]


_WHY = {
    WarningKind.DOUBLE_BILLING: "Records by ProductCode and by LicenseArn have different keys: "
    "both are billed.",
    WarningKind.TWO_REGIONS: "Usage is told apart by Region: both records are billed.",
    WarningKind.EARLY_ZERO: "The first record of an hour stands: usage of the rest of the hour is "
    "refused as DuplicateRecord.",
    WarningKind.BEFORE_AGREEMENT: "The buyer had not agreed to pay for that hour.",
    WarningKind.LOCAL_TIME: "A local time sent as UTC bills the wrong hours, and at the ends of "
    "months the wrong month.",
    WarningKind.NOT_RECORDED: "A reply of 200 is no success of every record: this usage is not "
    "billed.",
}


class UsageWarning(msgspec.Struct, frozen=True):
    """A suspicion about records of one customer.

    Attributes:
        what: what was found, with the hour or day.
        customer_aws_account_id: what was sent in its place, where nobody is known by that.
        records: the ids of the records; at most IDS_SHOWN of them. None were given to lost usage.
    """

    kind: WarningKind
    what: str
    product_code: str
    customer_aws_account_id: str
    records: tuple[str, ...]


def find_warnings(
    records: Iterable[RecordedUsage], starts_of: Callable[[str], Instant]
) -> Iterator[UsageWarning]:
    """Every suspicion about these records, in their order.

    Holds one hour of one product at a time, and a little for each customer of a day.

    Args:
        records: in key order.
        starts_of: when an agreement, by its id, began.
    """
    for _, of_day in groupby(records, lambda each: (each.key[0], each.key[1] * HOUR // DAY)):
        offsets: dict[int, _Offset] = {}
        for _, of_hour in groupby(of_day, lambda each: each.key[1]):
            in_hour = list(of_hour)
            yield from _about_each(in_hour, starts_of)
            yield from _about_same_usage(in_hour)
            for record in in_hour:
                offset = offsets.get(record.key[3])
                if offset is None:
                    offset = offsets[record.key[3]] = _Offset(record)
                offset.take(record)
        yield from (offset.warning() for offset in offsets.values() if offset.is_suspicious())


def _about_each(
    records: Sequence[RecordedUsage], starts_of: Callable[[str], Instant]
) -> Iterator[UsageWarning]:
    """What one record alone tells."""
    for record in records:
        hour = record.key[1] * HOUR
        if record.quantity == 0 and record.received_at < hour + HOUR // 2:
            minute = (record.received_at - hour) // MINUTE
            yield _warning(
                WarningKind.EARLY_ZERO,
                f"0 of {record.dimension} was recorded in minute {minute} of the hour "
                f"{format_instant(hour)}.",
                (record,),
            )
        starts = starts_of(record.agreement)
        if record.key[1] < starts // HOUR:
            yield _warning(
                WarningKind.BEFORE_AGREEMENT,
                f"Usage of {record.dimension} at {format_instant(record.timestamp)}, but the "
                f"agreement {record.agreement} began at {format_instant(starts)}.",
                (record,),
            )


def _about_same_usage(records: Sequence[RecordedUsage]) -> Iterator[UsageWarning]:
    """What records of one hour tell that may count the same usage."""
    by_usage: dict[tuple[int, int, str], list[RecordedUsage]] = {}
    for record in records:
        if record.quantity:
            _, _, _, customer, _, dimension, resource = record.key
            by_usage.setdefault((customer, dimension, resource), []).append(record)
    for same in by_usage.values():
        if len(same) == 1:
            continue
        usage = f"{same[0].dimension} in the hour {format_instant(same[0].key[1] * HOUR)}"
        if len({record.license_arn is None for record in same}) > 1:
            what = f"Usage of {usage} was recorded by ProductCode and by LicenseArn."
            yield _warning(WarningKind.DOUBLE_BILLING, what, same)
        regions = sorted({record.region for record in same})
        if len(regions) > 1:
            what = f"Usage of {usage} was recorded in {' and '.join(regions)}."
            yield _warning(WarningKind.TWO_REGIONS, what, same)


class _Offset:
    """How far from their receipt the timestamps of a customer lie, on one day.

    Suspicious if all of them lie the same number of whole hours before or after it, one to
    OFFSET_HOURS_MAX, give or take TOLERANCE, in HOURS_MIN different hours or more.

    The hour that has just ended, reported within TOLERANCE of its end by a timestamp as close to a
    full hour, is off by an hour too, and is as it should be.
    """

    def __init__(self, first: RecordedUsage) -> None:
        self._first = first
        self._hours = _whole_hours(first)
        self._ids: list[str] = []
        self._count = 0
        self._distinct_hours = 0
        self._last_hour: int | None = None

    def take(self, record: RecordedUsage) -> None:
        """Count one record, in key order."""
        if self._hours != _whole_hours(record):
            self._hours = 0
        self._count += 1
        if len(self._ids) < IDS_SHOWN:
            self._ids.append(record.id)
        if record.key[1] != self._last_hour:
            self._distinct_hours += 1
            self._last_hour = record.key[1]

    def is_suspicious(self) -> bool:
        """Whether the pattern held for the whole day."""
        return self._hours != 0 and self._distinct_hours >= HOURS_MIN

    def warning(self) -> UsageWarning:
        """The pattern in words."""
        first = self._first
        side = "before" if self._hours > 0 else "after"
        day = format_instant(first.timestamp - first.timestamp % DAY)[:10]
        return UsageWarning(
            WarningKind.LOCAL_TIME,
            f"All {self._count} records of {day} have timestamps {abs(self._hours)} h {side} "
            "their receipt.",
            first.product_code,
            first.customer_aws_account_id,
            tuple(self._ids),
        )


def _whole_hours(record: RecordedUsage) -> int:
    """By how many hours a timestamp lies before its receipt; 0 if that is nothing suspicious."""
    offset = record.received_at - record.timestamp
    hours = (offset + HOUR // 2) // HOUR
    if abs(offset - hours * HOUR) > TOLERANCE or abs(hours) > OFFSET_HOURS_MAX:
        return 0
    past_full_hour = record.timestamp % HOUR
    on_the_hour = min(past_full_hour, HOUR - past_full_hour) <= TOLERANCE
    return 0 if hours == 1 and on_the_hour else hours


def _warning(kind: WarningKind, what: str, records: Sequence[RecordedUsage]) -> UsageWarning:
    first = records[0]
    return UsageWarning(
        kind,
        what,
        first.product_code,
        first.customer_aws_account_id,
        tuple(record.id for record in records[:IDS_SHOWN]),
    )
