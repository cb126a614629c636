"""Servers on a machine whose clock stands still."""

import pytest

from server import live_server
from waag.config import Settings
from waag.domain.instants import parse_instant

NOW = "2026-05-14T10:20:30Z"


@pytest.fixture(scope="session")
def standing_server(tmp_path_factory):
    """One server for all tests that leave it as it is."""
    data = tmp_path_factory.mktemp("console") / "data"
    with live_server(Settings(data=data), real=lambda: parse_instant(NOW)) as running:
        yield running


@pytest.fixture
def server(tmp_path):
    """A server of this test's own, with the demo market."""
    with live_server(Settings(data=tmp_path / "data")) as running:
        running.ask("PUT", "/clock", {"mode": "frozen", "now": NOW})
        yield running
