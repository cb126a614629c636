"""MeterUsage: what is refused and in which order, the window, the keys of what is kept."""

from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import BUYER, NOW, agreement, allocation, at, market, refusal_of, row
from waag.domain.instants import HOUR, SECOND
from waag.domain.metering import Allocation, MeteringChoices, MeterUsageWindow, Standing
from waag.domain.quantities import from_decimal
from waag.domain.refusals import (
    AllocationsMismatch,
    DimensionUnknown,
    EndpointElsewhere,
    ProductUnknown,
    TagInvalid,
    TimestampOutOfBounds,
    TokenConflict,
    TokenMissing,
    UsageDuplicated,
)
from waag.domain.workload_usage import (
    SubmittedUsage,
    TokenUse,
    UsedToken,
    check_usage,
    judge_hour,
    judge_token,
    oldest_accepted,
    to_row,
    token_use,
)
from waag.domain.workloads import Workload

INSTANCE = Workload(BUYER, "ec2", "us-east-1", "i-1")
AGENT = Workload(BUYER, "agentcore", "us-east-1", "a-1")
SCANNER = market().product_by_code("scanner")


def usage(**given):
    """Five users of the scanner just now."""
    usual = SubmittedUsage("scanner", NOW, "users", 5_000_000, is_decimal=False)
    return msgspec.structs.replace(usual, **given)


def refused(submitted, workload=INSTANCE, region="us-east-1", **choices):
    """What usage is refused with; None if it is not."""
    return refusal_of(
        check_usage,
        submitted,
        workload,
        region,
        market=market(),
        choices=MeteringChoices(**choices),
        now=NOW,
    )


KEY_TWICE = (Allocation(5_000_000, is_decimal=False, tags=(("a", "1"), ("a", "2"))),)


@pytest.mark.parametrize(
    ("submitted", "expected"),
    [
        (usage(), None),
        (usage(quantity=0), None),
        (
            usage(product_code="nosuch"),
            (ProductUnknown, "There is no product with the product code 'nosuch'."),
        ),
        (
            usage(product_code="analytics"),
            (
                ProductUnknown,
                "Product analytics is sold as saas-subscription: its usage is reported by the "
                "seller with BatchMeterUsage, not by the buyer's workload with MeterUsage.",
            ),
        ),
        (
            usage(dimension="Users"),
            (
                DimensionUnknown,
                "UsageDimension: product scanner has no dimension 'Users'; usage is taken for: "
                "gb, users.",
            ),
        ),
        (
            usage(timestamp=NOW - 6 * HOUR - 1),
            (
                TimestampOutOfBounds,
                "2026-05-14T04:20:29.999999Z is more than six hours ago; the oldest accepted at "
                "2026-05-14T10:20:30Z is 2026-05-14T04:20:30Z.",
            ),
        ),
        (usage(timestamp=NOW - 6 * HOUR), None),
        (
            usage(timestamp=NOW + 1),
            (
                TimestampOutOfBounds,
                "2026-05-14T10:20:30.000001Z is in the future; it is 2026-05-14T10:20:30Z.",
            ),
        ),
        (
            usage(allocations=(allocation("4"),)),
            (
                AllocationsMismatch,
                "UsageAllocations add up to 4, the record's quantity is 5.",
            ),
        ),
        (
            usage(allocations=(allocation("2", a="1", b="2"), allocation("3", b="2", a="1"))),
            (
                AllocationsMismatch,
                "UsageAllocations: two allocations have the same set of tags.",
            ),
        ),
        (
            usage(allocations=(allocation("5", is_decimal=True),)),
            (
                AllocationsMismatch,
                "UsageAllocations[0]: a record with a whole quantity takes allocations of that "
                "kind only, not a decimal quantity.",
            ),
        ),
        (
            usage(allocations=KEY_TWICE),
            (TagInvalid, "UsageAllocations[0]: a tag key stands twice in ['a', 'a']."),
        ),
    ],
)
def test_usage_is_refused_for_what_is_at_fault(submitted, expected):
    """Each rule has its refusal, which names the value and what would have passed."""
    assert refused(submitted) == expected


def test_the_endpoint_is_the_workloads_own_region():
    """Elsewhere nothing is taken."""
    assert refused(usage(), region="eu-west-1") == (
        EndpointElsewhere,
        "The ec2 workload i-1 of account 210000000001 runs in us-east-1; the endpoint called is "
        "eu-west-1's.",
    )


AT_FAULT = [
    (ProductUnknown, {"product_code": "nosuch"}),
    (DimensionUnknown, {"dimension": "nothing"}),
    (TimestampOutOfBounds, {"timestamp": 0}),
    (AllocationsMismatch, {"allocations": (allocation("4"),)}),
    (TagInvalid, {"allocations": KEY_TWICE}),
]


@pytest.mark.parametrize(
    ("first", "second"), list(pairwise(AT_FAULT)), ids=lambda each: each[0].__name__
)
def test_of_two_faults_the_earlier_check_refuses(first, second):
    """Checks run in the order that the module's text gives."""
    assert refused(usage(**(second[1] | first[1])))[0] is first[0]


def test_the_region_is_looked_at_first():
    """Before the product."""
    assert refused(usage(product_code="nosuch"), region="eu-west-1")[0] is EndpointElsewhere


