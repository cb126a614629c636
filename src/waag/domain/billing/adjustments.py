"""Refunds and credits: part of a line given back to the buyer, with what goes with it.

A refund gives back the taxes and the listing fee in proportion; a credit gives back the fee, and no
taxes. Proportions are of everything given back so far, so that the last cent comes back, too, and
no more than that. Nothing given back exceeds the line's charge.

While the invoice is open, the buyer owes less. Once it is paid, money is sent back, and the
sellers' next payouts are smaller.

Source: billing event feed, types ending in _REFUND and _CREDIT; which taxes go back is said nowhere
but in the tax records, where a refund has the id of the line it refunds.
"""

from collections.abc import Iterator
from enum import Enum

import msgspec
from msgspec.structs import replace

from waag.domain.billing.collection import OPEN, WRITTEN_OFF, Standing
from waag.domain.billing.invoicing import Item, Line
from waag.domain.billing.ledger import (
    BANK,
    LISTING_FEES,
    TAX,
    Action,
    Posting,
    Transaction,
    Type,
    collected,
    receivable,
    transaction,
    uncollected,
)
from waag.domain.billing.money import share, to_text
from waag.domain.billing.names import derived
from waag.domain.billing.taxes import LineTax
from waag.domain.instants import Instant
from waag.domain.refusals import Refusal


class AdjustmentRefused(Refusal):
    """Something that cannot be given back."""

    rule = "billing.adjustment"


class AdjustmentKind(Enum):
    """How something is given back."""

    REFUND = "refund"
    CREDIT = "credit"


class Adjustment(msgspec.Struct, frozen=True):
    """Something given back of one line; amounts in minor units, all 0 or more.

    Attributes:
        amount: of the charge, before tax.
        taxes: the line's, each with what goes back of it.
        place: which one of its line's, from 1.
    """

    id: str
    kind: AdjustmentKind
    charge_id: str
    reference: str
    place: int
    at: Instant
    amount: int
    fee: int
    seller_tax: int
    aws_tax: int
    cost: int
    supplier_fee: int
    currency: str
    reason: str
    taxes: tuple[LineTax, ...]

    @property
    def total(self) -> int:
        """What the buyer gets."""
        return self.amount + self.seller_tax + self.aws_tax


class GivenBack(msgspec.Struct, frozen=True):
    """What was given back before, in minor units, and in how many parts.

    Attributes:
        line: of the line, by refunds and credits.
        refunded: of the line, by refunds alone, which taxes follow.
        item: of its item, by both.
    """

    line: int = 0
    refunded: int = 0
    item: int = 0
    count: int = 0


_TYPES = {
    AdjustmentKind.REFUND: (
        Type.SELLER_REV_SHARE_REFUND,
        Type.AWS_REV_SHARE_REFUND,
        Type.COST_OF_GOODS_REFUND,
    ),
    AdjustmentKind.CREDIT: (
        Type.SELLER_REV_SHARE_CREDIT,
        Type.AWS_REV_SHARE_CREDIT,
        Type.COST_OF_GOODS_CREDIT,
    ),
}
_ACTIONS = {
    AdjustmentKind.REFUND: Action.REFUNDED,
    AdjustmentKind.CREDIT: Action.CREDITED,
}


def adjust(  # noqa: PLR0917 - a line, what it belongs to, and what is asked
    kind: AdjustmentKind,
    line: Line,
    item: Item,
    standing: Standing,
    before: GivenBack,
    amount: int | None,
    reason: str,
    at: Instant,
) -> Adjustment:
    """Give back an amount of a line, or all that is left of it.

    Raises:
        AdjustmentRefused: nothing of the sort can be given back.
    """
    charge = line.charge
    left = charge.amount - before.line
    amount = left if amount is None else amount
    if standing.status == WRITTEN_OFF:
        raise AdjustmentRefused(
            f"Invoice {standing.invoice_id} was written off; nothing is left to give back."
        )
    if not 0 < amount <= left:
        raise AdjustmentRefused(
            f"{to_text(amount, charge.currency)} {charge.currency} cannot be given back of charge "
            f"{charge.id}: it is {to_text(charge.amount, charge.currency)}, of which "
            f"{to_text(left, charge.currency)} is left; expected more than 0 and no more than "
            "that."
        )
    taxes: tuple[LineTax, ...] = ()
    if kind is AdjustmentKind.REFUND:
        taxes = tuple(_taxes_back(line, before.refunded, before.refunded + amount))
    upto_item = before.item + amount
    fee, cost, supplier_fee = (
        share(whole, upto_item, item.revenue) - share(whole, before.item, item.revenue)
        for whole in (item.fee, item.cost, item.supplier_fee)
    )
    place = before.count + 1
    return Adjustment(
        derived(kind.value, charge.id, place),
        kind,
        charge.id,
        line.reference,
        place,
        at,
        amount,
        fee,
        sum(each.amount for each in taxes if each.liable == "Seller"),
        sum(each.amount for each in taxes if each.liable == "AWS"),
        cost,
        supplier_fee,
        charge.currency,
        reason,
        taxes,
    )


def adjusted(given: Adjustment, item: Item, standing: Standing) -> Transaction:
    """What giving something back books."""
    is_open = standing.status == OPEN
    account = uncollected if is_open else collected
    less_owed = min(standing.open, given.total) if is_open else 0
    has, currency, reference = account(item.seller_id), given.currency, given.reference
    revenue, fee, cost = _TYPES[given.kind]
    postings = [
        Posting(has, revenue, reference, given.amount, currency),
        Posting(LISTING_FEES, fee, reference, given.fee, currency),
        Posting(has, fee, reference, -given.fee, currency),
        Posting(has, Type.SELLER_TAX_SHARE_REFUND, reference, given.seller_tax, currency),
        Posting(TAX, Type.AWS_TAX_SHARE_REFUND, reference, given.aws_tax, currency),
        Posting(receivable(standing.buyer_id), revenue, reference, -less_owed, currency),
        Posting(BANK, revenue, reference, less_owed - given.total, currency),
    ]
    if item.supplier_id is not None:
        supplier = account(item.supplier_id)
        postings += [
            Posting(has, cost, reference, -given.cost, currency),
            Posting(supplier, revenue, reference, given.cost, currency),
            Posting(LISTING_FEES, fee, reference, given.supplier_fee, currency),
            Posting(supplier, fee, reference, -given.supplier_fee, currency),
        ]
    action = _ACTIONS[given.kind]
    return transaction(derived("txn", action.value, given.id), given.at, action, given.id, postings)


def _taxes_back(line: Line, before: int, upto: int) -> Iterator[LineTax]:
    whole = line.charge.amount
    for each in line.taxes:
        back = share(each.amount, upto, whole) - share(each.amount, before, whole)
        basis = upto - before
        yield replace(
            each,
            taxable=basis if each.taxable else 0,
            nontaxable=0 if each.taxable else basis,
            amount=back,
        )
