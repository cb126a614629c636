"""What becomes of a batch of changes to allocations: applied whole, or every error told."""

import pytest

from allocated import MID_AUGUST, allocation, applied, change, codes, errors, judge, setting
from builders import BUYER, OTHER_BUYER, at
from waag.domain.attribution.choices import AllocationMonths

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
    ("days", "found"),
    [
        (("2026-08-02", "2026-08-31"), [VALUE]),
        (("2026-08-01", "2026-08-30"), [VALUE]),
        (("2026-09-01", "2026-08-31"), [VALUE]),
        (("2026-08-31", "2026-08-01"), [VALUE, VALUE, VALUE]),
        (("2027-02-01", "2027-02-28"), []),
        (("2028-02-01", "2028-02-28"), [VALUE]),
        (("2028-02-01", "2028-02-29"), []),
        (("2026-12-01", "2026-12-31"), []),
    ],
)
def test_an_allocation_lasts_for_whole_months(days, found):
    """It begins on the first day of a month and ends on the last of the same or a later one."""
    record = change(effective_from=days[0], effective_until=days[1])
    assert [code for _, code in codes(record)] == found


def test_several_months_are_refused_where_an_allocation_is_for_one():
    """The choice `allocation-months` leaves one month to each."""
    one = setting(months=AllocationMonths.ONE)
    _, found = judge([change("1"), change("1", "2026-09..2026-10", **O2)], [], one)
    assert [(each.record, each.code) for each in found] == [(1, VALUE)]


@pytest.mark.parametrize(
    ("percent", "found"),
    [
        ("0", []),
        ("0.00", []),
        ("100", []),
        ("100.00", []),
        ("100.01", [VALUE]),
        ("999.99", [VALUE]),
    ],
)
def test_a_share_is_from_0_to_100_percent(percent, found):
    """More than 100 passes the shape's pattern, but not this."""
    assert [code for _, code in codes(change(percent))] == found


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"entity": "O1"}, []),
        (
            {"entity": "arn:aws:partnercentral:us-east-1:120000000001:catalog/AWS/opportunity/O1"},
            [],
        ),
        ({"entity": "O6"}, []),
        ({"entity": "O99"}, [GONE]),
        ({"entity": "offer-1"}, [GONE]),
        ({"entity": "O3"}, [VALUE]),
        ({"entity": "O4"}, [VALUE]),
        ({"entity": "O5"}, [VALUE]),
        ({"entity": "O7"}, [DENIED]),
        ({"entity_type": "OFFER", "entity": "offer-1"}, []),
        ({"entity_type": "OFFER", "entity": "offer-2"}, [VALUE]),
        ({"customer": OTHER_BUYER}, []),
        ({"customer": "999999999999"}, [GONE]),
        ({"entity": "O99", "customer": "999999999999"}, [GONE, GONE]),
        ({"entity": "O7", "status": "INACTIVE"}, [DENIED]),
    ],
)
def test_deals_exist_and_are_ones_own_and_agreed(given, found):
    """An offer has a buyer, an opportunity is launched; both are the owner's or a subsidiary's."""
    assert [code for _, code in codes(change(**given))] == found


def test_an_allocation_of_a_deal_that_is_no_longer_launched_can_be_made_inactive():
    """What a deal became keeps nobody from taking an allocation back."""
    update = change(entity="O3", allocation_id=FIRST, status="INACTIVE")
    assert codes(update, standing=[allocation(entity="O3")]) == []


def test_deals_are_not_looked_up_where_a_catalog_has_none():
    """Without look-ups any deal and any customer will do."""
    nowhere = setting(deals=None)
    assert judge([change(entity="O99", customer="999999999999")], [], nowhere)[1] == ()


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"entity": "O2"}, [VALUE]),
        ({"entity_type": "OFFER", "entity": "offer-1"}, [VALUE, VALUE]),
        ({"customer": OTHER_BUYER}, [VALUE]),
        ({"entity": "arn:aws:partnercentral:us-east-1:1:catalog/AWS/opportunity/O1"}, []),
    ],
)
def test_whose_an_allocation_is_does_not_change(given, found):
    """An UPDATE names the deal and customer that there are."""
    update = change(allocation_id=FIRST, **given)
    assert [code for _, code in codes(update, standing=[allocation()])] == found


def test_an_update_of_another_attributions_allocation_finds_nothing():
    """An id that the attribution has no allocation of is not found, whatever else is right."""
    assert codes(change(allocation_id=SECOND), standing=[allocation()]) == [(0, GONE)]


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


def test_messages_name_what_is_wrong_and_what_would_pass():
    """Each error tells the offending value."""
    batch = [
        change("100.01", effective_from="2026-08-02"),
        change("1", "2026-07"),
        change("1", entity="O3"),
        change("1", "2026-09", **OFFER),
        change("1", "2026-09", **OFFER),
    ]
    assert [each.message for each in errors(*batch)] == [
        "RevenueSharePercent 100.01 is more than 100; it is from 0 to 100.",
        "EffectiveFrom 2026-08-02 is not the first day of a month, such as 2026-08-01.",
        "Allocations of 2026-07 can no longer be created; those of 2026-08 and later can.",
        "Opportunity O3 is in the stage Prospect; it has to be Launched.",
        "Offer offer-1 has another active allocation for the same customer in 2026-09: record 3 of "
        "this batch.",
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
