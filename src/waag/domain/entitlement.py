"""Entitlements: what the agreements of a product grant, filtered, and given page by page.

Every entitlement has a key, and a page begins after a key: what is added or removed between two
pages neither repeats nor hides anything else.

Source: marketplace-entitlement/2017-01-11, GetEntitlements and its shapes. The choices where that
text is silent or was seen contradicted are listed in docs/compatibility.md.
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import TypeAlias

import msgspec

from waag.domain.instants import Instant, parse_instant
from waag.domain.market import Agreement, Entitlement, Product
from waag.domain.refusals import FiltersExclusive

EXPIRES_NEVER = parse_instant("9999-01-01T00:00:00Z")
"""What stands for the end of an agreement without one, as AWS writes it in agreement events."""

AGREEMENTS_MAX = 1000
"""How many agreements are looked at for one page, which may then be short, or even empty."""

SERVED_REGIONS = ("us-east-1", "cn-northwest-1", "eusc-de-east-1")
"""Where AWS has endpoints of the service, one in each partition."""


class ExpiredEntitlements(Enum):
    """What an agreement that has ended still shows of its entitlements."""

    OMITTED = "omitted"
    LISTED = "listed"
    """With the ExpirationDate that has passed."""


class EmptyEntitlements(Enum):
    """How it is said that nothing was found."""

    LIST = "list"
    """An empty list."""
    OMITTED = "omitted"
    """No member Entitlements."""


class EntitlementChoices(msgspec.Struct, frozen=True):
    """Which reading is taken where sellers have seen both."""

    expired_entitlements: ExpiredEntitlements = ExpiredEntitlements.OMITTED
    empty_entitlements: EmptyEntitlements = EmptyEntitlements.LIST


class EntitlementFilters(msgspec.Struct, frozen=True):
    """The values of each filter, None where it is not given: any of a filter's, of every filter."""

    customer_identifiers: frozenset[str] | None = None
    customer_aws_account_ids: frozenset[str] | None = None
    dimensions: frozenset[str] | None = None
    license_arns: frozenset[str] | None = None

    def name(self, agreement: Agreement) -> bool:
        """Whether an agreement's customer and license are asked for."""
        return (
            _among(agreement.customer_identifier, self.customer_identifiers)
            and _among(agreement.buyer_id, self.customer_aws_account_ids)
            and _among(agreement.license_arn, self.license_arns)
        )


def _among(name: str | None, asked: frozenset[str] | None) -> bool:
    return asked is None or name in asked


def check_filters(filters: EntitlementFilters) -> None:
    """Refuse filters that may not be given together.

    Raises:
        FiltersExclusive: customers by identifier and by account at once.
    """
    if filters.customer_identifiers is not None and filters.customer_aws_account_ids is not None:
        raise FiltersExclusive(
            "Filter has both CUSTOMER_IDENTIFIER and CUSTOMER_AWS_ACCOUNT_ID; use one or the other."
        )


EntitlementKey: TypeAlias = tuple[int, str, int]
"""The agreement's number, the dimension, and which of that dimension's entitlements it is."""

BEFORE_ALL: EntitlementKey = (0, "", 0)
"""Numbers begin at 1."""


class Granted(msgspec.Struct, frozen=True):
    """An entitlement and the agreement that grants it."""

    agreement: Agreement
    entitlement: Entitlement

    @property
    def expires(self) -> Instant:
        """The instant until which it is expected to remain valid, at least."""
        ends = self.agreement.ends
        return EXPIRES_NEVER if ends is None else ends


class EntitlementPage(msgspec.Struct, frozen=True):
    """Entitlements in the order of their keys.

    Attributes:
        next: the key to go on after; None if there is nothing more.
        ended: agreements that the filters name, left out since they have ended.
        not_begun: those left out since they have yet to begin.
    """

    granted: tuple[Granted, ...] = ()
    next: EntitlementKey | None = None
    ended: int = 0
    not_begun: int = 0


def fill_page(
    agreements: Iterable[Agreement],
    filters: EntitlementFilters,
    choices: EntitlementChoices,
    now: Instant,
    *,
    after: EntitlementKey,
    limit: int,
) -> EntitlementPage:
    """At most `limit` entitlements with keys after `after`.

    Args:
        agreements: to one product, by number, from that of `after` on; no more of them are taken
            than a page may look at.
        filters: what is asked for.
        choices: whether what has ended is listed.
        now: what agreements are in force by.
        after: exclusive.
        limit: at least 1.
    """
    listed = choices.expired_entitlements is ExpiredEntitlements.LISTED
    granted: list[Granted] = []
    last = after
    ended = not_begun = 0
    for looked_at, agreement in enumerate(agreements):
        if looked_at == AGREEMENTS_MAX:
            goes_on = (agreement.number, "", 0)
            return EntitlementPage(tuple(granted), goes_on, ended, not_begun)
        if not filters.name(agreement):
            continue
        if now < agreement.starts:
            not_begun += 1
        elif not listed and not agreement.covers(now):
            ended += 1
        else:
            for key, entitlement in _by_key(agreement):
                if key <= after or not _among(entitlement.dimension, filters.dimensions):
                    continue
                if len(granted) == limit:
                    return EntitlementPage(tuple(granted), last, ended, not_begun)
                granted.append(Granted(agreement, entitlement))
                last = key
    return EntitlementPage(tuple(granted), None, ended, not_begun)


def _by_key(agreement: Agreement) -> Iterator[tuple[EntitlementKey, Entitlement]]:
    """An agreement's entitlements in the order of their keys; the last part counts from 1."""
    before, place = None, 0
    for entitlement in sorted(agreement.entitlements, key=lambda each: each.dimension):
        place = place + 1 if entitlement.dimension == before else 1
        before = entitlement.dimension
        yield (agreement.number, entitlement.dimension, place), entitlement


def why_nothing(page: EntitlementPage, product: Product, filters: EntitlementFilters) -> str:
    """For the operator: why the only page is empty."""
    asked = filters.dimensions or frozenset()
    unknown = sorted(asked - {dimension.key for dimension in product.dimensions})
    if unknown:
        return f"Product {product.code} has no dimension {', '.join(map(repr, unknown))}."
    if page.ended or page.not_begun:
        return (
            f"Of the agreements to product {product.code} that were asked for and grant "
            f"entitlements, {page.ended} have ended and {page.not_begun} have not begun; none "
            "that is in force grants what was asked for."
        )
    return f"No agreement to product {product.code} that was asked for grants such an entitlement."
