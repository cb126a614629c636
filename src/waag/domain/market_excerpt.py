"""The part of a market that somebody has to see, held in memory.

An excerpt answers the look-ups that it was made for as the market does from which it was taken; of
anything else it knows nothing.
"""

from collections.abc import Iterable, Sequence

from waag.domain.analytics.enrollments import Enrollment
from waag.domain.billing_terms import TaxRule
from waag.domain.market import (
    Account,
    Agreement,
    Deal,
    Market,
    NumbersTaken,
    Principal,
    Product,
)
from waag.domain.market_definition import MarketDefinition


class MarketExcerpt:
    """Implements `Market` over the entries given; without more it is a whole, if small, market.

    Args:
        accounts: each once, as all entries; the order of entries does not matter.
        products: with their dimensions.
        agreements: to any product.
        deals: of any owner.
        enrollments: one for each seller at most.
        tax_rules: each once.
        numbers_taken: of the whole market; left out, those of the entries given.
    """

    def __init__(  # noqa: PLR0917 - one parameter for each list of the market file
        self,
        accounts: Iterable[Account] = (),
        products: Iterable[Product] = (),
        agreements: Iterable[Agreement] = (),
        deals: Iterable[Deal] = (),
        enrollments: Iterable[Enrollment] = (),
        tax_rules: Iterable[TaxRule] = (),
        *,
        numbers_taken: NumbersTaken | None = None,
    ) -> None:
        self.accounts = {account.id: account for account in accounts}
        self.products = {product.id: product for product in products}
        by_number = sorted(agreements, key=lambda agreement: agreement.number)
        self.agreements = {agreement.id: agreement for agreement in by_number}
        self.deals = {(deal.type, deal.id): deal for deal in deals}
        self.enrollments = {enrollment.seller: enrollment for enrollment in enrollments}
        self.tax_rules = {rule.id: rule for rule in tax_rules}
        self._numbers_taken = numbers_taken or self._highest_numbers()
        self._principals = {
            principal.access_key_id: principal
            for account in self.accounts.values()
            for principal in account.principals
        }
        self._products_by_code = {product.code: product for product in self.products.values()}
        self._by_license_arn: dict[str, Agreement] = {}
        self._by_identifier: dict[str, list[Agreement]] = {}
        self._by_customer: dict[tuple[str, str], list[Agreement]] = {}
        self._by_parties: dict[tuple[str, str], list[Agreement]] = {}
        for agreement in self.agreements.values():
            self._index(agreement)

    def _highest_numbers(self) -> NumbersTaken:
        products = self.products.values()
        dimensions = (dimension for product in products for dimension in product.dimensions)
        return NumbersTaken(
            max((account.number for account in self.accounts.values()), default=0),
            max((product.number for product in products), default=0),
            max((dimension.number for dimension in dimensions), default=0),
            max((agreement.number for agreement in self.agreements.values()), default=0),
        )

    def _index(self, agreement: Agreement) -> None:
        parties = (agreement.product_id, agreement.buyer_id)
        self._by_parties.setdefault(parties, []).append(agreement)
        if agreement.license_arn is not None:
            self._by_license_arn[agreement.license_arn] = agreement
        identifier = agreement.customer_identifier
        if identifier is not None:
            self._by_identifier.setdefault(identifier, []).append(agreement)
            customer = (agreement.product_id, identifier)
            self._by_customer.setdefault(customer, []).append(agreement)

    def principal(self, access_key_id: str, /) -> Principal | None:
        """Whose access key this is."""
        return self._principals.get(access_key_id)

    def account(self, account_id: str, /) -> Account | None:
        """The account with these twelve digits."""
        return self.accounts.get(account_id)

    def product(self, product_id: str, /) -> Product | None:
        """The product with this id."""
        return self.products.get(product_id)

    def product_by_code(self, code: str, /) -> Product | None:
        """The product with this product code."""
        return self._products_by_code.get(code)

    def agreement(self, agreement_id: str, /) -> Agreement | None:
        """The agreement with this id."""
        return self.agreements.get(agreement_id)

    def agreement_by_license_arn(self, license_arn: str, /) -> Agreement | None:
        """The agreement that granted this license."""
        return self._by_license_arn.get(license_arn)

    def agreements_of(self, product_id: str, buyer_id: str, /) -> Sequence[Agreement]:
        """Every agreement of one buyer to one product."""
        return self._by_parties.get((product_id, buyer_id), ())

    def agreements_of_customer(
        self, product_id: str, customer_identifier: str, /
    ) -> Sequence[Agreement]:
        """Every agreement to one product under this legacy customer identifier."""
        return self._by_customer.get((product_id, customer_identifier), ())

    def agreements_by_identifier(self, customer_identifier: str, /) -> Sequence[Agreement]:
        """Every agreement under this legacy customer identifier, of any product."""
        return self._by_identifier.get(customer_identifier, ())

    def deal(self, deal_type: str, deal_id: str, /) -> Deal | None:
        """The opportunity or offer with this id."""
        return self.deals.get((deal_type, deal_id))

    def enrollment(self, seller_id: str, /) -> Enrollment | None:
        """Where this seller's data sets may be delivered."""
        return self.enrollments.get(seller_id)

    def tax_rule(self, rule_id: str, /) -> TaxRule | None:
        """The tax rule with this id."""
        return self.tax_rules.get(rule_id)

    def numbers_taken(self) -> NumbersTaken:
        """Above which numbers all are free in the market that this is an excerpt of."""
        return self._numbers_taken


