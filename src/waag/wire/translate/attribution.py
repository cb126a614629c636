"""Revenue measurement: between the wire's structs and the domain's values."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from waag.domain.attribution.client_tokens import TokenUse, fingerprint
from waag.domain.attribution.identifiers import Catalog, Resource, Scope, attribution_resource
from waag.domain.attribution.records import PAGE_ATTRIBUTIONS, Attribution, Direction
from waag.domain.attribution.revisions import Revision, read_revision
from waag.domain.attribution.tags import Tag
from waag.domain.instants import SECOND, Instant, from_epoch_seconds
from waag.services.attribution.attributions import (
    AttributionList,
    AttributionUpdate,
    ListedAttributions,
    NewAttribution,
    ProductShown,
    ShownAttribution,
)
from waag.wire.generated import revenue_measurement as wire
from waag.wire.shapes import Shape


class InCatalog(Protocol):
    """A request that says which catalog it is of."""

    @property
    def catalog(self) -> wire.CatalogName:
        """By its name."""
        ...


def scope_of(request: InCatalog, account_id: str) -> Scope:
    """Whose resources a request is about, and in which catalog."""
    return Scope(account_id, Catalog(request.catalog))


def from_wire_token(request: Shape, scope: Scope, operation: str) -> TokenUse | None:
    """The client token of a request that may have one, and what it is sent with."""
    token: str | None = getattr(request, "client_token", None)
    if token is None:
        return None
    parameters = msgspec.structs.replace(request, client_token=None)
    return TokenUse(scope, operation, token, fingerprint(parameters))


def from_wire_revision(token: str | None) -> Revision | None:
    """The revision that is asked for, if one is."""
    return None if token is None else read_revision(token)


def from_wire_tags(tags: Sequence[wire.Tag] | None) -> Sequence[Tag]:
    """The tags in order; none if they are left out."""
    return tuple(Tag(each.key, each.value) for each in tags or ())


def from_wire_new_attribution(
    request: wire.CreateRevenueAttributionInput, account_id: str
) -> NewAttribution:
    """What is to be created."""
    scope = scope_of(request, account_id)
    return NewAttribution(
        scope,
        request.name,
        request.tenancy_model,
        request.description,
        request.product_identifier,
        from_wire_tags(request.tags),
        from_wire_token(request, scope, "CreateRevenueAttribution"),
    )


def from_wire_update(
    request: wire.UpdateRevenueAttributionInput, account_id: str
) -> AttributionUpdate:
    """What is to be described anew."""
    scope = scope_of(request, account_id)
    return AttributionUpdate(
        scope,
        request.identifier,
        read_revision(request.revision),
        request.description,
        from_wire_token(request, scope, "UpdateRevenueAttribution"),
    )


def from_wire_list(request: wire.ListRevenueAttributionsInput, account_id: str) -> AttributionList:
    """Which page is asked for; LastModifiedDate is all there is to sort by."""
    return AttributionList(
        scope_of(request, account_id),
        None if request.identifiers is None else frozenset(request.identifiers),
        _from_wire_instant(request.created_after),
        _from_wire_instant(request.created_before),
        Direction.DESCENDING if request.sort_order is None else Direction(request.sort_order),
        request.next_token,
        request.max_results or PAGE_ATTRIBUTIONS,
    )


def to_wire_updated(attribution: Attribution) -> wire.UpdateRevenueAttributionOutput:
    """What is told of a new revision."""
    version = attribution.version
    return wire.UpdateRevenueAttributionOutput(
        id=attribution.id,
        arn=_resource(attribution).arn,
        description=version.description,
        last_modified_date=to_epoch_seconds(version.modified),
        latest_revision=str(version.revision),
    )


def to_wire_listed(listed: ListedAttributions) -> wire.ListRevenueAttributionsOutput:
    """A page; its list is there even if it is empty."""
    return wire.ListRevenueAttributionsOutput(
        revenue_attribution_summaries=[_to_wire_summary(each) for each in listed.attributions],
        next_token=listed.next_token,
    )


def _to_wire_summary(shown: ShownAttribution) -> wire.AttributionSummary:
    attribution, version = shown.attribution, shown.attribution.version
    return wire.AttributionSummary(
        arn=_resource(attribution).arn,
        id=attribution.id,
        catalog=attribution.scope.catalog.value,
        name=attribution.name,
        tenancy_model=_tenancy(attribution),
        marketplace_product=_to_wire_product(shown.product),
        created_date=to_epoch_seconds(attribution.created),
        last_modified_date=to_epoch_seconds(version.modified),
        latest_revision=str(attribution.latest),
        effective_from=version.effective_from,
        effective_until=version.effective_until,
        total_active_revenue_attribution_allocation_count=version.active,
        total_revenue_attribution_allocation_count=version.total,
    )


def to_wire_tags(tags: Sequence[Tag]) -> list[wire.Tag]:
    """The tags in order."""
    return [wire.Tag(key=each.key, value=each.value) for each in tags]


def _from_wire_instant(timestamp: float | None) -> Instant | None:
    return None if timestamp is None else from_epoch_seconds(timestamp)


def to_wire_created(shown: ShownAttribution) -> wire.CreateRevenueAttributionOutput:
    """What is told of a new attribution."""
    attribution = shown.attribution
    return wire.CreateRevenueAttributionOutput(
        id=attribution.id,
        arn=_resource(attribution).arn,
        name=attribution.name,
        description=attribution.version.description,
        tenancy_model=_tenancy(attribution),
        marketplace_product=_to_wire_product(shown.product),
        revision=str(attribution.version.revision),
    )


def to_wire_attribution(shown: ShownAttribution) -> wire.GetRevenueAttributionOutput:
    """All there is to tell of an attribution."""
    attribution, version = shown.attribution, shown.attribution.version
    return wire.GetRevenueAttributionOutput(
        arn=_resource(attribution).arn,
        id=attribution.id,
        catalog=attribution.scope.catalog.value,
        name=attribution.name,
        description=version.description,
        tenancy_model=_tenancy(attribution),
        marketplace_product=_to_wire_product(shown.product),
        created_date=to_epoch_seconds(attribution.created),
        last_modified_date=to_epoch_seconds(version.modified),
        revision=str(version.revision),
        latest_revision=str(attribution.latest),
        effective_from=version.effective_from,
        effective_until=version.effective_until,
        total_active_revenue_attribution_allocation_count=version.active,
        total_revenue_attribution_allocation_count=version.total,
    )


def to_epoch_seconds(instant: Instant) -> float:
    """Whole seconds as a whole number."""
    seconds, rest = divmod(instant, SECOND)
    return instant / SECOND if rest else seconds


def _resource(attribution: Attribution) -> Resource:
    return attribution_resource(attribution.scope, attribution.id)


def _tenancy(attribution: Attribution) -> wire.TenancyModel:
    return msgspec.convert(attribution.tenancy_model, wire.TenancyModel)


def _to_wire_product(product: ProductShown | None) -> wire.MarketplaceProductSummary | None:
    if product is None:
        return None
    return wire.MarketplaceProductSummary(
        product_id=product.named, product_code=product.code, product_name=product.title
    )
