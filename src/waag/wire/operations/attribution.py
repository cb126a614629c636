"""Revenue attributions and the tags of everything in revenue measurement."""

from waag.domain.attribution.records import whole_milliseconds
from waag.ports import Caller, Clock
from waag.services.attribution.attributions import RevenueAttributions
from waag.services.attribution.tagging import Tagging
from waag.wire.generated import revenue_measurement as wire
from waag.wire.operations import Answer, DeskOperations
from waag.wire.operations.attribution_access import AttributionAccess
from waag.wire.translate.attribution import (
    from_wire_list,
    from_wire_new_attribution,
    from_wire_revision,
    from_wire_tags,
    from_wire_update,
    scope_of,
    to_wire_attribution,
    to_wire_created,
    to_wire_listed,
    to_wire_tags,
    to_wire_updated,
)


def attribution_operations(
    *, clock: Clock, attributions: RevenueAttributions, access: AttributionAccess
) -> DeskOperations:
    """The table of what is about attributions.

    Args:
        clock: what everything is judged by.
        attributions: the services.
        access: what it takes to be let in.
    """

    def create(request: wire.CreateRevenueAttributionInput, caller: Caller) -> Answer:
        asked = from_wire_new_attribution(request, caller.account_id)
        return Answer(to_wire_created(attributions.create(asked, whole_milliseconds(clock.now()))))

    def get(request: wire.GetRevenueAttributionInput, caller: Caller) -> Answer:
        shown = attributions.get(
            scope_of(request, caller.account_id),
            request.identifier,
            from_wire_revision(request.revision),
        )
        return Answer(to_wire_attribution(shown))

    def update(request: wire.UpdateRevenueAttributionInput, caller: Caller) -> Answer:
        asked = from_wire_update(request, caller.account_id)
        return Answer(to_wire_updated(attributions.update(asked, whole_milliseconds(clock.now()))))

    def page(request: wire.ListRevenueAttributionsInput, caller: Caller) -> Answer:
        return Answer(to_wire_listed(attributions.page(from_wire_list(request, caller.account_id))))

    return access.guarding(
        {
            wire.CreateRevenueAttributionInput: create,
            wire.GetRevenueAttributionInput: get,
            wire.ListRevenueAttributionsInput: page,
            wire.UpdateRevenueAttributionInput: update,
        }
    )


def tag_operations(tagging: Tagging, access: AttributionAccess) -> DeskOperations:
    """The table of what is about tags.

    Args:
        tagging: the services.
        access: what it takes to be let in.
    """

    def tag(request: wire.TagResourceInput, caller: Caller) -> Answer:
        tagging.tag(request.resource_arn, from_wire_tags(request.tags), caller.account_id)
        return Answer(None)

    def untag(request: wire.UntagResourceInput, caller: Caller) -> Answer:
        tagging.untag(request.resource_arn, request.tag_keys, caller.account_id)
        return Answer(None)

    def tags(request: wire.ListTagsForResourceInput, caller: Caller) -> Answer:
        found = tagging.tags_of(request.resource_arn, caller.account_id)
        return Answer(wire.ListTagsForResourceOutput(tags=to_wire_tags(found)))

    return access.guarding(
        {
            wire.ListTagsForResourceInput: tags,
            wire.TagResourceInput: tag,
            wire.UntagResourceInput: untag,
        }
    )
