"""A server on a machine whose clock stands still."""

import pytest
from machine import NOW, REAL

from server import live_server
from waag.config import Settings


@pytest.fixture(scope="session")
def standing_server(tmp_path_factory):
    """One server for all tests that record nothing and leave the market as it is."""
    data = tmp_path_factory.mktemp("standing") / "data"
    with live_server(Settings(data=data), real=lambda: REAL) as running:
        yield running


@pytest.fixture
def server(standing_server):
    """That server, its clock running and showing the machine's time."""
    standing_server.ask("PUT", "/clock", {"mode": "running", "now": NOW})
    return standing_server
