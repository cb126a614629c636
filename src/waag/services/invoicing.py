"""Invoices made of charges and put into the books, with what is planned of them."""

from collections.abc import Iterable, Mapping, Sequence

from waag.domain.billing.booking import Booking, DueWork, InvoiceStanding, Rank
from waag.domain.billing.charges import Charge
from waag.domain.billing.collection import OPEN, PAID, gives_up_at, pays_at
from waag.domain.billing.history import History
from waag.domain.billing.invoicing import Invoice, Parties, invoice, invoiced
from waag.domain.instants import Instant
from waag.domain.market import Account, Agreement, Product
from waag.ports.billing import Books


class Invoicing:
    """What invoices are made with; terms and addresses are those of now, read once.

    Args:
        books: where agreements and accounts are found.
        products: every one by number.
    """

    def __init__(self, books: Books, products: Mapping[int, History[Product]]) -> None:
        self._books = books
        self._products = {each.latest.id: each for each in products.values()}
        self._rules = books.tax_rules()

    def parties(self, agreements: Mapping[int, History[Agreement]]) -> Mapping[int, Parties]:
        """Who charges are between, by agreement."""
        latest = {number: each.latest for number, each in agreements.items()}
        accounts = self._books.accounts(each.buyer_id for each in latest.values())
        return {
            number: Parties(each, self._products[each.product_id], accounts[each.buyer_id])
            for number, each in latest.items()
        }

    def invoices(
        self,
        charges: Iterable[Charge],
        parties: Mapping[int, Parties],
        month: str,
        at: Instant,
    ) -> list[Invoice]:
        """One for each buyer, seller of record and currency, in the order of their charges.

        Where everything is free of charge there is none.
        """
        groups: dict[tuple[str, str, str], list[tuple[Charge, Parties]]] = {}
        for charge in charges:
            of = parties[charge.agreement]
            key = (of.buyer.id, of.seller_id, charge.currency)
            groups.setdefault(key, []).append((charge, of))
        return [
            invoice(group, self._rules, month, at)
            for group in groups.values()
            if any(charge.amount for charge, _ in group)
        ]


def issued(invoices: Sequence[Invoice], buyers: Mapping[str, Account]) -> Booking:
    """What issuing invoices writes; a buyer's policy decides when it pays.

    An invoice of nothing to pay is paid.
    """
    planned: list[DueWork] = []
    for each in invoices:
        policy = buyers[each.buyer_id].terms.collection
        pays, gives_up = pays_at(policy, each.at, each.due), gives_up_at(policy, each.due)
        if pays is not None and (gives_up is None or pays <= gives_up):
            planned.append(DueWork(pays, Rank.PAYMENT, each.id))
        elif gives_up is not None:
            planned.append(DueWork(gives_up, Rank.WRITE_OFF, each.id))
    return Booking(
        invoices=tuple(invoices),
        transactions=tuple(map(invoiced, invoices)),
        standings=tuple(
            InvoiceStanding(each.id, OPEN if each.billed else PAID, each.billed, 0)
            for each in invoices
        ),
        planned=tuple(planned),
    )
