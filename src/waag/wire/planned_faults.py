"""What a caller sees of a planned fault that ends its call: a branch of the tree of refusals.

    Refusal
    ├── Throttled          the effect throttle
    ├── FailedOnDemand     the effect internal_error
    ├── Disconnected       the effect disconnect; nothing is answered
    └── SignatureRefused
        └── TokenExpired   the effect expired_token

The other effects let the call go on, and refuse nothing.
"""

from waag.domain.faults import FaultEffect, PlannedFault
from waag.domain.refusals import Refusal
from waag.wire.signature_refusals import SignatureRefused


class Throttled(Refusal):
    """A planned fault throttled the call."""

    rule = "fault.throttle"


class FailedOnDemand(Refusal):
    """A planned fault had the call fail inside the service."""

    rule = "fault.internal_error"


class Disconnected(Refusal):
    """A planned fault closes the connection; the caller gets no reply."""

    rule = "fault.disconnect"


class TokenExpired(SignatureRefused):
    """A planned fault had the caller's credentials expire."""

    rule = "fault.expired_token"
    code = "ExpiredTokenException"

    def __init__(self, why: str) -> None:
        super().__init__("The security token included in the request is expired", why)


def refusal_before(fault: PlannedFault) -> Refusal | None:
    """What ends a call before it is carried out; None if it is carried out."""
    match fault.plan.effect:
        case FaultEffect.THROTTLE:
            return Throttled(fault.why)
        case FaultEffect.INTERNAL_ERROR:
            return FailedOnDemand(fault.why)
        case FaultEffect.EXPIRED_TOKEN:
            return TokenExpired(fault.why)
        case FaultEffect.DISCONNECT if not fault.plan.after_commit:
            return Disconnected(fault.why)
        case _:
            return None
