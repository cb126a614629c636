"""Revenue attributions: created, read, described anew, listed."""

from collections.abc import Sequence

import msgspec

from waag.domain.attribution.choices import AttributionChoices
from waag.domain.attribution.client_tokens import TokenUse
from waag.domain.attribution.identifiers import (
    ID_BYTES,
    IdKind,
    Scope,
    attribution_id_of,
    new_id,
)
from waag.domain.attribution.records import (
    Attribution,
    AttributionFilters,
    AttributionPlace,
    Direction,
    first_version,
    new_version,
)
from waag.domain.attribution.refusals import FieldsInvalid, ResourceUnknown, TagQuotaExceeded
from waag.domain.attribution.revisions import Revision, check_latest, to_read
from waag.domain.attribution.tags import Tag
from waag.domain.instants import Instant
from waag.domain.market import Market
from waag.ports import PageTokens, RandomBytes
from waag.ports.attribution import AttributionQuery, Attributions
from waag.services.attribution.idempotency import Decided, Idempotency
from waag.services.attribution.paging import open_place, page_context, seal_place
from waag.services.attribution.partners import find_product, product_problem


class ProductShown(msgspec.Struct, frozen=True):
    """A product as an attribution shows it: as it was named, and what the market says of it now."""

    named: str
    code: str | None = None
    title: str | None = None


class ShownAttribution(msgspec.Struct, frozen=True):
    """An attribution, and the product it is of."""

    attribution: Attribution
    product: ProductShown | None


class NewAttribution(msgspec.Struct, frozen=True):
    """What a request to create an attribution says."""

    scope: Scope
    name: str
    tenancy_model: str
    description: str | None
    product: str | None
    tags: Sequence[Tag]
    token: TokenUse | None


class AttributionUpdate(msgspec.Struct, frozen=True):
    """What a request to describe an attribution anew says.

    Attributes:
        revision: the one that the caller has read.
        description: None keeps the one there is.
    """

    scope: Scope
    identifier: str
    revision: Revision
    description: str | None
    token: TokenUse | None


class AttributionList(msgspec.Struct, frozen=True):
    """A request for a page of attributions.

    Attributes:
        identifiers: ids and ARNs; None for all.
        next_token: as the page before gave it; None for the first.
        limit: from 1 to 100.
    """

    scope: Scope
    identifiers: frozenset[str] | None
    created_from: Instant | None
    created_until: Instant | None
    direction: Direction
    next_token: str | None
    limit: int


class ListedAttributions(msgspec.Struct, frozen=True):
    """A page of attributions.

    Attributes:
        next_token: None on the last page.
    """

    attributions: Sequence[ShownAttribution]
    next_token: str | None


