"""A front beside its keeper, on the same event loop: the only one, or the one others turn to."""

import asyncio
import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from waag.bootstrap.front import Front, open_front
from waag.bootstrap.keeper import Keeper
from waag.config import Settings
from waag.domain.calls import CallRecord
from waag.exchange import Reply, Request

if TYPE_CHECKING:
    from waag.edge.http import HttpServer


class FrontBeside:
    """A front that has its keeper's desk, and so can answer everything.

    Args:
        settings: see `waag.config`.
        keeper: built from the same.
        injected: time and randomness, see `open_front`.

    Attributes:
        ended: why it cannot go on, once it cannot.
    """

    def __init__(self, settings: Settings, keeper: Keeper, **injected: Any) -> None:
        self._settings = settings
        self._keeper = keeper
        self._injected = injected
        self._front: Front | None = None
        self._closing = False

    async def open(self) -> Front:
        """Be ready to answer."""
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._front = await open_front(
            self._settings,
            self._keeper.attach(),
            self._keeper.answer,
            self._keeper.faults.strike,
            self._lost,
            desk=self._keeper.desk,
            pace=self._keeper.pace,
            **self._injected,
        )
        self._keeper.calls.add(self._latest_calls)
        return self._front

    async def answer(self, request: Request) -> Reply:
        """Answer one request, the operator's among them."""
        assert self._front is not None, "opened before anybody asks"
        return await self._front.answer(request)

    async def close(self) -> None:
        """Let go of the writer."""
        self._closing = True
        if self._front is not None:
            await self._front.close()

    def _lost(self) -> None:
        if not self._closing:
            self.ended.set_result("The ledger's writer failed; what it said is above.")

    async def _latest_calls(self, limit: int) -> Sequence[CallRecord]:
        assert self._front is not None, "added once it was opened"
        return self._front.latest_calls(limit)


class SingleFront:
    """A server of one process: the front beside the keeper takes all requests.

    Args:
        settings, keeper, injected: see `FrontBeside`.
    """

    def __init__(self, settings: Settings, keeper: Keeper, **injected: Any) -> None:
        self._beside = FrontBeside(settings, keeper, **injected)
        self._server: HttpServer | None = None

    @property
    def ended(self) -> asyncio.Future[str]:
        """Why it cannot go on, once it cannot."""
        return self._beside.ended

    async def start(self, *listeners: socket.socket) -> None:
        """Serve on sockets that listen."""
        front = await self._beside.open()
        self._server = front.http_server()
        await self._server.start(*listeners)

    async def stop(self, grace_seconds: float) -> None:
        """Finish what is in flight."""
        if self._server is not None:
            await self._server.stop(grace_seconds)
        await self._beside.close()
