"""When buyers pay, and what becomes of invoices and sellers' shares."""

import pytest

from billed import JUNE, bill, tax
from builders import BUYER, SELLER, at, refusal_of
from waag.domain.billing.adjustments import (
    AdjustmentKind,
    AdjustmentRefused,
    GivenBack,
    adjust,
    adjusted,
)
from waag.domain.billing.collection import Standing, forgiven, gives_up_at, paid, pays_at
from waag.domain.billing.disbursement import next_run, pay_out
from waag.domain.billing.invoicing import invoiced
from waag.domain.billing.ledger import (
    Action,
    Posting,
    Type,
    Unbalanced,
    balances,
    collected,
    transaction,
)
from waag.domain.billing_terms import Collection, Disbursement
from waag.domain.instants import DAY, format_instant

DUE = JUNE + 30 * DAY
ISSUED = bill(rules=[tax("0.1", id="a"), tax("0.05", id="b", liable="Seller")])
"""A hundred dollars, ten for AWS's authority, five for the seller's; the fee is three."""
INVOICED = invoiced(ISSUED)


def standing(*more, status="open", open_=11_500, paid_=0):
    """The invoice after more transactions."""
    sums: dict[tuple[str, Type, str | None], int] = {}
    for each in (INVOICED, *more):
        for posting in each.postings:
            if not posting.account.startswith(("receivable/", "bank")):
                key = (posting.account, posting.type, posting.reference)
                sums[key] = sums.get(key, 0) + posting.amount
    postings = tuple(Posting(*key, amount, "USD") for key, amount in sums.items() if amount)
    return Standing(ISSUED.id, BUYER, SELLER, "USD", status, open_, paid_, postings)


def held(*transactions):
    """What every account has, in dollars, after the invoice and these; empty ones left out."""
    found = balances((INVOICED, *transactions))
    return {account: amount / 100 for (account, _), amount in found.items() if amount}


@pytest.mark.parametrize(
    ("policy", "pays", "given_up"),
    [
        (Collection(), JUNE, None),
        (Collection(pays="on-time"), DUE, None),
        (Collection(pays="late", days=45), DUE + 45 * DAY, None),
        (Collection(pays="never"), None, None),
        (Collection(pays="as-recorded"), None, None),
        (Collection(pays="never", written_off_days=90), None, DUE + 90 * DAY),
    ],
)
def test_when_a_buyer_pays(policy, pays, given_up):
    """By its policy; what it does not foresee is recorded."""
    assert (pays_at(policy, JUNE, DUE), gives_up_at(policy, DUE)) == (pays, given_up)


def test_an_invoice_is_owed_and_shared():
    """By the buyer, among seller, marketplace and authority."""
    assert held() == {
        f"receivable/{BUYER}": 115.0,
        f"uncollected/{SELLER}": -102.0,
        "listing-fees": -3.0,
        "tax": -10.0,
    }


def test_an_invoice_that_is_paid():
    """The money is in the bank, and the seller's share is owed to it."""
    assert held(paid(standing(), 11_500, JUNE)) == {
        "bank": 115.0,
        f"collected/{SELLER}": -102.0,
        "listing-fees": -3.0,
        "tax": -10.0,
    }


def test_a_part_that_is_paid():
    """Is in the bank; the seller's share waits for the rest."""
    assert held(paid(standing(), 5_000, JUNE)) == {
        f"receivable/{BUYER}": 65.0,
        "bank": 50.0,
        f"uncollected/{SELLER}": -102.0,
        "listing-fees": -3.0,
        "tax": -10.0,
    }


def test_an_invoice_that_is_given_up():
    """As if it had never been."""
    assert held(forgiven(standing(), JUNE)) == {}


def test_an_invoice_that_is_given_up_after_a_part_was_paid():
    """The part is the seller's."""
    first = paid(standing(), 5_000, JUNE)
    rest = standing(first, open_=6_500, paid_=5_000)
    assert held(first, forgiven(rest, JUNE)) == {"bank": 50.0, f"collected/{SELLER}": -50.0}


def given(kind, amount, state, before=None):
    """Something given back, in cents, and what it books."""
    of, item = before or GivenBack(), ISSUED.items[0]
    back = adjust(kind, ISSUED.lines[0], item, state, of, amount, "why", JUNE)
    return back, adjusted(back, item, state)


def test_a_refund_of_an_open_invoice():
    """The buyer owes less; taxes and fee go back in proportion."""
    back, booked = given(AdjustmentKind.REFUND, 2_000, standing())
    assert (back.amount, back.aws_tax, back.seller_tax, back.fee) == (2_000, 200, 100, 60)
    assert held(booked) == {
        f"receivable/{BUYER}": 92.0,
        f"uncollected/{SELLER}": -81.6,
        "listing-fees": -2.4,
        "tax": -8.0,
    }


