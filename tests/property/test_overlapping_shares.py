"""However a share's allocations are created and edited, no two ACTIVE ones overlap."""

from calendar import monthrange
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from waag.domain.attribution.refusals import FieldsInvalid
from waag.domain.attribution.share_allocations import (
    AllocationEdit,
    AllocationTerms,
    Given,
    first_version,
    next_version,
)
from waag.domain.instants import DAY, parse_instant

BEGINNING = parse_instant("2026-01-01T12:00:00Z")
MONTHS = 30
"""How many months the slow model looks at; an allocation without an end goes past them all."""

months = st.integers(0, MONTHS - 1)
ends = st.none() | months
steps = st.lists(
    st.tuples(
        st.integers(0, 40),  # days that pass before
        st.none() | st.integers(0, 9),  # which allocation is edited; None creates one
        st.none() | months,
        ends,
        st.none() | st.sampled_from(["ACTIVE", "INACTIVE"]),
    ),
    max_size=25,
)


def first_day(month):
    """Of a month counted from January 2026."""
    return None if month is None else date(2026 + month // 12, month % 12 + 1, 1)


def last_day(month):
    """Of a month counted from January 2026."""
    if month is None:
        return None
    first = first_day(month)
    return first.replace(day=monthrange(first.year, first.month)[1])


def covered(start, end):
    """The slow model: the first day of each month that a period covers, one by one."""
    days = [first_day(month) for month in range(MONTHS)]
    return {day for day in days if start <= day and (end is None or day <= end)}


def in_the_way(made, kept):
    """Whether a month of an ACTIVE version is covered by another ACTIVE allocation."""
    mine = covered(made.effective_from, made.effective_until)
    return made.status == "ACTIVE" and any(
        mine & covered(each.effective_from, each.effective_until)
        for each in kept.values()
        if each.id != made.id and each.status == "ACTIVE"
    )


def carried_out(kept, step, setting):
    """The version that a step makes.

    Raises:
        FieldsInvalid: it may not.
    """
    which, start, end, status = step
    if which is None or not kept:
        terms = AllocationTerms(first_day(start or 0), last_day(end), "10")
        return first_version(f"mrsa-{len(kept):013}", terms, setting)
    edit = AllocationEdit(first_day(start), last_day(end), None, status)
    return next_version(list(kept.values())[which % len(kept)], edit, setting)


def made_of(kept, step, now, active):
    """The same; None if it is refused."""
    try:
        return carried_out(kept, step, Given(now, 2, active))
    except FieldsInvalid:
        return None


@given(steps)
@settings(deadline=None)
def test_overlap_alone_decides_what_else_is_right(walk):
    """A step is refused among others exactly if it is refused alone, or a month would be taken."""
    kept = {}
    now = BEGINNING
    for days, *step in walk:
        now += days * DAY
        active = [each for each in kept.values() if each.status == "ACTIVE"]
        alone = made_of(kept, step, now, ())
        expected = None if alone is None or in_the_way(alone, kept) else alone
        assert made_of(kept, step, now, active) == expected
        if expected is not None:
            kept[expected.id] = expected


@given(steps)
@settings(deadline=None)
def test_active_allocations_never_overlap(walk):
    """After every step each month belongs to one ACTIVE allocation at most."""
    kept = {}
    now = BEGINNING
    for days, *step in walk:
        now += days * DAY
        active = [each for each in kept.values() if each.status == "ACTIVE"]
        made = made_of(kept, step, now, active)
        if made is not None:
            kept[made.id] = made
    assert not any(in_the_way(each, kept) for each in kept.values())
