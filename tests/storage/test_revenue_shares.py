"""Marketplace revenue shares on a real ledger: every revision stays, and races lose nothing."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial

import pytest
from holding import held, wait_until_queued
from msgspec.structs import replace

from builders import refusal_of
from sharing import (
    NOW,
    PRODUCT,
    REAL,
    SANDBOX,
    allocations_asked,
    day,
    edit,
    new_allocation,
    new_share,
    shares_asked,
    sharing,
    walked,
)
from waag.domain.attribution.months import first_day, last_day, month_of_day
from waag.domain.attribution.records import Direction
from waag.domain.attribution.refusals import (
    AlreadyExists,
    ClientTokenConflict,
    ConcurrentModification,
    RequestInvalid,
    ResourceUnknown,
    RevisionMismatch,
)
from waag.domain.attribution.shares import ShareAllocationFilters, with_allocation
from waag.domain.instants import DAY, SECOND
from waag.services.attribution.share_allocations import ATTEMPTS_MAX
from waag.storage.attribution.shares import SqliteRevenueShares


@pytest.fixture
def house(ledger):
    """The services over a ledger with PRODUCT's share in it."""
    with sharing(ledger) as services:
        services.shares.create(new_share(), NOW)
        yield services


def revision_of(house):
    """The latest revision of PRODUCT's share."""
    return house.shares.get(REAL, PRODUCT, None).share.latest


def starts(house, **asked):
    """The first days and percentages of the allocations that are listed."""
    listed = house.allocations.page(allocations_asked(**asked))
    return [
        (each.allocation.effective_from.month, each.allocation.percent)
        for each in listed.allocations
    ]


def at_once(house, *calls):
    """What calls come to that all have decided before the first of them commits."""
    with ThreadPoolExecutor(len(calls)) as threads, held(house.writer) as release:
        futures = [threads.submit(refusal_or_answer, call) for call in calls]
        wait_until_queued(house.writer, len(calls))
        release.set()
        return [each.result() for each in futures]


def refusal_or_answer(call):
    """The class of the refusal of a call, or what it answers."""
    try:
        return call()
    except Exception as refusal:  # noqa: BLE001 - the test compares its class
        return type(refusal)


def classes(outcomes):
    """The outcomes by kind, in no order: an answer's class, or a refusal."""
    kinds = (each if isinstance(each, type) else type(each) for each in outcomes)
    return sorted(each.__name__ for each in kinds)


def test_a_second_share_of_a_product(house):
    """A product has one share in a catalog."""
    refused = refusal_of(house.shares.create, new_share(), NOW)
    assert refused[0] is AlreadyExists


def test_catalogs_are_apart(house):
    """What is in one catalog cannot be seen in the other, nor is it in its way."""
    house.shares.create(new_share(scope=SANDBOX), NOW)
    house.allocations.create(new_allocation("2026-09-01", scope=SANDBOX), NOW)
    assert (revision_of(house), house.shares.get(SANDBOX, PRODUCT, None).share.latest) == (1, 2)


def test_two_shares_at_once(ledger):
    """Of two that decide at the same time one is created."""
    with sharing(ledger) as house:
        create = partial(house.shares.create, new_share(), NOW)
        assert classes(at_once(house, create, create)) == ["AlreadyExists", "ShownShare"]


def test_two_creations_at_once_that_fit(house):
    """The one that is overtaken is made of what the share has become: both are there."""
    at_once(
        house,
        lambda: house.allocations.create(new_allocation("2026-09-01", "2026-09-30"), NOW),
        lambda: house.allocations.create(new_allocation("2026-10-01", "2026-10-31"), NOW),
    )
    assert (starts(house), revision_of(house)) == ([(9, "20"), (10, "20")], 3)


def test_two_creations_at_once_that_overlap(house):
    """The one that is overtaken is judged again, and refused for what overtook it."""
    create = partial(house.allocations.create, new_allocation("2026-09-01"), NOW)
    assert classes(at_once(house, create, create)) == ["FieldsInvalid", "ShownAllocation"]


