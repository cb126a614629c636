"""What the operator records of money, over a real ledger."""

import pytest
from keeping import Kept, selling

from builders import at, refusal_of
from waag.domain.billing.adjustments import AdjustmentKind, AdjustmentRefused
from waag.domain.billing_terms import Collection
from waag.services.billing import MonthEndRefused
from waag.services.payments import InvoiceUnknown, PaymentRefused


@pytest.fixture
def kept(ledger):
    """Books of an empty ledger, in the middle of May."""
    kept = Kept(ledger)
    yield kept
    kept.close()


@pytest.mark.usefixtures("invoice")
class TestFacts:
    """What the operator records."""

    @pytest.fixture
    def invoice(self, kept):
        """An invoice of five dollars that waits to be paid."""
        kept.apply(**selling(collection=Collection(pays="as-recorded")))
        kept.use("2026-05-14T10:00:00", 10_000_000)
        kept.turn("2026-06-01T06:00:00")
        return kept.rows("SELECT id FROM invoice")[0][0]

    @pytest.fixture
    def charge(self, kept):
        """Its one charge."""
        return kept.rows("SELECT id FROM charge")[0][0]

    def test_a_payment_in_parts(self, kept, invoice):
        """It is paid once nothing is open."""
        first = kept.payments.pay(invoice, "2.00")
        second = kept.payments.pay(invoice, None)
        assert [(each.status, each.open, each.paid) for each in (first, second)] == [
            ("open", 300, 200),
            ("paid", 0, 500),
        ]

    @pytest.mark.parametrize(("amount", "left"), [("5.01", "5.00"), ("0", "5.00"), ("-1", "5.00")])
    def test_a_payment_that_does_not_fit(self, kept, invoice, amount, left):
        """Is refused with what is open."""
        refused = refusal_of(kept.payments.pay, invoice, amount)
        assert refused is not None
        assert (refused[0], f"{left} is open" in refused[1]) == (PaymentRefused, True)

    @pytest.mark.parametrize("done", ["pay", "write_off"])
    def test_an_invoice_that_is_settled(self, kept, invoice, done):
        """Is neither paid nor given up."""
        getattr(kept.payments, done)(*([invoice, None] if done == "pay" else [invoice]))
        refused = refusal_of(kept.payments.pay, invoice, "1.00")
        status = {"pay": "paid", "write_off": "written-off"}[done]
        assert refused == (
            PaymentRefused,
            f"Invoice {invoice} is {status}; expected one that is open.",
        )

    def test_no_such_invoice(self, kept):
        """Nothing is recorded."""
        assert refusal_of(kept.payments.write_off, "inv-none") == (
            InvoiceUnknown,
            "There is no invoice 'inv-none'.",
        )

    def test_no_such_charge(self, kept):
        """Nothing is given back."""
        given = (AdjustmentKind.REFUND, "charge-none", None, "")
        assert refusal_of(kept.payments.give_back, *given) == (
            AdjustmentRefused,
            "There is no charge 'charge-none' on an invoice.",
        )

    def test_a_refund_of_all_settles_the_invoice(self, kept, charge):
        """Nobody has anything of it, and nothing more can be given back."""
        kept.payments.give_back(AdjustmentKind.REFUND, charge, None, "")
        again = (AdjustmentKind.CREDIT, charge, None, "")
        assert kept.rows("SELECT status, open, paid FROM invoice_standing") == [("paid", 0, 0)]
        assert kept.balances() == {}
        assert refusal_of(kept.payments.give_back, *again) is not None

    def test_a_credit_and_then_the_rest(self, kept, invoice, charge):
        """The buyer pays what is left."""
        kept.payments.give_back(AdjustmentKind.CREDIT, charge, "1.00", "")
        assert kept.payments.pay(invoice, None).paid == 400

    def test_nothing_is_recorded_in_a_closed_month(self, kept, invoice):
        """Where the clock was turned back."""
        kept.now = at("2026-05-20T00:00:00")
        refused = refusal_of(kept.payments.pay, invoice, None)
        assert refused == (
            MonthEndRefused,
            "The books are closed until 2026-06-01T06:00:00Z, and the clock was turned back to "
            "2026-05-20T00:00:00Z; nothing is booked before it shows a later time.",
        )
