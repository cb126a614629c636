"""Taxes on a line of a bill, one for each jurisdiction whose rule fits the buyer's address.

Prices are without tax. Each jurisdiction's tax is its rate times the amount, rounded half up. A
rule with a rate of 0 makes a line that says nothing is owed, as AWS's tax records have for
jurisdictions that do not tax.

Source: AWS Marketplace Seller Guide, U.S. sales and use tax report, and the tax item feed with its
example (100 x 0.206 = 20.60); where a line is rounded is not said there.
"""

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from waag.domain.billing.money import part
from waag.domain.billing_terms import TaxExemption, TaxRule
from waag.domain.market import Address


class LineTax(msgspec.Struct, frozen=True):
    """What one jurisdiction takes of one line; amounts in minor units.

    Attributes:
        rule: the id of the tax rule.
        reason: why it is taxed or not, in the word of the tax records.
    """

    rule: str
    type: str
    level: str
    jurisdiction: str
    location_code: str | None
    rate: str
    taxable: int
    nontaxable: int
    amount: int
    reason: str
    liable: str
    exemption: TaxExemption | None = None


def taxes_on(  # noqa: PLR0917 - what is taxed, where, and by what
    amount: int,
    currency: str,
    tax_code: str,
    address: Address | None,
    exemption: TaxExemption | None,
    rules: Iterable[TaxRule],
) -> tuple[LineTax, ...]:
    """The taxes on a line, in the order of the rules' ids.

    A product whose tax code a rule does not list is not taxed by it, and an exempted buyer by none;
    both are said in a line of their own.
    """
    if address is None:
        return ()
    found: list[LineTax] = []
    for rule in sorted(rules, key=lambda each: each.id):
        if not _is_at(rule, address):
            continue
        reason = "Taxable"
        if exemption is not None:
            reason = "Exempt"
        elif rule.tax_codes and tax_code not in rule.tax_codes:
            reason = "NonTaxable"
        elif not Decimal(rule.rate):
            reason = "ZeroRated"
        taxed = reason == "Taxable"
        found.append(
            LineTax(
                rule.id,
                rule.type,
                rule.level,
                rule.jurisdiction,
                rule.location_code,
                rule.rate if taxed else "0",
                amount if taxed else 0,
                0 if taxed else amount,
                part(amount, rule.rate, currency) if taxed else 0,
                reason,
                rule.liable,
                exemption,
            )
        )
    return tuple(found)


def _is_at(rule: TaxRule, address: Address) -> bool:
    return rule.country == address.country and all(
        wanted is None or wanted == has
        for wanted, has in (
            (rule.state, address.state),
            (rule.city, address.city),
            (rule.postal_code, address.postal_code),
        )
    )
