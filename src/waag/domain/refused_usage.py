"""Usage records that were answered 200 and not recorded: what is kept of them, and what it means.

A reply of 200 has a status for each record, and `UnprocessedRecords` beside them; whoever looks at
neither loses the usage. So refusals are kept until something makes them good.
"""

from collections.abc import Iterable, Sequence

import msgspec

from waag.domain.instants import HOUR, Instant, format_instant
from waag.domain.market import Product
from waag.domain.metering import RecordResult, SubmittedRecord, Verdict
from waag.domain.quantities import to_decimal
from waag.domain.usage_warnings import UsageWarning, WarningKind

UNPROCESSED = "UnprocessedRecords"
"""In place of a status, of records that were handed back."""

KEPT_MAX = 100_000
"""So many of the latest refusals are kept."""


class RefusedRow(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One refusal as it is kept; the first six columns are its key.

    Attributes:
        hour: whole hours since the epoch.
        customer: an account's id or a customer identifier, as it was sent.
        license: a LicenseArn, or empty.
        status: of the record, or UNPROCESSED.
        quantity: in micro-units, more than none.
    """

    product: int
    hour: int
    region: str
    customer: str
    license: str
    dimension: int
    status: str
    quantity: int
    timestamp: Instant
    received_at: Instant


class UnrecordedUsage(msgspec.Struct, frozen=True):
    """A refusal that nothing made good, with its names in full.

    Attributes:
        customer: an account's id; what was sent, where nobody has that.
        standing: the quantity that is recorded under its key; None if nothing is.
    """

    product_code: str
    customer: str
    dimension: str
    status: str
    quantity: int
    timestamp: Instant
    region: str
    standing: int | None


def refused_rows(
    records: Sequence[SubmittedRecord],
    results: Sequence[RecordResult],
    product: Product,
    region: str,
    now: Instant,
) -> list[RefusedRow]:
    """What is kept of the records that were not recorded."""
    statuses = (
        None if result.verdict is Verdict.SUCCESS else result.verdict.value for result in results
    )
    return _rows(zip(records, statuses, strict=True), product, region, now)


def handed_back_rows(
    records: Sequence[SubmittedRecord], product: Product, region: str, now: Instant
) -> list[RefusedRow]:
    """What is kept of records that were handed back without being looked at.

    Those that would have been refused whole with their batch are left out.
    """
    known = [record for record in records if record.dimension in product.metered]
    return _rows(((record, UNPROCESSED) for record in known), product, region, now)


def _rows(
    records: Iterable[tuple[SubmittedRecord, str | None]],
    product: Product,
    region: str,
    now: Instant,
) -> list[RefusedRow]:
    """A quantity of zero bills nothing, so that nothing is lost with it."""
    return [
        RefusedRow(
            product.number,
            record.timestamp // HOUR,
            region,
            record.customer_aws_account_id or record.customer_identifier or "",
            record.license_arn or "",
            product.metered[record.dimension].number,
            status,
            record.quantity,
            record.timestamp,
            now,
        )
        for record, status in records
        if status is not None and record.quantity
    ]


def warning_of(unrecorded: UnrecordedUsage) -> UsageWarning:
    """The refusal in words."""
    quantity = f"{to_decimal(unrecorded.quantity)} of {unrecorded.dimension}"
    what = (
        f"{quantity} at {format_instant(unrecorded.timestamp)} in {unrecorded.region} was answered "
    )
    if unrecorded.status == UNPROCESSED:
        what += f"in {UNPROCESSED} and not sent again."
    elif unrecorded.standing is None:
        what += f"with {unrecorded.status} and not recorded since."
    else:
        standing = to_decimal(unrecorded.standing)
        what += f"with {unrecorded.status}: {standing} stands for that hour."
    return UsageWarning(
        WarningKind.NOT_RECORDED, what, unrecorded.product_code, unrecorded.customer, ()
    )
