"""One table: from a refusal to the error code, status and message that the caller is sent.

An error that a service models takes its status, and the first sentence of its message, from the
model; what Waag found follows. Where AWS is silent or contradicts itself, the choice has a row in
docs/compatibility.md.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from waag.domain import refusals
from waag.domain.analytics.refusals import AnalyticsRefused, NotEnrolled
from waag.domain.attribution import refusals as attribution
from waag.domain.refusals import Refusal
from waag.domain.throttling import QuotaReached
from waag.wire.planned_faults import FailedOnDemand, Throttled
from waag.wire.protocols import NotClaimed
from waag.wire.shapes import Service
from waag.wire.signature_refusals import SignatureRefused
from waag.wire.violations import NotSerializable, ShapeViolated, plain_path


class WireChoices(msgspec.Struct, frozen=True):
    """Which reading is taken where sources on errors contradict each other.

    Attributes:
        authentication_status: of refused signatures and denied access, on services that do not
            model one: 400 as observed, 403 as the page on common errors has it.
        data_set_refusal_status: of requests for data sets that are not carried out: 400, which SDKs
            do not send again, or 500 as the model has the exception.
    """

    authentication_status: Literal[400, 403] = 400
    data_set_refusal_status: Literal[400, 500] = 400


class Fault(msgspec.Struct, frozen=True):
    """What the caller is sent.

    Attributes:
        members: of the error's structure, beside its message.
    """

    code: str
    status: int
    message: str
    members: Mapping[str, Any] = {}


_CODES: Mapping[type[Refusal], str] = {
    refusals.AccessDenied: "AccessDeniedException",
    refusals.AllocationsMismatch: "InvalidUsageAllocationsException",
    refusals.ApiDisabled: "DisabledApiException",
    refusals.CustomerNotEntitled: "CustomerNotEntitledException",
    refusals.CustomerUnknown: "InvalidCustomerIdentifierException",
    refusals.DimensionUnknown: "InvalidUsageDimensionException",
    refusals.DryRunDenied: "UnauthorizedException",
    refusals.DryRunPassed: "DryRunOperation",
    refusals.EndpointElsewhere: "InvalidEndpointRegionException",
    refusals.FiltersExclusive: "InvalidParameterException",
    refusals.LicenseMismatch: "InvalidLicenseException",
    refusals.PageTokenInvalid: "InvalidParameterException",
    refusals.PlatformUnsupported: "PlatformNotSupportedException",
    refusals.ProductUnknown: "InvalidProductCodeException",
    refusals.PublicKeyVersionUnknown: "InvalidPublicKeyVersionException",
    refusals.QuantityAmbiguous: "ValidationException",
    refusals.RegionDisabled: "DisabledApiException",
    refusals.TagInvalid: "InvalidTagException",
    refusals.TaskElsewhere: "InvalidRegionException",
    refusals.TimestampOutOfBounds: "TimestampOutOfBoundsException",
    refusals.TokenConflict: "IdempotencyConflictException",
    refusals.TokenExpired: "ExpiredTokenException",
    refusals.TokenInvalid: "InvalidTokenException",
    refusals.TokenMissing: "ValidationException",
    refusals.TokenUsed: "ExpiredTokenException",
    refusals.UsageDuplicated: "DuplicateRequestException",
    refusals.WorkloadUnknown: "AccessDeniedException",
    attribution.AlreadyExists: "ConflictException",
    attribution.AttributionQuotaExceeded: "ServiceQuotaExceededException",
    attribution.ClientTokenConflict: "ConflictException",
    attribution.ConcurrentModification: "ConflictException",
    attribution.FieldsInvalid: "ValidationException",
    attribution.NotRegistered: "AccessDeniedException",
    attribution.RequestInvalid: "ValidationException",
    attribution.ResourceUnknown: "ResourceNotFoundException",
    attribution.RevisionMismatch: "ConflictException",
    attribution.TagQuotaExceeded: "ServiceQuotaExceededException",
    NotSerializable: "SerializationException",
    ShapeViolated: "ValidationException",
}

_MESSAGES: Mapping[type[Refusal], str] = {
    refusals.TokenInvalid: "Registration token is invalid",
}
"""To the letter, where a message of the real service was published."""

_INTERNAL = 500

_REASONS: Mapping[type[Refusal], str] = {
    refusals.AccessDenied: "ACCESS_DENIED",
    attribution.AlreadyExists: "RESOURCE_ALREADY_EXISTS",
    attribution.AttributionQuotaExceeded: "ATTRIBUTION_LIMIT_EXCEEDED",
    attribution.ClientTokenConflict: "CONFLICT_CLIENT_TOKEN",
    attribution.ConcurrentModification: "CONCURRENT_MODIFICATION",
    attribution.FieldsInvalid: "BUSINESS_VALIDATION_FAILED",
    attribution.NotRegistered: "ACCESS_DENIED",
    attribution.RequestInvalid: "REQUEST_VALIDATION_FAILED",
    attribution.ResourceUnknown: "RESOURCE_NOT_FOUND",
    attribution.RevisionMismatch: "REVISION_MISMATCH",
    attribution.TagQuotaExceeded: "TAG_LIMIT_EXCEEDED",
    ShapeViolated: "REQUEST_VALIDATION_FAILED",
}
"""Where a modelled error has a member Reason."""


_ANALYTICS_CODE = "MarketplaceCommerceAnalyticsException"
_NOT_ENROLLED_CODE = "SubscriptionRequiredException"
_NOT_ENROLLED_MESSAGE = "The AWS Access Key Id needs a subscription for the service"
"""As other JSON services have it."""


def fault_of(refusal: Refusal, service: Service | None, choices: WireChoices) -> Fault:
    """What a refused caller is sent.

    Args:
        refusal: why.
        service: the one that was called, if that could be made out.
        choices: which statuses.
    """
    found = _at_once(refusal, service, choices) or _of_data_sets(refusal, service, choices)
    if found is not None:
        return found
    code = _CODES[type(refusal)]
    if isinstance(refusal, ShapeViolated) and _concerns_tags_alone(refusal, service):
        code = _CODES[refusals.TagInvalid]
    denied = isinstance(refusal, refusals.AccessDenied)
    status = choices.authentication_status if denied else 400
    message = refusal.why
    modelled = None if service is None else service.errors.get(code)
    if modelled is None:
        return Fault(code, status, message)
    if type(refusal) in _MESSAGES:
        message = _MESSAGES[type(refusal)]
    elif not isinstance(refusal, refusals.AccessDenied):
        message = f"{modelled.summary} {message}".strip()
    return Fault(code, modelled.status, message, _members(refusal, modelled.struct))


def _at_once(refusal: Refusal, service: Service | None, choices: WireChoices) -> Fault | None:
    """What is not any service's own."""
    if isinstance(refusal, NotClaimed):
        return Fault(refusal.code, refusal.status, refusal.why)
    if isinstance(refusal, SignatureRefused):
        return Fault(refusal.code, choices.authentication_status, refusal.message)
    if isinstance(refusal, refusals.StoreUnavailable | FailedOnDemand):
        return internal_fault(service)
    if isinstance(refusal, Throttled | QuotaReached):
        return throttling_fault(service, refusal)
    return None


