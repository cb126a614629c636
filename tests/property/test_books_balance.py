"""Whatever happens to an invoice, the books balance, and every cut of them agrees."""

from hypothesis import given, settings
from hypothesis import strategies as st

from billed import JUNE, agreed, always, bill, charge, parties, sold, tax
from waag.domain.billing.adjustments import AdjustmentKind, GivenBack, adjust, adjusted
from waag.domain.billing.collection import OPEN, PAID, WRITTEN_OFF, Standing, forgiven, paid
from waag.domain.billing.disbursement import pay_out
from waag.domain.billing.invoicing import invoiced
from waag.domain.billing.ledger import Posting, balances, collected, totals
from waag.domain.billing.prices import Price, PriceTier
from waag.domain.billing.rating import exact_amount, steps_of
from waag.domain.instants import DAY

RATES = st.decimals(0, 1, places=4).map(str)
AMOUNTS = st.integers(1, 10**9)
OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["pay", "refund", "credit", "write-off", "pay out"]), st.integers(1, 100)
    ),
    max_size=12,
)


@st.composite
def invoices(draw):
    """Invoices of one to four lines, perhaps resold, with up to three taxes."""
    resold = draw(st.booleans())
    terms = {"reseller": "120000000007", "wholesale_rate": draw(RATES)} if resold else {}
    whose = parties(agreement=agreed(listing_fee_rate=draw(RATES), **terms), product=always(sold()))
    lines = [
        charge(amount, id=f"charge-{number}")
        for number, amount in enumerate(draw(st.lists(AMOUNTS, min_size=1, max_size=4)))
    ]
    rules = [
        tax(draw(RATES), id=str(number), liable=draw(st.sampled_from(["Seller", "AWS"])))
        for number in range(draw(st.integers(0, 3)))
    ]
    return bill(*lines, of=whose, rules=rules)


class Books:
    """An invoice and all that was booked of it, in memory."""

    def __init__(self, issued) -> None:
        self.issued = issued
        self.transactions = [invoiced(issued)]
        self.status, self.open, self.paid = OPEN, issued.billed, 0
        self.back: dict[str, GivenBack] = {}
        self.sellers = {issued.seller_id, issued.items[0].supplier_id} - {None}

    def standing(self):
        """As the store has it."""
        sums: dict[tuple[str, object, str | None], int] = {}
        for each in self.transactions:
            for posting in each.postings:
                if not posting.account.startswith(("receivable/", "bank")):
                    key = (posting.account, posting.type, posting.reference)
                    sums[key] = sums.get(key, 0) + posting.amount
        postings = [Posting(*key, amount, "USD") for key, amount in sums.items() if amount]
        return Standing(
            self.issued.id,
            self.issued.buyer_id,
            self.issued.seller_id,
            "USD",
            self.status,
            self.open,
            self.paid,
            tuple(postings),
        )

    def do(self, operation, number):
        """Do something, if it is possible as things stand."""
        if operation == "pay out":
            self._pay_out(number)
        elif operation in ("refund", "credit"):
            line = self.issued.lines[number % len(self.issued.lines)]
            self.give_back(AdjustmentKind(operation), line, number)
        elif self.status == OPEN and self.open:
            if operation == "pay":
                amount = max(1, self.open * number // 100)
                self.transactions.append(paid(self.standing(), amount, JUNE + number))
                self.open, self.paid = self.open - amount, self.paid + amount
                self.status = OPEN if self.open else PAID
            else:
                self.transactions.append(forgiven(self.standing(), JUNE))
                self.open, self.status = 0, WRITTEN_OFF

    def give_back(self, kind, line, percent):
        """Give back so much of what is left of a line."""
        before = self.back.get(line.charge.id, GivenBack())
        left = line.charge.amount - before.line
        if self.status == WRITTEN_OFF or not left:
            return
        amount = max(1, left * percent // 100)
        of_item = sum(each.line for each in self.back.values())
        known = GivenBack(before.line, before.refunded, of_item, before.count)
        item, standing = self.issued.items[0], self.standing()
        back = adjust(kind, line, item, standing, known, amount, "", JUNE)
        self.transactions.append(adjusted(back, item, standing))
        refunded = amount if kind is AdjustmentKind.REFUND else 0
        self.back[line.charge.id] = GivenBack(
            before.line + amount, before.refunded + refunded, 0, before.count + 1
        )
        self.open = max(self.open - back.total, 0) if self.status == OPEN else 0
        if self.status == OPEN and not self.open:
            self.transactions.append(paid(self.standing(), 0, JUNE))
            self.status = PAID

    def _pay_out(self, number):
        for seller in self.sellers:
            account = collected(seller)
            standing = self.standing().postings
            came_in = [each for each in standing if each.account == account]
            made = pay_out(seller, JUNE, JUNE + number * DAY, came_in) if came_in else None
            if made is not None:
                self.transactions.append(made[1])


@settings(max_examples=300, deadline=None)
@given(invoices(), OPERATIONS)
def test_whatever_happens_the_books_balance(issued, operations):
    """Each transaction, and all of them together; what the buyer owes is what is open."""
    books = Books(issued)
    for operation, number in operations:
        books.do(operation, number)
    assert [each for each in books.transactions if any(totals(each.postings).values())] == []
    found = balances(books.transactions)
    assert sum(found.values()) == 0
    assert found.get((f"receivable/{issued.buyer_id}", "USD"), 0) == books.open


@settings(max_examples=200, deadline=None)
@given(invoices())
def test_everybodys_part_makes_up_the_bill(issued):
    """Lines and taxes, items, and what the ledger gives each party: three cuts of one amount."""
    lines = sum(
        line.charge.amount + sum(each.amount for each in line.taxes) for line in issued.lines
    )
    items = sum(item.billed for item in issued.items)
    shares = -sum(
        amount
        for (account, _), amount in balances([invoiced(issued)]).items()
        if not account.startswith("receivable/")
    )
    assert lines == items == shares == issued.billed


@settings(max_examples=200, deadline=None)
@given(invoices())
def test_all_given_back_leaves_nothing(issued):
    """Once every line is refunded whole, nobody has anything of it."""
    books = Books(issued)
    for line in issued.lines:
        books.give_back(AdjustmentKind.REFUND, line, 100)
    assert {key: amount for key, amount in balances(books.transactions).items() if amount} == {}


TIERS = st.lists(
    st.tuples(st.integers(1, 10**9), st.decimals(0, 1000, places=8)),
    max_size=4,
    unique_by=lambda each: each[0],
).map(sorted)


@settings(max_examples=200, deadline=None)
@given(
    TIERS,
    st.decimals(0, 1000, places=8),
    st.lists(st.integers(0, 10**9), max_size=6),
    st.integers(0, 10**9),
)
def test_parts_are_priced_as_the_whole(tiers, last, parts, covered):
    """However a month's usage is cut, the steps of the parts add up to those of the whole."""
    price = Price((*(PriceTier(each, up_to) for up_to, each in tiers), PriceTier(last)), covered)
    before, amounts = 0, []
    for part in parts:
        amounts.append(exact_amount(steps_of(part, price, before)))
        before += part
    assert sum(amounts) == exact_amount(steps_of(sum(parts), price))
