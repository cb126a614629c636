"""Allocations of a marketplace revenue share: what portion of revenue came that way, and when.

    future ──its first day comes──> effective ──its last day passes──> past

An allocation is created ACTIVE and never deleted. What may be edited becomes less:

    phase      EffectiveFrom  RevenueSharePercent  Status  EffectiveUntil
    future     yes            yes                  yes     yes
    effective  no             no                   no      yes, to a day that has not passed
    past       no             no                   no      no

Two ACTIVE allocations of one share never overlap, so that at most one of them has no end.
Functions here answer the next version of an allocation, or refuse with all that is wrong at once.
Who gets a revision that two try for at the same time is decided where versions are kept.

Source: AWS Partner Central Developer Guide, Marketplace Revenue Shares;
partnercentral-revenue-measurement/2022-07-26, UpdateMarketplaceRevenueShareAllocation.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from waag.domain.attribution.choices import ShareAllocationStart
from waag.domain.attribution.months import (
    day_of,
    first_day,
    is_first_day,
    is_last_day,
    last_day,
    month_of,
    month_of_day,
)
from waag.domain.attribution.percent import WHOLE, read_percent
from waag.domain.attribution.refusals import FieldsInvalid, Problem
from waag.domain.attribution.revisions import Revision
from waag.domain.instants import Instant

AllocationStatus: TypeAlias = Literal["ACTIVE", "INACTIVE"]
"""Whether an allocation counts; INACTIVE stands for removed."""


class Phase(Enum):
    """Where an allocation stands on a day, whatever its status."""

    FUTURE = "future"
    EFFECTIVE = "effective"
    PAST = "past"


EDITABLE: Mapping[Phase, frozenset[str]] = {
    Phase.FUTURE: frozenset({"effective_from", "effective_until", "percent", "status"}),
    Phase.EFFECTIVE: frozenset({"effective_until"}),
    Phase.PAST: frozenset(),
}
"""What may be edited in each phase."""


WIRE_NAMES: Mapping[str, str] = {
    "effective_from": "EffectiveFrom",
    "effective_until": "EffectiveUntil",
    "percent": "RevenueSharePercent",
    "status": "Status",
}
"""What callers know those fields by."""


class ShareAllocation(msgspec.Struct, frozen=True):
    """One version of an allocation.

    Attributes:
        id: mrsa- and 13 letters and digits.
        effective_from: the first day of a month.
        effective_until: the last day of a month; None if it has no end.
        percent: as it was sent.
        created: when its first version was made.
        modified: when this one was.
        revision: that of the share which this version made.
    """

    id: str
    effective_from: date
    effective_until: date | None
    percent: str
    status: AllocationStatus
    created: Instant
    modified: Instant
    revision: Revision

    def phase(self, today: date) -> Phase:
        """Future, effective or past."""
        if today < self.effective_from:
            return Phase.FUTURE
        passed = self.effective_until is not None and self.effective_until < today
        return Phase.PAST if passed else Phase.EFFECTIVE

    def overlaps(self, other: "ShareAllocation") -> bool:
        """Whether both are in effect on some day."""
        return _begins_before_end(self, other) and _begins_before_end(other, self)


def _begins_before_end(one: ShareAllocation, other: ShareAllocation) -> bool:
    return other.effective_until is None or one.effective_from <= other.effective_until


class AllocationTerms(msgspec.Struct, frozen=True):
    """What a new allocation is asked to be."""

    effective_from: date
    effective_until: date | None
    percent: str


class AllocationEdit(msgspec.Struct, frozen=True):
    """What an allocation is asked to become; None leaves it as it is."""

    effective_from: date | None = None
    effective_until: date | None = None
    percent: str | None = None
    status: AllocationStatus | None = None


class Given(msgspec.Struct, frozen=True):
    """What an allocation is judged by, beside itself.

    Attributes:
        now: versions are marked with it; the day it falls on, in UTC, is today.
        revision: the share's, once the version is kept.
        active: the share's ACTIVE allocations, at least those that the new version could overlap.
        start: which months are allowed to begin in.
    """

    now: Instant
    revision: Revision
    active: Sequence[ShareAllocation]
    start: ShareAllocationStart = ShareAllocationStart.CURRENT_MONTH


def first_version(allocation_id: str, asked: AllocationTerms, given: Given) -> ShareAllocation:
    """A new allocation, ACTIVE.

    Raises:
        FieldsInvalid: all that is wrong with what was asked for.
    """
    made = ShareAllocation(
        allocation_id,
        asked.effective_from,
        asked.effective_until,
        asked.percent,
        "ACTIVE",
        given.now,
        given.now,
        given.revision,
    )
    _judge(made, EDITABLE[Phase.FUTURE], Phase.FUTURE, given)
    return made


def next_version(current: ShareAllocation, edit: AllocationEdit, given: Given) -> ShareAllocation:
    """An allocation, edited.

    What its phase does not allow to be edited may be sent as it stands. An edit of nothing makes a
    version, too.

    Raises:
        FieldsInvalid: all that is wrong with the edit.
    """
    phase = current.phase(day_of(given.now))
    sent = frozenset(name for name in WIRE_NAMES if getattr(edit, name) is not None)
    edited = sent & EDITABLE[phase]
    changes = {name: getattr(edit, name) for name in edited}
    made = replace(current, **changes, modified=given.now, revision=given.revision)
    forbidden = [
        _not_editable(current, name, phase)
        for name in WIRE_NAMES
        if name in sent - edited and _value(edit, name) != _value(current, name)
    ]
    _judge(made, edited, phase, given, forbidden)
    return made


def _value(of: ShareAllocation | AllocationEdit, name: str) -> object:
    """What a field is compared by."""
    value = getattr(of, name)
    return read_percent(value) if name == "percent" and value is not None else value


def _not_editable(current: ShareAllocation, name: str, phase: Phase) -> Problem:
    may = "only EffectiveUntil" if EDITABLE[phase] else "nothing"
    return Problem(
        WIRE_NAMES[name],
        f"It cannot be edited: {_shown(current)} is {phase.value}, and {may} of it can be.",
        "ACTION_NOT_PERMITTED",
    )


def _judge(
    made: ShareAllocation,
    edited: frozenset[str],
    phase: Phase,
    given: Given,
    problems: Sequence[Problem] = (),
) -> None:
    """Refuse a version for all that is wrong in what was edited, beside `problems`."""
    found = [
        *problems,
        *_problems_of_start(made, edited, given),
        *_problems_of_end(made, edited, phase, given),
        *_problems_of_percent(made, edited),
        *_problems_of_overlap(made, edited, given),
    ]
    if found:
        raise FieldsInvalid(found)


def _problems_of_start(
    made: ShareAllocation, edited: frozenset[str], given: Given
) -> Iterator[Problem]:
    if "effective_from" not in edited:
        return
    start = made.effective_from
    current = first_day(month_of(given.now))
    if not is_first_day(start):
        first = first_day(month_of_day(start))
        yield _invalid(
            "effective_from", f"{start} is not the first day of a month, as {first} would be"
        )
    elif start < current and given.start is ShareAllocationStart.CURRENT_MONTH:
        yield _invalid(
            "effective_from", f"{start} is before the current month; it can be {current} or later"
        )


def _problems_of_end(
    made: ShareAllocation, edited: frozenset[str], phase: Phase, given: Given
) -> Iterator[Problem]:
    start, end, today = made.effective_from, made.effective_until, day_of(given.now)
    if end is None:
        return
    if "effective_until" in edited and not is_last_day(end):
        last = last_day(month_of_day(end))
        yield _invalid(
            "effective_until", f"{end} is not the last day of a month, as {last} would be"
        )
    elif end < start and edited & {"effective_from", "effective_until"}:
        name = "effective_until" if "effective_until" in edited else "effective_from"
        yield _invalid(name, f"EffectiveUntil {end} would be before EffectiveFrom {start}")
    elif "effective_until" in edited and phase is Phase.EFFECTIVE and end < today:
        soonest = last_day(month_of_day(today))
        yield _invalid("effective_until", f"{end} has passed; it can be {soonest} or later")


def _problems_of_percent(made: ShareAllocation, edited: frozenset[str]) -> Iterator[Problem]:
    if "percent" in edited and read_percent(made.percent) > WHOLE:
        yield _invalid("percent", f"{made.percent} is not a percentage from 0 to 100")


def _problems_of_overlap(
    made: ShareAllocation, edited: frozenset[str], given: Given
) -> Iterator[Problem]:
    periodic = [each for each in ("effective_from", "effective_until", "status") if each in edited]
    ordered = made.effective_until is None or made.effective_from <= made.effective_until
    if not periodic or not ordered or made.status == "INACTIVE":
        return
    clashes = [each for each in given.active if each.id != made.id and made.overlaps(each)]
    if clashes:
        first = min(clashes, key=lambda each: each.effective_from)
        more = f", and those of {len(clashes) - 1} more" if len(clashes) > 1 else ""
        yield _invalid(
            periodic[0],
            f"The period overlaps that of {_shown(first)} which is ACTIVE{more}",
        )


def _invalid(name: str, why: str) -> Problem:
    return Problem(WIRE_NAMES[name], f"{why}.", "INVALID_VALUE")


def _shown(allocation: ShareAllocation) -> str:
    until = "on" if allocation.effective_until is None else f"to {allocation.effective_until}"
    return f"allocation {allocation.id}, from {allocation.effective_from} {until},"
