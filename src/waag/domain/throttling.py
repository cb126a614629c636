"""How many calls a second an account may make, as AWS publishes it; off unless chosen.

A bucket holds as many calls as a quota allows in a second, and fills up at that rate. It is kept as
one instant: when it will be full again.

Source: AWS Marketplace API Reference, quotas of the metering and entitlement services, per account
and Region; AWS Partner Central Developer Guide, quotas of revenue measurement, per partner account.
"""

from collections.abc import Mapping
from enum import Enum

import msgspec

from waag.domain.instants import SECOND, Instant
from waag.domain.refusals import Refusal


class Throttling(Enum):
    """Whether quotas count."""

    OFF = "off"
    STRICT = "strict"


class ThrottlingChoices(msgspec.Struct, frozen=True):
    """Whether callers are throttled as AWS does it."""

    throttling: Throttling = Throttling.OFF


class Quota(msgspec.Struct, frozen=True):
    """What calls share a bucket, and how fast it fills.

    Attributes:
        code: Waag's own, since AWS publishes none.
        per_region: whether each Region has a bucket of its own.
    """

    code: str
    per_second: int
    per_region: bool


class QuotaReached(Refusal):
    """The account made too many calls in too short a time.

    Attributes:
        quota: which one.
    """

    rule = "throttling.quota"

    def __init__(self, why: str, quota: Quota) -> None:
        super().__init__(why)
        self.quota = quota


def _revenue(code: str, per_second: int, *operations: str) -> dict[str, Quota]:
    quota = Quota(code, per_second, per_region=False)
    return dict.fromkeys(operations, quota)


QUOTAS: Mapping[str, Quota] = {
    **{
        name: Quota(f"L-{name}", per_second, per_region=True)
        for name, per_second in (
            ("BatchMeterUsage", 10),
            ("MeterUsage", 10),
            ("RegisterUsage", 5),
            ("GetEntitlements", 20),
        )
    },
    **_revenue(
        "L-Get",
        50,
        "GetMarketplaceRevenueShare",
        "GetMarketplaceRevenueShareAllocation",
        "GetRevenueAttribution",
        "GetRevenueAttributionAllocation",
        "GetRevenueAttributionAllocationsTask",
    ),
    **_revenue(
        "L-List",
        10,
        "ListMarketplaceRevenueShareAllocations",
        "ListMarketplaceRevenueShares",
        "ListRevenueAttributionAllocations",
        "ListRevenueAttributions",
        "ListTagsForResource",
    ),
    **_revenue(
        "L-Write",
        2,
        "CreateMarketplaceRevenueShare",
        "CreateMarketplaceRevenueShareAllocation",
        "CreateRevenueAttribution",
        "TagResource",
        "UntagResource",
        "UpdateMarketplaceRevenueShareAllocation",
        "UpdateRevenueAttribution",
    ),
    **_revenue("L-Start", 1, "StartRevenueAttributionAllocationsTask"),
}
"""By operation; for those that are not in it AWS publishes none."""


def take(full: Instant, quota: Quota, now: Instant) -> Instant | None:
    """Take one call from a bucket: when it is full again then; None if there is none in it.

    Args:
        full: when the bucket would be full; any past instant for one that is.
        quota: how much it holds, and how fast it fills.
        now: by the machine's time. Where that was set back, the bucket is full.
    """
    a_call = SECOND // quota.per_second
    begun = full if now < full <= now + SECOND else now
    return None if begun - now > SECOND - a_call else begun + a_call