def test_a_refund_of_a_paid_invoice():
    """Money goes back, and the next payout is smaller."""
    first = paid(standing(), 11_500, JUNE)
    _, booked = given(AdjustmentKind.REFUND, 2_000, standing(first, status="paid", open_=0))
    assert held(first, booked) == {
        "bank": 92.0,
        f"collected/{SELLER}": -81.6,
        "listing-fees": -2.4,
        "tax": -8.0,
    }


def test_a_refund_larger_than_what_is_open():
    """What had been paid comes back."""
    first = paid(standing(), 10_000, JUNE)
    _, booked = given(AdjustmentKind.REFUND, 10_000, standing(first, open_=1_500, paid_=10_000))
    assert held(first, booked) == {}


def test_a_credit_has_no_taxes():
    """The fee goes back."""
    back, booked = given(AdjustmentKind.CREDIT, 2_000, standing())
    assert (back.total, back.fee) == (2_000, 60)
    assert held(booked)["tax"] == -10.0


def test_refunds_in_thirds_give_back_the_last_cent():
    """Proportions are of all that was given back."""
    fees, taxes, before = [], [], GivenBack()
    for amount in (3_333, 3_333, 3_334):
        back, _ = given(AdjustmentKind.REFUND, amount, standing(), before)
        fees.append(back.fee)
        taxes.append(back.aws_tax)
        so_far = before.line + amount
        before = GivenBack(so_far, so_far, so_far, before.count + 1)
    assert (sum(fees), sum(taxes)) == (300, 1000)


@pytest.mark.parametrize(
    ("amount", "state", "before", "why"),
    [
        (10_001, "open", 0, "it is 100.00, of which 100.00 is left; expected more than 0 and no"),
        (5_001, "paid", 5_000, "it is 100.00, of which 50.00 is left; expected more than 0 and no"),
        (0, "open", 0, "0.00 USD cannot be given back"),
        (-1, "open", 0, "-0.01 USD cannot be given back"),
        (None, "open", 10_000, "of which 0.00 is left"),
        (1, "written-off", 0, "was written off; nothing is left to give back."),
    ],
)
def test_what_cannot_be_given_back(amount, state, before, why):
    """Is refused with what is left."""
    refused = refusal_of(
        given,
        AdjustmentKind.REFUND,
        amount,
        standing(status=state),
        GivenBack(before, before, before, 1),
    )
    assert refused is not None
    assert (refused[0], why in refused[1]) == (AdjustmentRefused, True)


@pytest.mark.parametrize(
    ("preference", "since", "run"),
    [
        (Disbursement(), "2026-05-14T00:00:00", "2026-06-01T06:00:00Z"),
        (Disbursement(), "2026-06-01T06:00:00", "2026-06-01T06:00:00Z"),
        (Disbursement(), "2026-06-01T06:00:00.000001", "2026-07-01T06:00:00Z"),
        (Disbursement(day=28), "2026-02-28T00:00:00", "2026-02-28T06:00:00Z"),
        (Disbursement(day=28), "2026-12-29T00:00:00", "2027-01-28T06:00:00Z"),
        (Disbursement(frequency="daily"), "2026-05-14T05:00:00", "2026-05-14T06:00:00Z"),
        (Disbursement(frequency="daily"), "2026-12-31T07:00:00", "2027-01-01T06:00:00Z"),
    ],
)
def test_when_a_seller_is_paid(preference, since, run):
    """At 06:00 UTC on its day of the month, or daily."""
    assert format_instant(next_run(preference, at(since))) == run


def test_a_payout_empties_what_came_in():
    """And takes it out of the bank."""
    first = paid(standing(), 11_500, JUNE)
    came_in = [each for each in first.postings if each.account == collected(SELLER)]
    made = pay_out(SELLER, JUNE, DUE, came_in)
    assert made is not None
    assert (made[0].amount, made[0].starts, made[0].at) == (10_200, JUNE, DUE)
    assert held(first, made[1]) == {"bank": 13.0, "listing-fees": -3.0, "tax": -10.0}


@pytest.mark.parametrize("amount", [0, 500])
def test_nothing_is_paid_out_that_is_not_more_than_nothing(amount):
    """As where more was given back than came in."""
    owed = [Posting(collected(SELLER), Type.SELLER_REV_SHARE_REFUND, "tref", amount, "USD")]
    assert pay_out(SELLER, JUNE, DUE, owed) is None


def test_a_transaction_that_does_not_balance_is_none():
    """In each currency by itself."""
    postings = [
        Posting("bank", Type.PAYMENT, None, 5, "USD"),
        Posting("bank", Type.PAYMENT, None, -5, "EUR"),
    ]
    refused = refusal_of(transaction, "txn-1", JUNE, Action.COLLECTED, "inv-1", postings)
    assert refused is not None
    assert refused[0] is Unbalanced
