"""From a refusal to what the caller is sent."""

import inspect

import pytest

from waag.domain import refusals
from waag.domain.attribution import refusals as attribution
from waag.domain.refusals import Refusal
from waag.wire.faults import Fault, WireChoices, fault_of, internal_fault
from waag.wire.generated import commerce_analytics, entitlement, metering, revenue_measurement
from waag.wire.violations import ShapeViolated, Violation

DOMAIN_REFUSALS = [
    refusal
    for _, refusal in inspect.getmembers(refusals, inspect.isclass)
    if issubclass(refusal, Refusal) and refusal is not Refusal
]
VIOLATION = Violation(
    ("RevenueShareAllocations", 3, "EffectiveFrom"),
    "REQUIRED_FIELD_MISSING",
    "Member must not be null",
    None,
)


CODES = {
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
    refusals.StoreUnavailable: "InternalServiceErrorException",
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
}


def test_no_refusal_of_the_domain_is_forgotten():
    """The table below names every refusal there is."""
    assert set(CODES) == set(DOMAIN_REFUSALS)


@pytest.mark.parametrize(
    ("refusal", "code"), CODES.items(), ids=[refusal.__name__ for refusal in CODES]
)
def test_every_refusal_of_the_domain_has_its_code(refusal, code):
    """Each refusal leads to one error code."""
    assert fault_of(refusal("why"), metering.SERVICE, WireChoices()).code == code


@pytest.mark.parametrize(
    ("service", "code"),
    [
        (metering.SERVICE, "InternalServiceErrorException"),
        (entitlement.SERVICE, "InternalServiceErrorException"),
        (commerce_analytics.SERVICE, "MarketplaceCommerceAnalyticsException"),
        (revenue_measurement.SERVICE, "InternalServerException"),
        (None, "InternalFailure"),
    ],
    ids=lambda value: getattr(value, "slug", str(value)),
)
def test_a_failure_is_the_fault_that_the_service_models(service, code):
    """An internal failure has the code that SDKs of the service send again."""
    fault = internal_fault(service)
    assert (fault.code, fault.status) == (code, 500)


def test_a_full_disk_is_an_internal_error():
    """A ledger that cannot write is not the caller's fault, and the call may be sent again."""
    refusal = refusals.StoreUnavailable("the disk is full")
    fault = fault_of(refusal, metering.SERVICE, WireChoices())
    assert (fault.code, fault.status) == ("InternalServiceErrorException", 500)


def test_a_modelled_error_begins_with_the_models_sentence():
    """AWS's own sentence comes first, what Waag found after it."""
    fault = fault_of(refusals.DimensionUnknown("Found."), metering.SERVICE, WireChoices())
    assert fault.message == (
        "The usage dimension does not match one of the UsageDimensions associated with products. "
        "Found."
    )


def test_an_invalid_token_has_the_real_services_message():
    """It was published to the letter, without a full stop; why is for the operator alone."""
    fault = fault_of(refusals.TokenInvalid("Found."), metering.SERVICE, WireChoices())
    assert fault.message == "Registration token is invalid"


def test_denied_access_is_a_400_where_no_status_is_modelled():
    """The metering service models no AccessDeniedException; the choice decides its status."""
    fault = fault_of(refusals.AccessDenied("Denied."), metering.SERVICE, WireChoices())
    assert fault == Fault("AccessDeniedException", 400, "Denied.")


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (refusals.DryRunDenied, "UnauthorizedException"),
        (refusals.WorkloadUnknown, "AccessDeniedException"),
    ],
    ids=["dry run", "workload"],
)
def test_every_kind_of_denied_access_has_the_status_chosen(refusal, code):
    """What is denied for another reason than policies is denied alike."""
    fault = fault_of(refusal("Denied."), metering.SERVICE, WireChoices(authentication_status=403))
    assert fault == Fault(code, 403, "Denied.")


def test_denied_access_as_revenue_measurement_models_it():
    """There the status is 403 and a reason is required."""
    fault = fault_of(refusals.AccessDenied("Denied."), revenue_measurement.SERVICE, WireChoices())
    assert fault == Fault("AccessDeniedException", 403, "Denied.", {"Reason": "ACCESS_DENIED"})


REASONS = {
    attribution.AlreadyExists: (409, "RESOURCE_ALREADY_EXISTS"),
    attribution.AttributionQuotaExceeded: (402, "ATTRIBUTION_LIMIT_EXCEEDED"),
    attribution.ClientTokenConflict: (409, "CONFLICT_CLIENT_TOKEN"),
    attribution.ConcurrentModification: (409, "CONCURRENT_MODIFICATION"),
    attribution.FieldsInvalid: (400, "BUSINESS_VALIDATION_FAILED"),
    attribution.NotRegistered: (403, "ACCESS_DENIED"),
    attribution.RequestInvalid: (400, "REQUEST_VALIDATION_FAILED"),
    attribution.ResourceUnknown: (404, "RESOURCE_NOT_FOUND"),
    attribution.RevisionMismatch: (409, "REVISION_MISMATCH"),
    attribution.TagQuotaExceeded: (402, "TAG_LIMIT_EXCEEDED"),
}


def test_no_refusal_of_revenue_measurement_is_forgotten():
    """The table above names every refusal there is."""
    defined = [
        each
        for _, each in inspect.getmembers(attribution, inspect.isclass)
        if issubclass(each, Refusal) and each.__module__ == attribution.__name__
    ]
    assert set(REASONS) == set(defined)


@pytest.mark.parametrize(
    ("refusal", "expected"), REASONS.items(), ids=[each.__name__ for each in REASONS]
)
def test_every_refusal_of_revenue_measurement_has_its_reason(refusal, expected):
    """With the status of the error that the model has for it."""
    problems = (attribution.Problem("Tags[0].Key", "Found.", "INVALID_VALUE"),)
    why = problems if issubclass(refusal, attribution.FieldsInvalid) else "Found."
    fault = fault_of(refusal(why), revenue_measurement.SERVICE, WireChoices())
    assert (fault.status, fault.members["Reason"]) == expected


def test_violations_as_revenue_measurement_models_them():
    """There every violated constraint stands in FieldList with its path and code."""
    fault = fault_of(ShapeViolated((VIOLATION,)), revenue_measurement.SERVICE, WireChoices())
    assert fault.members == {
        "Reason": "REQUEST_VALIDATION_FAILED",
        "FieldList": [
            {
                "Name": "RevenueShareAllocations[3].EffectiveFrom",
                "Message": "Member must not be null",
                "Code": "REQUIRED_FIELD_MISSING",
            }
        ],
    }
