"""A double-entry ledger: every transaction moves money from accounts to accounts, and balances.

    receivable/BUYER     what a buyer owes
    uncollected/SELLER   a seller's share of what buyers owe
    collected/SELLER     a seller's share of what came in, owed to it
    listing-fees         the marketplace's own
    tax                  collected for authorities by the marketplace
    bank                 money that is there

Debits are positive, credits negative; the sum of a transaction is 0 in each of its currencies.
Transactions are only added. What was wrong is put right by another, never changed.

Each posting names the AWS transaction type that it stands for, and the transaction reference that
joins it with bill, payout and tax record. Source: AWS Marketplace Seller Guide, billing event feed.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum

import msgspec

from waag.domain.instants import Instant

LISTING_FEES, TAX, BANK = "listing-fees", "tax", "bank"


class Action(Enum):
    """What a transaction is. Source: billing event feed, action; refunds and credits are types."""

    INVOICED = "INVOICED"
    COLLECTED = "COLLECTED"
    FORGIVEN = "FORGIVEN"
    DISBURSED = "DISBURSED"
    REFUNDED = "REFUNDED"
    CREDITED = "CREDITED"


class Type(Enum):
    """What money in a transaction is for. Source: billing event feed, transaction_type."""

    SELLER_REV_SHARE = "SELLER_REV_SHARE"
    COST_OF_GOODS = "SELLER_REV_SHARE_COST"
    """The part of a reseller's revenue that is another seller's; AWS has it as a negative share."""
    AWS_REV_SHARE = "AWS_REV_SHARE"
    SELLER_TAX_SHARE = "SELLER_TAX_SHARE"
    AWS_TAX_SHARE = "AWS_TAX_SHARE"
    SELLER_REV_SHARE_REFUND = "SELLER_REV_SHARE_REFUND"
    COST_OF_GOODS_REFUND = "SELLER_REV_SHARE_COST_REFUND"
    AWS_REV_SHARE_REFUND = "AWS_REV_SHARE_REFUND"
    SELLER_TAX_SHARE_REFUND = "SELLER_TAX_SHARE_REFUND"
    AWS_TAX_SHARE_REFUND = "AWS_TAX_SHARE_REFUND"
    SELLER_REV_SHARE_CREDIT = "SELLER_REV_SHARE_CREDIT"
    COST_OF_GOODS_CREDIT = "SELLER_REV_SHARE_COST_CREDIT"
    AWS_REV_SHARE_CREDIT = "AWS_REV_SHARE_CREDIT"
    PAYMENT = "PAYMENT"
    DISBURSEMENT = "DISBURSEMENT"


class Posting(msgspec.Struct, frozen=True):
    """Money into an account, or out of it where negative, in minor units.

    Attributes:
        reference: the transaction reference; None where it is for no single one.
    """

    account: str
    type: Type
    reference: str | None
    amount: int
    currency: str


class Transaction(msgspec.Struct, frozen=True):
    """What happened at one instant; made by `transaction`.

    Attributes:
        subject: the id of what it is about: an invoice, an adjustment, a disbursement.
    """

    id: str
    at: Instant
    action: Action
    subject: str
    postings: tuple[Posting, ...]


class Unbalanced(AssertionError):
    """Postings that do not sum up to nothing: a fault of the program, never of its input."""


def transaction(
    name: str, at: Instant, action: Action, subject: str, postings: Iterable[Posting]
) -> Transaction:
    """Postings as one transaction; those of nothing are left out.

    Raises:
        Unbalanced: they do not sum up to 0 in a currency.
    """
    kept = tuple(each for each in postings if each.amount)
    unbalanced = {currency: sum_ for currency, sum_ in totals(kept).items() if sum_}
    if unbalanced:
        raise Unbalanced(f"{action.value} of {subject} is off by {unbalanced}")
    return Transaction(name, at, action, subject, kept)


def totals(postings: Iterable[Posting]) -> Mapping[str, int]:
    """The sum of postings in each currency."""
    sums: dict[str, int] = {}
    for posting in postings:
        sums[posting.currency] = sums.get(posting.currency, 0) + posting.amount
    return sums


def balances(transactions: Iterable[Transaction]) -> Mapping[tuple[str, str], int]:
    """The balance of each account in each currency."""
    sums: dict[tuple[str, str], int] = {}
    for each in transactions:
        for posting in each.postings:
            key = (posting.account, posting.currency)
            sums[key] = sums.get(key, 0) + posting.amount
    return sums


def transferred(
    postings: Sequence[Posting], source: str, target: str, *, of: Iterable[Type] | None = None
) -> list[Posting]:
    """What takes everything out of one account into another, type by type.

    Args:
        postings: what is in the source, among others.
        source: the account.
        target: the other.
        of: only these types; None for all.
    """
    wanted = None if of is None else frozenset(of)
    moved: list[Posting] = []
    for each in postings:
        if each.account == source and (wanted is None or each.type in wanted):
            moved.append(msgspec.structs.replace(each, amount=-each.amount))
            moved.append(msgspec.structs.replace(each, account=target))
    return moved


def receivable(buyer_id: str) -> str:
    """The account of what a buyer owes."""
    return f"receivable/{buyer_id}"


def uncollected(seller_id: str) -> str:
    """The account of a seller's share that has not come in."""
    return f"uncollected/{seller_id}"


def collected(seller_id: str) -> str:
    """The account of a seller's share that has come in and was not paid out."""
    return f"collected/{seller_id}"
