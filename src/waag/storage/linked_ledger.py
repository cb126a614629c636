"""A front's end of its link to the writer: the ledger as a front sees it."""

import asyncio
import socket
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, cast

from waag.domain.metering import Standing, UsageRow
from waag.domain.refusals import StoreUnavailable
from waag.domain.refused_usage import RefusedRow
from waag.storage.link import (
    Append,
    Committed,
    Frames,
    Noted,
    Notice,
    Outcome,
    Refuse,
    frame,
    from_writer,
)

Standings: TypeAlias = Mapping[int, Standing]


class LinkedLedger(asyncio.Protocol):
    """A front's end of a link; implements the port `Ledger`.

    Args:
        heed: told of every notice, and has acted on it when it returns.
        lost: told when the writer is gone; from then on every append fails.
    """

    def __init__(self, heed: Callable[[Notice], None], lost: Callable[[], None]) -> None:
        self._heed = heed
        self._lost = lost
        self._loop = asyncio.get_running_loop()
        self._frames = Frames()
        self._waiting: deque[asyncio.Future[Standings]] = deque()
        self._unsent: list[bytes] = []
        self._transport: asyncio.Transport | None = None
        self._closed = asyncio.Event()

    def note_refused(self, rows: Sequence[RefusedRow]) -> None:
        """Keep what was not recorded; see `waag.ports.Ledger.note_refused`."""
        if self._transport is not None:
            self._transport.write(frame(Refuse(rows)))

    def append(self, rows: Sequence[UsageRow]) -> asyncio.Future[Standings]:
        """Insert what is new; see `waag.ports.Ledger.append`."""
        future: asyncio.Future[Standings] = self._loop.create_future()
        if self._transport is None:
            future.set_exception(_gone())
            return future
        if not self._unsent:
            # What the calls of one turn of the loop append goes out together.
            self._loop.call_soon(self._send)
        self._unsent.append(frame(Append(rows)))
        self._waiting.append(future)
        return future

    def _send(self) -> None:
        if self._transport is not None:
            self._transport.write(b"".join(self._unsent))
        self._unsent.clear()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the link."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Hand out what was committed, heed notices and confirm them."""
        for received in self._frames.messages(data):
            message = from_writer(received)
            if isinstance(message, Committed):
                for outcome in message.outcomes:
                    _settle(self._waiting.popleft(), outcome)
            else:
                self._heed(message)
                assert self._transport is not None, "data comes from a link that is there"
                self._transport.write(frame(Noted()))

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell everybody who waits: nobody knows whether what they sent was recorded."""
        del exc
        self._transport = None
        while self._waiting:
            _settle(self._waiting.popleft(), _gone().why)
        self._closed.set()
        self._lost()

    async def close(self) -> None:
        """Leave the writer; what was appended and not answered yet fails."""
        if self._transport is not None:
            self._transport.abort()
        await self._closed.wait()


async def link_ledger(
    end: socket.socket, heed: Callable[[Notice], None], lost: Callable[[], None]
) -> LinkedLedger:
    """A ledger over one end of a link whose other end the writer has."""
    loop = asyncio.get_running_loop()
    _, ledger = await loop.create_unix_connection(lambda: LinkedLedger(heed, lost), sock=end)
    return ledger


def _settle(future: asyncio.Future[Standings], outcome: Outcome) -> None:
    if future.done():  # the caller went away; what was committed stays committed
        return
    if isinstance(outcome, str):
        future.set_exception(StoreUnavailable(outcome))
    else:
        future.set_result(outcome or {})


def _gone() -> StoreUnavailable:
    return StoreUnavailable(
        "The ledger's writer is gone; it is not known whether this was recorded. Send it again."
    )
