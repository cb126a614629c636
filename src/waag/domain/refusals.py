"""Why a request was refused: one tree of exceptions, each with the rule that refused.

    Refusal
    ├── AccessDenied             the caller's policies do not allow the action
    │   ├── DryRunDenied         the same, told to a caller who only asked whether they do
    │   └── WorkloadUnknown      the credentials are not those of software in a buyer's account
    ├── ApiDisabled              the product is not metered in this Region
    ├── ProductUnknown           no such product code, or not the caller's
    ├── DimensionUnknown         the product has no such metered dimension
    ├── CustomerUnknown          nobody the seller could know by that identifier
    ├── LicenseMismatch          licence unknown, another's, or of another product
    ├── TimestampOutOfBounds     outside the window in which usage is accepted
    ├── QuantityAmbiguous        both quantity fields at once
    ├── AllocationsMismatch      allocations do not add up, or are of another kind
    ├── TagInvalid               tags that may not be sent together
    ├── DryRunPassed             all checks passed, and the caller wanted no more than these
    ├── EndpointElsewhere        the workload runs in another Region than it called
    ├── TaskElsewhere            the same, for RegisterUsage
    ├── CustomerNotEntitled      the workload's account has no agreement in force
    ├── UsageDuplicated          another quantity stands for the workload, dimension and hour
    ├── TokenMissing             usage that counts by its token alone, and none was sent
    ├── TokenConflict            the token was used for another request
    ├── PlatformUnsupported      the software does not run where it can be registered
    ├── PublicKeyVersionUnknown  the product has no such public key
    ├── TokenInvalid             no registration token that the caller could resolve
    ├── TokenExpired             a registration token whose lifetime is over
    ├── TokenUsed                a registration token of one use, resolved before
    ├── RegionDisabled           customers of the product are not resolved in this Region
    ├── FiltersExclusive         filters that may not be given together
    ├── PageTokenInvalid         a token for the next page that is not one, or another's
    └── StoreUnavailable         the ledger could not write; nothing was recorded

Large features (`waag.domain.attribution.refusals`) and rooms further out (signatures, shapes,
protocols, market files) grow branches of their own.
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


class DryRunDenied(AccessDenied):
    """What a dry run was to find out: the caller's policies do not allow the action."""

    rule = "access.dry-run"


class WorkloadUnknown(AccessDenied):
    """Credentials that are not those of software running in a buyer's account."""

    rule = "workload.credentials"


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


class DryRunPassed(Refusal):
    """Every check passed; a dry run records nothing."""

    rule = "workload.dry-run"


class EndpointElsewhere(Refusal):
    """The workload runs in another Region than the one whose endpoint it called."""

    rule = "workload.endpoint-region"


class TaskElsewhere(Refusal):
    """The task or pod that registers runs in another Region than the one it called."""

    rule = "workload.task-region"


class CustomerNotEntitled(Refusal):
    """A workload's first call, and its account has no agreement to the product in force."""

    rule = "workload.entitlement"


class UsageDuplicated(Refusal):
    """Another quantity is recorded for the same workload, dimension and hour."""

    rule = "workload.hour"


class TokenMissing(Refusal):
    """Usage from a platform where the ClientToken alone tells one record from another."""

    rule = "workload.token-missing"


class TokenConflict(Refusal):
    """A ClientToken that was used before, for a request with other parameters."""

    rule = "workload.token"


class PlatformUnsupported(Refusal):
    """The software does not run on a platform where it can be registered."""

    rule = "workload.platform"


class PublicKeyVersionUnknown(Refusal):
    """A version that the product has no key pair of."""

    rule = "workload.public-key"


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
