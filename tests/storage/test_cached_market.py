import threading
from typing import Any

import pytest
from holding import DEADLINE

from builders import (
    BUYER,
    LICENSE,
    OTHER_BUYER,
    SELLER,
    FakeMarkets,
    account_definition,
    agreement_definition,
    buyer_definition,
    deal_definition,
    enrollment_definition,
    market,
    market_definition,
    principal_definition,
    product_definition,
    vault_definition,
)
from waag.domain.market import NumbersTaken
from waag.domain.market_changes import changes_to
from waag.domain.market_definition import MarketDefinition
from waag.domain.market_look_ups import AlteredLookUps, LookUp, altered_by
from waag.storage.cached_market import CachedMarket

ARGUMENTS = {
    LookUp.PRINCIPAL: ("AKIAWAAGTESTSELLER01", "AKIAWAAGTESTSELLER02"),
    LookUp.ACCOUNT: (SELLER, BUYER, OTHER_BUYER),
    LookUp.PRODUCT: ("prod-analytics0001", "prod-vault00000001"),
    LookUp.PRODUCT_BY_CODE: ("analytics", "vault"),
    LookUp.AGREEMENT: ("agmt-1", "agmt-2"),
    LookUp.AGREEMENT_BY_LICENSE_ARN: (LICENSE, "arn:other"),
    LookUp.AGREEMENTS_OF: (("prod-analytics0001", BUYER), ("prod-vault00000001", BUYER)),
    LookUp.AGREEMENTS_OF_CUSTOMER: (
        ("prod-analytics0001", "cust-1"),
        ("prod-vault00000001", "cust-1"),
        ("prod-vault00000001", "cust-2"),
    ),
    LookUp.AGREEMENTS_BY_IDENTIFIER: ("cust-1", "cust-2"),
    LookUp.DEAL: (("OPPORTUNITY", "O1"), ("OFFER", "O1")),
    LookUp.ENROLLMENT: (SELLER, BUYER),
}
"""What each look-up is asked for: some of it is there, some is not."""


class Asked:
    """A market that keeps what it was asked; it may be replaced by another."""

    def __init__(self, market) -> None:
        self.market = market
        self.asked = []

    def __getattr__(self, name) -> Any:
        """One of the market's look-ups."""

        def look_up(*names):
            self.asked.append((LookUp(name), names[0] if len(names) == 1 else names))
            return getattr(self.market, name)(*names)

        return look_up


def look_up(cached, name, key):
    """One look-up by its name."""
    arguments = (key,) if isinstance(key, str) else key
    return getattr(cached, name.value)(*arguments)


EVERYTHING = [(name, key) for name, keys in ARGUMENTS.items() for key in keys]


def look_up_everything(cached):
    """What each look-up finds, of all that it is asked for."""
    return {(name, key): look_up(cached, name, key) for name, key in EVERYTHING}


@pytest.mark.parametrize(("name", "key"), EVERYTHING, ids=str)
class TestOneLookUp:
    """Each look-up, also of what is not there."""

    def test_is_answered_as_the_market_behind_answers(self, name, key):
        """Remembered or not, the answer is the same."""
        cached = CachedMarket(market())
        answers = [look_up(cached, name, key) for _ in range(2)]
        assert answers == [look_up(market(), name, key)] * 2

    def test_is_asked_once(self, name, key):
        """What was found, or that nothing was found, is remembered."""
        asked = Asked(market())
        cached = CachedMarket(asked)
        for _ in range(3):
            look_up(cached, name, key)
        assert asked.asked == [(name, key)]

    def test_is_asked_again_once_forgotten(self, name, key):
        """Forgetting it is as if it had not been asked yet."""
        asked = Asked(market())
        cached = CachedMarket(asked)
        look_up(cached, name, key)
        cached.forget(AlteredLookUps(((name, key),)))
        look_up(cached, name, key)
        assert asked.asked == [(name, key)] * 2

    def test_may_be_forgotten_without_having_been_asked(self, name, key):
        """Whoever tells what has changed need not know what is remembered."""
        cached = CachedMarket(market())
        cached.forget(AlteredLookUps(((name, key),)))
        assert look_up(cached, name, key) == look_up(market(), name, key)


