"""A market of a million agreements beside a small one.

The large market is put into the data directory through the store itself, before a server runs on
it; through the admin API it would take a market file of hundreds of megabytes.
"""

import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import processes
import signed_calls
from conditions import RECORDS, ROUNDS, Figures, Setting, send_new
from servers import Server, prepare, waag
from waag.domain.instants import from_datetime
from waag.domain.market import Account, AccountKind, Agreement
from waag.domain.market_changes import MarketChange
from waag.storage.data_directory import DataDirectory
from waag.storage.database import open_database
from waag.storage.markets import SqliteMarkets
from waag.storage.secret_box import SecretBox
from waag.storage.writer import Writer

AGREEMENTS = 1_000_000
SMALL = signed_calls.customers_needed(ROUNDS * RECORDS)
CHUNK = 50_000
ADDED = 5
"""How many agreements are added while the server runs, each measured."""

_SELLERS = 1  # the accounts that the prepared market has already


def measure(setting: Setting) -> Figures:
    """Both servers run side by side and are given their loads in turn, each round new records."""
    small, large = setting.folder / "small", setting.folder / "large"
    prepare(small, 0)
    fill(small, SMALL)
    prepare(large, 0)
    seconds = fill(large, AGREEMENTS)
    setting.notes.append(
        f"The market of {AGREEMENTS:,} agreements, as many buyers, took {seconds:.0f} s to fill; "
        f"the small one has {SMALL:,}. Each record of a call is another customer's, from all over "
        "the market."
    )
    figures: Figures = {"large": [], "small": [], "large added": [], "small added": []}
    with waag(large) as large_server, waag(small) as small_server:
        figures["large ready"] = [large_server.ready_seconds]
        for number in range(ROUNDS):
            for name, server, customers in (
                ("large", large_server, AGREEMENTS),
                ("small", small_server, SMALL),
            ):
                walk = signed_calls.Walk(customers, scattered=True)
                sent = send_new(server, walk, first=number * RECORDS)
                figures[name].append(sent.calls_per_second)
        figures["large memory"] = [processes.memory_mib(large_server.pid)]
        for number in range(ADDED):
            figures["large added"].append(_add(large_server, AGREEMENTS + number))
            figures["small added"].append(_add(small_server, SMALL + number))
    setting.notes.append(
        f"A server with that market was ready after {statistics.median(figures['large ready']):.1f}"
        f" s. The very next call for each of the {ADDED} agreements that were added to each market "
        "was accepted."
    )
    return figures


def fill(data: Path, customers: int) -> float:
    """Give a prepared data directory so many customers with an agreement each; the seconds."""
    started = time.perf_counter()
    directory = DataDirectory(data)
    writer = Writer(open_database(directory.ledger))
    try:
        markets = SqliteMarkets(writer, SecretBox(directory.secret_key(os.urandom), os.urandom))
        for change in _changes(customers):
            markets.change(lambda _market, change=change: change)
    finally:
        writer.close()
        directory.release()
    return time.perf_counter() - started


def _changes(customers: int) -> Iterator[MarketChange]:
    for start in range(0, customers, CHUNK):
        chunk = range(start, min(start + CHUNK, customers))
        yield MarketChange(
            accounts=tuple(map(_account, chunk)), agreements=tuple(map(_agreement, chunk))
        )


def _account(customer: int) -> Account:
    return Account(
        customer + _SELLERS + 1,
        signed_calls.account_id(customer),
        f"Customer {customer}",
        AccountKind.BUYER,
    )


def _agreement(customer: int) -> Agreement:
    return Agreement(
        number=customer + 1,
        id=signed_calls.agreement_id(customer),
        product_id=signed_calls.PRODUCT_ID,
        buyer_id=signed_calls.account_id(customer),
        customer=customer + _SELLERS + 1,
        customer_identifier=signed_calls.customer_identifier(customer),
        license_arn=None,
        starts=from_datetime(signed_calls.STARTS),
        ends=None,
    )


def _add(server: Server, customer: int) -> float:
    """Add a customer's agreement; the milliseconds. The next call for it must be accepted."""
    seconds = server.put("/market", signed_calls.one_more(customer))
    walk = signed_calls.Walk(customer + 1, (0,))
    send_new(server, walk, 1, first=customer, records_per_call=1, connections=1)
    return seconds * 1e3