class TestAgentCore:
    """Where usage is not counted by the hour."""

    def test_a_token_is_required(self):
        """Nothing else tells one report from another."""
        assert refused(usage(), AGENT) == (
            TokenMissing,
            "The agentcore workload a-1 of account 210000000001 may report usage many times an "
            "hour; ClientToken is required, since it alone tells one report from another.",
        )

    def test_a_token_is_enough(self):
        """With one the report is taken."""
        assert refused(usage(client_token="t"), AGENT) is None

    def test_allocations_are_not_taken(self):
        """Vendor-metered tagging is not supported there."""
        submitted = usage(client_token="t", allocations=(allocation("5"),))
        assert refused(submitted, AGENT) == (
            AllocationsMismatch,
            "The agentcore workload a-1 of account 210000000001 may not send UsageAllocations: "
            "vendor-metered tagging is not supported on AgentCore Runtime.",
        )


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (MeterUsageWindow.EXACT, "2026-05-14T04:20:30"),
        (MeterUsageWindow.HOUR_ALIGNED, "2026-05-14T04:00:00"),
    ],
)
def test_the_window_is_counted_back_as_chosen(window, expected):
    """From the instant of the call, or from the start of its hour."""
    assert oldest_accepted(MeteringChoices(meter_usage_window=window), NOW) == at(expected)


@given(now=st.integers(0, 2**52), back=st.integers(-HOUR, 8 * HOUR))
def test_the_exact_window_is_six_hours(now, back):
    """What is at most six hours old, and not in the future, is taken, whenever that is."""
    found = refusal_of(
        check_usage,
        usage(timestamp=now - back),
        INSTANCE,
        "us-east-1",
        market=market(),
        choices=MeteringChoices(),
        now=now,
    )
    assert (found is None) is (0 <= back <= 6 * HOUR)


def test_the_future_is_tolerated_as_chosen():
    """As for BatchMeterUsage."""
    assert refused(usage(timestamp=NOW + 60 * SECOND), future_tolerance_seconds=60) is None


def digest(workload=INSTANCE, **given):
    """The digest of a call with a token."""
    return token_use(usage(client_token="t", **given), workload).digest


OTHER_PARAMETERS = {
    "product_code": "other",
    "timestamp": NOW + 1,
    "dimension": "gb",
    "quantity": 5_000_001,
    "allocations": (allocation("5"),),
}


class TestToken:
    """A ClientToken and what it stands for."""

    def test_without_one_there_is_none(self):
        """Old clients send none."""
        assert token_use(usage(), INSTANCE) is None

    @pytest.mark.parametrize(("name", "value"), OTHER_PARAMETERS.items(), ids=OTHER_PARAMETERS)
    def test_another_parameter_is_another_request(self, name, value):
        """Every parameter counts."""
        assert digest(**{name: value}) != digest()

    def test_another_workload_is_another_request(self):
        """Else the usage of one task would count as another's."""
        assert digest(msgspec.structs.replace(INSTANCE, session="i-2")) != digest()

    def test_the_same_quantity_in_the_other_field_is_the_same_request(self):
        """Quantities are compared by value."""
        assert digest(quantity=from_decimal("5.00"), is_decimal=True) == digest()

    def test_the_same_request_is_answered_the_same_id(self):
        """Whatever token it has."""
        assert judge_token(TokenUse("t", b"d"), UsedToken(b"d", b"id")) == b"id"

    def test_another_request_is_a_conflict(self):
        """The token is named."""
        found = refusal_of(judge_token, TokenUse("t", b"d"), UsedToken(b"e", b"id"))
        assert found == (
            TokenConflict,
            "The ClientToken 't' was sent before with other parameters; a new request needs a "
            "token of its own.",
        )


class TestHour:
    """One record for each hour, dimension and resource."""

    def test_the_same_quantity_is_answered_the_same_id(self):
        """Nothing is recorded twice."""
        assert judge_hour(row(quantity=17_000_000), Standing(b"id", 17_000_000)) == b"id"

    def test_another_quantity_is_a_duplicate(self):
        """The refusal names both quantities, the resource and the hour."""
        found = refusal_of(judge_hour, row(resource="i-1"), Standing(b"id", 5_000_001))
        assert found == (
            UsageDuplicated,
            "5.000001 is already recorded for i-1, this dimension and the hour from "
            "2026-05-14T10:00:00Z; 5 was sent.",
        )


class TestRow:
    """What is kept."""

    def test_a_row_has_its_hour_resource_and_agreement(self):
        """The hour is rounded down, the timestamp kept as sent."""
        submitted = usage(allocations=(allocation("5"),))
        kept = to_row(submitted, INSTANCE, SCANNER, agreement(), record_id=b"r" * 16, now=NOW + 1)
        assert msgspec.structs.astuple(kept) == (
            4,
            at("2026-05-14T10:00:00") // HOUR,
            "us-east-1",
            3,
            0,
            1,
            "i-1",
            5_000_000,
            NOW,
            1,
            b"r" * 16,
            NOW + 1,
            b'[{"quantity":5000000,"is_decimal":false,"tags":[]}]',
        )

    def test_each_token_of_agentcore_is_a_resource(self):
        """So the key of the hour never meets another's."""
        submitted = usage(client_token="t")
        kept = to_row(submitted, AGENT, SCANNER, agreement(), record_id=b"r" * 16, now=NOW)
        assert kept.resource == "a-1/t"
