"""ResolveCustomer."""

from waag.domain.market import Market
from waag.domain.refusals import Refusal
from waag.domain.registration import RegistrationChoices
from waag.ports import Caller, Clock, RegistrationTokens, UsedTokens
from waag.services.registration import resolve_customer
from waag.wire.faults import Fault, WireChoices, fault_of
from waag.wire.generated import metering as wire
from waag.wire.operations import Answer, DeskOperations
from waag.wire.translate.registration import to_wire_customer


def registration_operations(
    *,
    clock: Clock,
    market: Market,
    choices: RegistrationChoices,
    tokens: RegistrationTokens,
    used_tokens: UsedTokens,
) -> DeskOperations:
    """The table of what registers buyers.

    Args:
        clock: what tokens are judged by.
        market: whose agreements they stand for.
        choices: taken where sources on tokens contradict each other.
        tokens: reads them.
        used_tokens: remembers those of one use.
    """

    def resolve(request: wire.ResolveCustomerRequest, caller: Caller) -> Answer:
        customer = resolve_customer(
            request.registration_token,
            caller,
            market=market,
            choices=choices,
            now=clock.now(),
            tokens=tokens,
            used_tokens=used_tokens,
        )
        return Answer(to_wire_customer(customer))

    return {wire.ResolveCustomerRequest: resolve}


def resolve_customer_fault(refusal: Refusal, choices: WireChoices) -> Fault:
    """What ResolveCustomer answers a caller whom it refuses."""
    return fault_of(refusal, wire.SERVICE, choices)
