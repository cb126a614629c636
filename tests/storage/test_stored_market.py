import threading
from contextlib import contextmanager

import pytest
from holding import DEADLINE, held

from waag.admin.market_file import MarketFileRefused, apply_market_file, read_market_file
from waag.domain.market_changes import MarketChange
from waag.domain.refusals import StoreUnavailable
from waag.storage.database import open_database
from waag.storage.markets import SqliteMarkets
from waag.storage.queries import run
from waag.storage.secret_box import SecretBox
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


@contextmanager
def opened(ledger):
    """The markets that a process would find in a ledger."""
    writer = Writer(open_database(ledger))
    try:
        yield SqliteMarkets(writer, SecretBox(b"k" * 32, bytes))
    finally:
        writer.close()


def apply(markets, text):
    """Apply a market file."""
    return apply_market_file(read_market_file(text, "test.yaml"), markets)


def contents(market):
    """All that is in a market, in its order."""
    return [
        list(entries.items())
        for entries in (
            market.accounts,
            market.products,
            market.agreements,
            market.deals,
            market.enrollments,
        )
    ]


@pytest.mark.parametrize(
    "texts",
    [(FIRST,), (FIRST, CHANGED), (FIRST, CHANGED, FIRST), (FIRST, ADDED), (FIRST, FIRST)],
    ids=["applied", "changed", "changed-back", "added-to", "applied-twice"],
)
def test_what_was_applied_is_loaded_again(ledger, texts):
    """A new process finds the market as it was, entry for entry and in the same order."""
    with opened(ledger) as markets:
        for text in texts:
            apply(markets, text)
        before = contents(markets.current)
    with opened(ledger) as again:
        assert contents(again.current) == before


def test_an_empty_ledger_has_an_empty_market(ledger):
    """A new ledger holds nobody and nothing."""
    with opened(ledger) as markets:
        assert contents(markets.current) == [[], [], [], [], []]


def test_a_withdrawn_credential_is_gone_after_reopening(ledger):
    """A principal that its account no longer lists does not come back."""
    with opened(ledger) as markets:
        apply(markets, FIRST)
        apply(markets, CHANGED)
    with opened(ledger) as again:
        assert again.current.principal("AKIASLUIS00000000001") is None


def test_a_withdrawn_dimension_is_still_known_after_reopening(ledger):
    """A dimension that is no longer listed stays, not offered: usage hangs on it."""
    with opened(ledger) as markets:
        apply(markets, FIRST)
        apply(markets, CHANGED)
    with opened(ledger) as again:
        dimensions = again.current.products["prod-sluispeil0001"].dimensions
    assert [(each.key, each.offered) for each in dimensions] == [
        ("seats", True),
        ("reads", True),
        ("hosts", False),
    ]


class TestRefusedChange:
    """A change that is not carried out."""

    @pytest.fixture
    def markets(self, writer):
        """A market with something in it."""
        markets = SqliteMarkets(writer, SecretBox(b"k" * 32, bytes))
        apply(markets, FIRST)
        return markets

    def test_what_decide_raises_is_raised(self, markets):
        """A market file with mistakes is refused by whoever decides."""
        with pytest.raises(MarketFileRefused) as refused:
            apply(markets, 'accounts:\n  - {id: "300000000001", name: Sluis, kind: buyer}')
        assert refused.value.why == (
            "test.yaml:2: accounts[0].kind: expected seller, which account 300000000001 is; a kind "
            "does not change"
        )

    def test_a_refused_decision_changes_nothing(self, markets):
        """The market is the very same as before."""
        before = markets.current
        with pytest.raises(MarketFileRefused):
            apply(markets, 'accounts:\n  - {id: "300000000001", name: Sluis, kind: buyer}')
        assert markets.current is before

    def test_a_store_that_cannot_write_changes_nothing(self, markets, writer):
        """What is not on disk is not in the market either."""
        before = markets.current
        writer.change(lambda connection: run(connection, "PRAGMA query_only = on"))
        with pytest.raises(StoreUnavailable, match="attempt to write a readonly database"):
            apply(markets, CHANGED)
        assert markets.current is before

    def test_a_change_works_after_one_that_was_refused(self, markets):
        """A refused change does not keep the next one from being carried out."""
        with pytest.raises(MarketFileRefused):
            apply(markets, 'accounts:\n  - {id: "300000000001", name: Sluis, kind: buyer}')
        apply(markets, ADDED)
        assert markets.current.accounts["300000000000"].name == "Another"


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
        for thread in threads:
            thread.join(DEADLINE)
        return markets

    def test_both_count(self, both):
        """Neither loses what the other added."""
        assert set(both.current.accounts) == {"300000000001", "300000000002"}

    def test_each_has_a_number_of_its_own(self, both):
        """The second is decided upon what the first left."""
        assert {each.number for each in both.current.accounts.values()} == {1, 2}

    def test_both_are_on_disk(self, both, writer, ledger):
        """A new process finds both."""
        before = contents(both.current)
        writer.close()
        with opened(ledger) as again:
            assert sorted(contents(again.current)[0]) == sorted(before[0])


def test_a_change_is_handed_back(writer):
    """Whoever changes the market learns what was changed."""
    markets = SqliteMarkets(writer, SecretBox(b"k" * 32, bytes))
    nothing = MarketChange()
    assert markets.change(lambda _market: nothing) is nothing
