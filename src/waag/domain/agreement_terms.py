"""Which terms a buyer can agree to: the parties, the end, what is granted.

Source: AWS Marketplace Seller Guide: sellers cannot buy their own products; contracts are bought in
advance until a certain end, subscriptions are paid as they are used.
"""

from collections.abc import Sequence

from waag.domain.instants import INSTANT_MAX, Instant, format_instant, parse_instant
from waag.domain.market import (
    Account,
    Dimension,
    DimensionType,
    Entitlement,
    Integration,
    Market,
    OfferKind,
    Product,
)
from waag.domain.refusals import Refusal

ENDS_MAX: Instant = parse_instant("9999-01-01T00:00:00Z") - 1
"""The next instant is how events write that there is no end."""

assert ENDS_MAX < INSTANT_MAX


class TermsRefused(Refusal):
    """Terms that nobody can agree to."""

    rule = "agreement.terms"


def check_parties(product: str, buyer_id: str, market: Market) -> tuple[Product, Account]:
    """The product with this code or id, and the buyer's account.

    Raises:
        TermsRefused: one is not there, or both belong together.
    """
    found = market.product_by_code(product) or market.product(product)
    if found is None:
        raise TermsRefused(f"There is no product with the code or id {product!r}.")
    buyer = market.account(buyer_id)
    if buyer is None:
        raise TermsRefused(f"There is no account {buyer_id!r} that could subscribe.")
    if found.seller_id == buyer_id:
        raise TermsRefused(
            f"Account {buyer_id} sells product {found.code}; a seller cannot buy its own product."
        )
    return found, buyer


def check_start(starts: Instant, now: Instant) -> None:
    """Refuse a beginning in the past, or beyond where every end lies.

    Raises:
        TermsRefused: saying which beginnings there are.
    """
    if not now <= starts < ENDS_MAX:
        raise TermsRefused(
            f"An agreement cannot begin at {format_instant(starts)}: it begins at "
            f"{format_instant(now)} or later, and before the year 9999."
        )


def check_can_fail(product: Product) -> None:
    """Refuse a failure that nobody would be told of.

    Raises:
        TermsRefused: the product is not one whose seller hears of it.
    """
    if product.integration is not Integration.LEGACY:
        raise TermsRefused(
            f"A subscription to product {product.code} cannot fail: sellers hear of that by the "
            "SNS message subscribe-fail alone, which tells of products with the legacy integration."
        )


def check_terms(
    product: Product,
    offer: OfferKind,
    ends: Instant | None,
    entitlements: Sequence[Entitlement],
    starts: Instant,
    *,
    later_than: Instant | None = None,
) -> None:
    """Refuse terms that do not fit a product.

    A contract has an end and grants something; what is paid as it is used grants nothing, and has
    an end only if the offer is private or a free trial.

    Raises:
        TermsRefused: naming the first term that does not fit.
    """
    earliest = starts if later_than is None else max(starts, later_than)
    if ends is not None and not earliest < ends <= ENDS_MAX:
        raise TermsRefused(
            f"An agreement cannot end at {format_instant(ends)}: its end comes after "
            f"{format_instant(earliest)} and before the year 9999."
        )
    sold = f"Product {product.code} is sold as {product.type.value}"
    if product.type.is_contract:
        if ends is None:
            raise TermsRefused(f"{sold}: an agreement to it has an end.")
    elif entitlements:
        raise TermsRefused(f"{sold}: it is paid as it is used, and nothing is granted in advance.")
    elif ends is not None and offer is OfferKind.PUBLIC:
        raise TermsRefused(
            f"{sold}: an agreement by a public offer has no end; one by a private offer or a free "
            "trial may have one."
        )
    check_entitlements(product, entitlements)


def check_entitlements(product: Product, entitlements: Sequence[Entitlement]) -> None:
    """Refuse to grant what a product does not grant.

    Raises:
        TermsRefused: nothing is granted of a contract, or something that it does not offer.
    """
    if product.type.is_contract and not entitlements:
        raise TermsRefused(
            f"An agreement to product {product.code} grants something: {_offered(product)}."
        )
    granted = {dimension.key for dimension in product.dimensions if _is_granted(dimension)}
    for entitlement in entitlements:
        if entitlement.dimension not in granted:
            raise TermsRefused(
                f"Product {product.code} grants no {entitlement.dimension!r}, only "
                f"{_offered(product)}."
            )


def _offered(product: Product) -> str:
    return ", ".join(each.key for each in product.dimensions if _is_granted(each)) or "nothing"


def _is_granted(dimension: Dimension) -> bool:
    return dimension.offered and dimension.type is DimensionType.ENTITLED
