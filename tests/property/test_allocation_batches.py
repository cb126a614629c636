"""Batches of changes to allocations, judged as a slow and obvious model of them is."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from allocated import allocation, applied, change, codes, days_of
from builders import BUYER, OTHER_BUYER, at
from waag.domain.attribution.allocations import Allocation, AllocationChange

MONTHS = [f"2026-{month:02}" for month in range(5, 13)]
NOW = at("2026-08-05T00:00:00")
CREATED_FROM, UPDATED_FROM = "2026-08", "2026-07"
DEALS = [("OPPORTUNITY", "O1"), ("OPPORTUNITY", "O6"), ("OFFER", "offer-1")]
PARTIES = [(*deal, customer) for deal in DEALS for customer in (BUYER, OTHER_BUYER)]

spans = st.tuples(st.integers(0, 7), st.integers(0, 2)).map(
    lambda span: f"{MONTHS[span[0]]}..{MONTHS[min(span[0] + span[1], 7)]}"
)
percents = st.sampled_from(["0", "1", "25", "33.33", "33.34", "50", "50.01", "66.66", "100"])
statuses = st.sampled_from(["ACTIVE", "ACTIVE", "INACTIVE", None])
changes = st.tuples(st.sampled_from(PARTIES), percents, spans, statuses, st.integers(0, 4))
batches = st.lists(st.lists(changes, min_size=1, max_size=5), min_size=1, max_size=4)

State = Mapping[str, Allocation]


def to_batch(drawn, state: State) -> list[AllocationChange]:
    """Changes: some number of them of what stands, if there is so much, the others create."""
    ids, batch, named = sorted(state), [], set()
    for (entity_type, entity, customer), percent, span, status, choice in drawn:
        parties = {"entity_type": entity_type, "entity": entity, "customer": customer}
        updates = ids[choice] if choice < len(ids) else None
        if updates is not None and updates not in named:
            before = state[updates]
            named.add(updates)
            parties = {
                "entity_type": before.entity_type,
                "entity": before.entity,
                "customer": before.customer,
                "allocation_id": updates,
            }
        batch.append(change(percent, span, status=status, **parties))
    return batch


def in_month(each: Allocation | None, month: str) -> tuple[str, int] | None:
    """What an allocation says of a month."""
    days = days_of(month)
    if each is None or not (
        each.effective_from <= days["effective_from"]
        and days["effective_until"] <= each.effective_until
    ):
        return None
    return each.status, each.hundredths


def says(each: Allocation | None, month: str) -> int | None:
    """What an active allocation takes of a month."""
    said = in_month(each, month)
    return None if said is None or said[0] == "INACTIVE" else said[1]


def after(batch: Sequence[AllocationChange], state: State) -> State:
    """Every change carried out, whatever comes of it."""
    result = dict(state)
    for number, each in enumerate(batch):
        before = state.get(each.allocation_id or "")
        status = each.status or ("ACTIVE" if before is None else before.status)
        made = allocation(
            each.percent,
            entity_type=each.entity_type,
            entity=each.entity,
            customer=each.customer,
            effective_from=each.effective_from,
            effective_until=each.effective_until,
            status=status,
            id=f"new {number}" if before is None else before.id,
            revision=2,
            created=NOW if before is None else before.created,
            modified=NOW,
        )
        result[made.id] = made
    return result


def is_open(before: Allocation | None, made: Allocation) -> bool:
    """Whether each month that changes may; where none does, each that it covers."""
    opened = CREATED_FROM if before is None else UPDATED_FROM
    covered = [each for each in MONTHS if in_month(before, each) or in_month(made, each)]
    changed = [each for each in covered if in_month(before, each) != in_month(made, each)]
    return all(month >= opened for month in changed or covered)


def is_sound(state: State) -> bool:
    """No month over-full; nothing doubled."""
    for month in MONTHS:
        active = [each for each in state.values() if says(each, month) is not None]
        if sum(each.hundredths for each in active) > 100_00:
            return False
        if len({each.claim for each in active}) < len(active):
            return False
    return True


def would_pass(batch: Sequence[AllocationChange], before: State) -> bool:
    """Whether a batch may be carried out, by the state that it leaves."""
    made = after(batch, before)
    changed = [each for each in made.values() if each is not before.get(each.id)]
    return is_sound(made) and all(is_open(before.get(each.id), each) for each in changed)


def plain(state: State) -> list[Allocation]:
    """A state without the ids of new allocations, which each side makes itself."""
    return sorted(
        (msgspec.structs.replace(each, id="") for each in state.values()),
        key=msgspec.structs.astuple,
    )


def history(drawn) -> Iterator[tuple[list[AllocationChange], State, State | None]]:
    """Each batch, what stood before it, and what after; None if it was not applied."""
    state: State = {}
    for number, each in enumerate(drawn, 1):
        batch, standing = to_batch(each, state), list(state.values())
        if codes(*batch, standing=standing, now=NOW):
            yield batch, state, None
            continue
        written = applied(*batch, standing=standing, now=NOW, first=100 * number)
        left = dict(state) | {made.id: made for made in written}
        yield batch, state, left
        state = left


@settings(max_examples=400, deadline=None)
@given(batches)
def test_a_batch_is_applied_where_the_model_says_so(drawn):
    """It is where the state that it leaves is sound and no month changes that is closed."""
    for batch, before, left in history(drawn):
        assert (left is not None) == would_pass(batch, before)


@settings(max_examples=200, deadline=None)
@given(batches)
def test_what_is_applied_is_what_the_model_applies(drawn):
    """A batch leaves what carrying out one record after the other leaves."""
    for batch, before, left in history(drawn):
        assert left is None or plain(left) == plain(after(batch, before))


@settings(max_examples=200, deadline=None)
@given(batches)
def test_the_cap_holds_after_whatever_was_applied(drawn):
    """No month is over-full, and no deal has two allocations for a customer in one."""
    assert all(left is None or is_sound(left) for _, _, left in history(drawn))
