"""Servers whose clock stands still."""

import pytest
from market_now import NOW
from workload_market import market

from server import live_server
from waag.config import Settings


def _frozen(running):
    running.ask("PUT", "/clock", {"mode": "frozen", "now": NOW.isoformat()})
    return running


@pytest.fixture
def server(tmp_path):
    """A server of this test's own, with an empty ledger and the demo market."""
    with live_server(Settings(data=tmp_path / "data")) as running:
        yield _frozen(running)


@pytest.fixture
def workloads(server):
    """That server, with workloads of each platform in its market."""
    server.ask("PUT", "/market", market())
    return server


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory):
    """One server for tests whose calls record nothing."""
    with live_server(Settings(data=tmp_path_factory.mktemp("shared") / "data")) as running:
        yield _frozen(running)
