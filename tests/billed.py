"""Terms, parties and charges for tests of the books, with defaults that are easy to reckon with."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from builders import BUYER, agreement, at, product
from waag.domain.billing.charges import Charge, ChargeKind, Step
from waag.domain.billing.history import History, history
from waag.domain.billing.invoicing import Invoice, Parties, invoice
from waag.domain.billing_terms import (
    AccountTerms,
    AgreementTerms,
    DimensionTerms,
    ProductTerms,
    TaxRule,
    Tier,
)
from waag.domain.instants import Instant
from waag.domain.market import (
    Account,
    AccountKind,
    Address,
    Agreement,
    Dimension,
    DimensionType,
    Entitlement,
    Product,
    ProductType,
)

WHOLE = 1_000_000
"""Micro-units of one."""

JUNE = at("2026-06-01T06:00:00")
SUPPLIER = "120000000009"


def always(entry: Any) -> History[Any]:
    """What never was otherwise."""
    return history((), entry)


def changed(*versions: tuple[str, Any], latest: Any) -> History[Any]:
    """What was otherwise until some instants, such as ("2026-05-10T00:00:00", …)."""
    return history([(at(until), entry) for until, entry in versions], latest)


def sold(price: str = "0.50", *, per: Any = None, **given: Any) -> Product:
    """A product with one dimension, `users`; tiers are given as (price, up_to)."""
    tiers: Sequence[tuple[str, str | None]] = given.pop("tiers", ())
    kind = given.pop("dimension_type", DimensionType.METERED)
    terms = DimensionTerms(
        tiers=tuple(Tier(price=each, up_to=up_to) for each, up_to in tiers),
        per=per,
        covered_by=given.pop("covered_by", None),
    )
    named = {name: given.pop(name) for name in ProductTerms.__struct_fields__ if name in given}
    own: Mapping[str, DimensionTerms] = {} if terms == DimensionTerms() else {"users": terms}
    more = given.pop("more", ())
    return product(
        dimensions=(Dimension(1, "users", kind, "Users", price), *more),
        terms=ProductTerms(**({"dimensions": own} | named)),
        **given,
    )


def contract(price: str = "120.00", **given: Any) -> Product:
    """A contract whose `users` are bought in advance."""
    usual = {"type": ProductType.SAAS_CONTRACT, "dimension_type": DimensionType.ENTITLED}
    return sold(price, **(usual | given))


def granting(value: Any = 25, **given: Any) -> Agreement:
    """A year of BUYER's with so many users; terms are given by their names."""
    named = {name: given.pop(name) for name in AgreementTerms.__struct_fields__ if name in given}
    usual = {
        "starts": at("2026-02-01T00:00:00"),
        "ends": at("2027-02-01T00:00:00"),
        "entitlements": (Entitlement("users", value),),
        "terms": AgreementTerms(**named),
    }
    return agreement(**(usual | given))


def agreed(**given: Any) -> Agreement:
    """BUYER's agreement, paid as it is used; terms are given by their names."""
    named = {name: given.pop(name) for name in AgreementTerms.__struct_fields__ if name in given}
    return agreement(**({"terms": AgreementTerms(**named)} | given))


def moment(text: str) -> datetime:
    """An aware datetime in UTC, as market files have."""
    return datetime.fromisoformat(f"{text}+00:00")


def buyer(**given: Any) -> Account:
    """BUYER in Seattle; terms are given by their names."""
    named = {name: given.pop(name) for name in AccountTerms.__struct_fields__ if name in given}
    usual = {
        "number": 3,
        "id": BUYER,
        "name": "Buyer",
        "kind": AccountKind.BUYER,
        "address": Address("US", "WA", "Seattle", "98101"),
        "terms": AccountTerms(**named),
    }
    return Account(**(usual | given))


def parties(**given: Any) -> Parties:
    """BUYER and SELLER over the default product."""
    usual = {"agreement": agreed(), "product": always(sold()), "buyer": buyer()}
    return Parties(**(usual | given))


def charge(amount: int = 10_000, **given: Any) -> Charge:
    """A hundred dollars for the usage of May."""
    usual = {
        "id": "charge-1",
        "kind": ChargeKind.USAGE,
        "month": "2026-05",
        "customer": 3,
        "agreement": 1,
        "dimension": 1,
        "description": "users, Users",
        "at": JUNE,
        "starts": at("2026-05-01T00:00:00"),
        "ends": at("2026-06-01T00:00:00"),
        "usage_month": "2026-05",
        "quantity": 200 * WHOLE,
        "records": 1,
        "amount": amount,
        "currency": "USD",
        "steps": (Step("units", "200", "0.5", "100"),),
    }
    return Charge(**(usual | given))


def tax(rate: str = "0.206", **given: Any) -> TaxRule:
    """A tax of Washington's that AWS owes."""
    usual = {"id": "wa", "country": "US", "state": "WA", "jurisdiction": "WA", "rate": rate}
    return TaxRule(**(usual | given))


def bill(
    *charges: Charge, of: Parties | None = None, rules: Sequence[TaxRule] = (), at_: Instant = JUNE
) -> Invoice:
    """An invoice of charges, of a hundred dollars unless they are given."""
    whose = of or parties()
    return invoice([(each, whose) for each in charges or (charge(),)], rules, "2026-05", at_)
