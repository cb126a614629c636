"""A market that is changed costs what the change touches, however much else there is."""

from contextlib import contextmanager

import apsw
import pytest

from builders import (
    account_definition,
    agreement_definition,
    buyer_definition,
    market_definition,
    principal_definition,
    product_definition,
)
from waag.domain.market_changes import changes_to
from waag.domain.market_definition import MarketDefinition
from waag.storage.database import open_database
from waag.storage.markets import SqliteMarkets
from waag.storage.secret_box import SecretBox
from waag.storage.writer import Writer


def customers(count):
    """A market of one product, so many customers, and an agreement of each."""
    return market_definition(
        accounts=(
            account_definition(principals=(principal_definition(),)),
            buyer_definition(),
            *(buyer_definition(id=f"{number + 300000000000}") for number in range(count)),
        ),
        agreements=tuple(
            agreement_definition(
                id=f"agmt-{number}",
                buyer=f"{number + 300000000000}",
                customer_identifier=f"cust-{number}",
            )
            for number in range(count)
        ),
    )


@contextmanager
def market_of(folder, count):
    """A ledger with so many customers: its connection, its writer, and what changes its market."""
    connection = open_database(folder / f"{count}.sqlite")
    writer = Writer(connection)
    try:
        markets = SqliteMarkets(writer, SecretBox(b"k" * 32, bytes))
        markets.change(lambda market: changes_to(market, customers(count)))
        yield connection, writer, markets
    finally:
        writer.close()


def cost(folder, count, definition):
    """Statements run, steps through whole tables, and rows written, to change a market so large."""
    scanned = []

    def watch(connection):
        connection.trace_v2(
            apsw.SQLITE_TRACE_PROFILE,
            lambda ran: scanned.append(ran["stmt_status"]["SQLITE_STMTSTATUS_FULLSCAN_STEP"]),
        )

    with market_of(folder, count) as (connection, writer, markets):
        before = connection.total_changes()
        writer.change(watch)
        markets.change(lambda market: changes_to(market, definition))
        return len(scanned), sum(scanned), connection.total_changes() - before


NEW = agreement_definition(id="agmt-new", customer_identifier="cust-new")


@pytest.mark.parametrize(
    ("definition", "written"),
    [
        (MarketDefinition(agreements=(NEW,)), 1),
        (MarketDefinition(accounts=(buyer_definition(name="Renamed"),)), 1),
        (
            MarketDefinition(
                accounts=(
                    buyer_definition(
                        principals=(principal_definition(access_key_id="AKIAWAAGTESTBUYER001"),)
                    ),
                )
            ),
            2,
        ),
        (MarketDefinition(products=(product_definition(title="Renamed"),)), 2),
        (MarketDefinition(accounts=(buyer_definition(),)), 0),
    ],
    ids=["an agreement", "an account", "a principal", "a product", "nothing"],
)
def test_a_change_does_not_cost_more_in_a_larger_market(tmp_path, definition, written):
    """The same statements, none of which goes through a table, and the rows of the change alone."""
    small, large = (cost(tmp_path, count, definition) for count in (10, 1000))
    assert (large, large[1:]) == (small, (0, written))


def test_an_agreement_is_numbered_beyond_all_others(tmp_path):
    """Numbers go on from those of the whole market, of which a change sees next to nothing."""
    with market_of(tmp_path, 10) as (_, _, markets):
        more = MarketDefinition(agreements=(NEW,))
        change = markets.change(lambda market: changes_to(market, more))
    assert [each.number for each in change.agreements] == [11]
