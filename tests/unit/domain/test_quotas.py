"""Quotas by operation, and the buckets that calls are taken from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW
from waag.domain.instants import SECOND
from waag.domain.throttling import QUOTAS, Quota, take
from waag.wire.generated import revenue_measurement

TEN = Quota("L-Ten", 10, per_region=True)


def taken(quota, *instants):
    """Which calls at these instants are taken from one bucket."""
    full, found = 0, []
    for instant in instants:
        after = take(full, quota, instant)
        found.append(after is not None)
        full = full if after is None else after
    return found


@pytest.mark.parametrize(
    ("operation", "per_second", "per_region"),
    [
        ("BatchMeterUsage", 10, True),
        ("MeterUsage", 10, True),
        ("RegisterUsage", 5, True),
        ("GetEntitlements", 20, True),
        ("GetRevenueAttribution", 50, False),
        ("ListTagsForResource", 10, False),
        ("UntagResource", 2, False),
        ("StartRevenueAttributionAllocationsTask", 1, False),
    ],
)
def test_published_quotas(operation, per_second, per_region):
    """By operation, with Regions apart or together."""
    quota = QUOTAS[operation]
    assert (quota.per_second, quota.per_region) == (per_second, per_region)


def test_every_operation_of_revenue_measurement_has_one():
    """By the first word of its name."""
    kinds = {"Get": "L-Get", "List": "L-List", "Start": "L-Start"}
    for name in revenue_measurement.SERVICE.operations:
        kind = next((code for word, code in kinds.items() if name.startswith(word)), "L-Write")
        assert QUOTAS[name].code == kind


def test_no_quota_is_published_for_some():
    """Those are not counted."""
    assert {"ResolveCustomer", "GenerateDataSet"}.isdisjoint(QUOTAS)


@pytest.mark.parametrize(
    ("instants", "expected"),
    [
        ([NOW] * 11, [True] * 10 + [False]),
        ([NOW] * 11 + [NOW + SECOND // 10], [True] * 10 + [False, True]),
        ([NOW] * 11 + [NOW + SECOND // 10 - 1], [True] * 10 + [False, False]),
        ([NOW] * 10 + [NOW + SECOND] * 11, [True] * 20 + [False]),
        ([NOW] * 11 + [NOW - 9 * SECOND], [True] * 10 + [False, True]),
    ],
)
def test_a_bucket(instants, expected):
    """Holds a second's worth, and fills up; it is full where the machine's time was set back."""
    assert taken(TEN, *instants) == expected


@given(
    st.integers(1, 50),
    st.lists(st.integers(0, SECOND), max_size=200),
)
def test_no_more_than_a_second_and_what_filled_up(per_second, steps):
    """Over any span: a bucketful, and what came in meanwhile."""
    instants, now = [], NOW
    for step in steps:
        now += step // 10
        instants.append(now)
    count = sum(taken(Quota("L-Any", per_second, per_region=False), *instants))
    a_call = SECOND // per_second
    assert count <= per_second + (now - NOW) // a_call + 1
