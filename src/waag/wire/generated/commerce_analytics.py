"""AWS Marketplace Commerce Analytics: the structures on the wire, and the service.

Written by tools/codegen.py from botocore 1.44.5, API version
2015-07-01. Change the generator, not this file.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from waag.wire.shapes import ErrorShape, Operation, Service, Shape, Timestamp


DataSetType = Literal[
    "customer_subscriber_hourly_monthly_subscriptions",
    "customer_subscriber_annual_subscriptions",
    "daily_business_usage_by_instance_type",
    "daily_business_fees",
    "daily_business_free_trial_conversions",
    "daily_business_new_instances",
    "daily_business_new_product_subscribers",
    "daily_business_canceled_product_subscribers",
    "monthly_revenue_billing_and_revenue_data",
    "monthly_revenue_annual_subscriptions",
    "monthly_revenue_field_demonstration_usage",
    "monthly_revenue_flexible_payment_schedule",
    "disbursed_amount_by_product",
    "disbursed_amount_by_product_with_uncollected_funds",
    "disbursed_amount_by_instance_hours",
    "disbursed_amount_by_customer_geo",
    "disbursed_amount_by_age_of_uncollected_funds",
    "disbursed_amount_by_age_of_disbursed_funds",
    "disbursed_amount_by_age_of_past_due_funds",
    "disbursed_amount_by_uncollected_funds_breakdown",
    "customer_profile_by_industry",
    "customer_profile_by_revenue",
    "customer_profile_by_geography",
    "sales_compensation_billed_revenue",
    "us_sales_and_use_tax_records",
]
DestinationS3BucketName = Annotated[str, Meta(min_length=1, max_length=63)]
OptionalKey = Annotated[str, Meta(min_length=1, max_length=255)]
OptionalValue = Annotated[str, Meta(min_length=1, max_length=255)]
RoleNameArn = Annotated[str, Meta(min_length=1, max_length=2048)]
SnsTopicArn = Annotated[str, Meta(min_length=1, max_length=256)]
SupportDataSetType = Literal["customer_support_contacts_data", "test_customer_support_contacts_data"]


class GenerateDataSetRequest(Shape, frozen=True, kw_only=True):
    data_set_type: DataSetType = field(name="dataSetType")
    data_set_publication_date: Timestamp = field(name="dataSetPublicationDate")
    role_name_arn: RoleNameArn = field(name="roleNameArn")
    destination_s3_bucket_name: DestinationS3BucketName = field(name="destinationS3BucketName")
    destination_s3_prefix: str | None = field(default=None, name="destinationS3Prefix")
    sns_topic_arn: SnsTopicArn = field(name="snsTopicArn")
    customer_defined_values: CustomerDefinedValues | None = field(
        default=None,
        name="customerDefinedValues",
    )


class GenerateDataSetResult(Shape, frozen=True, kw_only=True):
    data_set_request_id: str | None = field(default=None, name="dataSetRequestId")


class StartSupportDataExportRequest(Shape, frozen=True, kw_only=True):
    data_set_type: SupportDataSetType = field(name="dataSetType")
    from_date: Timestamp = field(name="fromDate")
    role_name_arn: RoleNameArn = field(name="roleNameArn")
    destination_s3_bucket_name: DestinationS3BucketName = field(name="destinationS3BucketName")
    destination_s3_prefix: str | None = field(default=None, name="destinationS3Prefix")
    sns_topic_arn: SnsTopicArn = field(name="snsTopicArn")
    customer_defined_values: CustomerDefinedValues | None = field(
        default=None,
        name="customerDefinedValues",
    )


class StartSupportDataExportResult(Shape, frozen=True, kw_only=True):
    data_set_request_id: str | None = field(default=None, name="dataSetRequestId")


class MarketplaceCommerceAnalyticsException(Shape, frozen=True, kw_only=True):
    message: str | None = None


CustomerDefinedValues = Annotated[dict[OptionalKey, OptionalValue], Meta(min_length=1, max_length=5)]


SERVICE = Service(
    slug="commerce_analytics",
    service_id="Marketplace Commerce Analytics",
    namespace="com.amazonaws.marketplacecommerceanalytics",
    target_prefix="MarketplaceCommerceAnalytics20150701",
    signing_name="marketplacecommerceanalytics",
    api_version="2015-07-01",
    json_version="1.1",
    protocols=("json",),
    operations={
        "GenerateDataSet": Operation(
            name="GenerateDataSet",
            input=GenerateDataSetRequest,
            output=GenerateDataSetResult,
            errors=("MarketplaceCommerceAnalyticsException",),
        ),
        "StartSupportDataExport": Operation(
            name="StartSupportDataExport",
            input=StartSupportDataExportRequest,
            output=StartSupportDataExportResult,
            errors=("MarketplaceCommerceAnalyticsException",),
        ),
    },
    errors={
        "MarketplaceCommerceAnalyticsException": ErrorShape(
            name="MarketplaceCommerceAnalyticsException",
            status=500,
            message_member="message",
            struct=MarketplaceCommerceAnalyticsException,
            summary="This exception is thrown when an internal service error occurs.",
        ),
    },
)
