"""Marketplace revenue shares: created, read as of any revision, listed."""

from collections.abc import Sequence

import msgspec

from waag.domain.attribution.choices import AttributionChoices
from waag.domain.attribution.client_tokens import TokenUse
from waag.domain.attribution.identifiers import Scope
from waag.domain.attribution.records import Direction
from waag.domain.attribution.refusals import FieldsInvalid, ResourceUnknown
from waag.domain.attribution.revisions import Revision, to_read
from waag.domain.attribution.shares import Share, ShareFilters, SharePlace, new_share
from waag.domain.attribution.tags import Tag
from waag.domain.instants import Instant
from waag.domain.market import Market
from waag.ports import PageTokens
from waag.ports.revenue_shares import RevenueShares, ShareQuery
from waag.services.attribution.idempotency import Decided, Idempotency
from waag.services.attribution.paging import open_place, page_context, seal_place
from waag.services.attribution.partners import product_problem


class ShownShare(msgspec.Struct, frozen=True):
    """A share, and what the market says of its product now.

    Attributes:
        code: None if the market has no such product; so is the title.
    """

    share: Share
    code: str | None
    title: str | None


class NewShare(msgspec.Struct, frozen=True):
    """What a request to create a share says."""

    scope: Scope
    product: str
    tags: Sequence[Tag]
    token: TokenUse | None


class SharesAsked(msgspec.Struct, frozen=True):
    """What a request to list shares says.

    Attributes:
        products: ids; None for any.
        codes: product codes; None for any.
        next_token: as the page before gave it; None for the first.
    """

    scope: Scope
    products: frozenset[str] | None
    codes: frozenset[str] | None
    created_from: Instant | None
    created_until: Instant | None
    direction: Direction
    limit: int
    next_token: str | None


class ListedShares(msgspec.Struct, frozen=True):
    """A page of shares.

    Attributes:
        next_token: None on the last page.
    """

    shares: Sequence[ShownShare]
    next_token: str | None


class MarketplaceRevenueShares:
    """The operations on shares.

    Args:
        shares: keeps them.
        idempotency: what requests with a client token go through.
        market: whose products there are.
        page_tokens: seals and opens the tokens for next pages.
        choices: taken where AWS is silent.
    """

    def __init__(
        self,
        shares: RevenueShares,
        idempotency: Idempotency,
        *,
        market: Market,
        page_tokens: PageTokens,
        choices: AttributionChoices,
    ) -> None:
        self._shares = shares
        self._idempotency = idempotency
        self._market = market
        self._page_tokens = page_tokens
        self._choices = choices

    def create(self, asked: NewShare, now: Instant) -> ShownShare:
        """Create the share of a product; nothing is allocated to it yet.

        Raises:
            ClientTokenConflict: the token stands for another request.
            FieldsInvalid: the product is not one that the caller speaks for.
            AlreadyExists: the product has a share.
            StoreUnavailable: the store could not read or write.
        """

        def decide() -> Decided[ShownShare]:
            problem = product_problem(
                "ProductId",
                asked.product,
                asked.scope,
                market=self._market,
                choices=self._choices,
            )
            if problem is not None:
                raise FieldsInvalid((problem,))
            new = new_share(asked.scope, asked.product, now)
            return Decided(
                self._shown(new), lambda reply: self._shares.create(new, asked.tags, reply)
            )

        return self._idempotency.once(asked.token, now, ShownShare, decide)

    def get(self, scope: Scope, product: str, revision: Revision | None) -> ShownShare:
        """The share of a product as of a revision; None for the latest.

        Raises:
            ResourceUnknown: the product has no share in the scope, or this no such revision.
            StoreUnavailable: the store could not be read.
        """
        return self._shown(find_share(self._shares, scope, product, revision))

    def page(self, asked: SharesAsked) -> ListedShares:
        """A page of the scope's shares, as they were when the first page was asked for.

        Raises:
            RequestInvalid: a token that was not given for this list.
            StoreUnavailable: the store could not be read.
        """
        same = msgspec.structs.replace(asked, next_token=None, limit=0)
        context = page_context("ListMarketplaceRevenueShares", asked.scope, same)
        after = open_place(self._page_tokens, asked.next_token, context, SharePlace)
        filters = ShareFilters(self._products(asked), asked.created_from, asked.created_until)
        page = self._shares.page(
            ShareQuery(asked.scope, filters, asked.direction, after, asked.limit)
        )
        return ListedShares(
            [self._shown(each) for each in page.shares],
            seal_place(self._page_tokens, page.end, context),
        )

    def _products(self, asked: SharesAsked) -> frozenset[str] | None:
        """The ids of the products that both filters let pass; None if there are no filters."""
        if asked.codes is None:
            return asked.products
        found = (self._market.product_by_code(code) for code in asked.codes)
        coded = frozenset(product.id for product in found if product is not None)
        return coded if asked.products is None else coded & asked.products

    def _shown(self, share: Share) -> ShownShare:
        product = self._market.product(share.product)
        if product is None:
            return ShownShare(share, None, None)
        return ShownShare(share, product.code, product.title)


def find_share(
    shares: RevenueShares, scope: Scope, product: str, revision: Revision | None = None
) -> Share:
    """The share of a product as of a revision; None for the latest.

    Raises:
        ResourceUnknown: the product has no share in the scope, or this no such revision.
        StoreUnavailable: the store could not be read.
    """
    found = shares.share(scope, product)
    if found is None:
        raise ResourceUnknown(
            f"There is no marketplace revenue share of product {product} in {scope}."
        )
    wanted = to_read(revision, found.latest, f"The marketplace revenue share of product {product}")
    if wanted == found.latest:
        return found
    earlier = shares.share(scope, product, wanted)
    assert earlier is not None, "every revision up to the latest is kept"
    return earlier