FIRST = market_definition(
    accounts=(account_definition(principals=(principal_definition(),)), buyer_definition()),
    products=(product_definition(),),
)
SESSION = principal_definition(access_key_id="AKIAWAAGTESTSELLER02", role="Workload")


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        pytest.param({}, set(), id="nothing"),
        pytest.param(
            {"accounts": (buyer_definition(name="Renamed"),)},
            {(LookUp.ACCOUNT, BUYER)},
            id="an account changed",
        ),
        pytest.param(
            {"accounts": (buyer_definition(id=OTHER_BUYER),)},
            {(LookUp.ACCOUNT, OTHER_BUYER)},
            id="an account added",
        ),
        pytest.param(
            {"accounts": (account_definition(principals=(SESSION,)),)},
            {
                (LookUp.ACCOUNT, SELLER),
                (LookUp.PRINCIPAL, "AKIAWAAGTESTSELLER01"),
                (LookUp.PRINCIPAL, "AKIAWAAGTESTSELLER02"),
            },
            id="a credential replaced",
        ),
        pytest.param(
            {"products": (product_definition(title="Renamed"),)},
            {(LookUp.PRODUCT, "prod-analytics0001"), (LookUp.PRODUCT_BY_CODE, "analytics")},
            id="a product changed",
        ),
        pytest.param(
            {"products": (vault_definition(),)},
            {(LookUp.PRODUCT, "prod-vault00000001"), (LookUp.PRODUCT_BY_CODE, "vault")},
            id="a product added",
        ),
        pytest.param(
            {
                "products": (vault_definition(),),
                "agreements": (
                    agreement_definition(
                        id="agmt-2",
                        product="prod-vault00000001",
                        license_arn=LICENSE,
                        customer_identifier="cust-2",
                    ),
                ),
            },
            {
                (LookUp.PRODUCT, "prod-vault00000001"),
                (LookUp.PRODUCT_BY_CODE, "vault"),
                (LookUp.AGREEMENT, "agmt-2"),
                (LookUp.AGREEMENT_BY_LICENSE_ARN, LICENSE),
                (LookUp.AGREEMENTS_OF, ("prod-vault00000001", BUYER)),
                (LookUp.AGREEMENTS_OF_CUSTOMER, ("prod-vault00000001", "cust-2")),
                (LookUp.AGREEMENTS_BY_IDENTIFIER, "cust-2"),
            },
            id="an agreement added to a product that is new",
        ),
        pytest.param(
            {"agreements": (agreement_definition(license_arn=LICENSE),)},
            {
                (LookUp.AGREEMENT, "agmt-1"),
                (LookUp.AGREEMENT_BY_LICENSE_ARN, LICENSE),
                (LookUp.AGREEMENTS_OF, ("prod-analytics0001", BUYER)),
                (LookUp.AGREEMENTS_OF_CUSTOMER, ("prod-analytics0001", "cust-1")),
                (LookUp.AGREEMENTS_BY_IDENTIFIER, "cust-1"),
            },
            id="an agreement given a license",
        ),
        pytest.param(
            {"deals": (deal_definition(),)},
            {(LookUp.DEAL, ("OPPORTUNITY", "O1"))},
            id="a deal added",
        ),
        pytest.param(
            {"enrollments": (enrollment_definition(),)},
            {(LookUp.ENROLLMENT, SELLER)},
            id="an enrollment added",
        ),
    ],
)
class TestChanges:
    """After each kind of change, when everything was remembered before it."""

    @pytest.fixture
    def changed(self, definition):
        """The market behind after the change, keeping what it is asked, and what remembers it."""
        markets = FakeMarkets()
        markets.change(lambda market: changes_to(market, FIRST))
        asked = Asked(markets.current)
        cached = CachedMarket(asked)
        look_up_everything(cached)
        asked.asked.clear()
        change = markets.change(lambda market: changes_to(market, MarketDefinition(**definition)))
        asked.market = markets.current
        cached.forget(altered_by(change))
        return asked, cached

    def test_every_look_up_shows_it(self, changed, expected):
        """Nothing old is left, and nothing that was missing is missed."""
        del expected
        asked, cached = changed
        assert look_up_everything(cached) == look_up_everything(asked.market)

    def test_only_what_it_alters_is_asked_anew(self, changed, expected):
        """The rest stays remembered."""
        asked, cached = changed
        look_up_everything(cached)
        assert set(asked.asked) == expected


