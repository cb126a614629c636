"""MeterUsage and RegisterUsage: between the wire's structs and the domain's values."""

from waag.domain.instants import SECOND, from_epoch_seconds
from waag.domain.quantities import from_decimal, from_whole
from waag.domain.refusals import QuantityAmbiguous
from waag.domain.workload_registration import SubmittedRegistration
from waag.domain.workload_usage import SubmittedUsage
from waag.services.workloads import SignedRegistration
from waag.wire.generated import metering as wire
from waag.wire.translate.metering import from_wire_allocations, to_uuid


def from_wire_usage(request: wire.MeterUsageRequest) -> SubmittedUsage:
    """A call in the domain's words; quantities become micro-units, none is zero.

    Raises:
        QuantityAmbiguous: both quantity fields.
        AllocationsMismatch: an allocation with both, or with neither.
    """
    whole, decimal = request.usage_quantity, request.usage_quantity_as_decimal
    if whole is not None and decimal is not None:
        raise QuantityAmbiguous(
            "The request has both UsageQuantity and UsageQuantityAsDecimal; send one."
        )
    return SubmittedUsage(
        request.product_code,
        from_epoch_seconds(request.timestamp),
        request.usage_dimension,
        from_whole(whole or 0) if decimal is None else from_decimal(decimal),
        decimal is not None,
        from_wire_allocations("UsageAllocations", request.usage_allocations or ()),
        request.client_token,
        request.dry_run is True,
    )


def to_wire_usage(record_id: bytes) -> wire.MeterUsageResult:
    """The record's id."""
    return wire.MeterUsageResult(metering_record_id=to_uuid(record_id))


def from_wire_registration(request: wire.RegisterUsageRequest) -> SubmittedRegistration:
    """A call in the domain's words."""
    return SubmittedRegistration(request.product_code, request.public_key_version, request.nonce)


def to_wire_registration(registration: SignedRegistration) -> wire.RegisterUsageResult:
    """The signed token; whole seconds where an instant has no fraction."""
    rotated = registration.rotated
    seconds = None
    if rotated is not None:
        seconds = rotated / SECOND if rotated % SECOND else rotated // SECOND
    return wire.RegisterUsageResult(
        signature=registration.signature, public_key_rotation_timestamp=seconds
    )
