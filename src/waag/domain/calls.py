"""What the operator sees of an API call, refused or not."""

import msgspec

from waag.domain.instants import Instant


class CallRecord(msgspec.Struct, frozen=True, gc=False):
    """One API call as it ended.

    Attributes:
        time: when it ended, by Waag's clock.
        ended: the same by the machine's clock, which tells the order of calls.
        caller: the principal's ARN; empty if nobody could be made out.
        outcome: "Success" or the error code that was sent.
        rule: the rule that refused the call; empty if none did.
        why: what the rule found and what would have passed.
        notes: remarks on single records of a call that succeeded.
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
