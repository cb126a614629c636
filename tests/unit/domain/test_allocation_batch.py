"""What becomes of a batch of changes to allocations: applied whole, or every error told."""

import pytest

from allocated import MID_AUGUST, allocation, applied, change, codes, errors
from builders import BUYER, OTHER_BUYER, at

CAP, GONE, DENIED = "ALLOCATION_CAP_EXCEEDED", "RESOURCE_NOT_FOUND", "ACCESS_DENIED"
VALUE, CLOSED = "INVALID_VALUE", "IMMUTABLE_ALLOCATION"
FIRST, SECOND = "alloc-0000000000001", "alloc-0000000000002"
O2 = {"entity": "O2", "customer": OTHER_BUYER}
OFFER = {"entity_type": "OFFER", "entity": "offer-1"}
STANDING = (allocation("60"), allocation("40", id=SECOND, **O2))


@pytest.mark.parametrize(
    ("batch", "found"),
    [
        pytest.param([change("100")], [], id="exactly-100"),
        pytest.param([change("60"), change("40", **O2)], [], id="60-and-40"),
        pytest.param([change("60"), change("41", **O2)], [(0, CAP), (1, CAP)], id="60-and-41"),
        pytest.param(
            [change("99.99"), change("0.01", **O2), change("0.01", **OFFER)],
            [(0, CAP), (1, CAP), (2, CAP)],
            id="a-hundredth-too-much",
        ),
        pytest.param([change("60"), change("41", "2026-09", **O2)], [], id="other-months"),
        pytest.param(
            [change("60", "2026-08..2026-10"), change("41", "2026-10..2026-12", **O2)],
            [(0, CAP), (1, CAP)],
            id="spans-that-meet-in-a-month",
        ),
        pytest.param(
            [change("60", "2026-08..2026-09"), change("60", "2026-10..2026-12", **O2)],
            [],
            id="spans-one-after-the-other",
        ),
        pytest.param(
            [change("60"), change("60", status="INACTIVE", **O2)], [], id="inactive-takes-nothing"
        ),
        pytest.param(
            [change("101"), change("60", **O2)], [(0, VALUE)], id="impossible-share-takes-nothing"
        ),
        pytest.param(
            [change("60"), change("60", **O2), change("5", "2026-09", **OFFER)],
            [(0, CAP), (1, CAP)],
            id="only-those-of-the-month",
        ),
        pytest.param(
            [change("60"), change("60", **O2), change("0", **OFFER)],
            [(0, CAP), (1, CAP)],
            id="nothing-is-too-much-of-nothing",
        ),
        pytest.param([change("100", "2026-08..9999-12")], [], id="for-ever"),
    ],
)
def test_a_month_holds_a_hundred_percent(batch, found):
    """The sum in each month counts, of all deals and customers; each that adds to it is told."""
    assert codes(*batch) == found


@pytest.mark.parametrize(
    ("batch", "found"),
    [
        pytest.param(
            [
                change("40", allocation_id=FIRST),
                change("60", allocation_id=SECOND, **O2),
            ],
            [],
            id="shares-swapped",
        ),
        pytest.param(
            [change("60", allocation_id=SECOND, **O2), change("40", allocation_id=FIRST)],
            [],
            id="swapped-the-larger-first",
        ),
        pytest.param(
            [
                change("60", allocation_id=FIRST, status="INACTIVE"),
                change("60", **OFFER),
            ],
            [],
            id="inactive-makes-room",
        ),
        pytest.param(
            [change("60", "2026-09", allocation_id=FIRST), change("60", **OFFER)],
            [],
            id="moved-makes-room",
        ),
        pytest.param([change("61", allocation_id=FIRST)], [(0, CAP)], id="raised"),
        pytest.param(
            [change("50", allocation_id=FIRST), change("11", **OFFER)],
            [(1, CAP)],
            id="lowered-but-not-enough",
        ),
        pytest.param(
            [change("60", allocation_id=FIRST), change("1", **OFFER)],
            [(1, CAP)],
            id="unchanged-is-not-to-blame",
        ),
        pytest.param(
            [
                change("60", "2026-08..2026-09", allocation_id=FIRST),
                change("50", "2026-09", **OFFER),
            ],
            [(0, CAP), (1, CAP)],
            id="longer-is-to-blame",
        ),
        pytest.param(
            [change("150", allocation_id=FIRST), change("1", **OFFER)],
            [(0, VALUE), (1, CAP)],
            id="an-impossible-share-stays-what-it-was",
        ),
    ],
)
def test_the_net_effect_of_a_batch_counts(batch, found):
    """What a batch takes away makes room for what it adds, in whatever order."""
    assert codes(*batch, standing=STANDING) == found


