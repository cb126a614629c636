import asyncio

import pytest

from builders import NOW
from waag.domain.instants import SECOND
from waag.services.throttling import BUCKETS_MAX, Paced


def passed(paced, count, *call):
    """How many of so many calls are not too fast."""

    async def ask():
        return [await paced.pace(*call) for _ in range(count)]

    return asyncio.run(ask()).count(None)


CALL = ("BatchMeterUsage", "1", "us-east-1")


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (CALL, 0),
        (("BatchMeterUsage", "2", "us-east-1"), 10),
        (("BatchMeterUsage", "1", "eu-west-1"), 10),
        (("MeterUsage", "1", "us-east-1"), 10),
        (("ResolveCustomer", "1", "us-east-1"), 99),
    ],
)
def test_what_has_a_bucket_of_its_own(call, expected):
    """Each account, and of the metering services each Region and operation."""
    paced = Paced(lambda: NOW)
    passed(paced, 10, *CALL)
    assert passed(paced, 99, *call) == expected


def test_revenue_measurement_shares_a_bucket_by_kind():
    """Whatever Region and operation."""
    paced = Paced(lambda: NOW)
    passed(paced, 1, "TagResource", "1", "us-east-1")
    passed(paced, 1, "UntagResource", "1", "eu-west-1")
    assert passed(paced, 1, "CreateRevenueAttribution", "1", "us-east-1") == 0


def test_buckets_that_are_full_are_forgotten():
    """So that their number does not grow with every account there ever was; others stay."""
    machine = [NOW]
    paced = Paced(lambda: machine[0])

    async def fill():
        for number in range(BUCKETS_MAX - 1):
            await paced.pace("BatchMeterUsage", str(number), "us-east-1")

    asyncio.run(fill())
    machine[0] += SECOND
    passed(paced, 10, "BatchMeterUsage", "late", "us-east-1")
    passed(paced, 1, "BatchMeterUsage", "another", "us-east-1")
    assert (len(paced._full), passed(paced, 1, "BatchMeterUsage", "late", "us-east-1")) == (2, 0)
