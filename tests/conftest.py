"""A server for tests that need one of their own, and one that many share."""

import pytest
from server import LiveServer, live_server

from waag.config import Settings


@pytest.fixture
def server(tmp_path):
    """A server of this test's own, with an empty ledger and the demo market."""
    with live_server(Settings(data=tmp_path / "data")) as running:
        yield running


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory) -> LiveServer:
    """One server for tests that leave nothing behind for others to trip over."""
    with live_server(Settings(data=tmp_path_factory.mktemp("shared") / "data")) as running:
        yield running