def excerpt_for(definition: MarketDefinition, market: Market) -> MarketExcerpt:
    """What has to be seen of `market` to judge and carry out `definition`.

    Every entry that it names or refers to, and every entry that has one of its names already.

    Raises:
        StoreUnavailable: the market could not be read.
    """
    return MarketExcerpt(
        _accounts(definition, market),
        _products(definition, market),
        _agreements(definition, market),
        [
            deal
            for each in definition.deals
            if (deal := market.deal(each.type, each.id)) is not None
        ],
        [
            enrollment
            for each in definition.enrollments
            if (enrollment := market.enrollment(each.seller)) is not None
        ],
        [rule for each in definition.taxes if (rule := market.tax_rule(each.id)) is not None],
        numbers_taken=market.numbers_taken(),
    )


def _accounts(definition: MarketDefinition, market: Market) -> Iterable[Account]:
    ids = {account.id for account in definition.accounts}
    ids.update(product.seller for product in definition.products)
    ids.update(agreement.buyer for agreement in definition.agreements)
    ids.update(each.reseller for each in definition.agreements if each.reseller is not None)
    ids.update(deal.owner for deal in definition.deals)
    ids.update(deal.customer for deal in definition.deals)
    ids.update(each for account in definition.accounts for each in account.partner.connected)
    ids.update(enrollment.seller for enrollment in definition.enrollments)
    for account in definition.accounts:
        for principal in account.principals:
            holder = market.principal(principal.access_key_id)
            if holder is not None:
                ids.add(holder.account_id)
    return [account for each in ids if (account := market.account(each)) is not None]


def _products(definition: MarketDefinition, market: Market) -> Iterable[Product]:
    ids = {product.id for product in definition.products}
    ids.update(agreement.product for agreement in definition.agreements)
    found = [market.product(each) for each in ids]
    found += [market.product_by_code(product.code) for product in definition.products]
    return [product for product in found if product is not None]


def _agreements(definition: MarketDefinition, market: Market) -> Iterable[Agreement]:
    customers = {(each.product, each.customer_identifier) for each in definition.agreements}
    found = [market.agreement(each.id) for each in definition.agreements]
    found += [
        market.agreement_by_license_arn(each.license_arn)
        for each in definition.agreements
        if each.license_arn is not None
    ]
    for product_id, identifier in customers:
        if identifier is not None:
            found += market.agreements_of_customer(product_id, identifier)
    return [agreement for agreement in found if agreement is not None]
