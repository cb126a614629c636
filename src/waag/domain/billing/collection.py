"""Collection: when a buyer pays, and what is booked once it does or never will.

Money that comes in is in the bank at once. The sellers' shares of an invoice are theirs once it is
paid whole; until then they are uncollected. An invoice that is given up is forgiven: what it booked
is booked back, and whatever had been paid of it is the seller of record's.

Source: billing event feed, actions COLLECTED and FORGIVEN. How a partial payment is shared among
sellers, fee and taxes is said nowhere; to wait for the rest is our choice.
"""

from collections.abc import Sequence

import msgspec

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
    transferred,
)
from waag.domain.billing.names import derived
from waag.domain.billing_terms import Collection
from waag.domain.instants import DAY, Instant


class Standing(msgspec.Struct, frozen=True):
    """An invoice as it stands.

    Attributes:
        open: what the buyer still owes.
        paid: what came in.
        postings: the balances of its references in each account but the buyer's and the bank,
            by type.
    """

    invoice_id: str
    buyer_id: str
    seller_id: str
    currency: str
    status: str
    open: int
    paid: int
    postings: tuple[Posting, ...]


OPEN, PAID, WRITTEN_OFF = "open", "paid", "written-off"


def pays_at(policy: Collection, issued: Instant, due: Instant) -> Instant | None:
    """When a buyer pays an invoice; None if it does not by itself."""
    match policy.pays:
        case "on-invoice":
            return issued
        case "on-time":
            return due
        case "late":
            return due + policy.days * DAY
        case _:
            return None


def gives_up_at(policy: Collection, due: Instant) -> Instant | None:
    """When an unpaid invoice is written off; None if it never is."""
    return None if policy.written_off_days is None else due + policy.written_off_days * DAY


def paid(standing: Standing, amount: int, at: Instant) -> Transaction:
    """What a payment books.

    Args:
        standing: open, with at least `amount` to pay.
        amount: in minor units; 0 where a refund has left nothing to pay.
        at: when it came in.
    """
    currency = standing.currency
    postings = [
        Posting(BANK, Type.PAYMENT, None, amount, currency),
        Posting(receivable(standing.buyer_id), Type.PAYMENT, None, -amount, currency),
    ]
    if amount == standing.open:
        for account in _shares(standing):
            postings += transferred(
                standing.postings, account, collected(account.partition("/")[2])
            )
    name = derived("txn", Action.COLLECTED.value, standing.invoice_id, standing.paid, at)
    return transaction(name, at, Action.COLLECTED, standing.invoice_id, postings)


def forgiven(standing: Standing, at: Instant) -> Transaction:
    """What giving up an invoice books."""
    owes = receivable(standing.buyer_id)
    booked_back = [
        Posting(each.account, each.type, each.reference, -each.amount, each.currency)
        for each in standing.postings
        if each.account in (LISTING_FEES, TAX) or each.account in _shares(standing)
    ]
    given_up = [
        Posting(owes, each.type, each.reference, -each.amount, each.currency)
        for each in booked_back
    ]
    kept = standing.paid
    first = standing.postings[0].reference
    came_in = [
        Posting(owes, Type.PAYMENT, None, kept, standing.currency),
        Posting(
            collected(standing.seller_id), Type.SELLER_REV_SHARE, first, -kept, standing.currency
        ),
    ]
    name = derived("txn", Action.FORGIVEN.value, standing.invoice_id)
    return transaction(
        name, at, Action.FORGIVEN, standing.invoice_id, [*booked_back, *given_up, *came_in]
    )


def _shares(standing: Standing) -> Sequence[str]:
    """The accounts of sellers' shares that have not come in, each once, in order."""
    accounts = (each.account for each in standing.postings)
    return list(dict.fromkeys(each for each in accounts if each.startswith("uncollected/")))
