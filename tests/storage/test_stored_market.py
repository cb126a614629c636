import threading
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from holding import DEADLINE, Front, held, wait_until_queued

from builders import ACCOUNTS, FakeMarkets, product, refusal_of
from waag.admin.market_file import MarketFileRefused, apply_market_file, read_market_file
from waag.domain.market_changes import MarketChange
from waag.domain.market_look_ups import LookUp
from waag.domain.refusals import StoreUnavailable
from waag.storage.database import open_database, open_reader
from waag.storage.markets import SqliteMarkets
from waag.storage.queries import run
from waag.storage.reader import Reader
from waag.storage.secret_box import SecretBox
from waag.storage.stored_market import StoredMarket
from waag.storage.writer import Writer

FIRST = """
accounts:
  - id: "300000000001"
    name: Sluis
    kind: seller
    principals:
      - user: ci
        access_key_id: AKIASLUIS00000000001
        secret_access_key: sluis-1
        policies:
          - MarketplaceSeller
          - Version: "2012-10-17"
            Statement: [{Effect: Deny, Action: "aws-marketplace:*", Resource: "*"}]
      - role: Metering
        session: worker
        access_key_id: ASIASLUIS00000000002
        secret_access_key: sluis-2
        session_token: token
        platform: eks
        region: eu-west-1
  - id: "300000000002"
    name: Waterschap
    kind: buyer
    address: {country: NL, city: Edam}
    email_domain: waterschap.example
    partner: {registered: false}
products:
  - id: prod-sluispeil0001
    code: sluispeil
    seller: "300000000001"
    title: Sluis Peil
    type: saas-contract-with-consumption
    integration: concurrent
    regions: [us-east-1, eu-west-1]
    fulfillment_url: http://127.0.0.1/register
    dimensions:
      - {key: seats, type: Entitled, unit: Users, price: "1.00"}
      - {key: reads, type: Metered, unit: Requests, price: "0.01"}
      - {key: hosts, type: ExternallyMetered, unit: Hosts, price: "2"}
agreements:
  - id: agmt-1
    product: prod-sluispeil0001
    buyer: "300000000002"
    license_arn: "arn:aws:license-manager::300000000001:license:l-0001"
    starts: 2026-01-01T00:00:00Z
    ends: 2027-01-01T00:00:00.5Z
    entitlements:
      - {dimension: seats, value: 25}
      - {dimension: seats, value: 2.0}
      - {dimension: seats, value: true}
      - {dimension: seats, value: many}
  - id: agmt-0
    product: prod-sluispeil0001
    buyer: "300000000002"
    license_arn: "arn:aws:license-manager::300000000001:license:l-0002"
    starts: 2026-02-01T00:00:00Z
deals:
  - {type: OFFER, id: offer-1, name: Peil, owner: "300000000001", customer: "300000000002"}
enrollments:
  - seller: "300000000001"
    role: arn:aws:iam::300000000001:role/reports
    bucket: sluis-reports
    topic: arn:aws:sns:us-east-1:300000000001:reports
"""

CHANGED = (
    FIRST.replace("name: Sluis", "name: Sluis en Dijk")
    .replace("access_key_id: AKIASLUIS00000000001", "access_key_id: AKIASLUIS00000000003")
    .replace("secret_access_key: sluis-2", "secret_access_key: sluis-3")
    .replace("city: Edam", "city: Hoorn")
    .replace("{registered: false}", '{connected: ["300000000001"]}')
    .replace("title: Sluis Peil", "title: Sluis Peil 2")
    .replace('      - {key: hosts, type: ExternallyMetered, unit: Hosts, price: "2"}\n', "")
    .replace('price: "0.01"', 'price: "0.02"')
    .replace("2027-01-01T00:00:00.5Z", "2028-01-01T00:00:00Z")
    .replace("name: Peil, owner", "name: Peil, stage: Won, owner")
    .replace("bucket: sluis-reports", "bucket: other-reports")
)

ADDED = """
accounts:
  - {id: "300000000000", name: Another, kind: seller}
"""

REFUSED = """accounts:
  - {id: "300000000000", name: Another, kind: seller}
  - {id: "300000000001", name: Sluis, kind: buyer}
"""


class Opened(NamedTuple):
    """A ledger's market: changed through one, looked up in the other."""

    markets: SqliteMarkets
    market: StoredMarket


@contextmanager
def opened(ledger):
    """The market that a process would find in a ledger."""
    writer = Writer(open_database(ledger))
    secrets = SecretBox(b"k" * 32, bytes)
    market = StoredMarket(Reader(open_reader(ledger)), secrets)
    try:
        yield Opened(SqliteMarkets(writer, secrets), market)
    finally:
        market.close()
        writer.close()


