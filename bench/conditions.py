"""What every measurement is made under: how many rounds, calls and connections, where, by whom."""

import os
import platform
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple, TypeAlias

import apsw

import load
import servers
import signed_calls
from waag import __version__

ROUNDS = 5
CONNECTIONS = 64
CALLS = 10_000
"""Calls of 25 new records in one load."""

MOTO_CALLS = 600
MOTO_CONNECTIONS = 8
RECORDS = CALLS * signed_calls.RECORDS_PER_CALL
WALK = signed_calls.Walk(signed_calls.customers_needed(RECORDS))
"""The records of the calls, over the market that is prepared for them."""

Figures: TypeAlias = dict[str, list[float]]
"""What was measured: by name, a figure for each round."""


class Setting(NamedTuple):
    """Where a run takes place.

    Attributes:
        folder: on the disk that is measured; emptied after the run.
        prepared: a data directory with the bench's market.
        moto: the program that serves as the peer.
        fronts: whether this Waag has front processes.
        notes: what the reader of the table should know beside it.
    """

    folder: Path
    prepared: Path
    moto: str
    fronts: bool
    notes: list[str]


def send_new(  # noqa: PLR0917 - the defaults are what every load has in common
    server: servers.Server,
    walk: signed_calls.Walk = WALK,
    count: int = CALLS,
    first: int = 0,
    records_per_call: int = signed_calls.RECORDS_PER_CALL,
    connections: int = CONNECTIONS,
    calls_per_second: float | None = None,
) -> load.Load:
    """Send calls whose every record must be accepted.

    Args:
        server: who is asked.
        walk: the records.
        count: how many calls.
        first: how many records of the walk were sent before.
        records_per_call: 1 to 25.
        connections: how many carry the calls.
        calls_per_second: the pace; None is as fast as they are answered.
    """
    sign = partial(signed_calls.calls, walk, count, server.host, records_per_call, first)
    success = load.Expected(b'"Success"', records_per_call)
    return checked(load.send(server.port, sign, connections, success, calls_per_second))


def checked(measured: load.Load) -> load.Load:
    """The same load.

    Raises:
        RuntimeError: a reply was not as expected.
    """
    if measured.refused:
        raise RuntimeError(f"{measured.refused} calls were not answered as expected")
    return measured


def described() -> str:
    """The conditions, for the reader of the figures."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return (
        f"{ROUNDS} rounds on {os.cpu_count()} cores ({model}), load generator included; "
        f"{CONNECTIONS} connections, each with one call under way; {CALLS:,} calls a load "
        f"(moto: {MOTO_CALLS} over {MOTO_CONNECTIONS} connections); every request signed and "
        f"distinct, every reply's statuses counted. Waag {__version__}, Python "
        f"{platform.python_version()}, SQLite {apsw.sqlite_lib_version()}, uvloop "
        f"{version('uvloop')}; {platform.system()} {platform.release()}."
    )
