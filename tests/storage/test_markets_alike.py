"""A market in memory, one in the store, one remembered: whatever is applied, all answer alike."""

import tempfile
from contextlib import contextmanager
from pathlib import Path

from holding import Front
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import (
    BUYER,
    LICENSE,
    OTHER_BUYER,
    OTHER_SELLER,
    SELLER,
    STARTS,
    FakeMarkets,
    account_definition,
    agreement_definition,
    buyer_definition,
    deal_definition,
    enrollment_definition,
    principal_definition,
    product_definition,
    refusal_of,
    vault_definition,
)
from waag.domain.market_definition import EntitlementDefinition, MarketDefinition, PartnerDefinition
from waag.domain.market_excerpt import excerpt_for
from waag.domain.market_mistakes import mistakes_in
from waag.services.market import apply_market
from waag.storage.cached_market import CachedMarket
from waag.storage.database import open_database, open_reader
from waag.storage.markets import SqliteMarkets
from waag.storage.reader import Reader
from waag.storage.secret_box import SecretBox
from waag.storage.stored_market import StoredMarket
from waag.storage.writer import Writer

ACCOUNTS = (SELLER, OTHER_SELLER, BUYER, OTHER_BUYER)
KEYS = ("AKIAWAAGTESTSELLER01", "AKIAWAAGTESTSELLER02")
PRODUCTS = ("prod-analytics0001", "prod-vault00000001")
CODES = ("analytics", "vault")
AGREEMENTS = ("agmt-1", "agmt-2", "agmt-3")
LICENSES = (LICENSE, "arn:other")
IDENTIFIERS = ("cust-1", "cust-2")
DEALS = (("OPPORTUNITY", "O1"), ("OFFER", "O1"))
SEATS = EntitlementDefinition(dimension="seats", value=2.5)
INLINE = {"Version": "2012-10-17", "Statement": []}

principals = st.builds(
    principal_definition,
    access_key_id=st.sampled_from(KEYS),
    secret_access_key=st.sampled_from(["one", "another"]),
    policies=st.sampled_from([(), ("MarketplaceSeller",), (INLINE, "MarketplaceSeller")]),
)
listed = st.lists(principals, max_size=2).map(tuple)
names = st.sampled_from(["Polder", "Molen"])
PARTNERS = (
    PartnerDefinition(),
    PartnerDefinition(registered=False),
    PartnerDefinition(connected=(OTHER_SELLER,)),
)
accounts = st.one_of(
    st.builds(
        account_definition,
        id=st.sampled_from(ACCOUNTS[:2]),
        name=names,
        principals=listed,
        partner=st.sampled_from(PARTNERS),
    ),
    st.builds(buyer_definition, id=st.sampled_from(ACCOUNTS[2:]), name=names, principals=listed),
)
products = st.sampled_from(
    [
        product_definition(),
        product_definition(title="Renamed"),
        product_definition(code="vault"),
        vault_definition(),
        vault_definition(seller=OTHER_SELLER),
        vault_definition(regions=("eu-west-1", "us-east-1")),
    ]
)
any_agreements = st.builds(
    agreement_definition,
    id=st.sampled_from(AGREEMENTS),
    product=st.sampled_from(PRODUCTS),
    buyer=st.sampled_from(ACCOUNTS[2:]),
    customer_identifier=st.sampled_from([None, *IDENTIFIERS]),
    license_arn=st.sampled_from([None, *LICENSES]),
    entitlements=st.sampled_from([(), (SEATS,)]),
)
fitting_agreements = st.sampled_from(
    [
        agreement_definition(),
        agreement_definition(ends=STARTS.replace(year=2027)),
        agreement_definition(license_arn=LICENSE),
        agreement_definition(id="agmt-2"),
        agreement_definition(id="agmt-2", buyer=OTHER_BUYER, customer_identifier="cust-2"),
        agreement_definition(
            id="agmt-3", product=PRODUCTS[1], customer_identifier=None, license_arn="arn:other"
        ),
        agreement_definition(
            id="agmt-3", product=PRODUCTS[1], license_arn="arn:other", entitlements=(SEATS,)
        ),
    ]
)
deals = st.builds(
    deal_definition,
    type=st.sampled_from(["OPPORTUNITY", "OFFER"]),
    stage=st.sampled_from([None, "Won"]),
)
enrollments = st.builds(
    enrollment_definition, seller=st.sampled_from(ACCOUNTS), bucket=st.sampled_from(["one", "two"])
)


