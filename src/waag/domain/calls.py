"""What the operator sees of an API call, refused or not."""

import msgspec

from waag.domain.instants import Instant


class CallRecord(msgspec.Struct, frozen=True, gc=False):
    """One API call as it ended.

    Attributes:
        time: when it ended, by Waag's clock.
        ended: the same by the machine's clock, which tells the order of calls.
        caller: the principal's ARN; empty if nobody could be made out.
        status: of HTTP; 0 if a planned fault closed the connection without a reply.
        outcome: "Success", the error code that was sent, or "NoReply".
        rule: the rule that refused the call, or of the planned fault that struck it; else empty.
        why: what the rule found and what would have passed; or which fault struck.
        notes: remarks on single records of a call that succeeded, and on a fault that struck a
            call refused for another reason.
        microseconds: from the last byte read to the reply, by the machine's clock.
    """

    time: Instant
    ended: Instant
    request_id: str
    service: str
    operation: str
    caller: str
    region: str
    status: int
    outcome: str
    rule: str = ""
    why: str = ""
    notes: tuple[str, ...] = ()
    microseconds: int = 0