def test_two_edits_at_once_of_one_revision(house):
    """One is carried out; the other is told, and nothing of it is kept."""
    made = house.allocations.create(new_allocation("2026-09-01", "2026-09-30"), NOW)
    outcomes = at_once(
        house,
        lambda: house.allocations.update(edit(made, 2, percent="30"), NOW),
        lambda: house.allocations.update(edit(made, 2, percent="40"), NOW),
    )
    assert classes(outcomes) == ["ConcurrentModification", "ShownAllocation"]
    assert revision_of(house) == 3


def test_an_edit_that_a_creation_overtakes(house):
    """An edit made of a revision that is no longer the latest is not carried out."""
    made = house.allocations.create(new_allocation("2026-09-01", "2026-09-30"), NOW)
    with ThreadPoolExecutor(2) as threads, held(house.writer) as release:
        create = threads.submit(house.allocations.create, new_allocation("2026-10-01"), NOW)
        wait_until_queued(house.writer, 1)
        update = threads.submit(
            refusal_of, house.allocations.update, edit(made, 2, end="2026-10-31"), NOW
        )
        wait_until_queued(house.writer, 2)
        release.set()
        create.result()
        assert update.result()[0] is ConcurrentModification


def test_the_same_creation_sent_twice_at_once(house):
    """With one token, one allocation is created, and both are answered the same."""
    create = partial(house.allocations.create, new_allocation("2026-09-01", name="one"), NOW)
    first, second = at_once(house, create, create)
    assert first == second
    assert revision_of(house) == 2


class Overtaken(SqliteRevenueShares):
    """A store in which somebody else edits `other`, once it is set, before each commit."""

    other = None
    tries = 0

    def put_allocation(self, changed, made, reply):
        """See the port; the other edit changes nothing but the revision."""
        if self.other is not None:
            share = self.share(REAL, PRODUCT)
            edited = replace(self.other, revision=share.latest + 1)
            super().put_allocation(with_allocation(share, self.other, edited), edited, None)
            self.tries += 1
        return super().put_allocation(changed, made, reply)


@pytest.fixture
def overtaken(ledger):
    """The services over a store in which everybody is overtaken."""
    with sharing(ledger, Overtaken) as house:
        house.shares.create(new_share(), NOW)
        other = house.allocations.create(new_allocation("2026-09-01", "2026-09-30"), NOW)
        house.stored.other = other.allocation
        yield house


def test_a_creation_that_is_always_overtaken(overtaken):
    """It is tried so many times, and then the caller is told; nothing of it is kept."""
    refused = refusal_of(overtaken.allocations.create, new_allocation("2026-10-01"), NOW)
    assert (refused[0], overtaken.stored.tries) == (ConcurrentModification, ATTEMPTS_MAX)
    assert starts(overtaken) == [(9, "20")]


def test_an_edit_that_is_overtaken(overtaken):
    """It is not tried again: it was made of a revision."""
    made = overtaken.allocations.get(REAL, PRODUCT, overtaken.stored.other.id, None)
    refused = refusal_of(overtaken.allocations.update, edit(made, 2, percent="21"), NOW)
    assert (refused[0], overtaken.stored.tries) == (ConcurrentModification, 1)


def test_many_writers(house):
    """Of what eight ask for at once, each month is given once, and each gift is a revision."""
    begin = threading.Barrier(8)

    def create(number):
        begin.wait()
        asked = [
            new_allocation(str(start), str(last_day(month)), str(number))
            for month in range(month_of_day(date(2027, 1, 1)), month_of_day(date(2028, 1, 1)))
            for start in [first_day(month)]
        ]
        return [refusal_of(house.allocations.create, each, NOW) for each in asked].count(None)

    with ThreadPoolExecutor(8) as threads:
        made = sum(threads.map(create, range(8)))
    months = [month for month, _ in starts(house)]
    assert (made, months, revision_of(house)) == (12, list(range(1, 13)), 13)


