"""The records of a batch, each by itself: its days, its share, its deal, whose it is."""

import pytest

from allocated import allocation, change, codes, errors, judge, setting
from builders import OTHER_BUYER
from waag.domain.attribution.choices import AllocationMonths

GONE, DENIED, VALUE = "RESOURCE_NOT_FOUND", "ACCESS_DENIED", "INVALID_VALUE"
FIRST, SECOND = "alloc-0000000000001", "alloc-0000000000002"
O2 = {"entity": "O2", "customer": OTHER_BUYER}
OFFER = {"entity_type": "OFFER", "entity": "offer-1"}


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
