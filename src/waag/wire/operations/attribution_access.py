"""What each operation of revenue measurement takes to be let in: the resource, and condition keys.

Source: IAM, Service Authorization Reference, AWS Partner Central. What a request names that is not
the caller's is asked about as it is named; that it is not there is found out only by who may look.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from waag.domain.attribution.identifiers import (
    Resource,
    ResourceType,
    attribution_resource,
    catalog_in,
    read_resource_arn,
    share_resource,
)
from waag.domain.attribution.refusals import RequestInvalid
from waag.domain.attribution.tags import tag_problems
from waag.domain.market import Market
from waag.ports import Caller
from waag.ports.attribution import ResourceTags
from waag.services.attribution.partners import check_registered
from waag.wire.generated import revenue_measurement as wire
from waag.wire.operations import Access, DeskHandler, DeskOperations, Guarded
from waag.wire.shapes import Shape
from waag.wire.translate.allocations import batch_problems
from waag.wire.translate.attribution import from_wire_tags, scope_of
from waag.wire.translate.revenue_shares import day_problems

_TAGGING = "TagResource"
_KEYS = "aws:TagKeys"

_OF_ATTRIBUTIONS: Mapping[type[Shape], Callable[[Any], str]] = {
    wire.GetRevenueAttributionInput: lambda request: request.identifier,
    wire.UpdateRevenueAttributionInput: lambda request: request.identifier,
    **dict.fromkeys(
        (
            wire.GetRevenueAttributionAllocationInput,
            wire.GetRevenueAttributionAllocationsTaskInput,
            wire.ListRevenueAttributionAllocationsInput,
            wire.StartRevenueAttributionAllocationsTaskInput,
        ),
        lambda request: request.revenue_attribution_identifier,
    ),
}
"""How the operations on one attribution name it."""

_OF_SHARES = frozenset(
    {
        wire.CreateMarketplaceRevenueShareAllocationInput,
        wire.GetMarketplaceRevenueShareAllocationInput,
        wire.GetMarketplaceRevenueShareInput,
        wire.ListMarketplaceRevenueShareAllocationsInput,
        wire.UpdateMarketplaceRevenueShareAllocationInput,
    }
)
"""The operations on one share."""

_OF_ANY = frozenset({wire.ListTagsForResourceInput, wire.TagResourceInput, wire.UntagResourceInput})
"""The operations on whatever has an ARN; the catalog is the one in it."""

_FOR_ANYBODY = frozenset(
    {
        wire.CreateRevenueAttributionInput,
        wire.GetRevenueAttributionInput,
        wire.ListRevenueAttributionsInput,
        wire.UpdateRevenueAttributionInput,
        *_OF_ANY,
    }
)
"""Those that accounts may use which are not registered in Partner Central.

Source: the managed policy AWSRevenueAttributionManagement, which is for such accounts.
"""


class AttributionAccess:
    """Says what it takes to be let in, for all operations of the service.

    Args:
        tags: those that conditions may ask for.
        market: says which accounts are registered.
    """

    def __init__(self, tags: ResourceTags, market: Market) -> None:
        self._tags = tags
        self._market = market

    def guarding(self, handlers: Mapping[type[Shape], DeskHandler]) -> DeskOperations:
        """Operations together with what they take."""
        return {
            kind: Guarded(handler, self._access, self._admit, _examine)
            for kind, handler in handlers.items()
        }

    def _access(self, request: Any, caller: Caller) -> Access:
        arn = _arn(request, caller)
        catalog = request.catalog if hasattr(request, "catalog") else catalog_in(arn)
        return Access(
            arn,
            lambda: {
                "partnercentral:Catalog": catalog,
                **_requested(request),
                **self._standing(arn, caller),
            },
            tuple(_further(request, caller)),
        )

    def _admit(self, request: Any, caller: Caller) -> None:
        if type(request) not in _FOR_ANYBODY:
            check_registered(caller.account_id, self._market)

    def _standing(self, arn: str, caller: Caller) -> Mapping[str, str]:
        """The tags of a resource of the caller's; of others nothing is told."""
        resource = read_resource_arn(arn)
        if resource is None or resource.scope.account_id != caller.account_id:
            return {}
        tags = self._tags.tags(resource) or {}
        return {f"aws:ResourceTag/{key}": value for key, value in tags.items()}


def _arn(request: Any, caller: Caller) -> str:
    """The resource that is asked for; `*` for an operation that has none."""
    kind = cast("type[Shape]", type(request))
    if kind in _OF_ANY:
        return request.resource_arn
    if kind in _OF_SHARES:
        return share_resource(scope_of(request, caller.account_id), request.product_id).arn
    if kind not in _OF_ATTRIBUTIONS:
        return "*"
    identifier = _OF_ATTRIBUTIONS[kind](request)
    if identifier.startswith("arn:"):
        return identifier
    return attribution_resource(scope_of(request, caller.account_id), identifier).arn


def _requested(request: Any) -> Mapping[str, str | Sequence[str]]:
    """The tags that a request sets, and the keys that it names."""
    if isinstance(request, wire.UntagResourceInput):
        return {_KEYS: request.tag_keys}
    tags = from_wire_tags(getattr(request, "tags", None))
    if not tags:
        return {}
    values = {f"aws:RequestTag/{tag.key}": tag.value for tag in tags}
    return {**values, _KEYS: [tag.key for tag in tags]}


def _further(request: Any, caller: Caller) -> Iterable[tuple[str, str]]:
    """What else has to be allowed: a resource that is created with tags is tagged, too."""
    if isinstance(request, wire.CreateRevenueAttributionInput) and request.tags:
        scope = scope_of(request, caller.account_id)
        yield _TAGGING, Resource(scope, ResourceType.ATTRIBUTION, "*").arn
    if isinstance(request, wire.CreateMarketplaceRevenueShareInput) and request.tags:
        scope = scope_of(request, caller.account_id)
        yield _TAGGING, share_resource(scope, request.product_id).arn


def _examine(request: Any) -> None:
    """Refuse what the request alone shows to be wrong, and its shape cannot say.

    Raises:
        RequestInvalid: all of it.
    """
    name = "tags" if isinstance(request, wire.TagResourceInput) else "Tags"
    tags = from_wire_tags(getattr(request, "tags", None))
    problems = [*day_problems(request), *tag_problems(tags, name)]
    if isinstance(request, wire.StartRevenueAttributionAllocationsTaskInput):
        problems += batch_problems(request)
    if problems:
        raise RequestInvalid(problems)
