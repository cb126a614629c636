"""A history that many tests ask data sets of; none of them adds to it."""

import pytest
from history import lived


@pytest.fixture(scope="session")
def past(tmp_path_factory):
    """A ledger on which it is 20 April 2026."""
    with lived(tmp_path_factory.mktemp("past") / "ledger.db") as ledger:
        yield ledger