def test_a_span_over_full_before_and_after_is_told_where_it_is_too_much():
    """A record that gets longer at both ends is told the month in which there is too much."""
    standing = [
        allocation("60", "2026-10"),
        allocation("50", "2026-11..2026-12", id=SECOND, **O2),
    ]
    batch = [change("60", "2026-09..2026-12", allocation_id=FIRST)]
    assert [each.message for each in errors(*batch, standing=standing)] == [
        "The active allocations of 2026-11 would come to 110.00 percent, 10.00 more than there is."
    ]


@pytest.mark.parametrize(
    ("now", "month", "found"),
    [
        ("2026-08-07T23:59:59.999999", "2026-07", []),
        ("2026-08-08T00:00:00", "2026-07", [(0, CLOSED)]),
        ("2026-08-07T23:59:59", "2026-06", [(0, CLOSED)]),
        ("2026-08-01T00:00:00", "2026-07", []),
        ("2026-08-31T23:59:59", "2026-08", []),
        ("2026-08-31T23:59:59", "2027-02", []),
        ("2027-01-07T00:00:00", "2026-12", []),
        ("2027-01-08T00:00:00", "2026-12", [(0, CLOSED)]),
    ],
)
def test_the_month_before_can_be_updated_through_the_seventh(now, month, found):
    """An UPDATE reaches the current and later months, and the one before until the 7th, in UTC."""
    update = change("50", month, allocation_id=FIRST)
    assert codes(update, standing=[allocation("60", month)], now=at(now)) == found


@pytest.mark.parametrize(
    ("month", "found"),
    [("2026-08", []), ("2026-09", []), ("2026-07", [(0, CLOSED)]), ("2026-06", [(0, CLOSED)])],
)
def test_a_month_that_is_over_gets_no_new_allocations(month, found):
    """A CREATE reaches the current and later months, also on the first days of one."""
    assert codes(change("1", month), now=at("2026-08-05T00:00:00")) == found


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"month": "2026-07"}, {"month": "2026-08"}, [(0, CLOSED)]),
        ({"month": "2026-08"}, {"month": "2026-07"}, [(0, CLOSED)]),
        ({"month": "2026-07"}, {"month": "2026-07"}, [(0, CLOSED)]),
        ({"month": "2026-07"}, {"month": "2026-07", "status": "INACTIVE"}, [(0, CLOSED)]),
        ({"month": "2026-06..2026-12"}, {"month": "2026-06..2026-09"}, []),
        ({"month": "2026-06..2026-12"}, {"month": "2026-06..2026-07"}, []),
        ({"month": "2026-06..2026-12"}, {"month": "2026-06..2026-06"}, [(0, CLOSED)]),
        ({"month": "2026-06..2026-09"}, {"month": "2026-06..2026-12"}, []),
        ({"month": "2026-06..2026-06"}, {"month": "2026-06..2026-12"}, [(0, CLOSED)]),
        ({"month": "2026-06..2026-12"}, {"month": "2026-06..2026-12"}, [(0, CLOSED)]),
        (
            {"month": "2026-06..2026-12"},
            {"month": "2026-06..2026-09", "percent": "1"},
            [(0, CLOSED)],
        ),
        ({"month": "2026-06..2026-12"}, {"month": "2026-07..2026-12"}, [(0, CLOSED)]),
        ({"month": "2026-06..2026-12", "status": "INACTIVE"}, {"month": "2026-06..2026-09"}, []),
        (
            {"month": "2026-06..2026-12", "status": "INACTIVE"},
            {"month": "2026-06..2026-12", "status": "ACTIVE"},
            [(0, CLOSED)],
        ),
        (
            {"month": "2026-08"},
            {"month": "2026-06", "status": "INACTIVE"},
            [(0, CLOSED)],
        ),
        ({"month": "2026-08", "status": "INACTIVE"}, {"month": "2026-08"}, []),
    ],
)
def test_only_open_months_can_be_changed(before, after, found):
    """Each month in which a record changes something must be open; so must its own, if none."""
    update = change(**({"percent": "60"} | after), allocation_id=FIRST)
    assert codes(update, standing=[allocation(**before)]) == found