def test_every_revision_can_be_read(house):
    """As of a revision there is what there was, also of what was changed later."""
    first = house.allocations.create(new_allocation("2026-09-01", "2026-09-30"), NOW)
    house.allocations.create(new_allocation("2026-10-01", "2026-10-31"), NOW + SECOND)
    house.allocations.update(edit(first, 3, percent="30", start="2026-08-01"), NOW + 2 * SECOND)
    house.allocations.update(edit(first, 4, end="2026-08-31"), NOW + DAY)
    assert [starts(house, revision=each) for each in (1, 2, 3, 4, 5, None)] == [
        [],
        [(9, "20")],
        [(9, "20"), (10, "20")],
        [(8, "30"), (10, "20")],
        [(8, "30"), (10, "20")],
        [(8, "30"), (10, "20")],
    ]


def test_what_a_revision_says_of_its_share(house):
    """When it was made and how many allocations there were; what is latest is told, too."""
    made = house.allocations.create(new_allocation("2026-09-01", "2026-09-30"), NOW + SECOND)
    house.allocations.update(edit(made, 2, status="INACTIVE"), NOW + 2 * SECOND)
    shown = [house.shares.get(REAL, PRODUCT, each).share for each in (1, 2, 3)]
    assert [(each.version.modified, each.version.active, each.version.total) for each in shown] == [
        (NOW, 0, 0),
        (NOW + SECOND, 1, 1),
        (NOW + 2 * SECOND, 0, 1),
    ]
    assert {each.latest for each in shown} == {3}


def test_an_allocation_before_it_was_created(house):
    """As of a revision before that, there is none."""
    made = house.allocations.create(new_allocation("2026-09-01"), NOW)
    refused = refusal_of(house.allocations.get, REAL, PRODUCT, made.allocation.id, 1)
    assert refused[0] is ResourceUnknown


@pytest.mark.parametrize("revision", [2, 10**19 - 1])
def test_a_revision_yet_to_come(house, revision):
    """There is no such revision, however large its number."""
    refused = refusal_of(house.shares.get, REAL, PRODUCT, revision)
    assert refused[0] is ResourceUnknown


def test_an_edit_of_an_old_revision(house):
    """The message names the revision that was submitted, and the current one."""
    made = house.allocations.create(new_allocation("2026-09-01"), NOW)
    assert refusal_of(house.allocations.update, edit(made, 1, percent="3"), NOW) == (
        RevisionMismatch,
        "The submitted revision is 1, but the current revision is 2. Read the resource again and "
        "submit the change with its current revision.",
    )


def test_a_retried_edit(house):
    """With its token it is answered as it was, though its revision has passed."""
    made = house.allocations.create(new_allocation("2026-09-01"), NOW)
    asked = edit(made, 2, percent="30", name="retried")
    first = house.allocations.update(asked, NOW)
    house.allocations.create(new_allocation("2026-08-01", "2026-08-31"), NOW)
    assert house.allocations.update(asked, NOW) == first


def test_a_token_for_another_creation(house):
    """The token stands for the request that succeeded with it."""
    house.allocations.create(new_allocation("2026-09-01", "2026-09-30", name="used"), NOW)
    other = new_allocation("2026-10-01", "2026-10-31", name="used")
    assert refusal_of(house.allocations.create, other, NOW)[0] is ClientTokenConflict


@pytest.mark.parametrize("direction", list(Direction), ids=lambda each: each.value)
def test_pages_are_of_one_revision(house, direction):
    """What is created or edited between two pages neither shows nor hides anything."""
    for month in (9, 10, 11):
        period = (f"2026-{month:02}-01", str(last_day(month_of_day(date(2026, month, 1)))))
        made = house.allocations.create(new_allocation(*period), NOW)
    before = starts(house, direction=direction)

    def page(next_token):
        asked = allocations_asked(direction=direction, limit=1, next_token=next_token)
        listed = house.allocations.page(asked)
        house.allocations.update(edit(made, revision_of(house), percent="99"), NOW)
        return listed

    pages = walked(page, "allocations")
    found = [(each.allocation.effective_from.month, each.allocation.percent) for (each,) in pages]
    assert found == before


