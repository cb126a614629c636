"""Entitlements: between the wire's structs and the domain's values."""

from collections.abc import Sequence

from waag.domain.entitlement import EmptyEntitlements, EntitlementFilters, Granted
from waag.domain.instants import SECOND, Instant
from waag.domain.market import Entitlement
from waag.services.entitlement import EntitlementQuery, FoundEntitlements
from waag.wire.generated import entitlement as wire

PAGE_ENTITLEMENTS_MAX = 25
"""How many there are on a page unless MaxResults says less. Source: PageSizeInteger."""

_INTEGER_MIN, _INTEGER_MAX = -(2**31), 2**31 - 1


def from_wire_query(request: wire.GetEntitlementsRequest) -> EntitlementQuery:
    """What is asked for; values of a filter that stand twice count once."""
    given = request.filter or {}
    return EntitlementQuery(
        request.product_code,
        EntitlementFilters(
            customer_identifiers=_values(given.get("CUSTOMER_IDENTIFIER")),
            customer_aws_account_ids=_values(given.get("CUSTOMER_AWS_ACCOUNT_ID")),
            dimensions=_values(given.get("DIMENSION")),
            license_arns=_values(given.get("LICENSE_ARN")),
        ),
        request.next_token,
        request.max_results or PAGE_ENTITLEMENTS_MAX,
    )


def _values(listed: Sequence[str] | None) -> frozenset[str] | None:
    return None if listed is None else frozenset(listed)


def to_wire_entitlements(
    product_code: str, found: FoundEntitlements, empty: EmptyEntitlements
) -> wire.GetEntitlementsResult:
    """A page; without entitlements, their list is empty or left out."""
    entitlements = [_to_wire_entitlement(product_code, granted) for granted in found.granted]
    left_out = not entitlements and empty is EmptyEntitlements.OMITTED
    return wire.GetEntitlementsResult(
        entitlements=None if left_out else entitlements, next_token=found.next_token
    )


def _to_wire_entitlement(product_code: str, granted: Granted) -> wire.Entitlement:
    agreement, entitlement = granted.agreement, granted.entitlement
    return wire.Entitlement(
        product_code=product_code,
        dimension=entitlement.dimension,
        customer_identifier=agreement.customer_identifier,
        customer_aws_account_id=agreement.buyer_id,
        value=_to_wire_value(entitlement),
        expiration_date=_to_epoch_seconds(granted.expires),
        license_arn=agreement.license_arn,
    )


def _to_wire_value(entitlement: Entitlement) -> wire.EntitlementValue:
    """The value in the one member for its kind; a whole number that is too large as a double."""
    value = entitlement.value
    if isinstance(value, bool):
        return wire.EntitlementValue(boolean_value=value)
    if isinstance(value, str):
        return wire.EntitlementValue(string_value=value)
    if isinstance(value, int) and _INTEGER_MIN <= value <= _INTEGER_MAX:
        return wire.EntitlementValue(integer_value=value)
    return wire.EntitlementValue(double_value=float(value))


def _to_epoch_seconds(instant: Instant) -> float:
    """Whole seconds as a whole number."""
    seconds, rest = divmod(instant, SECOND)
    return instant / SECOND if rest else seconds