@pytest.mark.parametrize(
    ("batch", "found"),
    [
        pytest.param([change("1")], [(0, VALUE)], id="stands-already"),
        pytest.param([change("1", "2026-09")], [], id="another-month"),
        pytest.param([change("1", customer=OTHER_BUYER)], [], id="another-customer"),
        pytest.param([change("1", **O2)], [], id="another-deal"),
        pytest.param([change("1", status="INACTIVE")], [], id="inactive"),
        pytest.param([change("1", "2026-08..2026-10")], [(0, VALUE)], id="overlapping"),
        pytest.param([change("1", "2026-09"), change("1", "2026-09")], [(1, VALUE)], id="twice"),
        pytest.param(
            [change("1", "2026-10"), change("1", "2026-09..2026-12")],
            [(1, VALUE)],
            id="around-another",
        ),
        pytest.param(
            [change("1"), change("60", allocation_id=FIRST, status="INACTIVE")],
            [],
            id="in-its-place",
        ),
        pytest.param(
            [change("60", "2026-09", allocation_id=FIRST), change("1"), change("1", "2026-09")],
            [(2, VALUE)],
            id="moved",
        ),
        pytest.param(
            [change("1", entity="arn:aws:partnercentral:us-east-1:1:catalog/AWS/opportunity/O1")],
            [(0, VALUE)],
            id="by-its-arn",
        ),
    ],
)
def test_a_deal_has_one_active_allocation_a_customer_and_month(batch, found):
    """A second one is an error of the record that brings it."""
    assert codes(*batch, standing=[allocation("60")]) == found


def test_errors_stand_in_the_order_of_the_records():
    """All errors are told; of one record, in the order of the checks."""
    batch = [
        change("100.01", entity="O99", effective_from="2026-08-02"),
        change("60", "2026-07"),
        change("60", allocation_id=SECOND),
        change("60", **OFFER),
        change("60", **O2),
    ]
    assert codes(*batch) == [
        (0, VALUE),
        (0, VALUE),
        (0, GONE),
        (1, CLOSED),
        (2, GONE),
        (3, CAP),
        (4, CAP),
    ]


def test_a_batch_that_is_applied_leaves_a_version_for_each_record():
    """New allocations get ids; those that are updated keep theirs, and when they were created."""
    before = allocation("15.5", status="INACTIVE")
    batch = [change("15.50", allocation_id=FIRST), change("40", "2026-09", **O2)]
    assert applied(*batch, standing=[before]) == [
        allocation("15.50", revision=2, status="INACTIVE", modified=MID_AUGUST),
        allocation(
            "40",
            "2026-09",
            id="alloc-0000000000100",
            revision=2,
            created=MID_AUGUST,
            modified=MID_AUGUST,
            **O2,
        ),
    ]


@pytest.mark.parametrize(
    ("given", "before", "after"),
    [
        ({}, "ACTIVE", "ACTIVE"),
        ({}, "INACTIVE", "INACTIVE"),
        ({"status": "ACTIVE"}, "INACTIVE", "ACTIVE"),
        ({"status": "INACTIVE"}, "ACTIVE", "INACTIVE"),
    ],
)
def test_an_update_without_a_status_keeps_it(given, before, after):
    """Status has a default for CREATE alone."""
    update = change(allocation_id=FIRST, **given)
    assert applied(update, standing=[allocation(status=before)])[0].status == after


def test_a_customer_may_have_shares_of_several_deals():
    """Deals of one customer in one month are told apart."""
    assert codes(change("50"), change("50", entity="O6", customer=BUYER)) == []
