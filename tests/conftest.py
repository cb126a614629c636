"""A server for tests that need one."""

import pytest

from server import live_server
from waag.config import Settings


@pytest.fixture
def server(tmp_path):
    """A server of this test's own, with an empty ledger and the demo market."""
    with live_server(Settings(data=tmp_path / "data")) as running:
        yield running
