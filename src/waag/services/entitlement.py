"""The entitlement service: what a seller's customers are entitled to, looked up page by page."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from waag.domain.entitlement import (
    AGREEMENTS_MAX,
    BEFORE_ALL,
    SERVED_REGIONS,
    EntitlementChoices,
    EntitlementFilters,
    EntitlementKey,
    Granted,
    check_filters,
    fill_page,
    why_nothing,
)
from waag.domain.instants import Instant
from waag.domain.market import Agreement, Market, Product
from waag.ports import Caller, EntitledAgreements, PageTokens

WALKED_AT_ONCE = 100
"""How many agreements are read in one step of a walk."""

_encode_key = msgspec.msgpack.Encoder().encode
_decode_key = msgspec.msgpack.Decoder(EntitlementKey).decode
_encode_values = msgspec.json.Encoder().encode


class EntitlementQuery(msgspec.Struct, frozen=True):
    """A request for a page of entitlements.

    Attributes:
        next_token: as the page before gave it; None for the first.
        limit: from 1 to 25.
    """

    product_code: str
    filters: EntitlementFilters
    next_token: str | None
    limit: int


class FoundEntitlements(msgspec.Struct, frozen=True):
    """A page of what a product's customers are entitled to.

    Attributes:
        next_token: None on the last page.
        notes: remarks for the operator.
    """

    granted: Sequence[Granted] = ()
    next_token: str | None = None
    notes: tuple[str, ...] = ()


def get_entitlements(
    query: EntitlementQuery,
    caller: Caller,
    *,
    market: Market,
    agreements: EntitledAgreements,
    page_tokens: PageTokens,
    choices: EntitlementChoices,
    now: Instant,
) -> FoundEntitlements:
    """A page of the entitlements that agreements to a product of the caller's grant.

    Raises:
        FiltersExclusive: customers by identifier and by account at once.
        PageTokenInvalid: not a token of this server, or given for another request.
        StoreUnavailable: the store could not be read.
    """
    check_filters(query.filters)
    context = _context(query, caller)
    after = BEFORE_ALL
    if query.next_token is not None:
        after = _decode_key(page_tokens.open(query.next_token, context))
    notes = _of_region(caller.region)
    product = market.product_by_code(query.product_code)
    if product is None or product.seller_id != caller.account_id:
        why = (
            f"Account {caller.account_id} publishes no product with the product code "
            f"{query.product_code!r}, so nothing is found."
        )
        return FoundEntitlements(notes=(*notes, why))
    named = _named(product, query.filters, market)
    candidates = (
        _walk(product, agreements, after)
        if named is None
        else sorted(
            (agreement for agreement in named if agreement.number >= after[0]),
            key=lambda agreement: agreement.number,
        )
    )
    page = fill_page(candidates, query.filters, choices, now, after=after, limit=query.limit)
    if not page.granted and page.next is None and query.next_token is None:
        notes = (*notes, why_nothing(page, product, query.filters))
    token = None if page.next is None else page_tokens.seal(_encode_key(page.next), context)
    return FoundEntitlements(page.granted, token, notes)


def _context(query: EntitlementQuery, caller: Caller) -> Mapping[str, bytes]:
    """What all requests for pages of one list have in common; MaxResults may differ."""
    filters = [
        None if values is None else sorted(values)
        for values in msgspec.structs.astuple(query.filters)
    ]
    return {
        "operation": b"GetEntitlements",
        "account": caller.account_id.encode(),
        "ProductCode": query.product_code.encode(),
        "Filter": _encode_values(filters),
    }


def _of_region(region: str) -> tuple[str, ...]:
    if region in SERVED_REGIONS:
        return ()
    served = ", ".join(SERVED_REGIONS)
    return (f"AWS has no endpoint of the entitlement service in {region}, only in {served}.",)


def _named(
    product: Product, filters: EntitlementFilters, market: Market
) -> Iterable[Agreement] | None:
    """The agreements that one of the filters names, looked up; None if they have to be walked.

    More names than a page looks at agreements are not looked up: that would have no bound.
    """

    def of_license(license_arn: str) -> Sequence[Agreement]:
        agreement = market.agreement_by_license_arn(license_arn)
        return (agreement,) if agreement and agreement.product_id == product.id else ()

    look_ups: Sequence[tuple[frozenset[str] | None, Callable[[str], Sequence[Agreement]]]] = (
        (filters.license_arns, of_license),
        (
            filters.customer_identifiers,
            lambda each: market.agreements_of_customer(product.id, each),
        ),
        (filters.customer_aws_account_ids, lambda each: market.agreements_of(product.id, each)),
    )
    for names, look_up in look_ups:
        if names is not None and len(names) <= AGREEMENTS_MAX:
            return (agreement for name in names for agreement in look_up(name))
    return None


def _walk(
    product: Product, agreements: EntitledAgreements, after: EntitlementKey
) -> Iterator[Agreement]:
    """All agreements that grant something, from that of `after` on, read as they are taken."""
    number = after[0] - 1
    while True:
        step = agreements.entitled_agreements(product.id, number, WALKED_AT_ONCE)
        yield from step
        if len(step) < WALKED_AT_ONCE:
            return
        number = step[-1].number