@pytest.mark.parametrize(
    ("filters", "months"),
    [
        ({"begins_from": date(2026, 10, 1)}, [10, 11]),
        ({"begins_before": date(2026, 10, 1)}, [9]),
        ({"begins_from": date(2026, 10, 1), "begins_before": date(2026, 11, 1)}, [10]),
        ({"status": "INACTIVE"}, [11]),
        ({"status": "ACTIVE", "begins_from": date(2026, 10, 1)}, [10]),
    ],
)
def test_filters_of_allocations(house, filters, months):
    """Days from one on and before another; of every filter."""
    for month in (9, 10, 11):
        period = (f"2026-{month:02}-01", str(last_day(month_of_day(date(2026, month, 1)))))
        made = house.allocations.create(new_allocation(*period), NOW)
    house.allocations.update(edit(made, 4, status="INACTIVE"), NOW)
    found = starts(house, filters=ShareAllocationFilters(**filters))
    assert [month for month, _ in found] == months


OTHERS = ("prod-vault00000001", "prod-archive000001", "prod-scanner000001")


def listed_shares(house, **asked):
    """The products whose shares are listed."""
    return [each.share.product for each in house.shares.page(shares_asked(**asked)).shares]


@pytest.fixture
def shares(house):
    """PRODUCT's share and three more, each created a second later."""
    for number, product in enumerate(OTHERS, start=1):
        house.shares.create(new_share(product), NOW + number * SECOND)
    return house


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [*reversed(OTHERS), PRODUCT]),
        ({"direction": Direction.ASCENDING}, [PRODUCT, *OTHERS]),
        ({"products": frozenset({OTHERS[0], "prod-0000000000000"})}, [OTHERS[0]]),
        ({"codes": frozenset({"archive", "none"})}, [OTHERS[1]]),
        ({"codes": frozenset({"archive"}), "products": frozenset({OTHERS[0]})}, []),
        ({"created_from": NOW + 2 * SECOND}, [OTHERS[2], OTHERS[1]]),
        ({"created_until": NOW + SECOND}, [OTHERS[0], PRODUCT]),
        ({"scope": SANDBOX}, []),
    ],
)
def test_filters_of_shares(shares, asked, expected):
    """Bounds of creation are inclusive; what nobody has is not found."""
    assert listed_shares(shares, **asked) == expected


def test_shares_in_the_order_they_were_modified(shares):
    """An allocation modifies its share, which then comes first."""
    shares.allocations.create(new_allocation("2026-09-01"), NOW + DAY)
    assert listed_shares(shares) == [PRODUCT, *reversed(OTHERS)]


@pytest.mark.parametrize("direction", list(Direction), ids=lambda each: each.value)
def test_pages_of_shares_are_of_one_moment(shares, direction):
    """What is modified or created between two pages shows as it was when the list was begun."""
    before = shares.shares.page(shares_asked(direction=direction)).shares

    def page(next_token):
        asked = shares_asked(direction=direction, limit=1, next_token=next_token)
        listed = shares.shares.page(asked)
        later = NOW + revision_of(shares) * DAY
        start = f"2027-{revision_of(shares):02}-01"
        shares.allocations.create(
            new_allocation(start, str(last_day(month_of_day(day(start))))), later
        )
        return listed

    pages = walked(page, "shares")
    assert [each.share for (each,) in pages] == [each.share for each in before]


def test_a_token_of_another_list(shares):
    """It goes on with the list that it was given for alone."""
    given = shares.shares.page(shares_asked(limit=1)).next_token
    other = shares_asked(limit=1, next_token=given, created_from=NOW)
    with pytest.raises(RequestInvalid) as refused:
        shares.shares.page(other)
    assert [(each.name, each.code) for each in refused.value.problems] == [
        ("NextToken", "INVALID_VALUE")
    ]
