"""Why a request was refused: one tree of exceptions, each with typed fields.

    Refusal
    ├── AccessDenied                 the caller's policies do not allow the action
    ├── ApiDisabled                  the product is not sold in this Region
    ├── UnknownProduct               no such product code, or not the caller's
    ├── UnknownDimension             the product has no such metered dimension
    ├── UnknownCustomer              nobody the seller could know by that identifier
    ├── LicenseMismatch              licence unknown, another's, or of another product
    ├── TimestampOutOfBounds         outside the window in which usage is accepted
    ├── QuantityAmbiguous            both quantity fields at once
    ├── AllocationsMismatch          allocations do not add up, or are of another kind
    ├── TagInvalid                   a tag, or a set of tags, that may not be sent
    └── StoreUnavailable             the ledger could not write; nothing was recorded

Results per record (accepted, duplicate, not subscribed) are values, not refusals. Error codes and
HTTP statuses belong to the protocols: `waag.wire.faults` alone knows them.
"""

from typing import ClassVar


class Refusal(Exception):
    """A request that is not carried out; nothing of it was recorded.

    Attributes:
        rule: the rule that refused, a dotted name that never changes once published.
        why: one sentence or two for a person: the offending value and what would have passed.
    """

    rule: ClassVar[str] = "refused"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class AccessDenied(Refusal):
    """No policy of the caller allows the action, or one denies it."""

    rule = "access.policy"
