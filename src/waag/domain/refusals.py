"""Why a request was refused: one tree of exceptions, each with the rule that refused.

    Refusal
    ├── AccessDenied             the caller's policies do not allow the action
    ├── ApiDisabled              the product is not metered in this Region
    ├── ProductUnknown           no such product code, or not the caller's
    ├── DimensionUnknown         the product has no such metered dimension
    ├── CustomerUnknown          nobody the seller could know by that identifier
    ├── LicenseMismatch          licence unknown, another's, or of another product
    ├── TimestampOutOfBounds     outside the window in which usage is accepted
    ├── QuantityAmbiguous        both quantity fields at once
    ├── AllocationsMismatch      allocations do not add up, or are of another kind
    ├── TagInvalid               tags that may not be sent together
    ├── TokenInvalid             no registration token that the caller could resolve
    ├── TokenExpired             a registration token whose lifetime is over
    ├── TokenUsed                a registration token of one use, resolved before
    ├── RegionDisabled           customers of the product are not resolved in this Region
    ├── FiltersExclusive         filters that may not be given together
    ├── PageTokenInvalid         a token for the next page that is not one, or another's
    └── StoreUnavailable         the ledger could not write; nothing was recorded

Rooms further out grow branches of their own (signatures, shapes, protocols, market files).
Results per record (accepted, duplicate, not subscribed) are values, not refusals. Error codes and
HTTP statuses belong to the protocols: `waag.wire.faults` alone knows them.
"""

from typing import ClassVar


class Refusal(Exception):
    """A request that is not carried out; nothing of it was recorded.

    Attributes:
        rule: the rule that refused: a dotted name that does not change once published.
        why: a sentence or two for a person: the offending value and what would have passed.
    """

    rule: ClassVar[str] = "refused"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class AccessDenied(Refusal):
    """No policy of the caller allows the action, or one denies it."""

    rule = "access.policy"


class ApiDisabled(Refusal):
    """The product is not metered in the Region that was called."""

    rule = "metering.region"


class ProductUnknown(Refusal):
    """No product has this code, or the caller did not publish it, or it is metered otherwise."""

    rule = "metering.product"


class DimensionUnknown(Refusal):
    """The product has no dimension of this key that usage may be reported for."""

    rule = "metering.dimension"


class CustomerUnknown(Refusal):
    """A customer identifier that names nobody this seller could know, or names two."""

    rule = "metering.customer"


class LicenseMismatch(Refusal):
    """A licence that is unknown, another buyer's, of another product, or not active then."""

    rule = "metering.license"


class TimestampOutOfBounds(Refusal):
    """A timestamp outside the window in which usage is accepted."""

    rule = "metering.timestamp"


class QuantityAmbiguous(Refusal):
    """A whole and a decimal quantity in one place."""

    rule = "metering.quantity"


class AllocationsMismatch(Refusal):
    """Allocations that do not add up to the quantity, or are of another kind, or repeat tags."""

    rule = "metering.allocations"


class TagInvalid(Refusal):
    """Tags of an allocation that may not be sent."""

    rule = "metering.tags"


class TokenInvalid(Refusal):
    """No registration token of this market, or one for another seller's product."""

    rule = "registration.token"


class TokenExpired(Refusal):
    """A registration token whose lifetime is over."""

    rule = "registration.expired"


class TokenUsed(Refusal):
    """A registration token that can be used once, and was."""

    rule = "registration.used"


class RegionDisabled(Refusal):
    """The product is not offered in the Region that was called to resolve its customer."""

    rule = "registration.region"


class FiltersExclusive(Refusal):
    """Two filters of which only one may be given."""

    rule = "entitlement.filter"


class PageTokenInvalid(Refusal):
    """A token for the next page that was altered, or given for another request, or by nobody."""

    rule = "page-token"


class StoreUnavailable(Refusal):
    """The ledger could not write; nothing was recorded and the call may be sent again."""

    rule = "store.unavailable"