def some(entries):
    """One or two entries."""
    return st.lists(entries, min_size=1, max_size=2).map(tuple)


definitions = st.one_of(
    st.builds(MarketDefinition, accounts=some(accounts)),
    st.builds(MarketDefinition, products=some(products)),
    st.builds(MarketDefinition, agreements=some(fitting_agreements)),
    st.builds(MarketDefinition, agreements=some(any_agreements)),
    st.builds(MarketDefinition, deals=some(deals), enrollments=some(enrollments)),
    st.builds(
        MarketDefinition,
        accounts=some(accounts),
        products=some(products),
        agreements=some(fitting_agreements),
    ),
)
everybody = st.just(
    MarketDefinition(
        accounts=(
            *(account_definition(id=each) for each in ACCOUNTS[:2]),
            *(buyer_definition(id=each) for each in ACCOUNTS[2:]),
        ),
        products=(product_definition(), vault_definition()),
    )
)
histories = st.builds(
    lambda first, more: first + more,
    st.one_of(everybody.map(lambda each: [each]), st.just([])),
    st.lists(definitions, min_size=1, max_size=6),
)


def answers(market):
    """What every look-up finds, of all names that may be used."""
    return [
        *map(market.principal, KEYS),
        *map(market.account, ACCOUNTS),
        *map(market.product, PRODUCTS),
        *map(market.product_by_code, CODES),
        *map(market.agreement, AGREEMENTS),
        *map(market.agreement_by_license_arn, LICENSES),
        *(list(market.agreements_of(each, buyer)) for each in PRODUCTS for buyer in ACCOUNTS),
        *(
            list(market.agreements_of_customer(each, identifier))
            for each in PRODUCTS
            for identifier in IDENTIFIERS
        ),
        *(list(market.agreements_by_identifier(identifier)) for identifier in IDENTIFIERS),
        *(market.deal(*each) for each in DEALS),
        *map(market.enrollment, ACCOUNTS),
        market.numbers_taken(),
    ]


@contextmanager
def ledger():
    """A ledger's market: changed, read from the store, and remembered."""
    secrets = SecretBox(b"k" * 32, bytes)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite"
        writer = Writer(open_database(path))
        stored = StoredMarket(Reader(open_reader(path)), secrets)
        cached = CachedMarket(stored)
        front = Front(writer)
        front.begin(lambda changed: cached.forget(changed.altered))
        try:
            yield SqliteMarkets(writer, secrets), stored, cached
        finally:
            front.end()
            stored.close()
            writer.close()


@settings(max_examples=60)
@given(histories)
def test_all_markets_answer_alike(history):
    """After each change, made or refused, whether something is found or not."""
    in_memory = FakeMarkets()
    with ledger() as (markets, stored, cached):
        for definition in history:
            refused = refusal_of(apply_market, definition, in_memory)
            assert refusal_of(apply_market, definition, markets) == refused
            expected = answers(in_memory.current)
            assert answers(cached) == expected
            assert answers(stored) == expected


@given(histories)
def test_an_excerpt_shows_every_mistake_that_the_market_does(history):
    """What a definition does not have to see is no matter for what is wrong with it."""
    markets = FakeMarkets()
    for definition in history:
        whole = markets.current
        mistakes = list(mistakes_in(definition, whole))
        assert list(mistakes_in(definition, excerpt_for(definition, whole))) == mistakes
        if not mistakes:
            apply_market(definition, markets)
