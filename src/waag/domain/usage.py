"""Reading back accepted usage: what is asked for, and one record as it is shown."""

import msgspec

from waag.domain.instants import Instant
from waag.domain.metering import Allocation, UsageKey

LIMIT_MAX = 1000
"""The largest page of usage records."""


class UsageQuery(msgspec.Struct, frozen=True):
    """Which usage records; a bound that is None does not bind.

    Attributes:
        product: the product's number.
        agreement: the agreement's number.
        since: the oldest timestamp, inclusive.
        until: the newest timestamp, exclusive.
        after: the key of the last record already seen.
        limit: 1 to LIMIT_MAX.
    """

    product: int | None = None
    agreement: int | None = None
    since: Instant | None = None
    until: Instant | None = None
    after: UsageKey | None = None
    limit: int = 100


class RecordedUsage(msgspec.Struct, frozen=True):
    """An accepted usage record with its names in full; the quantity is in micro-units."""

    key: UsageKey
    id: str
    product_code: str
    agreement: str
    customer_aws_account_id: str
    customer_identifier: str | None
    license_arn: str | None
    dimension: str
    timestamp: Instant
    quantity: int
    region: str
    received_at: Instant
    allocations: tuple[Allocation, ...]
