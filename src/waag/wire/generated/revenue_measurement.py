"""Partner Central Revenue Measurement API: the structures on the wire, and the service.

Written by tools/codegen.py from botocore 1.44.5, API version
2022-07-26. Change the generator, not this file.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from waag.wire.shapes import ErrorShape, Integer, Operation, Service, Shape, Timestamp


AccessDeniedExceptionReason = Literal["ACCESS_DENIED"]
AllocationCount = Annotated[int, Meta(ge=0, le=2147483647)]
AllocationEffectiveDateString = Annotated[str, Meta(min_length=10, max_length=10, pattern=r"\A(?a:\d{4}-\d{2}-\d{2})\Z")]
AllocationStatus = Literal["ACTIVE", "INACTIVE"]
AttributionSortBy = Literal["LastModifiedDate"]
AttributionSummaryNameString = Annotated[str, Meta(min_length=1, max_length=128)]
CatalogName = Literal["AWS", "Sandbox"]
ClientToken = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"\A(?a:[!-~]{1,64})\Z")]
ConflictExceptionReason = Literal[
    "CONFLICT_CLIENT_TOKEN",
    "CONCURRENT_MODIFICATION",
    "RESOURCE_ALREADY_EXISTS",
    "REVISION_MISMATCH",
]
CreateMarketplaceRevenueShareOutputRevisionInteger = Annotated[int, Meta(ge=1, le=2147483647)]
CreateRevenueAttributionInputDescriptionString = Annotated[str, Meta(max_length=1024, pattern=r"\A(?a:[\x20-\x7E]*)\Z")]
CreateRevenueAttributionInputNameString = Annotated[str, Meta(min_length=1, max_length=128, pattern=r"\A(?a:[\x20-\x7E]+)\Z")]
CreateRevenueAttributionInputProductIdentifierString = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"\A(?a:[\w\-:/.]+)\Z")]
CustomerAwsAccountId = Annotated[str, Meta(min_length=12, max_length=12, pattern=r"\A(?a:[0-9]{12})\Z", extra={"sensitive": True})]
EntityIdentifier = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"\A(?a:[\w\-:/.]+)\Z")]
EntityType = Literal["OFFER", "OPPORTUNITY"]
FieldValidationCode = Literal[
    "REQUIRED_FIELD_MISSING",
    "DUPLICATE_VALUE",
    "INVALID_VALUE",
    "INVALID_STRING_FORMAT",
    "TOO_MANY_VALUES",
    "ACTION_NOT_PERMITTED",
    "INVALID_ENUM_VALUE",
    "INVALID_NUMBER_FORMAT",
    "INVALID_STRING_LENGTH",
]
GetMarketplaceRevenueShareInputRevisionInteger = Annotated[int, Meta(ge=1, le=2147483647)]
GetMarketplaceRevenueShareOutputLatestRevisionInteger = Annotated[int, Meta(ge=1, le=2147483647)]
GetMarketplaceRevenueShareOutputRevisionInteger = Annotated[int, Meta(ge=1, le=2147483647)]
GetRevenueAttributionOutputDescriptionString = Annotated[str, Meta(max_length=1024)]
GetRevenueAttributionOutputNameString = Annotated[str, Meta(min_length=1, max_length=128)]
ListMarketplaceRevenueShareAllocationsInputMaxResultsInteger = Annotated[int, Meta(ge=1, le=100)]
ListMarketplaceRevenueSharesInputMaxResultsInteger = Annotated[int, Meta(ge=1, le=100)]
ListRevenueAttributionAllocationsInputMaxResultsInteger = Annotated[int, Meta(ge=1, le=500)]
ListRevenueAttributionsInputMaxResultsInteger = Annotated[int, Meta(ge=1, le=100)]
MarketplaceProductId = Annotated[str, Meta(min_length=18, max_length=18, pattern=r"\A(?a:prod-[a-z0-9]{13})\Z")]
MarketplaceProductSummaryProductIdString = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"\A(?a:[\w\-:/.]+)\Z")]
MarketplaceRevenueShareAllocationId = Annotated[str, Meta(min_length=18, max_length=18, pattern=r"\A(?a:mrsa-[A-Za-z0-9]{13})\Z")]
MarketplaceRevenueShareAllocationSortField = Literal["EffectiveFrom"]
MarketplaceRevenueShareSortBy = Literal["LastModifiedDate"]
NextToken = Annotated[str, Meta(min_length=1, max_length=2048, pattern=r"\A(?a:[\S]+)\Z")]
ResourceARN = Annotated[str, Meta(min_length=1, max_length=1011, pattern=r"\A(?a:arn:aws:partnercentral:[a-z0-9-]+:[0-9]{12}:catalog/[a-zA-Z]+/(revenue-attribution/[a-zA-Z0-9-]+|marketplace-revenue-share/prod-[a-z0-9]{13}))\Z")]
ResourceNotFoundExceptionReason = Literal["RESOURCE_NOT_FOUND"]
RevenueAttributionAllocationAction = Literal["CREATE", "UPDATE"]
RevenueAttributionAllocationErrorCode = Literal[
    "ALLOCATION_CAP_EXCEEDED",
    "RESOURCE_NOT_FOUND",
    "IMMUTABLE_ALLOCATION",
    "ACCESS_DENIED",
    "INVALID_VALUE",
    "CONCURRENT_MODIFICATION",
    "INTERNAL_ERROR",
]
RevenueAttributionAllocationId = Annotated[str, Meta(min_length=19, max_length=19, pattern=r"\A(?a:alloc-[a-z0-9]{13})\Z")]
RevenueAttributionAllocationSortField = Literal["EffectiveFrom"]
RevenueAttributionAllocationTaskId = Annotated[str, Meta(min_length=21, max_length=21, pattern=r"\A(?a:raatask-[a-z0-9]{13})\Z")]
RevenueAttributionAllocationTaskStatus = Literal["IN_PROGRESS", "COMPLETE", "FAILED"]
RevenueAttributionId = Annotated[str, Meta(min_length=16, max_length=1011, pattern=r"\A(?a:(arn:[a-z-]+:partnercentral:[a-z0-9-]+:[0-9]{12}:catalog/[a-zA-Z]+/revenue-attribution/ra-[a-z0-9]{13}|ra-[a-z0-9]{13}))\Z")]
RevenueAttributionIdentifier = Annotated[str, Meta(min_length=16, max_length=1011, pattern=r"\A(?a:(arn:[a-z-]+:partnercentral:[a-z0-9-]+:[0-9]{12}:catalog/[a-zA-Z]+/revenue-attribution/ra-[a-z0-9]{13}|ra-[a-z0-9]{13}))\Z")]
RevenueSharePercent = Annotated[str, Meta(min_length=1, max_length=6, pattern=r"\A(?a:\d{1,3}(\.\d{1,2})?)\Z")]
RevisionToken = Annotated[str, Meta(min_length=1, max_length=19, pattern=r"\A(?a:[1-9][0-9]*)\Z")]
ServiceQuotaExceededExceptionReason = Literal["ATTRIBUTION_LIMIT_EXCEEDED", "TAG_LIMIT_EXCEEDED"]
SortOrder = Literal["ASCENDING", "DESCENDING"]
StartRevenueAttributionAllocationsTaskInputDescriptionString = Annotated[str, Meta(max_length=1024, pattern=r"\A(?a:[\x20-\x7E]*)\Z")]
TagKey = Annotated[str, Meta(min_length=1, max_length=128, pattern=r"\A(?a:[^\x00-\x1F\x7F]+)\Z")]
TagValue = Annotated[str, Meta(max_length=256, pattern=r"\A(?a:[^\x00-\x1F\x7F]*)\Z")]
TenancyModel = Literal["MULTI_TENANT", "SINGLE_TENANT"]
UpdateRevenueAttributionInputDescriptionString = Annotated[str, Meta(max_length=1024, pattern=r"\A(?a:[\x20-\x7E]*)\Z")]
ValidationExceptionReason = Literal["REQUEST_VALIDATION_FAILED", "BUSINESS_VALIDATION_FAILED"]


class Tag(Shape, frozen=True, kw_only=True):
    key: TagKey = field(name="Key")
    value: TagValue = field(name="Value")


class CreateMarketplaceRevenueShareInput(Shape, frozen=True, kw_only=True):
    catalog: CatalogName = field(name="Catalog")
    client_token: ClientToken | None = field(default=None, name="ClientToken")
    product_id: MarketplaceProductId = field(name="ProductId")
    tags: MarketplaceRevenueShareTagList | None = field(default=None, name="Tags")


class CreateMarketplaceRevenueShareOutput(Shape, frozen=True, kw_only=True):
    product_id: MarketplaceProductId = field(name="ProductId")
    arn: str = field(name="Arn")
    catalog: CatalogName | None = field(default=None, name="Catalog")
    product_code: str | None = field(default=None, name="ProductCode")
    product_name: str | None = field(default=None, name="ProductName")
    created_date: Timestamp | None = field(default=None, name="CreatedDate")
    last_modified_date: Timestamp | None = field(default=None, name="LastModifiedDate")
    revision: CreateMarketplaceRevenueShareOutputRevisionInteger | None = field(
        default=None,
        name="Revision",
    )


class CreateMarketplaceRevenueShareAllocationInput(Shape, frozen=True, kw_only=True):
    catalog: CatalogName = field(name="Catalog")
    product_id: MarketplaceProductId = field(name="ProductId")
    client_token: ClientToken | None = field(default=None, name="ClientToken")
    effective_from: AllocationEffectiveDateString = field(name="EffectiveFrom")
    effective_until: AllocationEffectiveDateString | None = field(
        default=None,
        name="EffectiveUntil",
    )
    revenue_share_percent: RevenueSharePercent = field(name="RevenueSharePercent")


class CreateMarketplaceRevenueShareAllocationOutput(Shape, frozen=True, kw_only=True):
    marketplace_revenue_share_allocation_id: MarketplaceRevenueShareAllocationId = field(
        name="MarketplaceRevenueShareAllocationId",
    )
    product_id: MarketplaceProductId = field(name="ProductId")
    product_name: str | None = field(default=None, name="ProductName")
    arn: str = field(name="Arn")
    effective_from: AllocationEffectiveDateString = field(name="EffectiveFrom")
    effective_until: AllocationEffectiveDateString | None = field(
        default=None,
        name="EffectiveUntil",
    )
    revenue_share_percent: RevenueSharePercent = field(name="RevenueSharePercent")
    status: AllocationStatus = field(name="Status")
    created_date: Timestamp | None = field(default=None, name="CreatedDate")
    last_modified_date: Timestamp | None = field(default=None, name="LastModifiedDate")
    latest_marketplace_revenue_share_revision: RevisionToken | None = field(
        default=None,
        name="LatestMarketplaceRevenueShareRevision",
    )


class CreateRevenueAttributionInput(Shape, frozen=True, kw_only=True):
    catalog: CatalogName = field(name="Catalog")
    client_token: ClientToken | None = field(default=None, name="ClientToken")
    name: CreateRevenueAttributionInputNameString = field(name="Name")
    description: CreateRevenueAttributionInputDescriptionString | None = field(
        default=None,
        name="Description",
    )
    tenancy_model: TenancyModel = field(name="TenancyModel")
    product_identifier: CreateRevenueAttributionInputProductIdentifierString | None = field(
        default=None,
        name="ProductIdentifier",
    )
    tags: TagList | None = field(default=None, name="Tags")


class MarketplaceProductSummary(Shape, frozen=True, kw_only=True):
    product_id: MarketplaceProductSummaryProductIdString | None = field(
        default=None,
        name="ProductId",
    )
    product_code: str | None = field(default=None, name="ProductCode")
    product_name: str | None = field(default=None, name="ProductName")


class CreateRevenueAttributionOutput(Shape, frozen=True, kw_only=True):
    id: RevenueAttributionId = field(name="Id")
    arn: str = field(name="Arn")
    name: str | None = field(default=None, name="Name")
    description: str | None = field(default=None, name="Description")
    tenancy_model: TenancyModel = field(name="TenancyModel")
    marketplace_product: MarketplaceProductSummary | None = field(
        default=None,
        name="MarketplaceProduct",
    )
    revision: RevisionToken | None = field(default=None, name="Revision")


class GetMarketplaceRevenueShareInput(Shape, frozen=True, kw_only=True):
    catalog: CatalogName = field(name="Catalog")
    product_id: MarketplaceProductId = field(name="ProductId")
    revision: GetMarketplaceRevenueShareInputRevisionInteger | None = field(
        default=None,
        name="Revision",
    )


class GetMarketplaceRevenueShareOutput(Shape, frozen=True, kw_only=True):
    product_id: MarketplaceProductId = field(name="ProductId")
    arn: str = field(name="Arn")
    catalog: CatalogName = field(name="Catalog")
    product_code: str | None = field(default=None, name="ProductCode")
    product_name: str | None = field(default=None, name="ProductName")
    created_date: Timestamp | None = field(default=None, name="CreatedDate")
    last_modified_date: Timestamp | None = field(default=None, name="LastModifiedDate")
    revision: GetMarketplaceRevenueShareOutputRevisionInteger | None = field(
        default=None,
        name="Revision",
    )
    latest_revision: GetMarketplaceRevenueShareOutputLatestRevisionInteger | None = field(
        default=None,
        name="LatestRevision",
    )
    total_active_marketplace_revenue_share_allocation_count: Integer | None = field(
        default=None,
        name="TotalActiveMarketplaceRevenueShareAllocationCount",
    )
    total_marketplace_revenue_share_allocation_count: Integer | None = field(
        default=None,
        name="TotalMarketplaceRevenueShareAllocationCount",
    )


class GetMarketplaceRevenueShareAllocationInput(Shape, frozen=True, kw_only=True):
    catalog: CatalogName = field(name="Catalog")
    product_id: MarketplaceProductId = field(name="ProductId")
    marketplace_revenue_share_allocation_id: MarketplaceRevenueShareAllocationId = field(
        name="MarketplaceRevenueShareAllocationId",
    )
    marketplace_revenue_share_revision: RevisionToken | None = field(
        default=None,
        name="MarketplaceRevenueShareRevision",
    )


class GetMarketplaceRevenueShareAllocationOutput(Shape, frozen=True, kw_only=True):
    marketplace_revenue_share_allocation_id: MarketplaceRevenueShareAllocationId = field(
        name="MarketplaceRevenueShareAllocationId",
    )
    product_id: MarketplaceProductId = field(name="ProductId")
    product_name: str | None = field(default=None, name="ProductName")
    arn: str = field(name="Arn")
    effective_from: AllocationEffectiveDateString = field(name="EffectiveFrom")
    effective_until: AllocationEffectiveDateString | None = field(
        default=None,
        name="EffectiveUntil",
    )
    revenue_share_percent: RevenueSharePercent = field(name="RevenueSharePercent")
    status: AllocationStatus = field(name="Status")
    created_date: Timestamp | None = field(default=None, name="CreatedDate")
    last_modified_date: Timestamp | None = field(default=None, name="LastModifiedDate")
    latest_marketplace_revenue_share_revision: RevisionToken | None = field(
        default=None,
        name="LatestMarketplaceRevenueShareRevision",
    )


class GetRevenueAttributionInput(Shape, frozen=True, kw_only=True):
    catalog: CatalogName = field(name="Catalog")
    identifier: RevenueAttributionIdentifier = field(name="Identifier")
    revision: RevisionToken | None = field(default=None, name="Revision")


class GetRevenueAttributionOutput(Shape, frozen=True, kw_only=True):
    arn: str = field(name="Arn")
    id: RevenueAttributionId = field(name="Id")
    catalog: CatalogName = field(name="Catalog")
    name: GetRevenueAttributionOutputNameString | None = field(default=None, name="Name")
    description: GetRevenueAttributionOutputDescriptionString | None = field(
        default=None,
        name="Description",
    )
    tenancy_model: TenancyModel = field(name="TenancyModel")
    marketplace_product: MarketplaceProductSummary | None = field(
        default=None,
        name="MarketplaceProduct",
    )
    created_date: Timestamp | None = field(default=None, name="CreatedDate")
    last_modified_date: Timestamp | None = field(default=None, name="LastModifiedDate")
    revision: RevisionToken | None = field(default=None, name="Revision")
    latest_revision: RevisionToken | None = field(default=None, name="LatestRevision")
    effective_from: AllocationEffectiveDateString | None = field(
        default=None,
        name="EffectiveFrom",
    )
    effective_until: AllocationEffectiveDateString | None = field(
        default=None,
        name="EffectiveUntil",
    )
    total_active_revenue_attribution_allocation_count: AllocationCount | None = field(
        default=None,
        name="TotalActiveRevenueAttributionAllocationCount",
    )
    total_revenue_attribution_allocation_count: AllocationCount | None = field(
        default=None,
        name="TotalRevenueAttributionAllocationCount",
    )


class GetRevenueAttributionAllocationInput(Shape, frozen=True, kw_only=True):
    catalog: CatalogName = field(name="Catalog")
    revenue_attribution_identifier: RevenueAttributionIdentifier = field(
        name="RevenueAttributionIdentifier",
    )
    revenue_attribution_allocation_id: RevenueAttributionAllocationId = field(
        name="RevenueAttributionAllocationId",
    )
    revenue_attribution_revision: RevisionToken | None = field(
        default=None,
        name="RevenueAttributionRevision",
    )


class GetRevenueAttributionAllocationOutput(Shape, frozen=True, kw_only=True):
    revenue_attribution_allocation_id: RevenueAttributionAllocationId = field(
        name="RevenueAttributionAllocationId",
    )
    revenue_attribution_identifier: RevenueAttributionIdentifier = field(
        name="RevenueAttributionIdentifier",
    )
    entity_type: EntityType = field(name="EntityType")
    entity_identifier: EntityIdentifier = field(name="EntityIdentifier")
    entity_name: str | None = field(default=None, name="EntityName")
    customer_aws_account_id: CustomerAwsAccountId = field(name="CustomerAwsAccountId")
    revenue_share_percent: RevenueSharePercent = field(name="RevenueSharePercent")
    effective_from: AllocationEffectiveDateString = field(name="EffectiveFrom")
    effective_until: AllocationEffectiveDateString = field(name="EffectiveUntil")
    status: AllocationStatus = field(name="Status")
    created_date: Timestamp = field(name="CreatedDate")
    last_modified_date: Timestamp = field(name="LastModifiedDate")
    revenue_attribution_revision: RevisionToken = field(name="RevenueAttributionRevision")
    revenue_attribution_latest_revision: RevisionToken = field(
        name="RevenueAttributionLatestRevision",
    )


class GetRevenueAttributionAllocationsTaskInput(Shape, frozen=True, kw_only=True):
    catalog: CatalogName = field(name="Catalog")
    revenue_attribution_identifier: RevenueAttributionIdentifier = field(
        name="RevenueAttributionIdentifier",
    )


class RevenueAttributionAllocationErrorDetail(Shape, frozen=True, kw_only=True):
    revenue_attribution_allocation_id: RevenueAttributionAllocationId | None = field(
        default=None,
        name="RevenueAttributionAllocationId",
    )
    entity_type: EntityType = field(name="EntityType")
    entity_id: EntityIdentifier = field(name="EntityId")
    customer_aws_account_id: CustomerAwsAccountId = field(name="CustomerAwsAccountId")
    effective_from: AllocationEffectiveDateString = field(name="EffectiveFrom")
    effective_until: AllocationEffectiveDateString = field(name="EffectiveUntil")
    action: RevenueAttributionAllocationAction = field(name="Action")
    error_code: RevenueAttributionAllocationErrorCode = field(name="ErrorCode")
    error_message: str = field(name="ErrorMessage")


class GetRevenueAttributionAllocationsTaskOutput(Shape, frozen=True, kw_only=True):
    task_id: RevenueAttributionAllocationTaskId = field(name="TaskId")
    status: RevenueAttributionAllocationTaskStatus = field(name="Status")
    catalog: CatalogName = field(name="Catalog")
    revenue_attribution_arn: str = field(name="RevenueAttributionArn")
    started_at: Timestamp = field(name="StartedAt")
    ended_at: Timestamp | None = field(default=None, name="EndedAt")
    total_revenue_attribution_allocation_records: Integer = field(
        name="TotalRevenueAttributionAllocationRecords",
    )
    description: str | None = field(default=None, name="Description")
    revenue_attribution_latest_revision: RevisionToken | None = field(
        default=None,
        name="RevenueAttributionLatestRevision",
    )
    error_detail_list: RevenueAttributionAllocationErrorDetailList | None = field(
        default=None,
        name="ErrorDetailList",
    )


class ListMarketplaceRevenueShareAllocationsInput(Shape, frozen=True, kw_only=True):
    catalog: CatalogName = field(name="Catalog")
    product_id: MarketplaceProductId = field(name="ProductId")
    status: AllocationStatus | None = field(default=None, name="Status")
    after_effective_from: AllocationEffectiveDateString | None = field(
        default=None,
        name="AfterEffectiveFrom",
    )
    before_effective_from: AllocationEffectiveDateString | None = field(
        default=None,
        name="BeforeEffectiveFrom",
    )
    sort_by: MarketplaceRevenueShareAllocationSortField | None = field(default=None, name="SortBy")
    sort_order: SortOrder | None = field(default=None, name="SortOrder")
    max_results: ListMarketplaceRevenueShareAllocationsInputMaxResultsInteger | None = field(
        default=None,
        name="MaxResults",
    )
    next_token: NextToken | None = field(default=None, name="NextToken")
    marketplace_revenue_share_revision: RevisionToken | None = field(
        default=None,
        name="MarketplaceRevenueShareRevision",
    )


class MarketplaceRevenueShareAllocationSummary(Shape, frozen=True, kw_only=True):
    marketplace_revenue_share_allocation_id: MarketplaceRevenueShareAllocationId = field(
        name="MarketplaceRevenueShareAllocationId",
    )
    product_id: MarketplaceProductId = field(name="ProductId")
    product_name: str | None = field(default=None, name="ProductName")
    arn: str = field(name="Arn")
    effective_from: AllocationEffectiveDateString = field(name="EffectiveFrom")
    effective_until: AllocationEffectiveDateString | None = field(
        default=None,
        name="EffectiveUntil",
    )
    revenue_share_percent: RevenueSharePercent = field(name="RevenueSharePercent")
    status: AllocationStatus = field(name="Status")
    created_date: Timestamp | None = field(default=None, name="CreatedDate")
    last_modified_date: Timestamp | None = field(default=None, name="LastModifiedDate")


class ListMarketplaceRevenueShareAllocationsOutput(Shape, frozen=True, kw_only=True):
    marketplace_revenue_share_allocation_summaries: MarketplaceRevenueShareAllocationSummaryList = field(
        name="MarketplaceRevenueShareAllocationSummaries",
    )
    next_token: NextToken | None = field(default=None, name="NextToken")


class ListMarketplaceRevenueSharesInput(Shape, frozen=True, kw_only=True):
    catalog: CatalogName = field(name="Catalog")
    product_ids: MarketplaceProductIdList | None = field(default=None, name="ProductIds")
    product_codes: ProductCodeList | None = field(default=None, name="ProductCodes")
    max_results: ListMarketplaceRevenueSharesInputMaxResultsInteger | None = field(
        default=None,
        name="MaxResults",
    )
    next_token: NextToken | None = field(default=None, name="NextToken")
    sort_by: MarketplaceRevenueShareSortBy | None = field(default=None, name="SortBy")
    sort_order: SortOrder | None = field(default=None, name="SortOrder")
    created_after: Timestamp | None = field(default=None, name="CreatedAfter")
    created_before: Timestamp | None = field(default=None, name="CreatedBefore")


class MarketplaceRevenueShareSummary(Shape, frozen=True, kw_only=True):
    product_id: MarketplaceProductId = field(name="ProductId")
    arn: str = field(name="Arn")
    catalog: CatalogName | None = field(default=None, name="Catalog")
    product_code: str | None = field(default=None, name="ProductCode")
    product_name: str | None = field(default=None, name="ProductName")
    created_date: Timestamp | None = field(default=None, name="CreatedDate")
    last_modified_date: Timestamp | None = field(default=None, name="LastModifiedDate")
    latest_revision: Integer | None = field(default=None, name="LatestRevision")
    total_active_marketplace_revenue_share_allocation_count: Integer | None = field(
        default=None,
        name="TotalActiveMarketplaceRevenueShareAllocationCount",
    )
    total_marketplace_revenue_share_allocation_count: Integer | None = field(
        default=None,
        name="TotalMarketplaceRevenueShareAllocationCount",
    )


class ListMarketplaceRevenueSharesOutput(Shape, frozen=True, kw_only=True):
    marketplace_revenue_share_summaries: MarketplaceRevenueShareSummaryList = field(
        name="MarketplaceRevenueShareSummaries",
    )
    next_token: NextToken | None = field(default=None, name="NextToken")


class ListRevenueAttributionAllocationsInput(Shape, frozen=True, kw_only=True):
    catalog: CatalogName = field(name="Catalog")
    revenue_attribution_identifier: RevenueAttributionIdentifier = field(
        name="RevenueAttributionIdentifier",
    )
    entity_type_filters: EntityTypeFilterList | None = field(
        default=None,
        name="EntityTypeFilters",
    )
    entity_identifier_filters: EntityIdentifierFilterList | None = field(
        default=None,
        name="EntityIdentifierFilters",
    )
    customer_aws_account_id_filters: CustomerAwsAccountIdFilterList | None = field(
        default=None,
        name="CustomerAwsAccountIdFilters",
    )
    status_filter: AllocationStatus | None = field(default=None, name="StatusFilter")
    after_effective_from: AllocationEffectiveDateString | None = field(
        default=None,
        name="AfterEffectiveFrom",
    )
    before_effective_from: AllocationEffectiveDateString | None = field(
        default=None,
        name="BeforeEffectiveFrom",
    )
    after_effective_until: AllocationEffectiveDateString | None = field(
        default=None,
        name="AfterEffectiveUntil",
    )
    before_effective_until: AllocationEffectiveDateString | None = field(
        default=None,
        name="BeforeEffectiveUntil",
    )
    sort_by: RevenueAttributionAllocationSortField | None = field(default=None, name="SortBy")
    sort_order: SortOrder | None = field(default=None, name="SortOrder")
    revenue_attribution_revision: RevisionToken | None = field(
        default=None,
        name="RevenueAttributionRevision",
    )
    max_results: ListRevenueAttributionAllocationsInputMaxResultsInteger | None = field(
        default=None,
        name="MaxResults",
    )
    next_token: NextToken | None = field(default=None, name="NextToken")


class RevenueAttributionAllocationSummary(Shape, frozen=True, kw_only=True):
    revenue_attribution_allocation_id: RevenueAttributionAllocationId = field(
        name="RevenueAttributionAllocationId",
    )
    revenue_attribution_identifier: RevenueAttributionIdentifier = field(
        name="RevenueAttributionIdentifier",
    )
    entity_type: EntityType = field(name="EntityType")
    entity_identifier: EntityIdentifier = field(name="EntityIdentifier")
    entity_name: str | None = field(default=None, name="EntityName")
    customer_aws_account_id: CustomerAwsAccountId = field(name="CustomerAwsAccountId")
    revenue_share_percent: RevenueSharePercent = field(name="RevenueSharePercent")
    effective_from: AllocationEffectiveDateString = field(name="EffectiveFrom")
    effective_until: AllocationEffectiveDateString = field(name="EffectiveUntil")
    status: AllocationStatus = field(name="Status")


class ListRevenueAttributionAllocationsOutput(Shape, frozen=True, kw_only=True):
    revenue_attribution_allocation_summaries: RevenueAttributionAllocationSummaryList = field(
        name="RevenueAttributionAllocationSummaries",
    )
    next_token: NextToken | None = field(default=None, name="NextToken")


class ListRevenueAttributionsInput(Shape, frozen=True, kw_only=True):
    catalog: CatalogName = field(name="Catalog")
    identifiers: RevenueAttributionIdentifierList | None = field(default=None, name="Identifiers")
    created_after: Timestamp | None = field(default=None, name="CreatedAfter")
    created_before: Timestamp | None = field(default=None, name="CreatedBefore")
    sort_by: AttributionSortBy | None = field(default=None, name="SortBy")
    sort_order: SortOrder | None = field(default=None, name="SortOrder")
    max_results: ListRevenueAttributionsInputMaxResultsInteger | None = field(
        default=None,
        name="MaxResults",
    )
    next_token: NextToken | None = field(default=None, name="NextToken")


class AttributionSummary(Shape, frozen=True, kw_only=True):
    arn: str | None = field(default=None, name="Arn")
    id: RevenueAttributionId | None = field(default=None, name="Id")
    catalog: CatalogName | None = field(default=None, name="Catalog")
    name: AttributionSummaryNameString | None = field(default=None, name="Name")
    tenancy_model: TenancyModel = field(name="TenancyModel")
    marketplace_product: MarketplaceProductSummary | None = field(
        default=None,
        name="MarketplaceProduct",
    )
    created_date: Timestamp | None = field(default=None, name="CreatedDate")
    last_modified_date: Timestamp | None = field(default=None, name="LastModifiedDate")
    latest_revision: RevisionToken | None = field(default=None, name="LatestRevision")
    effective_from: AllocationEffectiveDateString | None = field(
        default=None,
        name="EffectiveFrom",
    )
    effective_until: AllocationEffectiveDateString | None = field(
        default=None,
        name="EffectiveUntil",
    )
    total_active_revenue_attribution_allocation_count: AllocationCount | None = field(
        default=None,
        name="TotalActiveRevenueAttributionAllocationCount",
    )
    total_revenue_attribution_allocation_count: AllocationCount | None = field(
        default=None,
        name="TotalRevenueAttributionAllocationCount",
    )


class ListRevenueAttributionsOutput(Shape, frozen=True, kw_only=True):
    revenue_attribution_summaries: RevenueAttributionSummaries | None = field(
        default=None,
        name="RevenueAttributionSummaries",
    )
    next_token: NextToken | None = field(default=None, name="NextToken")


class ListTagsForResourceInput(Shape, frozen=True, kw_only=True):
    resource_arn: ResourceARN = field(name="resourceArn")


class ListTagsForResourceOutput(Shape, frozen=True, kw_only=True):
    tags: TagList | None = None


class RevenueShareAllocation(Shape, frozen=True, kw_only=True):
    action: RevenueAttributionAllocationAction = field(name="Action")
    revenue_attribution_allocation_id: RevenueAttributionAllocationId | None = field(
        default=None,
        name="RevenueAttributionAllocationId",
    )
    entity_type: EntityType = field(name="EntityType")
    entity_identifier: EntityIdentifier = field(name="EntityIdentifier")
    customer_aws_account_id: CustomerAwsAccountId = field(name="CustomerAwsAccountId")
    revenue_share_percent: RevenueSharePercent = field(name="RevenueSharePercent")
    effective_from: AllocationEffectiveDateString = field(name="EffectiveFrom")
    effective_until: AllocationEffectiveDateString = field(name="EffectiveUntil")
    status: AllocationStatus | None = field(default=None, name="Status")


class StartRevenueAttributionAllocationsTaskInput(Shape, frozen=True, kw_only=True):
    catalog: CatalogName = field(name="Catalog")
    revenue_attribution_identifier: RevenueAttributionIdentifier = field(
        name="RevenueAttributionIdentifier",
    )
    revenue_attribution_revision: RevisionToken = field(name="RevenueAttributionRevision")
    revenue_share_allocations: RevenueShareAllocationChangeList = field(
        name="RevenueShareAllocations",
    )
    client_token: ClientToken | None = field(default=None, name="ClientToken")
    description: StartRevenueAttributionAllocationsTaskInputDescriptionString | None = field(
        default=None,
        name="Description",
    )


class StartRevenueAttributionAllocationsTaskOutput(Shape, frozen=True, kw_only=True):
    task_id: RevenueAttributionAllocationTaskId = field(name="TaskId")
    status: RevenueAttributionAllocationTaskStatus = field(name="Status")
    catalog: CatalogName = field(name="Catalog")
    revenue_attribution_arn: str = field(name="RevenueAttributionArn")
    started_at: Timestamp = field(name="StartedAt")
    total_revenue_attribution_allocation_records: Integer = field(
        name="TotalRevenueAttributionAllocationRecords",
    )


class TagResourceInput(Shape, frozen=True, kw_only=True):
    resource_arn: ResourceARN = field(name="resourceArn")
    tags: TagList


class UntagResourceInput(Shape, frozen=True, kw_only=True):
    resource_arn: ResourceARN = field(name="resourceArn")
    tag_keys: TagKeyList = field(name="tagKeys")


class UpdateMarketplaceRevenueShareAllocationInput(Shape, frozen=True, kw_only=True):
    catalog: CatalogName = field(name="Catalog")
    product_id: MarketplaceProductId = field(name="ProductId")
    marketplace_revenue_share_allocation_id: MarketplaceRevenueShareAllocationId = field(
        name="MarketplaceRevenueShareAllocationId",
    )
    marketplace_revenue_share_revision: RevisionToken = field(
        name="MarketplaceRevenueShareRevision",
    )
    client_token: ClientToken | None = field(default=None, name="ClientToken")
    effective_from: AllocationEffectiveDateString | None = field(
        default=None,
        name="EffectiveFrom",
    )
    effective_until: AllocationEffectiveDateString | None = field(
        default=None,
        name="EffectiveUntil",
    )
    revenue_share_percent: RevenueSharePercent | None = field(
        default=None,
        name="RevenueSharePercent",
    )
    status: AllocationStatus | None = field(default=None, name="Status")


class UpdateMarketplaceRevenueShareAllocationOutput(Shape, frozen=True, kw_only=True):
    marketplace_revenue_share_allocation_id: MarketplaceRevenueShareAllocationId = field(
        name="MarketplaceRevenueShareAllocationId",
    )
    product_id: MarketplaceProductId = field(name="ProductId")
    product_name: str | None = field(default=None, name="ProductName")
    arn: str = field(name="Arn")
    effective_from: AllocationEffectiveDateString = field(name="EffectiveFrom")
    effective_until: AllocationEffectiveDateString | None = field(
        default=None,
        name="EffectiveUntil",
    )
    revenue_share_percent: RevenueSharePercent = field(name="RevenueSharePercent")
    status: AllocationStatus = field(name="Status")
    created_date: Timestamp | None = field(default=None, name="CreatedDate")
    last_modified_date: Timestamp | None = field(default=None, name="LastModifiedDate")
    latest_marketplace_revenue_share_revision: RevisionToken | None = field(
        default=None,
        name="LatestMarketplaceRevenueShareRevision",
    )


class UpdateRevenueAttributionInput(Shape, frozen=True, kw_only=True):
    catalog: CatalogName = field(name="Catalog")
    identifier: RevenueAttributionIdentifier = field(name="Identifier")
    client_token: ClientToken | None = field(default=None, name="ClientToken")
    description: UpdateRevenueAttributionInputDescriptionString | None = field(
        default=None,
        name="Description",
    )
    revision: RevisionToken = field(name="Revision")


class UpdateRevenueAttributionOutput(Shape, frozen=True, kw_only=True):
    id: RevenueAttributionId = field(name="Id")
    arn: str = field(name="Arn")
    description: str | None = field(default=None, name="Description")
    last_modified_date: Timestamp = field(name="LastModifiedDate")
    latest_revision: RevisionToken | None = field(default=None, name="LatestRevision")


class AccessDeniedException(Shape, frozen=True, kw_only=True):
    message: str = field(name="Message")
    reason: AccessDeniedExceptionReason = field(name="Reason")


class ConflictException(Shape, frozen=True, kw_only=True):
    message: str = field(name="Message")
    reason: ConflictExceptionReason = field(name="Reason")


class InternalServerException(Shape, frozen=True, kw_only=True):
    message: str = field(name="Message")


class ResourceNotFoundException(Shape, frozen=True, kw_only=True):
    message: str = field(name="Message")
    reason: ResourceNotFoundExceptionReason = field(name="Reason")


class ServiceQuotaExceededException(Shape, frozen=True, kw_only=True):
    message: str = field(name="Message")
    reason: ServiceQuotaExceededExceptionReason = field(name="Reason")


class ThrottlingException(Shape, frozen=True, kw_only=True):
    message: str = field(name="Message")
    service_code: str | None = field(default=None, name="ServiceCode")
    quota_code: str | None = field(default=None, name="QuotaCode")


class ValidationExceptionField(Shape, frozen=True, kw_only=True):
    name: str = field(name="Name")
    message: str = field(name="Message")
    code: FieldValidationCode = field(name="Code")


class ValidationException(Shape, frozen=True, kw_only=True):
    message: str = field(name="Message")
    reason: ValidationExceptionReason = field(name="Reason")
    field_list: ValidationExceptionFieldList | None = field(default=None, name="FieldList")


MarketplaceRevenueShareTagList = Annotated[list[Tag], Meta(max_length=50)]
TagList = Annotated[list[Tag], Meta(min_length=1, max_length=200)]
RevenueAttributionAllocationErrorDetailList = list[RevenueAttributionAllocationErrorDetail]
MarketplaceRevenueShareAllocationSummaryList = list[MarketplaceRevenueShareAllocationSummary]
MarketplaceProductIdList = Annotated[list[MarketplaceProductId], Meta(min_length=1, max_length=10)]
ProductCodeList = Annotated[list[str], Meta(min_length=1, max_length=10)]
MarketplaceRevenueShareSummaryList = list[MarketplaceRevenueShareSummary]
EntityTypeFilterList = Annotated[list[EntityType], Meta(min_length=1, max_length=2)]
EntityIdentifierFilterList = Annotated[list[EntityIdentifier], Meta(min_length=1, max_length=50)]
CustomerAwsAccountIdFilterList = Annotated[list[CustomerAwsAccountId], Meta(min_length=1, max_length=50)]
RevenueAttributionAllocationSummaryList = list[RevenueAttributionAllocationSummary]
RevenueAttributionIdentifierList = Annotated[list[RevenueAttributionIdentifier], Meta(min_length=1, max_length=100)]
RevenueAttributionSummaries = list[AttributionSummary]
RevenueShareAllocationChangeList = Annotated[list[RevenueShareAllocation], Meta(min_length=1, max_length=250)]
TagKeyList = list[TagKey]
ValidationExceptionFieldList = list[ValidationExceptionField]


SERVICE = Service(
    slug="revenue_measurement",
    service_id="PartnerCentral Revenue Measurement",
    namespace="com.amazonaws.partnercentralrevenuemeasurement",
    target_prefix="PartnerCentralRevenueMeasurement",
    signing_name="partnercentral",
    api_version="2022-07-26",
    json_version=None,
    protocols=("smithy-rpc-v2-cbor",),
    operations={
        "CreateMarketplaceRevenueShare": Operation(
            name="CreateMarketplaceRevenueShare",
            input=CreateMarketplaceRevenueShareInput,
            output=CreateMarketplaceRevenueShareOutput,
            errors=(
                "AccessDeniedException",
                "ConflictException",
                "InternalServerException",
                "ResourceNotFoundException",
                "ServiceQuotaExceededException",
                "ThrottlingException",
                "ValidationException",
            ),
        ),
        "CreateMarketplaceRevenueShareAllocation": Operation(
            name="CreateMarketplaceRevenueShareAllocation",
            input=CreateMarketplaceRevenueShareAllocationInput,
            output=CreateMarketplaceRevenueShareAllocationOutput,
            errors=(
                "AccessDeniedException",
                "ConflictException",
                "InternalServerException",
                "ResourceNotFoundException",
                "ThrottlingException",
                "ValidationException",
            ),
        ),
        "CreateRevenueAttribution": Operation(
            name="CreateRevenueAttribution",
            input=CreateRevenueAttributionInput,
            output=CreateRevenueAttributionOutput,
            errors=(
                "AccessDeniedException",
                "ConflictException",
                "InternalServerException",
                "ResourceNotFoundException",
                "ServiceQuotaExceededException",
                "ThrottlingException",
                "ValidationException",
            ),
        ),
        "GetMarketplaceRevenueShare": Operation(
            name="GetMarketplaceRevenueShare",
            input=GetMarketplaceRevenueShareInput,
            output=GetMarketplaceRevenueShareOutput,
            errors=(
                "AccessDeniedException",
                "ConflictException",
                "InternalServerException",
                "ResourceNotFoundException",
                "ThrottlingException",
                "ValidationException",
            ),
        ),
        "GetMarketplaceRevenueShareAllocation": Operation(
            name="GetMarketplaceRevenueShareAllocation",
            input=GetMarketplaceRevenueShareAllocationInput,
            output=GetMarketplaceRevenueShareAllocationOutput,
            errors=(
                "AccessDeniedException",
                "InternalServerException",
                "ResourceNotFoundException",
                "ThrottlingException",
                "ValidationException",
            ),
        ),
        "GetRevenueAttribution": Operation(
            name="GetRevenueAttribution",
            input=GetRevenueAttributionInput,
            output=GetRevenueAttributionOutput,
            errors=(
                "AccessDeniedException",
                "InternalServerException",
                "ResourceNotFoundException",
                "ThrottlingException",
                "ValidationException",
            ),
        ),
        "GetRevenueAttributionAllocation": Operation(
            name="GetRevenueAttributionAllocation",
            input=GetRevenueAttributionAllocationInput,
            output=GetRevenueAttributionAllocationOutput,
            errors=(
                "AccessDeniedException",
                "InternalServerException",
                "ResourceNotFoundException",
                "ThrottlingException",
                "ValidationException",
            ),
        ),
        "GetRevenueAttributionAllocationsTask": Operation(
            name="GetRevenueAttributionAllocationsTask",
            input=GetRevenueAttributionAllocationsTaskInput,
            output=GetRevenueAttributionAllocationsTaskOutput,
            errors=(
                "AccessDeniedException",
                "InternalServerException",
                "ResourceNotFoundException",
                "ThrottlingException",
                "ValidationException",
            ),
        ),
        "ListMarketplaceRevenueShareAllocations": Operation(
            name="ListMarketplaceRevenueShareAllocations",
            input=ListMarketplaceRevenueShareAllocationsInput,
            output=ListMarketplaceRevenueShareAllocationsOutput,
            errors=(
                "AccessDeniedException",
                "InternalServerException",
                "ResourceNotFoundException",
                "ThrottlingException",
                "ValidationException",
            ),
        ),
        "ListMarketplaceRevenueShares": Operation(
            name="ListMarketplaceRevenueShares",
            input=ListMarketplaceRevenueSharesInput,
            output=ListMarketplaceRevenueSharesOutput,
            errors=(
                "AccessDeniedException",
                "InternalServerException",
                "ThrottlingException",
                "ValidationException",
            ),
        ),
        "ListRevenueAttributionAllocations": Operation(
            name="ListRevenueAttributionAllocations",
            input=ListRevenueAttributionAllocationsInput,
            output=ListRevenueAttributionAllocationsOutput,
            errors=(
                "AccessDeniedException",
                "InternalServerException",
                "ResourceNotFoundException",
                "ThrottlingException",
                "ValidationException",
            ),
        ),
        "ListRevenueAttributions": Operation(
            name="ListRevenueAttributions",
            input=ListRevenueAttributionsInput,
            output=ListRevenueAttributionsOutput,
            errors=(
                "AccessDeniedException",
                "InternalServerException",
                "ResourceNotFoundException",
                "ThrottlingException",
                "ValidationException",
            ),
        ),
        "ListTagsForResource": Operation(
            name="ListTagsForResource",
            input=ListTagsForResourceInput,
            output=ListTagsForResourceOutput,
            errors=(
                "AccessDeniedException",
                "InternalServerException",
                "ResourceNotFoundException",
                "ThrottlingException",
                "ValidationException",
            ),
        ),
        "StartRevenueAttributionAllocationsTask": Operation(
            name="StartRevenueAttributionAllocationsTask",
            input=StartRevenueAttributionAllocationsTaskInput,
            output=StartRevenueAttributionAllocationsTaskOutput,
            errors=(
                "AccessDeniedException",
                "ConflictException",
                "InternalServerException",
                "ResourceNotFoundException",
                "ThrottlingException",
                "ValidationException",
            ),
        ),
        "TagResource": Operation(
            name="TagResource",
            input=TagResourceInput,
            output=None,
            errors=(
                "AccessDeniedException",
                "ConflictException",
                "InternalServerException",
                "ResourceNotFoundException",
                "ThrottlingException",
                "ValidationException",
            ),
        ),
        "UntagResource": Operation(
            name="UntagResource",
            input=UntagResourceInput,
            output=None,
            errors=(
                "AccessDeniedException",
                "ConflictException",
                "InternalServerException",
                "ResourceNotFoundException",
                "ThrottlingException",
                "ValidationException",
            ),
        ),
        "UpdateMarketplaceRevenueShareAllocation": Operation(
            name="UpdateMarketplaceRevenueShareAllocation",
            input=UpdateMarketplaceRevenueShareAllocationInput,
            output=UpdateMarketplaceRevenueShareAllocationOutput,
            errors=(
                "AccessDeniedException",
                "ConflictException",
                "InternalServerException",
                "ResourceNotFoundException",
                "ThrottlingException",
                "ValidationException",
            ),
        ),
        "UpdateRevenueAttribution": Operation(
            name="UpdateRevenueAttribution",
            input=UpdateRevenueAttributionInput,
            output=UpdateRevenueAttributionOutput,
            errors=(
                "AccessDeniedException",
                "ConflictException",
                "InternalServerException",
                "ResourceNotFoundException",
                "ThrottlingException",
                "ValidationException",
            ),
        ),
    },
    errors={
        "AccessDeniedException": ErrorShape(
            name="AccessDeniedException",
            status=403,
            message_member="Message",
            struct=AccessDeniedException,
            summary="The request was denied due to insufficient permissions.",
        ),
        "ConflictException": ErrorShape(
            name="ConflictException",
            status=409,
            message_member="Message",
            struct=ConflictException,
            summary="The request could not be completed due to a conflict with the current state of the resource.",
        ),
        "InternalServerException": ErrorShape(
            name="InternalServerException",
            status=500,
            message_member="Message",
            struct=InternalServerException,
            summary="An internal server error occurred.",
        ),
        "ResourceNotFoundException": ErrorShape(
            name="ResourceNotFoundException",
            status=404,
            message_member="Message",
            struct=ResourceNotFoundException,
            summary="The specified resource was not found.",
        ),
        "ServiceQuotaExceededException": ErrorShape(
            name="ServiceQuotaExceededException",
            status=402,
            message_member="Message",
            struct=ServiceQuotaExceededException,
            summary="The request would exceed a service quota limit.",
        ),
        "ThrottlingException": ErrorShape(
            name="ThrottlingException",
            status=429,
            message_member="Message",
            struct=ThrottlingException,
            summary="The request was throttled due to too many requests.",
        ),
        "ValidationException": ErrorShape(
            name="ValidationException",
            status=400,
            message_member="Message",
            struct=ValidationException,
            summary="The request failed validation due to invalid input parameters.",
        ),
    },
)
