"""A whole Waag without a socket."""

import asyncio

import pytest

from waag.bootstrap.front import open_front
from waag.bootstrap.keeper import Keeper
from waag.config import Settings


@pytest.fixture(scope="module")
def waag(tmp_path_factory):
    """What answers a request: every operation, by a front beside its keeper."""
    settings = Settings(data=tmp_path_factory.mktemp("malformed") / "data")
    keeper = Keeper(settings)
    with asyncio.Runner() as runner:
        front = runner.run(
            open_front(
                settings,
                keeper.attach(),
                keeper.answer,
                keeper.faults.strike,
                lambda: None,
                desk=keeper.desk,
            )
        )
        yield lambda request: runner.run(front.answer(request))
        runner.run(front.close())
    keeper.close()
