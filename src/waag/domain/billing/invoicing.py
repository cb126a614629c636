"""Invoicing: the charges of one buyer with one seller as an invoice, and what it books.

An invoice has a line for each charge and an item for each agreement. The item has the transaction
reference, by which reports tell one transaction from another; fee and shares are its, of the sum of
its lines, so that they are rounded once. Taxes are the lines', one for each jurisdiction.

Where a reseller sells, it is the seller of record; the product's own seller is its supplier, gets
its part of the price as cost of goods, and each pays a listing fee on what it keeps.
Source: billing event page, whose figures the tests hold: 100 billed, 80 cost of goods, 0.20 fee.
"""

from collections.abc import Iterable, Sequence

import msgspec

from waag.domain.billing.charges import Charge
from waag.domain.billing.history import History
from waag.domain.billing.ledger import (
    LISTING_FEES,
    TAX,
    Action,
    Posting,
    Transaction,
    Type,
    receivable,
    transaction,
    uncollected,
)
from waag.domain.billing.listing_fee import fee_rate_of
from waag.domain.billing.money import part
from waag.domain.billing.names import derived
from waag.domain.billing.taxes import LineTax, taxes_on
from waag.domain.billing_terms import TaxRule
from waag.domain.instants import DAY, Instant
from waag.domain.market import Account, Address, Agreement, Product


class Parties(msgspec.Struct, frozen=True):
    """Who an agreement's charges are between, as terms are when it is billed."""

    agreement: Agreement
    product: History[Product]
    buyer: Account

    @property
    def seller_id(self) -> str:
        """The seller of record."""
        return self.agreement.terms.reseller or self.product.latest.seller_id


class Line(msgspec.Struct, frozen=True):
    """A charge on an invoice, with its taxes; `reference` is its item's."""

    charge: Charge
    reference: str
    taxes: tuple[LineTax, ...]

    def tax(self, liable: str) -> int:
        """What is owed to authorities by the seller, or by AWS."""
        return sum(each.amount for each in self.taxes if each.liable == liable)


class Item(msgspec.Struct, frozen=True):
    """What one agreement adds to an invoice; amounts in minor units, all 0 or more.

    Attributes:
        reference: the transaction reference.
        agreement, product: numbers.
        cost: of goods: the supplier's part of the revenue.
        supplier_id: whose product a reseller sells.
    """

    reference: str
    agreement: int
    product: int
    seller_id: str
    revenue: int
    fee_rate: str
    fee: int
    seller_tax: int
    aws_tax: int
    cost: int = 0
    supplier_id: str | None = None
    supplier_fee_rate: str = "0"
    supplier_fee: int = 0

    @property
    def billed(self) -> int:
        """What the buyer owes for it."""
        return self.revenue + self.seller_tax + self.aws_tax


class Invoice(msgspec.Struct, frozen=True):
    """What one buyer owes one seller of record.

    Attributes:
        month: of the books, for which it is.
        at: when it is issued.
        due: when it has to be paid.
        address: the buyer's, as it was then.
    """

    id: str
    month: str
    at: Instant
    due: Instant
    buyer_id: str
    seller_id: str
    currency: str
    address: Address | None
    items: tuple[Item, ...]
    lines: tuple[Line, ...]

    @property
    def billed(self) -> int:
        """What the buyer owes."""
        return sum(item.billed for item in self.items)


def invoice(
    charges: Sequence[tuple[Charge, Parties]],
    rules: Iterable[TaxRule],
    month: str,
    at: Instant,
) -> Invoice:
    """One invoice of charges that are all between the same buyer and seller, in one currency.

    Args:
        charges: at least one; each agreement's stand together.
        rules: the tax table.
        month: of the books, for which it is.
        at: when it is issued.
    """
    first, parties = charges[0]
    invoice_id = derived("inv", parties.buyer.id, parties.seller_id, month, first.id, at)
    lines: list[Line] = []
    rules = tuple(rules)
    for charge, of in charges:
        reference = derived("tref", invoice_id, of.agreement.id)
        lines.append(Line(charge, reference, _taxes(charge, of, rules)))
    by_reference: dict[str, tuple[Parties, list[Line]]] = {}
    for line, (_, of) in zip(lines, charges, strict=True):
        by_reference.setdefault(line.reference, (of, []))[1].append(line)
    items = tuple(
        _item(reference, of, its, first.currency, at)
        for reference, (of, its) in by_reference.items()
    )
    return Invoice(
        invoice_id,
        month,
        at,
        at + parties.buyer.terms.payment_days * DAY,
        parties.buyer.id,
        parties.seller_id,
        first.currency,
        parties.buyer.address,
        items,
        tuple(lines),
    )


def invoiced(issued: Invoice) -> Transaction:
    """What an invoice books."""
    postings = [
        each
        for item in issued.items
        for each in postings_of(item, issued.buyer_id, issued.currency)
    ]
    name = derived("txn", Action.INVOICED.value, issued.id)
    return transaction(name, issued.at, Action.INVOICED, issued.id, postings)


def postings_of(item: Item, buyer_id: str, currency: str) -> list[Posting]:
    """What an item of an invoice books."""
    owes, has = receivable(buyer_id), uncollected(item.seller_id)
    moves = [
        (Type.SELLER_REV_SHARE, owes, has, item.revenue),
        (Type.AWS_REV_SHARE, has, LISTING_FEES, item.fee),
        (Type.SELLER_TAX_SHARE, owes, has, item.seller_tax),
        (Type.AWS_TAX_SHARE, owes, TAX, item.aws_tax),
    ]
    postings = [
        posting
        for kind, debit, credit, amount in moves
        for posting in (
            Posting(debit, kind, item.reference, amount, currency),
            Posting(credit, kind, item.reference, -amount, currency),
        )
    ]
    if item.supplier_id is not None:
        supplier = uncollected(item.supplier_id)
        postings += [
            Posting(has, Type.COST_OF_GOODS, item.reference, item.cost, currency),
            Posting(supplier, Type.SELLER_REV_SHARE, item.reference, -item.cost, currency),
            Posting(supplier, Type.AWS_REV_SHARE, item.reference, item.supplier_fee, currency),
            Posting(LISTING_FEES, Type.AWS_REV_SHARE, item.reference, -item.supplier_fee, currency),
        ]
    return postings


def _taxes(charge: Charge, parties: Parties, rules: Sequence[TaxRule]) -> tuple[LineTax, ...]:
    if not charge.amount:
        return ()
    return taxes_on(
        charge.amount,
        charge.currency,
        parties.product.latest.terms.tax_code,
        parties.buyer.address,
        parties.buyer.terms.tax_exemption,
        rules,
    )


def _item(
    reference: str, parties: Parties, lines: Sequence[Line], currency: str, at: Instant
) -> Item:
    agreement, product = parties.agreement, parties.product
    revenue = sum(line.charge.amount for line in lines)
    country = None if parties.buyer.address is None else parties.buyer.address.country
    rate = fee_rate_of(agreement, product, country, at)
    resold = agreement.terms.reseller is not None
    cost = part(revenue, agreement.terms.wholesale_rate or "0", currency) if resold else 0
    return Item(
        reference,
        agreement.number,
        product.latest.number,
        parties.seller_id,
        revenue,
        rate,
        part(revenue - cost, rate, currency),
        sum(line.tax("Seller") for line in lines),
        sum(line.tax("AWS") for line in lines),
        cost,
        product.latest.seller_id if resold else None,
        rate if resold else "0",
        part(cost, rate, currency) if resold else 0,
    )
