"""What must hold in a market definition, beyond the form of each entry.

Names are taken once; references lead to something, in the definition or in the market there is;
an entry that usage hangs on keeps its identity. Every mistake is reported, not just the first.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

from waag.domain.billing_mistakes import billing_mistakes_in
from waag.domain.instants import from_datetime
from waag.domain.market import (
    AccountKind,
    Agreement,
    DimensionType,
    Integration,
)
from waag.domain.market_definition import (
    INSTANT_EXPECTED,
    AgreementDefinition,
    MarketDefinition,
    Mistake,
    Path,
    PrincipalDefinition,
    ProductDefinition,
)
from waag.domain.market_excerpt import MarketExcerpt
from waag.domain.policies import BUILT_IN_POLICIES, PolicyMalformed, parse_policy


def mistakes_in(definition: MarketDefinition, market: MarketExcerpt) -> Iterator[Mistake]:
    """Everything that does not hold if `definition` is to be applied to `market`.

    Args:
        definition: what is to be applied.
        market: at least what `excerpt_for` gathers.
    """
    yield from _names_taken_twice(definition)
    kinds = {account.id: account.kind for account in market.accounts.values()}
    kinds |= {account.id: account.kind for account in definition.accounts}
    yield from _in_accounts(definition, market, kinds)
    yield from _in_products(definition, market, kinds)
    yield from _in_agreements(definition, market, kinds)
    yield from _identifiers_of_two_buyers(definition, market)
    yield from billing_mistakes_in(definition, market, kinds)
    for index, deal in enumerate(definition.deals):
        for member, account_id in (("owner", deal.owner), ("customer", deal.customer)):
            if account_id not in kinds:
                yield Mistake(("deals", index, member), f"an account; {account_id} is none here")
    for index, enrollment in enumerate(definition.enrollments):
        yield from _not_a_seller(("enrollments", index, "seller"), enrollment.seller, kinds)


def _names_taken_twice(definition: MarketDefinition) -> Iterator[Mistake]:
    accounts, products = definition.accounts, definition.products
    agreements, deals = definition.agreements, definition.deals
    yield from _twice([each.id for each in accounts], lambda i: ("accounts", i, "id"))
    yield from _twice([each.id for each in products], lambda i: ("products", i, "id"))
    yield from _twice([each.code for each in products], lambda i: ("products", i, "code"))
    yield from _twice([each.id for each in agreements], lambda i: ("agreements", i, "id"))
    licenses = [each.license_arn for each in agreements]
    yield from _twice(licenses, lambda i: ("agreements", i, "license_arn"))
    yield from _twice([f"{each.type} {each.id}" for each in deals], lambda i: ("deals", i, "id"))
    sellers = [each.seller for each in definition.enrollments]
    yield from _twice(sellers, lambda i: ("enrollments", i, "seller"))
    keys = {
        ("accounts", i, "principals", place, "access_key_id"): principal.access_key_id
        for i, account in enumerate(accounts)
        for place, principal in enumerate(account.principals)
    }
    yield from _twice(list(keys.values()), list(keys).__getitem__)


def _twice(names: Sequence[Hashable], path_of: Callable[[int], Path]) -> Iterator[Mistake]:
    seen: set[Hashable] = {None}
    for index, name in enumerate(names):
        if name in seen and name is not None:
            yield Mistake(path_of(index), f"a name of its own; {name} is taken above")
        seen.add(name)


def _not_a_seller(
    path: Path, account_id: str, kinds: Mapping[str, AccountKind]
) -> Iterator[Mistake]:
    if kinds.get(account_id) is not AccountKind.SELLER:
        yield Mistake(path, f"an account of kind seller; {account_id} is none here")


def _in_accounts(
    definition: MarketDefinition, market: MarketExcerpt, kinds: Mapping[str, AccountKind]
) -> Iterator[Mistake]:
    for index, account in enumerate(definition.accounts):
        present = market.accounts.get(account.id)
        if present is not None and present.kind is not account.kind:
            yield Mistake(
                ("accounts", index, "kind"),
                f"{present.kind.value}, which account {account.id} is; a kind does not change",
            )
        for place, connected in enumerate(account.partner.connected):
            where = ("accounts", index, "partner", "connected", place)
            yield from _not_a_seller(where, connected, kinds)
        for place, principal in enumerate(account.principals):
            path: Path = ("accounts", index, "principals", place)
            yield from _in_principal(path, principal, account.id, market)


def _in_principal(
    path: Path, principal: PrincipalDefinition, account_id: str, market: MarketExcerpt
) -> Iterator[Mistake]:
    if (principal.user is None) is (principal.role is None):
        yield Mistake(path, "one of user and role")
    elif principal.user is not None and (principal.session or principal.session_token):
        yield Mistake(path, "no session and no session_token, which only a role has")
    elif principal.role is not None and not (principal.session and principal.session_token):
        yield Mistake(path, "a session and a session_token, which a role has")
    holder = market.principal(principal.access_key_id)
    if holder is not None and holder.account_id != account_id:
        yield Mistake(
            (*path, "access_key_id"),
            f"a name of its own; {principal.access_key_id} is of account {holder.account_id}",
        )
    for place, policy in enumerate(principal.policies):
        where = (*path, "policies", place)
        if isinstance(policy, str):
            if policy not in BUILT_IN_POLICIES:
                built_in = ", ".join(sorted(BUILT_IN_POLICIES))
                yield Mistake(where, f"a policy document or one of {built_in}, not {policy!r}")
            continue
        try:
            parse_policy(policy, "inline")
        except PolicyMalformed as malformed:
            yield Mistake(where, f"{malformed.expected} (at {malformed.path or 'its top'})")


def _in_products(
    definition: MarketDefinition, market: MarketExcerpt, kinds: Mapping[str, AccountKind]
) -> Iterator[Mistake]:
    for index, product in enumerate(definition.products):
        path: Path = ("products", index)
        yield from _not_a_seller((*path, "seller"), product.seller, kinds)
        keys = [dimension.key for dimension in product.dimensions]
        yield from _twice(keys, lambda place, path=path: (*path, "dimensions", place, "key"))
        present = market.products.get(product.id)
        if present is not None:
            for member, now, then in (
                ("code", product.code, present.code),
                ("seller", product.seller, present.seller_id),
            ):
                if now != then:
                    yield Mistake((*path, member), f"{then}, as before: it does not change")
        holder = market.product_by_code(product.code)
        if holder is not None and holder.id != product.id:
            yield Mistake((*path, "code"), f"a code of its own; {product.code} is {holder.id}'s")


def _in_agreements(
    definition: MarketDefinition, market: MarketExcerpt, kinds: Mapping[str, AccountKind]
) -> Iterator[Mistake]:
    products = {product.id: product for product in definition.products}
    for index, agreement in enumerate(definition.agreements):
        path: Path = ("agreements", index)
        if agreement.buyer not in kinds:
            yield Mistake((*path, "buyer"), f"an account; {agreement.buyer} is none here")
        yield from _in_term(path, agreement)
        yield from _against_product(path, agreement, products, market)
        present = market.agreements.get(agreement.id)
        if present is not None:
            yield from _identity_changed(path, agreement, present)
        holder = market.agreement_by_license_arn(agreement.license_arn or "")
        if holder is not None and holder.id != agreement.id:
            yield Mistake((*path, "license_arn"), f"a license of its own; this is {holder.id}'s")


def _identifiers_of_two_buyers(
    definition: MarketDefinition, market: MarketExcerpt
) -> Iterator[Mistake]:
    buyers = {
        (agreement.product_id, agreement.customer_identifier): agreement.buyer_id
        for agreement in market.agreements.values()
    }
    for index, agreement in enumerate(definition.agreements):
        identifier = agreement.customer_identifier
        if identifier is None:
            continue
        buyer = buyers.setdefault((agreement.product, identifier), agreement.buyer)
        if buyer != agreement.buyer:
            yield Mistake(
                ("agreements", index, "customer_identifier"),
                f"an identifier of its own; {identifier} is customer {buyer}'s",
            )


def _in_term(path: Path, agreement: AgreementDefinition) -> Iterator[Mistake]:
    naive = [
        member
        for member, moment in (("starts", agreement.starts), ("ends", agreement.ends))
        if moment is not None and moment.tzinfo is None
    ]
    for member in naive:
        yield Mistake((*path, member), INSTANT_EXPECTED)
    if not naive and agreement.ends is not None and agreement.ends <= agreement.starts:
        yield Mistake((*path, "ends"), f"an instant after {agreement.starts.isoformat()}")


def _against_product(
    path: Path,
    agreement: AgreementDefinition,
    products: Mapping[str, ProductDefinition],
    market: MarketExcerpt,
) -> Iterator[Mistake]:
    product = products.get(agreement.product) or market.products.get(agreement.product)
    if product is None:
        yield Mistake((*path, "product"), f"a product; {agreement.product} is none here")
        return
    seller = product.seller if isinstance(product, ProductDefinition) else product.seller_id
    if seller == agreement.buyer:
        yield Mistake((*path, "buyer"), f"another account than the product's seller, {seller}")
    if product.integration is Integration.CONCURRENT and agreement.license_arn is None:
        yield Mistake(path, f"a license_arn, since {agreement.product} has concurrent agreements")
    legacy = product.integration is Integration.LEGACY
    if product.type.is_saas and legacy and agreement.customer_identifier is None:
        yield Mistake(
            path, f"a customer_identifier, since {agreement.product} has the legacy integration"
        )
    entitled = {
        dimension.key
        for dimension in product.dimensions
        if dimension.type is DimensionType.ENTITLED
    }
    for place, entitlement in enumerate(agreement.entitlements):
        if entitlement.dimension not in entitled:
            yield Mistake(
                (*path, "entitlements", place, "dimension"),
                f"an Entitled dimension of {agreement.product}, not {entitlement.dimension!r}",
            )


def _identity_changed(
    path: Path, agreement: AgreementDefinition, present: Agreement
) -> Iterator[Mistake]:
    for member, now, then in (
        ("product", agreement.product, present.product_id),
        ("buyer", agreement.buyer, present.buyer_id),
        ("customer_identifier", agreement.customer_identifier, present.customer_identifier),
        ("license_arn", agreement.license_arn, present.license_arn),
    ):
        # An identifier may be added later, as when a product goes over to licenses.
        if then is not None and now != then:
            yield Mistake((*path, member), f"{then}, as before: usage hangs on it")
    starts = agreement.starts
    if starts.tzinfo is not None and from_datetime(starts) != present.starts:
        yield Mistake((*path, "starts"), "the same instant as before: a start does not change")
