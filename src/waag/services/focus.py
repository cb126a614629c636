"""A month's charges as FOCUS rows, page by page."""

from collections.abc import Sequence

import msgspec

from waag.domain.billing.focus import (
    BilledCharge,
    Row,
    Sold,
    rows_of_adjustment,
    rows_of_charge,
)
from waag.domain.billing.history import History
from waag.domain.instants import INSTANT_MIN
from waag.domain.market import Account, Agreement, Market, Product
from waag.domain.months import Month
from waag.ports.billing import Books
from waag.ports.focus import AdjustmentPlace, ChargePlace, MonthlyCharges
from waag.services.statements import BooksQueryRefused


class FocusPlace(msgspec.Struct, frozen=True, array_like=True):
    """Where a page begins: after a charge, and once these are through, after an adjustment."""

    charge: ChargePlace | None = (0, "")
    adjustment: AdjustmentPlace = (INSTANT_MIN, "")


class FocusPage(msgspec.Struct, frozen=True):
    """Rows, and the place to go on from; None on the last page."""

    rows: Sequence[Row]
    next: FocusPlace | None


def focus_page(
    month: Month,
    account: str | None,
    after: FocusPlace,
    limit: int,
    *,
    market: Market,
    monthly: MonthlyCharges,
    books: Books,
) -> FocusPage:
    """Rows of at most `limit` charges, or of as many adjustments once there are no more charges.

    Raises:
        BooksQueryRefused: no such account.
        StoreUnavailable: the books could not be read.
    """
    if account is not None and market.account(account) is None:
        raise BooksQueryRefused(f"There is no account {account!r}.")
    if after.charge is not None:
        billed = monthly.charges(str(month), account, after.charge, limit)
        sold = _Selling(books, billed)
        rows = [row for each in billed for row in rows_of_charge(sold.of(each))]
        last = billed[-1].charge if len(billed) == limit else None
        return FocusPage(rows, FocusPlace(None if last is None else (last.customer, last.id)))
    given = monthly.adjustments(month, account, after.adjustment, limit)
    sold = _Selling(books, [each for _, each in given])
    rows = [row for each, of in given for row in rows_of_adjustment(each, sold.of(of), month)]
    if len(given) < limit:
        return FocusPage(rows, None)
    return FocusPage(rows, FocusPlace(None, (given[-1][0].at, given[-1][0].id)))


class _Selling:
    """Who sold what to whom, looked up for a page of charges at once."""

    def __init__(self, books: Books, billed: Sequence[BilledCharge]) -> None:
        self._agreements = books.agreements(each.charge.agreement for each in billed)
        self._products: dict[str, History[Product]] = {
            each.latest.id: each for each in books.products().values()
        }
        sellers = {self._product_of(each).latest.seller_id for each in self._agreements.values()}
        ids = sellers | {each.buyer_id for each in billed}
        self._accounts: dict[str, Account] = dict(books.accounts(ids))

    def of(self, billed: BilledCharge) -> Sold:
        """One charge with all that belongs to it."""
        charge = billed.charge
        agreement = self._agreements[charge.agreement]
        product = self._product_of(agreement)
        return Sold(
            charge,
            billed.taxes,
            agreement.latest.id,
            product.as_of(charge.starts),
            billed.buyer_id,
            self._accounts[billed.buyer_id].name,
            self._accounts[product.latest.seller_id].name,
            billed.invoice_id,
            bool(agreement.latest.terms.prices),
        )

    def _product_of(self, agreement: History[Agreement]) -> History[Product]:
        return self._products[agreement.latest.product_id]