class RevenueAttributions:
    """The operations on attributions.

    Args:
        attributions: keeps them.
        idempotency: what requests with a client token go through.
        page_tokens: seals and opens the tokens for next pages.
        market: whose products there are.
        choices: taken where AWS is silent.
        random_bytes: for ids.
    """

    def __init__(
        self,
        attributions: Attributions,
        idempotency: Idempotency,
        *,
        page_tokens: PageTokens,
        market: Market,
        choices: AttributionChoices,
        random_bytes: RandomBytes,
    ) -> None:
        self._attributions = attributions
        self._idempotency = idempotency
        self._page_tokens = page_tokens
        self._market = market
        self._choices = choices
        self._random_bytes = random_bytes

    def create(self, asked: NewAttribution, now: Instant) -> ShownAttribution:
        """Create an attribution that nothing is allocated to yet.

        Raises:
            ClientTokenConflict: the token stands for another request.
            FieldsInvalid: the product is not one that the caller speaks for.
            TagQuotaExceeded: more tags than an attribution may have.
            AlreadyExists: another attribution has the name.
            AttributionQuotaExceeded: there are as many as there may be.
            StoreUnavailable: the store could not read or write.
        """

        def decide() -> Decided[ShownAttribution]:
            self._check_product(asked)
            most = self._choices.attribution_tags_max
            if len(asked.tags) > most:
                raise TagQuotaExceeded(
                    f"The request has {len(asked.tags)} tags; an attribution may have {most}."
                )
            version = first_version(now, asked.description)
            new = Attribution(
                asked.scope,
                new_id(IdKind.ATTRIBUTION, self._random_bytes(ID_BYTES)),
                asked.name,
                asked.tenancy_model,
                asked.product,
                now,
                version,
                version.revision,
            )
            return Decided(
                self._shown(new),
                lambda reply: self._attributions.create(
                    new, asked.tags, self._choices.attributions_max, reply
                ),
            )

        return self._idempotency.once(asked.token, now, ShownAttribution, decide)

    def get(self, scope: Scope, identifier: str, revision: Revision | None) -> ShownAttribution:
        """An attribution as of a revision; None for the latest.

        Raises:
            ResourceUnknown: no such attribution of the caller's, or no such revision of it.
            StoreUnavailable: the store could not be read.
        """
        found = find_attribution(self._attributions, scope, identifier)
        wanted = to_read(revision, found.latest, f"Revenue attribution {found.id}")
        if wanted != found.latest:
            earlier = self._attributions.attribution(scope, found.id, wanted)
            assert earlier is not None, "every revision up to the latest is kept"
            found = earlier
        return self._shown(found)

    def update(self, asked: AttributionUpdate, now: Instant) -> Attribution:
        """Make a new revision of an attribution, with another description or the same.

        Raises:
            ClientTokenConflict: the token stands for another request.
            ResourceUnknown: no such attribution of the caller's.
            RevisionMismatch: the caller has read another revision than the latest.
            ConcurrentModification: somebody else has made that revision meanwhile.
            StoreUnavailable: the store could not read or write.
        """

        def decide() -> Decided[Attribution]:
            found = find_attribution(self._attributions, asked.scope, asked.identifier)
            check_latest(asked.revision, found.latest)
            version = new_version(found.version, now, asked.description)
            changed = msgspec.structs.replace(found, version=version, latest=version.revision)
            return Decided(changed, lambda reply: self._attributions.update(changed, reply))

        return self._idempotency.once(asked.token, now, Attribution, decide)

    def page(self, asked: AttributionList) -> ListedAttributions:
        """A page of the caller's attributions.

        All pages of a list show how things were when its first page was asked for; identifiers of
        what there is not are passed over.

        Raises:
            RequestInvalid: the token for the page is none, or of another list.
            StoreUnavailable: the store could not be read.
        """
        same = msgspec.structs.replace(asked, next_token=None, limit=0)
        context = page_context("ListRevenueAttributions", asked.scope, same)
        after = open_place(self._page_tokens, asked.next_token, context, AttributionPlace)
        filters = AttributionFilters(
            _ids(asked.identifiers, asked.scope), asked.created_from, asked.created_until
        )
        page = self._attributions.page(
            AttributionQuery(asked.scope, filters, asked.direction, after, asked.limit)
        )
        return ListedAttributions(
            [self._shown(each) for each in page.attributions],
            seal_place(self._page_tokens, page.end, context),
        )

    def _check_product(self, asked: NewAttribution) -> None:
        if asked.product is None:
            return
        problem = product_problem(
            "ProductIdentifier",
            asked.product,
            asked.scope,
            market=self._market,
            choices=self._choices,
        )
        if problem is not None:
            raise FieldsInvalid((problem,))

    def _shown(self, attribution: Attribution) -> ShownAttribution:
        named = attribution.product
        if named is None:
            return ShownAttribution(attribution, None)
        product = find_product(named, self._market)
        if product is None:
            return ShownAttribution(attribution, ProductShown(named))
        return ShownAttribution(attribution, ProductShown(named, product.code, product.title))


def _ids(identifiers: frozenset[str] | None, scope: Scope) -> frozenset[str] | None:
    """The ids that identifiers stand for; those of another scope stand for nothing."""
    if identifiers is None:
        return None
    ids = (attribution_id_of(each, scope) for each in identifiers)
    return frozenset(each for each in ids if each is not None)


def find_attribution(attributions: Attributions, scope: Scope, identifier: str) -> Attribution:
    """The latest revision of the attribution that an id or ARN names.

    Raises:
        ResourceUnknown: there is none in the scope.
        StoreUnavailable: the store could not be read.
    """
    attribution_id = attribution_id_of(identifier, scope)
    found = None if attribution_id is None else attributions.attribution(scope, attribution_id)
    if found is None:
        raise ResourceUnknown(f"There is no revenue attribution {identifier} in {scope}.")
    return found
