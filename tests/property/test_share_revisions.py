"""Every revision of a share reads as a slow model remembers it, whatever was tried in between."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sharing import PRODUCT, sharing
from waag.domain.attribution.identifiers import Catalog, Scope
from waag.domain.attribution.months import first_day, last_day, month_of_day
from waag.domain.attribution.records import Direction
from waag.domain.attribution.refusals import FieldsInvalid
from waag.domain.attribution.share_allocations import AllocationEdit, AllocationTerms
from waag.domain.attribution.shares import ShareAllocationFilters, new_share
from waag.domain.instants import DAY, parse_instant
from waag.domain.refusals import Refusal
from waag.services.attribution.share_allocations import (
    AllocationsAsked,
    EditedAllocation,
    NewAllocation,
)

BEGINNING = parse_instant("2026-01-15T00:00:00Z")
JANUARY = month_of_day(first_day(2026 * 12))

months = st.integers(0, 17)
steps = st.lists(
    st.tuples(
        st.integers(0, 50),  # days that pass before
        st.none() | st.integers(0, 5),  # which allocation is edited; None creates one
        st.none() | months,
        st.none() | months,
        st.none() | st.sampled_from(["0", "33.3", "100", "101"]),
        st.none() | st.sampled_from(["ACTIVE", "INACTIVE"]),
    ),
    max_size=12,
)
accounts = count(1)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The services over one ledger; each example has an account of its own."""
    with sharing(tmp_path_factory.mktemp("shares") / "ledger.sqlite") as services:
        yield services


def start_of(month):
    """The first day of a month from January 2026 on."""
    return None if month is None else first_day(JANUARY + month)


def end_of(month):
    """The last day of one."""
    return None if month is None else last_day(JANUARY + month)


def tried(house, scope, remembered, step, now):
    """The version that a step makes of the latest state; None if it is refused."""
    which, start, end, percent, status = step
    revision, ids = len(remembered), list(remembered[-1])
    try:
        if which is None or not ids:
            terms = AllocationTerms(start_of(start or 0), end_of(end), percent or "5")
            asked = NewAllocation(scope, PRODUCT, terms, None)
            return house.allocations.create(asked, now).allocation
        edit = AllocationEdit(start_of(start), end_of(end), percent, status)
        name = ids[which % len(ids)]
        asked = EditedAllocation(scope, PRODUCT, name, revision, edit, None)
        return house.allocations.update(asked, now).allocation
    except FieldsInvalid:
        return None


def read(house, scope, revision, size):
    """What is listed as of a revision, in pages of a size."""
    found, next_token = [], None
    while True:
        asked = AllocationsAsked(
            scope,
            PRODUCT,
            ShareAllocationFilters(),
            revision,
            Direction.ASCENDING,
            size,
            next_token,
        )
        page = house.allocations.page(asked)
        found += [each.allocation for each in page.allocations]
        next_token = page.next_token
        if next_token is None:
            return found


def one_by_one(house, scope, revision, ids):
    """What is found as of a revision by asking for every allocation there ever was."""
    found = []
    for name in ids:
        try:
            found.append(house.allocations.get(scope, PRODUCT, name, revision).allocation)
        except Refusal:
            continue
    return found


@given(steps, st.integers(1, 3))
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
def test_every_revision_is_as_the_model_remembers_it(house, walk, size):
    """Lists and single reads show the state that the model copied after each change."""
    scope = Scope(f"{next(accounts):012}", Catalog.AWS)
    house.stored.create(new_share(scope, PRODUCT, BEGINNING), (), None)
    remembered = [{}]
    now = BEGINNING
    for days, *step in walk:
        now += days * DAY
        made = tried(house, scope, remembered, step, now)
        if made is not None:
            assert made.revision == len(remembered) + 1
            remembered.append({**remembered[-1], made.id: made})
    for revision, state in enumerate(remembered, start=1):
        expected = sorted(state.values(), key=lambda each: (each.effective_from, each.id))
        assert read(house, scope, revision, size) == expected
        assert one_by_one(house, scope, revision, remembered[-1]) == list(state.values())
        counts = house.shares.get(scope, PRODUCT, revision).share.version
        active = sum(each.status == "ACTIVE" for each in state.values())
        assert (counts.active, counts.total) == (active, len(state))
