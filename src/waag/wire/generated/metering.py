"""AWSMarketplace Metering: the structures on the wire, and the service.

Written by tools/codegen.py from botocore 1.44.5, API version
2016-01-14. Change the generator, not this file.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from waag.wire.shapes import ErrorShape, Operation, Service, Shape, Timestamp


AgreementId = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"\A(?a:[A-Za-z0-9_/-]+)\Z")]
AllocatedUsageQuantity = Annotated[int, Meta(ge=0, le=2147483647)]
AllocatedUsageQuantityAsDecimalString = Annotated[str, Meta(min_length=1, max_length=17, pattern=r"\A(?a:^(0|[1-9][0-9]{0,9})(\.[0-9]{1,6})?$)\Z")]
ClientToken = Annotated[str, Meta(min_length=1, max_length=64)]
CustomerAWSAccountId = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"\A(?a:^[0-9]+$)\Z")]
CustomerIdentifier = Annotated[str, Meta(max_length=255)]
LicenseArn = Annotated[str, Meta(pattern=r"\A(?a:^arn:aws[a-zA-Z-]*:[A-Za-z0-9][A-Za-z0-9_/.-]{0,62}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]{0,1023}$)\Z")]
NonEmptyString = Annotated[str, Meta(pattern=r"\A(?a:[\s\S]+)\Z")]
Nonce = Annotated[str, Meta(max_length=255)]
ProductCode = Annotated[str, Meta(max_length=255, pattern=r"\A(?a:^[-a-zA-Z0-9/=:_.@]*$)\Z")]
TagKey = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"\A(?a:^[a-zA-Z0-9+ -=._:\/@]+$)\Z")]
TagValue = Annotated[str, Meta(min_length=1, max_length=256, pattern=r"\A(?a:^[a-zA-Z0-9+ -=._:\/@]+$)\Z")]
UsageDimension = Annotated[str, Meta(min_length=1, max_length=255)]
UsageQuantity = Annotated[int, Meta(ge=0, le=2147483647)]
UsageQuantityAsDecimalString = Annotated[str, Meta(min_length=1, max_length=17, pattern=r"\A(?a:^(0|[1-9][0-9]{0,9})(\.[0-9]{1,6})?$)\Z")]
UsageRecordResultStatus = Literal["Success", "CustomerNotSubscribed", "DuplicateRecord"]
VersionInteger = Annotated[int, Meta(ge=1, le=2147483647)]


class Tag(Shape, frozen=True, kw_only=True):
    key: TagKey = field(name="Key")
    value: TagValue = field(name="Value")


class UsageAllocation(Shape, frozen=True, kw_only=True):
    allocated_usage_quantity: AllocatedUsageQuantity | None = field(
        default=None,
        name="AllocatedUsageQuantity",
    )
    allocated_usage_quantity_as_decimal: AllocatedUsageQuantityAsDecimalString | None = field(
        default=None,
        name="AllocatedUsageQuantityAsDecimal",
    )
    tags: TagList | None = field(default=None, name="Tags")


class UsageRecord(Shape, frozen=True, kw_only=True):
    timestamp: Timestamp = field(name="Timestamp")
    customer_identifier: CustomerIdentifier | None = field(default=None, name="CustomerIdentifier")
    dimension: UsageDimension = field(name="Dimension")
    quantity: UsageQuantity | None = field(default=None, name="Quantity")
    quantity_as_decimal: UsageQuantityAsDecimalString | None = field(
        default=None,
        name="QuantityAsDecimal",
    )
    usage_allocations: UsageAllocations | None = field(default=None, name="UsageAllocations")
    customer_aws_account_id: CustomerAWSAccountId | None = field(
        default=None,
        name="CustomerAWSAccountId",
    )
    license_arn: LicenseArn | None = field(default=None, name="LicenseArn")


class BatchMeterUsageRequest(Shape, frozen=True, kw_only=True):
    usage_records: UsageRecordList = field(name="UsageRecords")
    product_code: ProductCode | None = field(default=None, name="ProductCode")


class UsageRecordResult(Shape, frozen=True, kw_only=True):
    usage_record: UsageRecord | None = field(default=None, name="UsageRecord")
    metering_record_id: str | None = field(default=None, name="MeteringRecordId")
    status: UsageRecordResultStatus | None = field(default=None, name="Status")


class BatchMeterUsageResult(Shape, frozen=True, kw_only=True):
    results: UsageRecordResultList | None = field(default=None, name="Results")
    unprocessed_records: UsageRecordList | None = field(default=None, name="UnprocessedRecords")


class MeterUsageRequest(Shape, frozen=True, kw_only=True):
    product_code: ProductCode = field(name="ProductCode")
    timestamp: Timestamp = field(name="Timestamp")
    usage_dimension: UsageDimension = field(name="UsageDimension")
    usage_quantity: UsageQuantity | None = field(default=None, name="UsageQuantity")
    usage_quantity_as_decimal: UsageQuantityAsDecimalString | None = field(
        default=None,
        name="UsageQuantityAsDecimal",
    )
    dry_run: bool | None = field(default=None, name="DryRun")
    usage_allocations: UsageAllocations | None = field(default=None, name="UsageAllocations")
    client_token: ClientToken | None = field(default=None, name="ClientToken")


class MeterUsageResult(Shape, frozen=True, kw_only=True):
    metering_record_id: str | None = field(default=None, name="MeteringRecordId")


class RegisterUsageRequest(Shape, frozen=True, kw_only=True):
    product_code: ProductCode = field(name="ProductCode")
    public_key_version: VersionInteger = field(name="PublicKeyVersion")
    nonce: Nonce | None = field(default=None, name="Nonce")


class RegisterUsageResult(Shape, frozen=True, kw_only=True):
    public_key_rotation_timestamp: Timestamp | None = field(
        default=None,
        name="PublicKeyRotationTimestamp",
    )
    signature: NonEmptyString | None = field(default=None, name="Signature")


class ResolveCustomerRequest(Shape, frozen=True, kw_only=True):
    registration_token: NonEmptyString = field(name="RegistrationToken")


class Metadata(Shape, frozen=True, kw_only=True):
    agreement_id: AgreementId | None = field(default=None, name="AgreementId")


class ResolveCustomerResult(Shape, frozen=True, kw_only=True):
    customer_identifier: CustomerIdentifier | None = field(default=None, name="CustomerIdentifier")
    product_code: ProductCode | None = field(default=None, name="ProductCode")
    customer_aws_account_id: CustomerAWSAccountId | None = field(
        default=None,
        name="CustomerAWSAccountId",
    )
    license_arn: LicenseArn | None = field(default=None, name="LicenseArn")
    metadata: Metadata | None = field(default=None, name="Metadata")


class CustomerNotEntitledException(Shape, frozen=True, kw_only=True):
    message: str | None = None


class DisabledApiException(Shape, frozen=True, kw_only=True):
    message: str | None = None


class DuplicateRequestException(Shape, frozen=True, kw_only=True):
    message: str | None = None


class ExpiredTokenException(Shape, frozen=True, kw_only=True):
    message: str | None = None


class IdempotencyConflictException(Shape, frozen=True, kw_only=True):
    message: str | None = None


class InternalServiceErrorException(Shape, frozen=True, kw_only=True):
    message: str | None = None


class InvalidCustomerIdentifierException(Shape, frozen=True, kw_only=True):
    message: str | None = None


class InvalidEndpointRegionException(Shape, frozen=True, kw_only=True):
    message: str | None = None


class InvalidLicenseException(Shape, frozen=True, kw_only=True):
    message: str | None = None


class InvalidProductCodeException(Shape, frozen=True, kw_only=True):
    message: str | None = None


class InvalidPublicKeyVersionException(Shape, frozen=True, kw_only=True):
    message: str | None = None


class InvalidRegionException(Shape, frozen=True, kw_only=True):
    message: str | None = None


class InvalidTagException(Shape, frozen=True, kw_only=True):
    message: str | None = None


class InvalidTokenException(Shape, frozen=True, kw_only=True):
    message: str | None = None


class InvalidUsageAllocationsException(Shape, frozen=True, kw_only=True):
    message: str | None = None


class InvalidUsageDimensionException(Shape, frozen=True, kw_only=True):
    message: str | None = None


class PlatformNotSupportedException(Shape, frozen=True, kw_only=True):
    message: str | None = None


class ThrottlingException(Shape, frozen=True, kw_only=True):
    message: str | None = None


class TimestampOutOfBoundsException(Shape, frozen=True, kw_only=True):
    message: str | None = None


TagList = Annotated[list[Tag], Meta(min_length=1, max_length=5)]
UsageAllocations = Annotated[list[UsageAllocation], Meta(min_length=1, max_length=2500)]
UsageRecordList = Annotated[list[UsageRecord], Meta(max_length=25)]
UsageRecordResultList = list[UsageRecordResult]


SERVICE = Service(
    slug="metering",
    service_id="Marketplace Metering",
    namespace="com.amazonaws.marketplacemetering",
    target_prefix="AWSMPMeteringService",
    signing_name="aws-marketplace",
    api_version="2016-01-14",
    json_version="1.1",
    protocols=("json",),
    operations={
        "BatchMeterUsage": Operation(
            name="BatchMeterUsage",
            input=BatchMeterUsageRequest,
            output=BatchMeterUsageResult,
            errors=(
                "DisabledApiException",
                "InternalServiceErrorException",
                "InvalidCustomerIdentifierException",
                "InvalidLicenseException",
                "InvalidProductCodeException",
                "InvalidTagException",
                "InvalidUsageAllocationsException",
                "InvalidUsageDimensionException",
                "ThrottlingException",
                "TimestampOutOfBoundsException",
            ),
        ),
        "MeterUsage": Operation(
            name="MeterUsage",
            input=MeterUsageRequest,
            output=MeterUsageResult,
            errors=(
                "CustomerNotEntitledException",
                "DuplicateRequestException",
                "IdempotencyConflictException",
                "InternalServiceErrorException",
                "InvalidEndpointRegionException",
                "InvalidProductCodeException",
                "InvalidTagException",
                "InvalidUsageAllocationsException",
                "InvalidUsageDimensionException",
                "ThrottlingException",
                "TimestampOutOfBoundsException",
            ),
        ),
        "RegisterUsage": Operation(
            name="RegisterUsage",
            input=RegisterUsageRequest,
            output=RegisterUsageResult,
            errors=(
                "CustomerNotEntitledException",
                "DisabledApiException",
                "InternalServiceErrorException",
                "InvalidProductCodeException",
                "InvalidPublicKeyVersionException",
                "InvalidRegionException",
                "PlatformNotSupportedException",
                "ThrottlingException",
            ),
        ),
        "ResolveCustomer": Operation(
            name="ResolveCustomer",
            input=ResolveCustomerRequest,
            output=ResolveCustomerResult,
            errors=(
                "DisabledApiException",
                "ExpiredTokenException",
                "InternalServiceErrorException",
                "InvalidTokenException",
                "ThrottlingException",
            ),
        ),
    },
    errors={
        "CustomerNotEntitledException": ErrorShape(
            name="CustomerNotEntitledException",
            status=400,
            message_member="message",
            struct=CustomerNotEntitledException,
            summary="Exception thrown when the customer does not have a valid subscription for the product.",
        ),
        "DisabledApiException": ErrorShape(
            name="DisabledApiException",
            status=400,
            message_member="message",
            struct=DisabledApiException,
            summary="The API is disabled in the Region.",
        ),
        "DuplicateRequestException": ErrorShape(
            name="DuplicateRequestException",
            status=400,
            message_member="message",
            struct=DuplicateRequestException,
            summary="A metering record has already been emitted by the same EC2 instance, ECS task, or EKS pod for the given {usageDimension, timestamp} with a different usageQuantity.",
        ),
        "ExpiredTokenException": ErrorShape(
            name="ExpiredTokenException",
            status=400,
            message_member="message",
            struct=ExpiredTokenException,
            summary="The submitted registration token has expired.",
        ),
        "IdempotencyConflictException": ErrorShape(
            name="IdempotencyConflictException",
            status=400,
            message_member="message",
            struct=IdempotencyConflictException,
            summary="The ClientToken is being used for multiple requests.",
        ),
        "InternalServiceErrorException": ErrorShape(
            name="InternalServiceErrorException",
            status=500,
            message_member="message",
            struct=InternalServiceErrorException,
            summary="An internal error has occurred.",
        ),
        "InvalidCustomerIdentifierException": ErrorShape(
            name="InvalidCustomerIdentifierException",
            status=400,
            message_member="message",
            struct=InvalidCustomerIdentifierException,
            summary="You have metered usage for a CustomerIdentifier that does not exist.",
        ),
        "InvalidEndpointRegionException": ErrorShape(
            name="InvalidEndpointRegionException",
            status=400,
            message_member="message",
            struct=InvalidEndpointRegionException,
            summary="The endpoint being called is in a Amazon Web Services Region different from your EC2 instance, ECS task, or EKS pod.",
        ),
        "InvalidLicenseException": ErrorShape(
            name="InvalidLicenseException",
            status=400,
            message_member="message",
            struct=InvalidLicenseException,
            summary="Ensure the LicenseArn is valid, matches the customer, and usage is within the license activation period.",
        ),
        "InvalidProductCodeException": ErrorShape(
            name="InvalidProductCodeException",
            status=400,
            message_member="message",
            struct=InvalidProductCodeException,
            summary="The product code passed does not match the product code used for publishing the product.",
        ),
        "InvalidPublicKeyVersionException": ErrorShape(
            name="InvalidPublicKeyVersionException",
            status=400,
            message_member="message",
            struct=InvalidPublicKeyVersionException,
            summary="Public Key version is invalid.",
        ),
        "InvalidRegionException": ErrorShape(
            name="InvalidRegionException",
            status=400,
            message_member="message",
            struct=InvalidRegionException,
            summary="RegisterUsage must be called in the same Amazon Web Services Region the ECS task was launched in.",
        ),
        "InvalidTagException": ErrorShape(
            name="InvalidTagException",
            status=400,
            message_member="message",
            struct=InvalidTagException,
            summary="The tag is invalid, or the number of tags is greater than 5.",
        ),
        "InvalidTokenException": ErrorShape(
            name="InvalidTokenException",
            status=400,
            message_member="message",
            struct=InvalidTokenException,
            summary="Registration token is invalid.",
        ),
        "InvalidUsageAllocationsException": ErrorShape(
            name="InvalidUsageAllocationsException",
            status=400,
            message_member="message",
            struct=InvalidUsageAllocationsException,
            summary="Sum of allocated usage quantities is not equal to the usage quantity, or the allocations don't use the same type of quantity (whole number or decimal) as the usage quantity.",
        ),
        "InvalidUsageDimensionException": ErrorShape(
            name="InvalidUsageDimensionException",
            status=400,
            message_member="message",
            struct=InvalidUsageDimensionException,
            summary="The usage dimension does not match one of the UsageDimensions associated with products.",
        ),
        "PlatformNotSupportedException": ErrorShape(
            name="PlatformNotSupportedException",
            status=400,
            message_member="message",
            struct=PlatformNotSupportedException,
            summary="Amazon Web Services Marketplace does not support metering usage from the underlying platform.",
        ),
        "ThrottlingException": ErrorShape(
            name="ThrottlingException",
            status=400,
            message_member="message",
            struct=ThrottlingException,
            summary="The calls to the API are throttled.",
        ),
        "TimestampOutOfBoundsException": ErrorShape(
            name="TimestampOutOfBoundsException",
            status=400,
            message_member="message",
            struct=TimestampOutOfBoundsException,
            summary="The timestamp value passed in the UsageRecord is out of allowed range.",
        ),
    },
)