def _of_data_sets(refusal: Refusal, service: Service | None, choices: WireChoices) -> Fault | None:
    """Of commerce analytics, which models one error for whatever it does not carry out."""
    if isinstance(refusal, NotEnrolled):
        return Fault(_NOT_ENROLLED_CODE, 400, _NOT_ENROLLED_MESSAGE)
    asked = service is not None and _ANALYTICS_CODE in service.errors
    if isinstance(refusal, AnalyticsRefused) or (asked and isinstance(refusal, ShapeViolated)):
        return Fault(_ANALYTICS_CODE, choices.data_set_refusal_status, refusal.why)
    return None


def internal_fault(service: Service | None) -> Fault:
    """That Waag failed: the fault the service models, which SDKs send again."""
    modelled = () if service is None else service.errors.values()
    names = [error.name for error in modelled if error.status == _INTERNAL]
    code = names[0] if names else "InternalFailure"
    return Fault(code, _INTERNAL, "An internal error has occurred. Retry your request.")


def throttling_fault(service: Service | None, refusal: Refusal) -> Fault:
    """That calls come too fast; SDKs send it again, more slowly."""
    code = "ThrottlingException"
    modelled = None if service is None else service.errors.get(code)
    if modelled is None:
        return Fault(code, 400, "Rate exceeded")
    return Fault(code, modelled.status, "Rate exceeded", _members(refusal, modelled.struct))


def _concerns_tags_alone(refusal: ShapeViolated, service: Service | None) -> bool:
    """Whether a service with an error for tags should use it. Source: InvalidTagException."""
    if service is None or _CODES[refusals.TagInvalid] not in service.errors:
        return False
    return all("Tags" in violation.path for violation in refusal.violations)


def _members(refusal: Refusal, struct: type[msgspec.Struct]) -> Mapping[str, Any]:
    """The modelled members beside the message that Waag knows how to fill."""
    wire_names = {field.encode_name for field in msgspec.structs.fields(struct)}
    members: dict[str, Any] = {}
    if "QuotaCode" in wire_names and isinstance(refusal, QuotaReached):
        members |= {"ServiceCode": "partnercentral", "QuotaCode": refusal.quota.code}
    if "Reason" in wire_names and type(refusal) in _REASONS:
        members["Reason"] = _REASONS[type(refusal)]
    if "FieldList" in wire_names and isinstance(refusal, ShapeViolated):
        members["FieldList"] = [
            {"Name": plain_path(each.path), "Message": each.constraint, "Code": each.code}
            for each in refusal.violations
        ]
    if "FieldList" in wire_names and isinstance(refusal, attribution.FieldsInvalid):
        members["FieldList"] = [
            {"Name": each.name, "Message": each.message, "Code": each.code}
            for each in refusal.problems
        ]
    return members
