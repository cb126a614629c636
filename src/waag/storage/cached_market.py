"""What look-ups of the market have found, remembered until it changes; so much and no more."""

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from waag.domain.market import (
    Account,
    Agreement,
    Deal,
    Market,
    NumbersTaken,
    Principal,
    Product,
)
from waag.domain.market_look_ups import AlteredLookUps, LookUp

if TYPE_CHECKING:
    from waag.domain.analytics.enrollments import Enrollment

ENTRIES_MAX = 50_000
"""How many answers of each look-up are remembered."""

Key = TypeVar("Key")
Answer = TypeVar("Answer")


class _Remembered(dict[Key, Answer], Generic[Key, Answer]):
    """The answers of one look-up by what was asked for, also that nothing was found.

    A dictionary that asks where it does not know, so that a remembered answer costs no more than
    finding it in a dictionary. What was remembered first gives way; an answer that is still wanted
    is asked for again, and that is rare enough not to keep track of when each was last used.
    """

    def __init__(
        self, ask: Callable[[Key], Answer], entries_max: int, asking: threading.Lock
    ) -> None:
        super().__init__()
        self._ask = ask
        self._entries_max = entries_max
        self._asking = asking
        self._in_order: deque[Key] = deque()

    def __missing__(self, key: Key) -> Answer:
        # Nothing can be forgotten between asking and remembering: what was asked for before a
        # change and remembered after it would stay.
        with self._asking:
            answer = self._ask(key)
            if key not in self:
                self[key] = answer
                self._in_order.append(key)
            if len(self._in_order) > self._entries_max:
                self.pop(self._in_order.popleft(), None)
        return answer

    def forget_all(self) -> None:
        """As if nothing had been asked yet."""
        self.clear()
        self._in_order.clear()


class CachedMarket:
    """Implements `Market`: asks another one, and remembers what it answered.

    Any thread may look things up. A remembered answer is found without a lock; the market behind
    is asked by one thread at a time.

    Args:
        market: who is asked.
        entries_max: how many answers of each look-up are remembered.
    """

    def __init__(self, market: Market, entries_max: int = ENTRIES_MAX) -> None:
        self._market = market
        self._asking = threading.Lock()

        def remembered(ask: Callable[[Key], Answer]) -> _Remembered[Key, Answer]:
            return _Remembered(ask, entries_max, self._asking)

        principals = remembered(market.principal)
        accounts = remembered(market.account)
        products = remembered(market.product)
        products_by_code = remembered(market.product_by_code)
        agreements = remembered(market.agreement)
        by_license_arn = remembered(market.agreement_by_license_arn)
        by_identifier = remembered(market.agreements_by_identifier)
        enrollments = remembered(market.enrollment)
        tax_rules = remembered(market.tax_rule)
        self._by_parties = remembered(_of_both(market.agreements_of))
        self._by_customer = remembered(_of_both(market.agreements_of_customer))
        self._deals = remembered(_of_both(market.deal))
        self._remembered: Mapping[LookUp, _Remembered[Any, Any]] = {
            LookUp.PRINCIPAL: principals,
            LookUp.ACCOUNT: accounts,
            LookUp.PRODUCT: products,
            LookUp.PRODUCT_BY_CODE: products_by_code,
            LookUp.AGREEMENT: agreements,
            LookUp.AGREEMENT_BY_LICENSE_ARN: by_license_arn,
            LookUp.AGREEMENTS_OF: self._by_parties,
            LookUp.AGREEMENTS_OF_CUSTOMER: self._by_customer,
            LookUp.AGREEMENTS_BY_IDENTIFIER: by_identifier,
            LookUp.DEAL: self._deals,
            LookUp.ENROLLMENT: enrollments,
            LookUp.TAX_RULE: tax_rules,
        }
        # Look-ups by one name are the dictionaries' own: a method around them would cost as much
        # again.
        self.principal: Callable[[str], Principal | None] = principals.__getitem__
        self.account: Callable[[str], Account | None] = accounts.__getitem__
        self.product: Callable[[str], Product | None] = products.__getitem__
        self.product_by_code: Callable[[str], Product | None] = products_by_code.__getitem__
        self.agreement: Callable[[str], Agreement | None] = agreements.__getitem__
        self.agreement_by_license_arn: Callable[[str], Agreement | None] = (
            by_license_arn.__getitem__
        )
        self.agreements_by_identifier: Callable[[str], Sequence[Agreement]] = (
            by_identifier.__getitem__
        )
        self.enrollment: Callable[[str], Enrollment | None] = enrollments.__getitem__
        self.tax_rule = tax_rules.__getitem__

    def agreements_of(self, product_id: str, buyer_id: str, /) -> Sequence[Agreement]:
        """Every agreement of one buyer to one product, past ones too, by number."""
        return self._by_parties[product_id, buyer_id]

    def agreements_of_customer(
        self, product_id: str, customer_identifier: str, /
    ) -> Sequence[Agreement]:
        """Every agreement to one product under this legacy customer identifier, by number."""
        return self._by_customer[product_id, customer_identifier]

    def deal(self, deal_type: str, deal_id: str, /) -> Deal | None:
        """The opportunity or offer with this id."""
        return self._deals[deal_type, deal_id]

    def numbers_taken(self) -> NumbersTaken:
        """Above which numbers all are free; never remembered, since every change alters it."""
        with self._asking:
            return self._market.numbers_taken()

    def forget(self, altered: AlteredLookUps) -> None:
        """Ask anew for what a change has altered; from any thread, once the change is on disk.

        When this returns, no look-up that begins gives an old answer any more.
        """
        with self._asking:
            if altered.look_ups is None:
                for remembered in self._remembered.values():
                    remembered.forget_all()
            else:
                for look_up, key in altered.look_ups:
                    self._remembered[look_up].pop(key, None)


def _of_both(ask: Callable[[str, str], Answer]) -> Callable[[tuple[str, str]], Answer]:
    return lambda names: ask(*names)
