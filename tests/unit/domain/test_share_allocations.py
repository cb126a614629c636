"""What an allocation of a marketplace revenue share may be, and become, by the day."""

from datetime import date

import pytest
from msgspec.structs import replace

from builders import at
from waag.domain.attribution.choices import ShareAllocationStart
from waag.domain.attribution.refusals import FieldsInvalid
from waag.domain.attribution.share_allocations import (
    AllocationEdit,
    AllocationTerms,
    Given,
    Phase,
    ShareAllocation,
    first_version,
    next_version,
)

TODAY = at("2026-08-07T23:59:59")
CREATED = at("2026-01-05T00:00:00")


def day(text):
    """A date; None for none."""
    return None if text is None else date.fromisoformat(text)


def allocation(start="2026-09-01", end="2026-09-30", name="mrsa-0000000000001", **given):
    """One of 20 percent for September, ACTIVE, unless told otherwise."""
    usual = {
        "id": name,
        "effective_from": day(start),
        "effective_until": day(end),
        "percent": "20.00",
        "status": "ACTIVE",
        "created": CREATED,
        "modified": CREATED,
        "revision": 2,
    }
    return ShareAllocation(**(usual | given))


FUTURE = allocation()
EFFECTIVE = allocation("2026-07-01", "2026-08-31")
OPEN_ENDED = allocation("2026-07-01", None)
PAST = allocation("2026-06-01", "2026-06-30")


def setting(*active, start=ShareAllocationStart.CURRENT_MONTH):
    """That of 7 August 2026, for revision 3."""
    return Given(TODAY, 3, active, start)


def created(start, end, percent="20.00", around=None):
    """A new allocation."""
    asked = AllocationTerms(day(start), day(end), percent)
    return first_version("mrsa-New0000000001", asked, around or setting())


def edited(current, around=None, *, start=None, end=None, percent=None, status=None):
    """An allocation, edited."""
    edit = AllocationEdit(day(start), day(end), percent, status)
    return next_version(current, edit, around or setting(current))


def problems(make, *args, **given):
    """The field and code of all that is wrong."""
    with pytest.raises(FieldsInvalid) as refused:
        make(*args, **given)
    return [(each.name, each.code) for each in refused.value.problems]


@pytest.mark.parametrize(
    ("one", "phase"),
    [
        (allocation("2026-08-01", "2026-08-31"), Phase.EFFECTIVE),
        (FUTURE, Phase.FUTURE),
        (OPEN_ENDED, Phase.EFFECTIVE),
        (PAST, Phase.PAST),
        (allocation("2026-08-01", None, status="INACTIVE"), Phase.EFFECTIVE),
    ],
    ids=["current", "future", "no-end", "past", "inactive"],
)
def test_phases(one, phase):
    """An allocation stands where its days put it, whatever its status."""
    assert one.phase(date(2026, 8, 7)) is phase


@pytest.mark.parametrize(
    ("today", "phase"),
    [
        ("2026-08-31", Phase.FUTURE),
        ("2026-09-01", Phase.EFFECTIVE),
        ("2026-09-30", Phase.EFFECTIVE),
        ("2026-10-01", Phase.PAST),
    ],
)
def test_phases_change_at_midnight(today, phase):
    """The first and the last day belong to the period."""
    assert FUTURE.phase(day(today)) is phase


def test_a_new_allocation():
    """It is ACTIVE, of the revision it made, and says the percentage as it was sent."""
    assert created("2026-08-01", None, "7.5") == ShareAllocation(
        "mrsa-New0000000001",
        date(2026, 8, 1),
        None,
        "7.5",
        "ACTIVE",
        TODAY,
        TODAY,
        3,
    )


