"""Disbursement: what came in for a seller is paid out to it, less fees, refunds and credits.

A run is at 06:00 UTC on the seller's day of the month, or daily. It takes what came in until then;
nothing is paid out that is not more than nothing, so that a seller who gave back more than came in
waits until there is more again.

Source: AWS Marketplace Seller Guide, disbursements daily or monthly on a day from 1 to 28; billing
event feed: DISBURSED repeats each item with the opposite sign. The time of day is our choice: that
of the month close, so that a close and the run on its day are one.
"""

from collections.abc import Sequence

import msgspec

from waag.domain.billing.ledger import (
    BANK,
    Action,
    Posting,
    Transaction,
    Type,
    collected,
    transaction,
)
from waag.domain.billing.names import derived
from waag.domain.billing_terms import Disbursement
from waag.domain.instants import DAY, Instant
from waag.domain.months import GRACE, month_of


class Payout(msgspec.Struct, frozen=True):
    """Money paid out to one seller.

    Attributes:
        id: the settlement id of the reports.
        starts: the end of the payout before, or when the first of this one came in.
        at: the end of the settlement period, and when the money was sent.
        bank_trace: by which the bank knows it.
    """

    id: str
    seller_id: str
    starts: Instant
    at: Instant
    amount: int
    currency: str
    bank_trace: str


def next_run(preference: Disbursement, at: Instant) -> Instant:
    """The first run at or after an instant."""
    if preference.frequency == "daily":
        day = at - at % DAY
        return day + GRACE if at <= day + GRACE else day + DAY + GRACE
    month = month_of(at)
    run = month.starts + (preference.day - 1) * DAY + GRACE
    return run if at <= run else month.plus(1).starts + (preference.day - 1) * DAY + GRACE


def pay_out(
    seller_id: str, starts: Instant, at: Instant, came_in: Sequence[Posting]
) -> tuple[Payout, Transaction] | None:
    """A payout and what it books; None if there is nothing to pay out.

    Args:
        seller_id: who is paid.
        starts: of the settlement period.
        at: of the run.
        came_in: the balances in the seller's account of what came in, by type and reference, in
            one currency.
    """
    amount = -sum(each.amount for each in came_in)
    if amount <= 0:
        return None
    currency = came_in[0].currency
    payout_id = derived("stl", seller_id, currency, at)
    payout = Payout(payout_id, seller_id, starts, at, amount, currency, derived("trace", payout_id))
    account = collected(seller_id)
    postings = [
        Posting(account, each.type, each.reference, -each.amount, currency) for each in came_in
    ]
    postings.append(Posting(BANK, Type.DISBURSEMENT, None, -amount, currency))
    name = derived("txn", Action.DISBURSED.value, payout_id)
    return payout, transaction(name, at, Action.DISBURSED, payout_id, postings)
