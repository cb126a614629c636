"""GetEntitlements."""

from waag.domain.entitlement import EntitlementChoices
from waag.domain.market import Market
from waag.ports import Caller, Clock, EntitledAgreements, PageTokens
from waag.services.entitlement import get_entitlements
from waag.wire.generated import entitlement as wire
from waag.wire.operations import Answer, DeskOperations
from waag.wire.translate.entitlement import from_wire_query, to_wire_entitlements


def entitlement_operations(
    *,
    clock: Clock,
    market: Market,
    agreements: EntitledAgreements,
    page_tokens: PageTokens,
    choices: EntitlementChoices,
) -> DeskOperations:
    """The table of what tells sellers which contracts are in force.

    Args:
        clock: what is in force is judged by it.
        market: whose products they are, and who has agreed.
        agreements: those that grant something, in order.
        page_tokens: seals and opens the tokens for next pages.
        choices: taken where sources on entitlements contradict each other.
    """

    def answer(request: wire.GetEntitlementsRequest, caller: Caller) -> Answer:
        found = get_entitlements(
            from_wire_query(request),
            caller,
            market=market,
            agreements=agreements,
            page_tokens=page_tokens,
            choices=choices,
            now=clock.now(),
        )
        output = to_wire_entitlements(request.product_code, found, choices.empty_entitlements)
        return Answer(output, found.notes)

    return {wire.GetEntitlementsRequest: answer}