@pytest.mark.parametrize(
    ("start", "end", "percent", "wrong"),
    [
        ("2026-09-02", None, "20", [("EffectiveFrom", "INVALID_VALUE")]),
        ("2026-07-01", None, "20", [("EffectiveFrom", "INVALID_VALUE")]),
        ("2026-09-01", "2026-09-29", "20", [("EffectiveUntil", "INVALID_VALUE")]),
        ("2026-09-01", "2026-08-31", "20", [("EffectiveUntil", "INVALID_VALUE")]),
        ("2028-02-01", "2028-02-28", "20", [("EffectiveUntil", "INVALID_VALUE")]),
        ("2026-09-01", None, "100.01", [("RevenueSharePercent", "INVALID_VALUE")]),
        (
            "2026-07-15",
            "2026-09-29",
            "999",
            [
                ("EffectiveFrom", "INVALID_VALUE"),
                ("EffectiveUntil", "INVALID_VALUE"),
                ("RevenueSharePercent", "INVALID_VALUE"),
            ],
        ),
    ],
    ids=["middle", "past", "not-last", "before-start", "leap-year", "over-100", "everything"],
)
def test_what_a_new_allocation_cannot_be(start, end, percent, wrong):
    """All that is wrong is told at once."""
    assert problems(created, start, end, percent) == wrong


@pytest.mark.parametrize("percent", ["0", "0.00", "100", "100.00"])
def test_percentages_at_their_bounds(percent):
    """Nothing and everything are portions, too."""
    assert created("2026-08-01", None, percent).percent == percent


def test_a_start_in_the_past_by_choice():
    """Past months can be begun in, if that is chosen."""
    anywhere = setting(start=ShareAllocationStart.ANY_MONTH)
    assert created("2020-01-01", "2020-01-31", around=anywhere).effective_from.year == 2020


OCTOBER = allocation("2026-10-01", "2026-10-31", "mrsa-October000001")
FROM_DECEMBER = allocation("2026-12-01", None, "mrsa-December00001")


@pytest.mark.parametrize(
    ("start", "end", "overlaps"),
    [
        ("2026-09-01", "2026-09-30", False),
        ("2026-09-01", "2026-10-31", True),
        ("2026-10-01", "2026-10-31", True),
        ("2026-11-01", "2026-11-30", False),
        ("2026-11-01", "2026-12-31", True),
        ("2026-09-01", None, True),
        ("2027-05-01", None, True),
    ],
)
def test_overlap(start, end, overlaps):
    """No day may belong to two ACTIVE allocations; the clash is told at EffectiveFrom."""
    around = setting(OCTOBER, FROM_DECEMBER)
    wrong = [("EffectiveFrom", "INVALID_VALUE")]
    if overlaps:
        assert problems(created, start, end, around=around) == wrong
    else:
        assert created(start, end, around=around).status == "ACTIVE"


def test_whom_it_overlaps_is_named():
    """The message names the earliest of those that are in the way, and how many more."""
    with pytest.raises(FieldsInvalid) as refused:
        created("2026-09-01", None, around=setting(FROM_DECEMBER, OCTOBER))
    assert refused.value.problems[0].message == (
        "The period overlaps that of allocation mrsa-October000001, from 2026-10-01 to 2026-10-31, "
        "which is ACTIVE, and those of 1 more."
    )


def test_editing_everything_of_a_future_allocation():
    """Its version has the new values; it keeps its id and the instant it was created."""
    edit = {"start": "2026-11-01", "end": "2026-12-31", "percent": "30", "status": "INACTIVE"}
    assert edited(FUTURE, **edit) == replace(
        FUTURE,
        effective_from=date(2026, 11, 1),
        effective_until=date(2026, 12, 31),
        percent="30",
        status="INACTIVE",
        modified=TODAY,
        revision=3,
    )


ACTION = "ACTION_NOT_PERMITTED"


