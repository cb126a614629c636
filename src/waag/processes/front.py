"""A front's own process: `python -m waag.processes.front LISTENER LINK RELAY SETTINGS`.

Started by the keeper (`waag.processes.fronts`), never by hand. It ends when it is told to, by
SIGTERM, once it has finished what is in flight; and when the keeper is gone.
"""

import asyncio
import gc
import signal
import socket
import sys
from urllib.parse import parse_qs

import msgspec
import uvloop

from waag.bootstrap.front import Front, open_front
from waag.config import Settings, settings_from_json
from waag.domain.faults import PlannedFault
from waag.domain.refusals import Refusal, StoreUnavailable
from waag.domain.throttling import Quota, Throttling
from waag.edge.relay import Relay, RelayLost
from waag.exchange import Reply, Request
from waag.processes import CALLS, GRACE_SECONDS, PACE, STRIKE

LOST_SECONDS = 1.0
"""How long replies may take that only say the keeper is gone."""


def main() -> int:
    """Serve until told to stop, or until the keeper is gone: the exit code."""
    *descriptors, settings = sys.argv[1:]
    listener, link, relayed = (socket.socket(fileno=int(each)) for each in descriptors)
    try:
        return uvloop.run(_serve(settings_from_json(settings), listener, link, relayed))
    except Refusal as refusal:
        sys.stderr.write(f"waag: a front cannot start: {refusal.why}\n")
        return 1


async def _serve(
    settings: Settings, listener: socket.socket, link: socket.socket, relayed: socket.socket
) -> int:
    loop = asyncio.get_running_loop()
    serving = asyncio.Event()
    stopping = asyncio.Event()
    gone = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopping.set)

    async def keeper(request: Request) -> Reply:
        try:
            return await relay.ask(request)
        except RelayLost as lost:
            raise StoreUnavailable("The process that keeps the ledger is gone.") from lost

    async def strike(operation: str, account_id: str) -> PlannedFault | None:
        asked = msgspec.msgpack.encode((operation, account_id))
        reply = await keeper(Request(STRIKE, "", "", {}, asked, ""))
        return msgspec.msgpack.decode(reply.body, type=PlannedFault | None)

    async def pace(operation: str, account_id: str, region: str) -> Quota | None:
        asked = msgspec.msgpack.encode((operation, account_id, region))
        reply = await keeper(Request(PACE, "", "", {}, asked, ""))
        return msgspec.msgpack.decode(reply.body, type=Quota | None)

    async def known(request: Request) -> Reply:
        await serving.wait()
        return await _known(front, request)

    relay = Relay(known)
    strict = settings.choices.throttling.throttling is Throttling.STRICT
    front = await open_front(
        settings, link, keeper, strike, gone.set, pace=pace if strict else None
    )
    # Before the first call comes, which may have something to ask.
    relaying = asyncio.create_task(await relay.connect(relayed))
    server = front.http_server()
    await server.start(listener)
    serving.set()
    # What is here by now stays; looking through it for garbage would cost a call in thirty.
    gc.freeze()
    told = asyncio.create_task(stopping.wait())
    lost = asyncio.create_task(gone.wait())
    await asyncio.wait((relaying, told, lost), return_when=asyncio.FIRST_COMPLETED)
    kept = told.done()
    if not kept:
        sys.stderr.write("waag: the process that keeps the ledger is gone; this front ends.\n")
    await server.stop(GRACE_SECONDS if kept else LOST_SECONDS)
    await front.close()
    for task in (relaying, told, lost):
        task.cancel()
    return 0 if kept else 1


async def _known(front: Front, request: Request) -> Reply:
    """Answer the keeper: that this front serves, or the latest calls it has answered."""
    body = b""
    if request.path == CALLS:
        limit = int(parse_qs(request.query)["limit"][0])
        body = msgspec.msgpack.encode(front.latest_calls(limit))
    return Reply(200, (), body)


if __name__ == "__main__":
    sys.exit(main())
