"""Fronts in processes of their own, as their keeper sees them: started, watched, replaced, ended.

A front that dies takes the calls it was answering with it and nothing else: the keeper starts
another. One that cannot start ends the whole, with a message, rather than in a loop.
"""

import asyncio
import logging
import socket
import subprocess
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from waag.bootstrap.keeper import Keeper
from waag.config import Settings, settings_to_json
from waag.domain.calls import CallRecord
from waag.domain.refusals import StoreUnavailable
from waag.edge.relay import Relay, RelayLost
from waag.exchange import Reply, Request
from waag.processes import CALLS, PACE, READY, STRIKE
from waag.processes.single import FrontBeside

EXIT_SECONDS = 5.0
"""How long a front may take to exit once it has nothing left to do."""

_log = logging.getLogger(__name__)
_decode_calls = msgspec.msgpack.Decoder(list[CallRecord]).decode


class Fronts:
    """Fronts, each in a process of its own with a listening socket of its own.

    Args:
        settings: see `waag.config`.
        keeper: built from the same.

    Attributes:
        ended: why they cannot go on, once they cannot.
    """

    def __init__(self, settings: Settings, keeper: Keeper) -> None:
        self._settings = settings
        self._keeper = keeper
        self._beside = FrontBeside(settings, keeper)
        self._watching: set[asyncio.Task[None]] = set()
        self._running: set[_FrontProcess] = set()
        self._stopping = False

    async def start(self, *listeners: socket.socket) -> None:
        """Serve on sockets that listen, one for each front; returns once every front does."""
        await self._beside.open()
        self.ended = self._beside.ended
        ready: list[Coroutine[Any, Any, Any]] = []
        for listener in listeners:
            serves = asyncio.Event()
            self._watching.add(asyncio.create_task(self._keep_one(listener, serves)))
            ready.append(serves.wait())
        all_ready = asyncio.gather(*ready)
        await asyncio.wait((all_ready, self.ended), return_when=asyncio.FIRST_COMPLETED)
        all_ready.cancel()

    async def stop(self, grace_seconds: float) -> None:
        """Have every front finish what is in flight and exit; those that do not are killed."""
        self._stopping = True
        for front in self._running:
            front.process.terminate()
        done, late = await asyncio.wait(self._watching, timeout=grace_seconds + EXIT_SECONDS)
        del done
        if late:
            for front in self._running:
                front.process.kill()
            await asyncio.wait(late)
        await self._beside.close()

    async def _keep_one(self, listener: socket.socket, ready: asyncio.Event) -> None:
        """Have one front run for as long as the server does."""
        while not self._stopping:
            try:
                # Not on the event loop: the writer may be busy with something long.
                front = await asyncio.to_thread(
                    _FrontProcess, self._settings, self._keeper, self._beside, listener
                )
            except (OSError, StoreUnavailable) as error:
                self._end(f"A front process could not be started: {error}")
                return
            self._running.add(front)
            if self._stopping:  # it was told so while this one was being started
                front.process.terminate()
            began = await front.run(ready)
            self._running.discard(front)
            if self._stopping:
                return
            how = f"A front process ended with exit code {front.process.returncode}"
            if not began:
                self._end(f"{how} before it was ready.")
                return
            _log.warning("%s; another takes its place.", how)

    def _end(self, why: str) -> None:
        if not self.ended.done():
            self.ended.set_result(why)


class _FrontProcess:
    """One process, and the two sockets to it: started with the object, watched by `run`."""

    def __init__(
        self, settings: Settings, keeper: Keeper, beside: FrontBeside, listener: socket.socket
    ) -> None:
        self._keeper = keeper
        self._kill: Callable[[], None] = lambda: None
        link = keeper.attach(self._given_up)
        self._ours, theirs = socket.socketpair()
        with link, theirs:
            ends = (listener.fileno(), link.fileno(), theirs.fileno())
            self.process = subprocess.Popen(  # noqa: S603 - this very program
                [
                    *(sys.executable, "-m", "waag.processes.front"),
                    *map(str, ends),
                    settings_to_json(settings),
                ],
                pass_fds=ends,
                stdin=subprocess.DEVNULL,
                process_group=0,  # a Ctrl-C at the terminal is the keeper's to act on
            )
        self._kill = self.process.kill
        self._beside = beside
        self._relay = Relay(self._answer)

    def _given_up(self) -> None:
        """A front that the writer has given up, as one that heeds nothing, may not judge on."""
        self._kill()

    async def _answer(self, request: Request) -> Reply:
        if request.method == STRIKE:
            operation, account_id = msgspec.msgpack.decode(request.body, type=tuple[str, str])
            fault = await self._keeper.faults.strike(operation, account_id)
            return Reply(200, (), msgspec.msgpack.encode(fault))
        if request.method == PACE and self._keeper.pace is not None:
            asked = msgspec.msgpack.decode(request.body, type=tuple[str, str, str])
            quota = await self._keeper.pace(*asked)
            return Reply(200, (), msgspec.msgpack.encode(quota))
        return await self._beside.answer(request)

    async def run(self, ready: asyncio.Event) -> bool:
        """Answer what the front passes on, until it is gone: whether it ever was ready."""
        relaying = asyncio.create_task(await self._relay.connect(self._ours))
        began = False
        with suppress(RelayLost):
            await self._relay.ask(_question(READY))
            began = True
            self._keeper.calls.add(self._latest_calls)
            ready.set()
        await relaying
        self._keeper.calls.remove(self._latest_calls)
        await asyncio.to_thread(self._reap)
        return began

    async def _latest_calls(self, limit: int) -> Sequence[CallRecord]:
        try:
            reply = await self._relay.ask(_question(CALLS, f"limit={limit}"))
        except RelayLost:
            return ()
        return _decode_calls(reply.body)

    def _reap(self) -> None:
        try:
            self.process.wait(EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _question(path: str, query: str = "") -> Request:
    return Request("GET", path, query, {}, b"", "")