def apply(markets, text):
    """Apply a market file."""
    return apply_market_file(read_market_file(text, "test.yaml"), markets)


def after(*texts):
    """The market held in memory to which market files were applied."""
    markets = FakeMarkets()
    for text in texts:
        apply(markets, text)
    return markets.current


def contents(market):
    """What the look-ups find of all that the market files name."""
    return [
        [market.account(f"{number:012}") for number in range(300000000000, 300000000003)],
        [market.principal(f"AKIASLUIS0000000000{number}") for number in (1, 2, 3)],
        market.principal("ASIASLUIS00000000002"),
        market.product("prod-sluispeil0001"),
        market.agreement("agmt-0"),
        market.agreement("agmt-1"),
        list(market.agreements_of("prod-sluispeil0001", "300000000002")),
        market.deal("OFFER", "offer-1"),
        market.enrollment("300000000001"),
        market.numbers_taken(),
    ]


@pytest.mark.parametrize(
    "texts",
    [(FIRST,), (FIRST, CHANGED), (FIRST, CHANGED, FIRST), (FIRST, ADDED), (FIRST, FIRST)],
    ids=["applied", "changed", "changed-back", "added-to", "applied-twice"],
)
def test_what_was_applied_is_found_again(ledger, texts):
    """A new process finds the market as it was, entry for entry and in the same order."""
    with opened(ledger) as first:
        for text in texts:
            apply(first.markets, text)
    with opened(ledger) as again:
        assert contents(again.market) == contents(after(*texts))


def test_what_is_stored_already_is_not_changed(ledger):
    """A market file that was applied by an earlier process is as before, policies and all."""
    with opened(ledger) as first:
        apply(first.markets, FIRST)
    with opened(ledger) as again:
        assert apply(again.markets, FIRST) == MarketChange(unchanged=7)


def test_an_empty_ledger_has_an_empty_market(ledger):
    """A new ledger holds nobody and nothing."""
    with opened(ledger) as empty:
        assert contents(empty.market) == contents(after())


def test_a_withdrawn_credential_is_gone_after_reopening(ledger):
    """A principal that its account no longer lists does not come back."""
    with opened(ledger) as first:
        apply(first.markets, FIRST)
        apply(first.markets, CHANGED)
    with opened(ledger) as again:
        assert again.market.principal("AKIASLUIS00000000001") is None


def test_a_withdrawn_dimension_is_still_known_after_reopening(ledger):
    """A dimension that is no longer listed stays, not offered: usage hangs on it."""
    with opened(ledger) as first:
        apply(first.markets, FIRST)
        apply(first.markets, CHANGED)
    with opened(ledger) as again:
        dimensions = again.market.product("prod-sluispeil0001").dimensions
    assert [(each.key, each.offered) for each in dimensions] == [
        ("seats", True),
        ("reads", True),
        ("hosts", False),
    ]


def test_a_product_without_dimensions(writer):
    """A product may be stored with none, and is found with none."""
    secrets = SecretBox(b"k" * 32, bytes)
    change = MarketChange(ACCOUNTS[:1], (product(dimensions=()),))
    SqliteMarkets(writer, secrets).change(lambda _: change)
    found = writer.change(lambda c: StoredMarket(Reader(c), secrets).product("prod-analytics0001"))
    assert found == product(dimensions=())


class TestTrouble:
    """A market that cannot be read."""

    def test_a_store_that_cannot_be_read_is_unavailable(self, ledger):
        """The refusal says what SQLite says."""
        open_database(ledger).close()
        market = StoredMarket(Reader(open_reader(ledger)), SecretBox(b"k" * 32, bytes))
        market.close()
        assert refusal_of(market.account, "300000000001") == (
            StoreUnavailable,
            "The store could not be read: The connection has been closed.",
        )

    def test_a_secret_that_cannot_be_opened_is_unavailable(self, ledger):
        """A principal whose secret was altered does not bring the server down."""
        with opened(ledger) as first:
            apply(first.markets, FIRST)
            first.markets._writer.change(
                lambda connection: run(connection, "UPDATE principal SET secret = zeroblob(40)")
            )
            refused = refusal_of(first.market.principal, "AKIASLUIS00000000001")
        assert refused == (
            StoreUnavailable,
            "The credentials of AKIASLUIS00000000001 were not encrypted with this data "
            "directory's secret-key. Put the secret-key back that lay beside this ledger.",
        )


