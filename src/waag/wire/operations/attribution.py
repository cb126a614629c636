"""Revenue attributions and the tags of everything in revenue measurement."""

from waag.domain.attribution.records import whole_milliseconds
from waag.ports import Caller, Clock
from waag.services.attribution.attributions import RevenueAttributions
from waag.wire.generated import revenue_measurement as wire
from waag.wire.operations import Answer, DeskOperations
from waag.wire.operations.attribution_access import AttributionAccess
from waag.wire.translate.attribution import (
    from_wire_new_attribution,
    from_wire_revision,
    scope_of,
    to_wire_attribution,
    to_wire_created,
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

    return access.guarding(
        {
            wire.CreateRevenueAttributionInput: create,
            wire.GetRevenueAttributionInput: get,
        }
    )
