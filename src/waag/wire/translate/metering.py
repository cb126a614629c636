"""Metering: between the wire's structs and the domain's values."""

from collections.abc import Mapping, Sequence

import msgspec

from waag.domain.instants import from_epoch_seconds
from waag.domain.metering import Allocation, RecordResult, SubmittedBatch, SubmittedRecord, Verdict
from waag.domain.quantities import from_decimal, from_whole
from waag.domain.refusals import AllocationsMismatch, QuantityAmbiguous
from waag.wire.generated import metering as wire


def from_wire_batch(request: wire.BatchMeterUsageRequest) -> SubmittedBatch:
    """A batch in the domain's words; quantities become micro-units.

    Raises:
        QuantityAmbiguous: a record with both quantity fields.
        AllocationsMismatch: an allocation with both, or with neither.
    """
    # Records of a batch are mostly of one hour, and mostly count whole units.
    instants = {
        timestamp: from_epoch_seconds(timestamp)
        for timestamp in {record.timestamp for record in request.usage_records}
    }
    return SubmittedBatch(
        request.product_code,
        [
            SubmittedRecord(
                instants[record.timestamp],
                record.dimension,
                from_whole(record.quantity or 0)
                if record.quantity_as_decimal is None
                else _from_wire_decimal(index, record, record.quantity_as_decimal),
                record.quantity_as_decimal is not None,
                record.customer_identifier,
                record.customer_aws_account_id,
                record.license_arn,
                ()
                if record.usage_allocations is None
                else from_wire_allocations(
                    f"UsageRecords[{index}].UsageAllocations", record.usage_allocations
                ),
            )
            for index, record in enumerate(request.usage_records)
        ],
    )


def _from_wire_decimal(index: int, record: wire.UsageRecord, decimal: str) -> int:
    if record.quantity is None:
        return from_decimal(decimal)
    raise QuantityAmbiguous(
        f"UsageRecords[{index}] has both Quantity and QuantityAsDecimal; send one."
    )


def from_wire_allocations(
    where: str, allocations: Sequence[wire.UsageAllocation]
) -> tuple[Allocation, ...]:
    """Allocations in the domain's words.

    Args:
        where: how messages name the list.
        allocations: as sent.

    Raises:
        AllocationsMismatch: one with both quantity fields, or with neither.
    """
    return tuple(
        _from_wire_allocation(f"{where}[{place}]", allocation)
        for place, allocation in enumerate(allocations)
    )


def _from_wire_allocation(where: str, allocation: wire.UsageAllocation) -> Allocation:
    whole = allocation.allocated_usage_quantity
    decimal = allocation.allocated_usage_quantity_as_decimal
    tags = tuple((tag.key, tag.value) for tag in allocation.tags or ())
    if decimal is not None and whole is None:
        return Allocation(from_decimal(decimal), is_decimal=True, tags=tags)
    if whole is not None and decimal is None:
        return Allocation(from_whole(whole), is_decimal=False, tags=tags)
    raise AllocationsMismatch(
        f"{where} needs exactly one of AllocatedUsageQuantity and AllocatedUsageQuantityAsDecimal."
    )


_STATUSES: Mapping[Verdict, wire.UsageRecordResultStatus] = {
    Verdict.SUCCESS: "Success",
    Verdict.CUSTOMER_NOT_SUBSCRIBED: "CustomerNotSubscribed",
    Verdict.DUPLICATE_RECORD: "DuplicateRecord",
}


def to_wire_batch(
    request: wire.BatchMeterUsageRequest, results: Sequence[RecordResult]
) -> wire.BatchMeterUsageResult:
    """The results, each with its record repeated as it was sent."""
    return wire.BatchMeterUsageResult(
        results=[
            wire.UsageRecordResult(
                usage_record=record,
                metering_record_id=None if result.record_id is None else to_uuid(result.record_id),
                status=_STATUSES[result.verdict],
            )
            for record, result in zip(request.usage_records, results, strict=True)
        ],
        unprocessed_records=[],
    )


def split_batch(
    request: wire.BatchMeterUsageRequest, unprocessed: int | None
) -> tuple[wire.BatchMeterUsageRequest, list[wire.UsageRecord]]:
    """A request without its last records, or without any, and those taken away."""
    records = request.usage_records
    kept = 0 if unprocessed is None else max(0, len(records) - unprocessed)
    return msgspec.structs.replace(request, usage_records=records[:kept]), records[kept:]


def with_unprocessed(
    result: wire.BatchMeterUsageResult, records: list[wire.UsageRecord]
) -> wire.BatchMeterUsageResult:
    """The same result with these records handed back as they were sent."""
    return msgspec.structs.replace(result, unprocessed_records=records)


def to_uuid(octets: bytes) -> str:
    """A MeteringRecordId of sixteen bytes as it is written."""
    text = octets.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
