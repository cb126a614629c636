"""From a market definition to a change of the market: what is added, what becomes different.

Entries that the definition does not name stay as they are. An account that it names has exactly
the principals it lists, so that a credential is withdrawn by leaving it out; a product it names
offers exactly the dimensions it lists. An agreement it names stands as it says; but where commands
were given about it since the file said the same, what they did stays.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import TypeVar

import msgspec

from waag.domain.analytics.enrollments import Enrollment
from waag.domain.billing_terms import (
    AccountTerms,
    AgreementTerms,
    DimensionTerms,
    ProductTerms,
    TaxRule,
)
from waag.domain.events import Event
from waag.domain.instants import Instant, from_datetime
from waag.domain.market import (
    Account,
    Address,
    Agreement,
    Deal,
    Dimension,
    Entitlement,
    Market,
    Partner,
    Principal,
    Product,
    metered_dimensions,
)
from waag.domain.market_definition import (
    AccountDefinition,
    AgreementDefinition,
    MarketDefinition,
    MarketRefused,
    PrincipalDefinition,
    ProductDefinition,
    defined_as,
)
from waag.domain.market_excerpt import MarketExcerpt, excerpt_for
from waag.domain.market_mistakes import mistakes_in
from waag.domain.policies import BUILT_IN_POLICIES, Policy, parse_policy


class MarketChange(msgspec.Struct, frozen=True):
    """What a definition adds or makes different; entries that stay the same are not in it.

    Attributes:
        withdrawn_access_keys: those that the accounts had before and do not have any more.
        events: what is told of it, written together with it.
        withdrawn_events: agreements' ids, names of events that are no longer told, and the instants
            after which these were to be; not those that have fallen due.
    """

    accounts: tuple[Account, ...] = ()
    products: tuple[Product, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    deals: tuple[Deal, ...] = ()
    enrollments: tuple[Enrollment, ...] = ()
    tax_rules: tuple[TaxRule, ...] = ()
    withdrawn_access_keys: tuple[str, ...] = ()
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    events: tuple[Event, ...] = ()
    withdrawn_events: tuple[tuple[str, str, Instant], ...] = ()


def changes_to(market: Market, definition: MarketDefinition) -> MarketChange:
    """What applying `definition` changes.

    Raises:
        MarketRefused: the definition has mistakes; all are named.
        StoreUnavailable: the market could not be read.
    """
    before = excerpt_for(definition, market)
    mistakes = tuple(mistakes_in(definition, before))
    if mistakes:
        raise MarketRefused(mistakes)
    accounts = _to_accounts(definition.accounts, before)
    products = _to_products(definition.products, before)
    agreements = _to_agreements(definition.agreements, before, before.accounts | accounts)
    deals = {
        (each.type, each.id): msgspec.convert(each, Deal, from_attributes=True)
        for each in definition.deals
    }
    enrollments = {
        each.seller: msgspec.convert(each, Enrollment, from_attributes=True)
        for each in definition.enrollments
    }
    tax_rules = {each.id: each for each in definition.taxes}
    pairs = [
        *_paired(accounts, before.accounts),
        *_paired(products, before.products),
        *_paired(agreements, before.agreements),
        *_paired(deals, before.deals),
        *_paired(enrollments, before.enrollments),
        *_paired(tax_rules, before.tax_rules),
    ]
    return MarketChange(
        _different(accounts, before.accounts),
        _different(products, before.products),
        _different(agreements, before.agreements),
        _different(deals, before.deals),
        _different(enrollments, before.enrollments),
        _different(tax_rules, before.tax_rules),
        _withdrawn(accounts, before),
        added=sum(present is None for _, present in pairs),
        changed=sum(present is not None and present != after for after, present in pairs),
        unchanged=sum(present == after for after, present in pairs),
    )


def to_policies(documents: Sequence[str]) -> tuple[Policy, ...]:
    """The policies that built-in names and documents' JSON stand for, in order.

    Raises:
        PolicyMalformed: a document is none.
    """
    return tuple(
        BUILT_IN_POLICIES[document]
        if document in BUILT_IN_POLICIES
        else parse_policy(msgspec.json.decode(document), f"inline {place}")
        for place, document in enumerate(documents)
    )


Key = TypeVar("Key")
Entry = TypeVar("Entry")


def _paired(
    after: Mapping[Key, Entry], before: Mapping[Key, Entry]
) -> Iterable[tuple[Entry, Entry | None]]:
    return [(entry, before.get(key)) for key, entry in after.items()]


def _different(after: Mapping[Key, Entry], before: Mapping[Key, Entry]) -> tuple[Entry, ...]:
    return tuple(entry for entry, present in _paired(after, before) if entry != present)


def _withdrawn(accounts: Mapping[str, Account], before: MarketExcerpt) -> tuple[str, ...]:
    listed = {
        principal.access_key_id for each in accounts.values() for principal in each.principals
    }
    return tuple(
        principal.access_key_id
        for account_id in accounts
        if account_id in before.accounts
        for principal in before.accounts[account_id].principals
        if principal.access_key_id not in listed
    )


def _to_accounts(
    definitions: Iterable[AccountDefinition], market: MarketExcerpt
) -> dict[str, Account]:
    free = count(market.numbers_taken().account + 1)
    return {
        each.id: Account(
            market.accounts[each.id].number if each.id in market.accounts else next(free),
            each.id,
            each.name,
            each.kind,
            tuple(_to_principal(principal, each.id) for principal in each.principals),
            msgspec.convert(each.address, Address | None, from_attributes=True),
            each.email_domain,
            msgspec.convert(each.partner, Partner, from_attributes=True),
            msgspec.convert(each, AccountTerms, from_attributes=True),
        )
        for each in definitions
    }


def _to_principal(definition: PrincipalDefinition, account_id: str) -> Principal:
    documents = tuple(
        policy if isinstance(policy, str) else msgspec.json.encode(policy, order="sorted").decode()
        for policy in definition.policies
    )
    if definition.user is not None:
        arn = f"arn:aws:iam::{account_id}:user/{definition.user}"
    else:
        arn = f"arn:aws:sts::{account_id}:assumed-role/{definition.role}/{definition.session}"
    return Principal(
        account_id,
        arn,
        definition.access_key_id,
        definition.secret_access_key,
        definition.session_token,
        to_policies(documents),
        documents,
        definition.platform,
        definition.region,
    )


def _to_products(
    definitions: Iterable[ProductDefinition], market: MarketExcerpt
) -> dict[str, Product]:
    free = count(market.numbers_taken().product + 1)
    free_dimensions = count(market.numbers_taken().dimension + 1)
    products: dict[str, Product] = {}
    for each in definitions:
        present = market.products.get(each.id)
        dimensions = _to_dimensions(each, present.dimensions if present else (), free_dimensions)
        products[each.id] = Product(
            present.number if present else next(free),
            each.id,
            each.code,
            each.seller,
            each.title,
            each.type,
            each.integration,
            frozenset(each.regions),
            dimensions,
            metered_dimensions(dimensions),
            each.fulfillment_url,
            _to_product_terms(each),
        )
    return products


def _to_product_terms(product: ProductDefinition) -> ProductTerms:
    """Dimensions that have the usual terms are not in them."""
    dimensions = {
        each.key: DimensionTerms(tiers=each.tiers, per=each.per, covered_by=each.covered_by)
        for each in product.dimensions
    }
    own = {key: terms for key, terms in dimensions.items() if terms != DimensionTerms()}
    return ProductTerms(
        currency=product.currency,
        tax_code=product.tax_code,
        listing_fee_rate=product.listing_fee_rate,
        free_trial_days=product.free_trial_days,
        solution_id=product.solution_id,
        solution_title=product.solution_title,
        dimensions=own,
    )


def _to_dimensions(
    product: ProductDefinition, present: Iterable[Dimension], free: Iterator[int]
) -> tuple[Dimension, ...]:
    before = {dimension.key: dimension for dimension in present}
    listed = {
        each.key: Dimension(
            before[each.key].number if each.key in before else next(free),
            each.key,
            each.type,
            each.unit,
            each.price,
        )
        for each in product.dimensions
    }
    withdrawn = {
        key: msgspec.structs.replace(dimension, offered=False)
        for key, dimension in before.items()
        if key not in listed
    }
    together = (listed | withdrawn).values()
    return tuple(sorted(together, key=lambda dimension: dimension.number))


def _to_agreements(
    definitions: Iterable[AgreementDefinition], market: MarketExcerpt, buyers: Mapping[str, Account]
) -> dict[str, Agreement]:
    free = count(market.numbers_taken().agreement + 1)
    agreements: dict[str, Agreement] = {}
    for each in definitions:
        present = market.agreements.get(each.id)
        said = Agreement(
            next(free) if present is None else present.number,
            each.id,
            each.product,
            each.buyer,
            buyers[each.buyer].number,
            each.customer_identifier,
            each.license_arn,
            from_datetime(each.starts),
            None if each.ends is None else from_datetime(each.ends),
            tuple(Entitlement(given.dimension, given.value) for given in each.entitlements),
            terms=msgspec.convert(each, AgreementTerms, from_attributes=True),
        )
        says_the_same = (
            present is not None
            and present.life is not None
            and present.life.defined == defined_as(said)
        )
        agreements[each.id] = present if present is not None and says_the_same else said
    return agreements
