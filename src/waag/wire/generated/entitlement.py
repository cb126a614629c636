"""AWS Marketplace Entitlement Service: the structures on the wire, and the service.

Written by tools/codegen.py from botocore 1.44.5, API version
2017-01-11. Change the generator, not this file.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from waag.wire.shapes import ErrorShape, Integer, Operation, Service, Shape, Timestamp


GetEntitlementFilterName = Literal[
    "CUSTOMER_IDENTIFIER",
    "DIMENSION",
    "CUSTOMER_AWS_ACCOUNT_ID",
    "LICENSE_ARN",
]
NonEmptyString = Annotated[str, Meta(pattern=r"\A(?a:\S+)\Z")]
PageSizeInteger = Annotated[int, Meta(ge=1, le=25)]
ProductCode = Annotated[str, Meta(min_length=1, max_length=255)]


class GetEntitlementsRequest(Shape, frozen=True, kw_only=True):
    product_code: ProductCode = field(name="ProductCode")
    filter: GetEntitlementFilters | None = field(default=None, name="Filter")
    next_token: NonEmptyString | None = field(default=None, name="NextToken")
    max_results: PageSizeInteger | None = field(default=None, name="MaxResults")


class EntitlementValue(Shape, frozen=True, kw_only=True):
    integer_value: Integer | None = field(default=None, name="IntegerValue")
    double_value: float | None = field(default=None, name="DoubleValue")
    boolean_value: bool | None = field(default=None, name="BooleanValue")
    string_value: str | None = field(default=None, name="StringValue")


class Entitlement(Shape, frozen=True, kw_only=True):
    product_code: ProductCode | None = field(default=None, name="ProductCode")
    dimension: NonEmptyString | None = field(default=None, name="Dimension")
    customer_identifier: NonEmptyString | None = field(default=None, name="CustomerIdentifier")
    customer_aws_account_id: NonEmptyString | None = field(
        default=None,
        name="CustomerAWSAccountId",
    )
    value: EntitlementValue | None = field(default=None, name="Value")
    expiration_date: Timestamp | None = field(default=None, name="ExpirationDate")
    license_arn: str | None = field(default=None, name="LicenseArn")


class GetEntitlementsResult(Shape, frozen=True, kw_only=True):
    entitlements: EntitlementList | None = field(default=None, name="Entitlements")
    next_token: NonEmptyString | None = field(default=None, name="NextToken")


class InternalServiceErrorException(Shape, frozen=True, kw_only=True):
    message: str | None = None


class InvalidParameterException(Shape, frozen=True, kw_only=True):
    message: str | None = None


class ThrottlingException(Shape, frozen=True, kw_only=True):
    message: str | None = None


FilterValueList = Annotated[list[str], Meta(min_length=1)]
GetEntitlementFilters = dict[GetEntitlementFilterName, FilterValueList]
EntitlementList = list[Entitlement]


SERVICE = Service(
    slug="entitlement",
    service_id="Marketplace Entitlement Service",
    namespace="com.amazonaws.marketplaceentitlementservice",
    target_prefix="AWSMPEntitlementService",
    signing_name="aws-marketplace",
    api_version="2017-01-11",
    json_version="1.1",
    protocols=("smithy-rpc-v2-cbor", "json"),
    operations={
        "GetEntitlements": Operation(
            name="GetEntitlements",
            input=GetEntitlementsRequest,
            output=GetEntitlementsResult,
            errors=(
                "InternalServiceErrorException",
                "InvalidParameterException",
                "ThrottlingException",
            ),
        ),
    },
    errors={
        "InternalServiceErrorException": ErrorShape(
            name="InternalServiceErrorException",
            status=500,
            message_member="message",
            struct=InternalServiceErrorException,
            summary="An internal error has occurred.",
        ),
        "InvalidParameterException": ErrorShape(
            name="InvalidParameterException",
            status=400,
            message_member="message",
            struct=InvalidParameterException,
            summary="One or more parameters in your request was invalid.",
        ),
        "ThrottlingException": ErrorShape(
            name="ThrottlingException",
            status=400,
            message_member="message",
            struct=ThrottlingException,
            summary="The calls to the GetEntitlements API are throttled.",
        ),
    },
)
