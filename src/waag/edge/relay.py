"""Requests handed to another process of the same Waag, and its replies: both ways over one socket.

A front relays the operator's requests to the process that keeps the ledger, which in turn asks its
fronts what they know. Not for the hot path: each message is read whole before the next.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import msgspec

from waag.exchange import Reply, Request

_LENGTH_BYTES = 4


class RelayLost(ConnectionError):
    """The other end is gone."""


class _Asked(msgspec.Struct, tag="asked"):
    number: int
    request: Request


class _Answered(msgspec.Struct, tag="answered"):
    number: int
    reply: Reply


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Asked | _Answered).decode


class Relay:
    """One end; both may ask, and any number of questions may be open.

    Args:
        answer: answers what the other end asks; does not raise.
    """

    def __init__(self, answer: Callable[[Request], Awaitable[Reply]]) -> None:
        self._answer = answer
        self._writer: asyncio.StreamWriter | None = None
        self._asked = 0
        self._open: dict[int, asyncio.Future[Reply]] = {}
        self._answering: set[asyncio.Task[None]] = set()

    async def connect(self, end: socket.socket) -> Coroutine[Any, Any, None]:
        """Take one end; what is given back carries messages until the other end is gone."""
        reader, self._writer = await asyncio.open_unix_connection(sock=end)
        return self._carry(reader, self._writer)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                length = int.from_bytes(await reader.readexactly(_LENGTH_BYTES), "little")
                self._take(_decode(await reader.readexactly(length)))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            self._writer = None
            for question in self._open.values():
                if not question.done():
                    question.set_exception(RelayLost("the other end is gone"))
            for task in self._answering:
                task.cancel()

    async def ask(self, request: Request) -> Reply:
        """The other end's reply.

        Raises:
            RelayLost: it is gone, or goes before it has answered.
        """
        if self._writer is None:
            raise RelayLost("the other end is gone")
        self._asked += 1
        number = self._asked
        self._open[number] = asyncio.get_running_loop().create_future()
        try:
            self._send(_Asked(number, request))
            return await self._open[number]
        finally:
            del self._open[number]

    def _take(self, message: _Asked | _Answered) -> None:
        if isinstance(message, _Asked):
            task = asyncio.get_running_loop().create_task(self._respond(message))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)
        elif message.number in self._open:
            self._open[message.number].set_result(message.reply)

    async def _respond(self, asked: _Asked) -> None:
        reply = await self._answer(asked.request)
        self._send(_Answered(asked.number, reply))

    def _send(self, message: _Asked | _Answered) -> None:
        if self._writer is not None:
            body = _encode(message)
            self._writer.write(len(body).to_bytes(_LENGTH_BYTES, "little") + body)
