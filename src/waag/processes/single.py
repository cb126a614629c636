"""One process: the keeper and its only front on one event loop, for tests and small machines."""

import asyncio
import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from waag.bootstrap.front import Front, open_front
from waag.bootstrap.keeper import Keeper
from waag.config import Settings
from waag.domain.calls import CallRecord

if TYPE_CHECKING:
    from waag.edge.http import HttpServer


class SingleFront:
    """A front beside its keeper.

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
        self._server: HttpServer | None = None
        self._stopping = False

    async def start(self, *listeners: socket.socket) -> None:
        """Serve on sockets that listen."""
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._front = await open_front(
            self._settings,
            self._keeper.attach(),
            self._keeper.answer,
            self._keeper.faults.strike,
            self._lost,
            **self._injected,
        )
        self._keeper.calls.add(self._latest_calls)
        self._server = self._front.http_server()
        await self._server.start(*listeners)

    async def stop(self, grace_seconds: float) -> None:
        """Finish what is in flight."""
        self._stopping = True
        if self._server is not None:
            await self._server.stop(grace_seconds)
        if self._front is not None:
            await self._front.close()

    def _lost(self) -> None:
        if not self._stopping:
            self.ended.set_result("The ledger's writer failed; what it said is above.")

    async def _latest_calls(self, limit: int) -> Sequence[CallRecord]:
        assert self._front is not None, "asked for calls only while it serves"
        return self._front.latest_calls(limit)
