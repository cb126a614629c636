"""The agreements that grant entitlements, walked in the store: found by an index, at any number."""

from contextlib import contextmanager

import apsw
import apsw.ext
import pytest

from builders import (
    account_definition,
    agreement_definition,
    buyer_definition,
    market_definition,
    product_definition,
    refusal_of,
    vault_definition,
)
from waag.domain.market_changes import changes_to
from waag.domain.market_definition import EntitlementDefinition, MarketDefinition
from waag.domain.refusals import StoreUnavailable
from waag.storage.database import open_database, open_reader
from waag.storage.markets import SqliteMarkets
from waag.storage.queries import QUERIES
from waag.storage.reader import Reader
from waag.storage.secret_box import SecretBox
from waag.storage.stored_market import StoredMarket
from waag.storage.writer import Writer

VAULT, ANALYTICS = "prod-vault00000001", "prod-analytics0001"
SEATS = (EntitlementDefinition(dimension="seats", value=25),)


def contract(number, **given):
    """A contract to the product vault that grants seats."""
    usual = {
        "id": f"agmt-{number}",
        "product": VAULT,
        "customer_identifier": None,
        "license_arn": f"arn:aws:license-manager::294406891311:license:l-{number:06}",
        "entitlements": SEATS,
    }
    return agreement_definition(**(usual | given))


def pay_as_you_go(number):
    """An agreement to the other product, which grants nothing."""
    return agreement_definition(id=f"agmt-{number}", customer_identifier="cust-1")


@contextmanager
def store_of(ledger, *agreements):
    """A ledger with these agreements, numbered from 1: what changes it, and what reads it."""
    writer = Writer(open_database(ledger))
    reader = open_reader(ledger)
    secrets = SecretBox(b"k" * 32, bytes)
    markets = SqliteMarkets(writer, secrets)
    definition = market_definition(
        accounts=(account_definition(), buyer_definition()),
        products=(product_definition(), vault_definition()),
        agreements=agreements,
    )
    markets.change(lambda market: changes_to(market, definition))
    try:
        yield markets, reader, StoredMarket(Reader(reader), secrets)
    finally:
        reader.close()
        writer.close()


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ((VAULT, 0, 100), [1, 3, 5]),
        ((VAULT, -1, 2), [1, 3]),
        ((VAULT, 1, 2), [3, 5]),
        ((VAULT, 4, 2), [5]),
        ((VAULT, 5, 2), []),
        ((ANALYTICS, 0, 2), []),
        (("prod-unknown00001", 0, 2), []),
    ],
    ids=str,
)
def test_those_that_grant_something_are_walked(ledger, asked, numbers):
    """Of one product, above a number, so many at most, in order."""
    agreements = (
        contract(1),
        pay_as_you_go(2),
        contract(3),
        contract(4, entitlements=()),
        contract(5, ends=None),
    )
    with store_of(ledger, *agreements) as (_, _, stored):
        assert [each.number for each in stored.entitled_agreements(*asked)] == numbers


def test_a_walk_finds_what_a_look_up_finds(ledger):
    """The same agreement, whichever way."""
    with store_of(ledger, contract(1)) as (_, _, stored):
        assert stored.entitled_agreements(VAULT, 0, 1) == (stored.agreement("agmt-1"),)


def test_what_an_agreement_is_granted_later_is_walked(ledger):
    """A contract that granted nothing, and now does; and the other way round."""
    with store_of(ledger, contract(1, entitlements=()), contract(2)) as (markets, _, stored):
        changed = MarketDefinition(agreements=(contract(1), contract(2, entitlements=())))
        markets.change(lambda market: changes_to(market, changed))
        walked = stored.entitled_agreements(VAULT, 0, 9)
    assert [each.number for each in walked] == [1]


def test_a_walk_searches_an_index_and_sorts_nothing(ledger):
    """The index of what grants something, from the number on."""
    with store_of(ledger) as (_, reader, _):
        info = apsw.ext.query_info(reader, QUERIES["entitled_agreements"], explain_query_plan=True)
    assert [step.detail for step in info.query_plan.sub] == [
        "SEARCH product USING COVERING INDEX sqlite_autoindex_product_1 (id=?)",
        "SEARCH agreement USING INDEX agreement_granting (product=? AND rowid>?)",
        "SEARCH account USING INTEGER PRIMARY KEY (rowid=?)",
        "SEARCH life USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
        "SEARCH terms USING PRIMARY KEY (kind=? AND subject=?) LEFT-JOIN",
    ]


def steps_of_a_walk(ledger, count):
    """What SQLite does to read ten agreements in the middle of so many contracts."""
    counted = []
    with store_of(ledger, *map(contract, range(1, count + 1))) as (_, reader, stored):
        reader.trace_v2(
            apsw.SQLITE_TRACE_PROFILE,
            lambda ran: counted.append(ran["stmt_status"]["SQLITE_STMTSTATUS_VM_STEP"]),
        )
        stored.entitled_agreements(VAULT, count // 2, 10)
    return counted


def test_a_walk_costs_no_more_where_there_are_more(tmp_path):
    """As many steps among two thousand contracts as among forty."""
    small, large = (steps_of_a_walk(tmp_path / f"{each}.sqlite", each) for each in (40, 2000))
    assert large == small


def test_a_store_that_cannot_be_read_is_unavailable(ledger):
    """As from any look-up."""
    with store_of(ledger) as (_, reader, stored):
        reader.close()
        refused = refusal_of(stored.entitled_agreements, VAULT, 0, 1)
    assert refused == (
        StoreUnavailable,
        "The store could not be read: The connection has been closed.",
    )
