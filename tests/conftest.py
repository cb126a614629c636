"""A server for tests that need one."""

import os

import hypothesis
import pytest

from server import live_server
from waag.config import Settings

# A machine that is busy with something else is no failure.
hypothesis.settings.register_profile("waag", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("waag")


@pytest.fixture(scope="session", autouse=True)
def _nobody_is_asked_for_credentials():
    """Whoever has none would ask the machine's cloud, which may take its time to be none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield


@pytest.fixture
def server(tmp_path):
    """A server of this test's own, with an empty ledger and the demo market."""
    with live_server(Settings(data=tmp_path / "data")) as running:
        yield running
