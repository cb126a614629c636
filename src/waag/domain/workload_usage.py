"""What MeterUsage refuses, and what counts as the same record again.

A call is refused by the first of these checks that it does not pass:

    Region → product → token → dimension → timestamp → allocations → tags → entitlement

Then a dry run ends. What is left is decided by keys of the ledger: first the ClientToken's, then
the hour's.

Source: meteringmarketplace/2016-01-14, MeterUsage; the order and the choices where that text is
silent are listed in docs/compatibility.md.
"""

from hashlib import sha256

import msgspec

from waag.domain.allocations import check_allocations, check_tags
from waag.domain.instants import HOUR, SECOND, Instant, format_instant
from waag.domain.market import Agreement, Market, Product
from waag.domain.metering import (
    Allocation,
    MeteringChoices,
    MeterUsageWindow,
    Standing,
    UsageRow,
    encode_allocations,
)
from waag.domain.metering_checks import unknown_dimension
from waag.domain.quantities import to_decimal
from waag.domain.refusals import (
    AllocationsMismatch,
    DimensionUnknown,
    EndpointElsewhere,
    ProductUnknown,
    TimestampOutOfBounds,
    TokenConflict,
    TokenMissing,
    UsageDuplicated,
)
from waag.domain.workloads import Workload

WINDOW = 6 * HOUR
"""How far back usage is taken. Source: MeterUsage, Timestamp."""


class SubmittedUsage(msgspec.Struct, frozen=True):
    """A call of MeterUsage as submitted; the quantity is in micro-units."""

    product_code: str
    timestamp: Instant
    dimension: str
    quantity: int
    is_decimal: bool
    allocations: tuple[Allocation, ...] = ()
    client_token: str | None = None
    dry_run: bool = False


class TokenUse(msgspec.Struct, frozen=True):
    """A ClientToken and the request it stands for.

    Attributes:
        digest: of the request's parameters, quantities by value.
    """

    token: str
    digest: bytes


class UsedToken(msgspec.Struct, frozen=True):
    """What a ClientToken was used for before.

    Attributes:
        digest: of that request's parameters.
        record_id: what it was answered.
    """

    digest: bytes
    record_id: bytes


def check_usage(
    usage: SubmittedUsage,
    workload: Workload,
    region: str,
    *,
    market: Market,
    choices: MeteringChoices,
    now: Instant,
) -> Product:
    """The product that usage is reported for; see the module's text for the order of checks.

    Args:
        usage: as submitted.
        workload: who reports it.
        region: of the endpoint that was called.
        market: finds the product.
        choices: how the six hours are counted back.
        now: when the call came.

    Raises:
        EndpointElsewhere, ProductUnknown, TokenMissing, DimensionUnknown, TimestampOutOfBounds,
        AllocationsMismatch, TagInvalid: naming what is at fault.
    """
    if region != workload.region:
        raise EndpointElsewhere(
            f"The {workload} runs in {workload.region}; the endpoint called is {region}'s."
        )
    product = _product(usage.product_code, market)
    if usage.client_token is None and not workload.counts_by_hour:
        raise TokenMissing(
            f"The {workload} may report usage many times an hour; ClientToken is required, since "
            "it alone tells one report from another."
        )
    if usage.dimension not in product.metered:
        raise DimensionUnknown(unknown_dimension("UsageDimension", usage.dimension, product))
    _check_timestamp(usage.timestamp, choices, now)
    if usage.allocations:
        if not workload.counts_by_hour:
            raise AllocationsMismatch(
                f"The {workload} may not send UsageAllocations: vendor-metered tagging is not "
                "supported on AgentCore Runtime."
            )
        check_allocations(
            "UsageAllocations", usage.allocations, usage.quantity, is_decimal=usage.is_decimal
        )
        check_tags("UsageAllocations", usage.allocations)
    return product


def _product(code: str, market: Market) -> Product:
    product = market.product_by_code(code)
    if product is None:
        raise ProductUnknown(f"There is no product with the product code {code!r}.")
    if product.type.is_saas:
        raise ProductUnknown(
            f"Product {product.code} is sold as {product.type.value}: its usage is reported by "
            "the seller with BatchMeterUsage, not by the buyer's workload with MeterUsage."
        )
    return product


def oldest_accepted(choices: MeteringChoices, now: Instant) -> Instant:
    """The oldest timestamp that MeterUsage accepts at `now`, inclusive.

    Source: MeterUsage, "If you submit records more than six hours after events occur, the records
    won't be accepted".
    """
    exact = choices.meter_usage_window is MeterUsageWindow.EXACT
    return (now if exact else now - now % HOUR) - WINDOW


def _check_timestamp(timestamp: Instant, choices: MeteringChoices, now: Instant) -> None:
    oldest = oldest_accepted(choices, now)
    if timestamp < oldest:
        raise TimestampOutOfBounds(
            f"{format_instant(timestamp)} is more than six hours ago; the oldest accepted at "
            f"{format_instant(now)} is {format_instant(oldest)}."
        )
    if timestamp > now + choices.future_tolerance_seconds * SECOND:
        raise TimestampOutOfBounds(
            f"{format_instant(timestamp)} is in the future; it is {format_instant(now)}."
        )


def token_use(usage: SubmittedUsage, workload: Workload) -> TokenUse | None:
    """The token of a call, if it has one.

    The workload is one of the parameters: another one's report is another request.
    """
    if usage.client_token is None:
        return None
    allocations = [(each.quantity, each.tags) for each in usage.allocations]
    parameters = (
        workload.session,
        usage.product_code,
        usage.timestamp,
        usage.dimension,
        usage.quantity,
        allocations,
    )
    return TokenUse(usage.client_token, sha256(msgspec.json.encode(parameters)).digest())


def to_row(
    usage: SubmittedUsage,
    workload: Workload,
    product: Product,
    agreement: Agreement,
    *,
    record_id: bytes,
    now: Instant,
) -> UsageRow:
    """The row to insert.

    Where usage is not counted by the hour each token is a resource of its own, so that the hour's
    key never meets another's; no session's name has a slash.
    """
    session = workload.session
    return UsageRow(
        product.number,
        usage.timestamp // HOUR,
        workload.region,
        agreement.customer,
        0,
        product.metered[usage.dimension].number,
        session if workload.counts_by_hour else f"{session}/{usage.client_token}",
        usage.quantity,
        usage.timestamp,
        agreement.number,
        record_id,
        now,
        encode_allocations(usage.allocations),
    )


def judge_token(use: TokenUse, used: UsedToken) -> bytes:
    """What a token that was used before is answered: the id of the record it made then.

    Raises:
        TokenConflict: it was used for another request.
    """
    if use.digest != used.digest:
        raise TokenConflict(
            f"The ClientToken {use.token!r} was sent before with other parameters; a new request "
            "needs a token of its own."
        )
    return used.record_id


def judge_hour(row: UsageRow, standing: Standing) -> bytes:
    """What usage of an hour that has its record is answered: that record's id, if it is the same.

    Source: MeterUsage, "the API is idempotent and returns the metering record ID".

    Raises:
        UsageDuplicated: another quantity stands.
    """
    if standing.quantity != row.quantity:
        hour = format_instant(row.hour * HOUR)
        raise UsageDuplicated(
            f"{to_decimal(standing.quantity)} is already recorded for {row.resource}, this "
            f"dimension and the hour from {hour}; {to_decimal(row.quantity)} was sent."
        )
    return standing.record_id