def test_everything_may_be_forgotten():
    """After a large change nothing is remembered."""
    asked = Asked(market())
    cached = CachedMarket(asked)
    look_up_everything(cached)
    asked.asked.clear()
    cached.forget(AlteredLookUps(None))
    look_up_everything(cached)
    assert asked.asked == EVERYTHING


def remembered(asked, cached, keys):
    """For which keys the market behind is not asked, tried from the last."""
    asked.asked.clear()
    for key in reversed(keys):
        cached.account(key)
    return len(keys) - len(asked.asked)


@pytest.mark.parametrize(
    ("count", "expected"),
    [(9, 9), (10, 10), (11, 10), (1000, 10)],
    ids=["fewer", "as many", "one more", "many more"],
)
def test_so_many_answers_are_remembered(count, expected):
    """Beyond the limit what was remembered first has given way."""
    asked = Asked(market())
    cached = CachedMarket(asked, entries_max=10)
    keys = [f"{number:012}" for number in range(count)]
    for key in keys:
        cached.account(key)
    assert len(cached.account.__self__) == expected
    assert remembered(asked, cached, keys[-expected:]) == expected


def test_memory_stays_bounded_where_much_is_forgotten():
    """What is forgotten and found again, over and over, does not add up."""
    cached = CachedMarket(market(), entries_max=10)
    for number in range(1000):
        key = f"{number % 7:012}"
        cached.account(key)
        cached.forget(AlteredLookUps(((LookUp.ACCOUNT, key),)))
    assert len(cached.account.__self__._in_order) == 10


def test_free_numbers_are_never_remembered():
    """Every change takes some, so the market behind is asked each time."""
    asked = FakeMarkets()
    cached = CachedMarket(asked.current)
    cached.numbers_taken()
    assert cached.numbers_taken() == NumbersTaken()


class Slow:
    """A market whose answer to one look-up is on its way until it is released."""

    def __init__(self) -> None:
        self.market = market()
        self.begun, self.released = threading.Event(), threading.Event()

    def __getattr__(self, name) -> Any:
        """One of the market's look-ups."""
        return getattr(self.market, name)

    def account(self, account_id):
        """What was there when it was asked."""
        found = self.market.account(account_id)
        self.begun.set()
        assert self.released.wait(DEADLINE)
        return found


def test_an_answer_from_before_a_change_is_not_remembered_after_it():
    """A look-up that read the old state while the change was committed is forgotten too."""
    slow = Slow()
    cached = CachedMarket(slow)
    looking_up = threading.Thread(target=cached.account, args=(OTHER_BUYER,))
    looking_up.start()
    assert slow.begun.wait(DEADLINE)
    slow.market = FakeMarkets().current  # where the account is not
    forgetting = threading.Thread(
        target=cached.forget, args=(AlteredLookUps(((LookUp.ACCOUNT, OTHER_BUYER),)),)
    )
    forgetting.start()
    forgetting.join(0.1)  # time enough to forget too early, if it did not wait
    slow.released.set()
    for thread in (looking_up, forgetting):
        thread.join(DEADLINE)
    assert cached.account(OTHER_BUYER) is None