class TestRefusedChange:
    """A change that is not carried out."""

    @pytest.fixture
    def front(self, writer):
        """Who is told what has another answer."""
        front = Front(writer)
        front.begin()
        yield front
        front.end()

    @pytest.fixture
    def told(self, front):
        """What was said to have another answer."""
        return front.heeded

    @pytest.fixture
    def markets(self, writer, told):
        """A market with something in it."""
        markets = SqliteMarkets(writer, SecretBox(b"k" * 32, bytes))
        apply(markets, FIRST)
        told.clear()
        return markets

    @pytest.fixture
    def market(self, markets, ledger):
        """Its look-ups."""
        assert markets
        market = StoredMarket(Reader(open_reader(ledger)), SecretBox(b"k" * 32, bytes))
        yield market
        market.close()

    def test_what_decide_raises_is_raised(self, markets):
        """A market file with mistakes is refused by whoever decides."""
        with pytest.raises(MarketFileRefused) as refused:
            apply(markets, REFUSED)
        assert refused.value.why == (
            "test.yaml:3: accounts[1].kind: expected seller, which account 300000000001 is; a kind "
            "does not change"
        )

    def test_a_refused_decision_changes_nothing(self, markets, market):
        """The market is as before."""
        before = contents(market)
        with pytest.raises(MarketFileRefused):
            apply(markets, REFUSED)
        assert contents(market) == before

    def test_a_store_that_cannot_write_changes_nothing(self, markets, market, writer):
        """What is not on disk is not in the market either."""
        before = contents(market)
        writer.change(lambda connection: run(connection, "PRAGMA query_only = on"))
        with pytest.raises(StoreUnavailable, match="attempt to write a readonly database"):
            apply(markets, CHANGED)
        assert contents(market) == before

    def test_nobody_is_told_of_a_change_that_was_refused(self, markets, told):
        """What was remembered is still right."""
        with pytest.raises(MarketFileRefused):
            apply(markets, REFUSED)
        assert told == []

    def test_nobody_is_told_of_a_change_that_changes_nothing(self, markets, told):
        """A market file that was applied already alters no look-up."""
        apply(markets, FIRST)
        assert told == []

    def test_a_change_works_after_one_that_was_refused(self, markets, market):
        """A refused change does not keep the next one from being carried out."""
        with pytest.raises(MarketFileRefused):
            apply(markets, REFUSED)
        apply(markets, ADDED)
        assert market.account("300000000000").name == "Another"


def seller(account_id):
    """A market file with one account."""
    return f'accounts:\n  - {{id: "{account_id}", name: Seller, kind: seller}}'


class TestConcurrentChanges:
    """Two changes at the same time."""

    @pytest.fixture
    def both(self, writer):
        """Markets to which two threads each added an account while the writer was busy."""
        markets = SqliteMarkets(writer, SecretBox(b"k" * 32, bytes))
        threads = [
            threading.Thread(target=apply, args=(markets, seller(account_id)))
            for account_id in ("300000000001", "300000000002")
        ]
        with held(writer):
            for thread in threads:
                thread.start()
            wait_until_queued(writer, 2)
        for thread in threads:
            thread.join(DEADLINE)
        return markets

    def test_each_is_decided_on_what_the_other_left(self, both, ledger):
        """Neither loses what the other added, and each account has a number of its own."""
        assert both
        reader = open_reader(ledger)
        found = run(reader, "SELECT id, number FROM account ORDER BY number")
        reader.close()
        assert {account_id for account_id, _ in found} == {"300000000001", "300000000002"}
        assert [number for _, number in found] == [1, 2]

    def test_what_was_looked_up_cannot_change_before_it_counts(self, writer):
        """While a change is decided, another one waits."""
        markets = SqliteMarkets(writer, SecretBox(b"k" * 32, bytes))
        other = threading.Thread(target=apply, args=(markets, seller("300000000002")))

        def decide(market):
            other.start()
            wait_until_queued(writer, 1)
            return MarketChange(unchanged=market.numbers_taken().account)

        seen = markets.change(decide)
        other.join(DEADLINE)
        assert seen.unchanged == 0


def test_a_change_is_handed_back(writer):
    """Whoever changes the market learns what was changed."""
    markets = SqliteMarkets(writer, SecretBox(b"k" * 32, bytes))
    nothing = MarketChange()
    assert markets.change(lambda _market: nothing) is nothing


def test_others_are_told_once_a_change_can_be_seen(writer, ledger):
    """What is to be forgotten is told after the commit, and before the change returns."""
    secrets = SecretBox(b"k" * 32, bytes)
    market = StoredMarket(Reader(open_reader(ledger)), secrets)
    seen = []

    def heed(changed):
        seen.append((changed.altered.look_ups, market.account("300000000001") is not None))

    front = Front(writer)
    front.begin(heed)
    apply(SqliteMarkets(writer, secrets), seller("300000000001"))
    front.end()
    market.close()
    assert seen == [(((LookUp.ACCOUNT, "300000000001"),), True)]