@pytest.mark.parametrize(
    ("current", "edit", "wrong"),
    [
        (EFFECTIVE, {"start": "2026-09-01"}, [("EffectiveFrom", ACTION)]),
        (EFFECTIVE, {"percent": "21"}, [("RevenueSharePercent", ACTION)]),
        (EFFECTIVE, {"status": "INACTIVE"}, [("Status", ACTION)]),
        (EFFECTIVE, {"end": "2026-07-31"}, [("EffectiveUntil", "INVALID_VALUE")]),
        (EFFECTIVE, {"end": "2026-08-30"}, [("EffectiveUntil", "INVALID_VALUE")]),
        (EFFECTIVE, {"end": "2026-06-30"}, [("EffectiveUntil", "INVALID_VALUE")]),
        (PAST, {"end": "2026-08-31"}, [("EffectiveUntil", ACTION)]),
        (FUTURE, {"start": "2026-10-01"}, [("EffectiveFrom", "INVALID_VALUE")]),
        (FUTURE, {"start": "2026-07-01"}, [("EffectiveFrom", "INVALID_VALUE")]),
        (FUTURE, {"end": "2026-08-31"}, [("EffectiveUntil", "INVALID_VALUE")]),
        (FUTURE, {"percent": "101"}, [("RevenueSharePercent", "INVALID_VALUE")]),
        (
            EFFECTIVE,
            {"start": "2026-06-01", "end": "2026-08-30", "percent": "101"},
            [
                ("EffectiveFrom", ACTION),
                ("RevenueSharePercent", ACTION),
                ("EffectiveUntil", "INVALID_VALUE"),
            ],
        ),
        (
            PAST,
            {"start": "2026-09-01", "percent": "1", "status": "INACTIVE"},
            [("EffectiveFrom", ACTION), ("RevenueSharePercent", ACTION), ("Status", ACTION)],
        ),
    ],
)
def test_edits_that_are_refused(current, edit, wrong):
    """What the phase does not allow, and what no allocation can be, all at once."""
    assert problems(edited, current, **edit) == wrong


@pytest.mark.parametrize(
    ("current", "end"),
    [
        (EFFECTIVE, "2026-08-31"),
        (EFFECTIVE, "2026-12-31"),
        (OPEN_ENDED, "2026-08-31"),
        (FUTURE, "2027-01-31"),
    ],
)
def test_the_end_moves_either_way(current, end):
    """It can be earlier or later, as long as it has not passed."""
    assert edited(current, end=end).effective_until == day(end)


def test_what_cannot_be_edited_may_be_sent_as_it_stands():
    """Nothing of a past allocation changes then, but a version is made."""
    same = {"start": "2026-06-01", "end": "2026-06-30", "percent": "20.0", "status": "ACTIVE"}
    assert edited(PAST, **same) == replace(PAST, modified=TODAY, revision=3)


def test_an_edit_of_nothing_makes_a_version():
    """It has a revision of its own."""
    assert edited(EFFECTIVE) == replace(EFFECTIVE, modified=TODAY, revision=3)


INACTIVE = allocation("2026-10-01", None, status="INACTIVE")


@pytest.mark.parametrize(
    ("current", "edit", "wrong"),
    [
        (FUTURE, {"end": "2026-10-31"}, [("EffectiveUntil", "INVALID_VALUE")]),
        (
            FUTURE,
            {"start": "2026-10-01", "end": "2026-11-30"},
            [("EffectiveFrom", "INVALID_VALUE")],
        ),
        (INACTIVE, {"status": "ACTIVE"}, [("Status", "INVALID_VALUE")]),
        (EFFECTIVE, {"end": "2026-10-31"}, [("EffectiveUntil", "INVALID_VALUE")]),
    ],
    ids=["extended", "moved", "reactivated", "effective"],
)
def test_overlap_after_an_edit(current, edit, wrong):
    """It is told at the first field that brought it about."""
    assert problems(edited, current, setting(current, OCTOBER), **edit) == wrong


@pytest.mark.parametrize(
    ("current", "edit"),
    [
        (INACTIVE, {"end": "2026-11-30"}),
        (FUTURE, {"end": "2026-12-31", "status": "INACTIVE"}),
    ],
    ids=["inactive", "becomes-inactive"],
)
def test_inactive_allocations_overlap_nothing(current, edit):
    """An edit of one, or that makes it one, is not in anybody's way."""
    assert edited(current, setting(OCTOBER), **edit).effective_until == day(edit["end"])


def test_a_reactivated_allocation():
    """A future one can be made ACTIVE again where there is room."""
    again = edited(INACTIVE, setting(), status="ACTIVE")
    assert again.status == "ACTIVE"
