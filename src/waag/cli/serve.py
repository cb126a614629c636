"""`waag serve`: one server in the foreground, on one port, until it is told to stop."""

import asyncio
import os
import signal
import socket
from collections.abc import Sequence
from pathlib import Path

import click
import uvloop

from waag.bootstrap.keeper import Keeper
from waag.cli.operator import refusals_exit
from waag.config import (
    ClockKind,
    SettingRefused,
    Settings,
    read_aws_endpoint,
    read_choices,
    read_storefront,
    read_webhook,
)
from waag.domain.events import SOURCE
from waag.domain.instants import format_instant
from waag.processes import GRACE_SECONDS
from waag.processes.fronts import Fronts
from waag.processes.single import SingleFront

FRONTS_MAX = 64

USUAL_FRONTS_MAX = 4
"""By then the one writer has more to do than it can, whoever hands it rows."""

_STOPPING = (signal.SIGINT, signal.SIGTERM)


@click.command()
@click.option("--host", default="127.0.0.1", envvar="WAAG_HOST", show_default=True)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8686,
    envvar="WAAG_PORT",
    show_default=True,
    help="0 takes a free one.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=Path("waag-data"),
    envvar="WAAG_DATA",
    show_default=True,
    help="The data directory.",
)
@click.option(
    "--market",
    type=click.Path(path_type=Path),
    envvar="WAAG_MARKET",
    help="A market file for an empty data directory; by default a demo market.",
)
@click.option("--database-url", envvar="WAAG_DATABASE_URL", help="Not served yet.")
@click.option(
    "--clock",
    type=click.Choice(["settable", "real"]),
    envvar="WAAG_CLOCK",
    help="Whether the clock can be turned.  [default: settable]",
)
@click.option(
    "--set",
    "assignments",
    multiple=True,
    envvar="WAAG_SET",
    metavar="NAME=VALUE",
    help="A choice where AWS's sources differ; see docs/compatibility.md.",
)
@click.option(
    "--log-calls/--no-log-calls",
    default=False,
    envvar="WAAG_LOG_CALLS",
    help="A line of JSON on standard error for each API call.",
)
@click.option(
    "--fronts",
    type=click.IntRange(0, FRONTS_MAX),
    envvar="WAAG_FRONTS",
    help="Processes that take requests, beside the one that keeps the ledger; with 0 that one "
    "takes them, too.  [default: one for each core, at most 4; 0 on a single core]",
)
@click.option(
    "--events-webhook",
    envvar="WAAG_EVENTS_WEBHOOK",
    metavar="URL",
    help="Where the events that AWS would send are POSTed to; by default they are only kept.",
)
@click.option(
    "--aws-endpoint",
    envvar="WAAG_AWS_ENDPOINT",
    metavar="URL",
    help="Where STS, S3, SNS and IAM are that data sets are delivered to; `aws` for AWS's own.",
)
@click.option(
    "--events-aws-endpoint",
    envvar="WAAG_EVENTS_AWS_ENDPOINT",
    metavar="URL",
    help="Where SNS and EventBridge are that events are handed to; `aws` for AWS's own.",
)
@click.option(
    "--events-aws-source",
    envvar="WAAG_EVENTS_AWS_SOURCE",
    metavar="NAME",
    default=SOURCE,
    show_default=True,
    help="The source of events on EventBridge; AWS's own takes none that begins with `aws.`.",
)
@click.option(
    "--storefront/--no-storefront",
    default=None,
    envvar="WAAG_STOREFRONT",
    help="Pages where a test's buyer subscribes in a browser, without a login.  [default: with a "
    "settable clock, on a host that only this machine reaches]",
)
@click.option(
    "--storefront-host",
    "storefront_hosts",
    multiple=True,
    envvar="WAAG_STOREFRONT_HOST",
    metavar="NAME",
    help="A name with dots that browsers may know this server by; repeatable.",
)
@click.option("--operator-token", envvar="WAAG_OPERATOR_TOKEN", hidden=True)
@refusals_exit
def serve(  # noqa: PLR0917 - one parameter for each option
    host: str,
    port: int,
    data: Path,
    market: Path | None,
    database_url: str | None,
    clock: ClockKind | None,
    assignments: tuple[str, ...],
    log_calls: bool,  # noqa: FBT001 - as above
    fronts: int | None,
    events_webhook: str | None,
    aws_endpoint: str | None,
    events_aws_endpoint: str | None,
    events_aws_source: str,
    storefront: bool | None,  # noqa: FBT001 - as above
    storefront_hosts: tuple[str, ...],
    operator_token: str | None,
) -> None:
    """Serve in the foreground; Ctrl-C finishes what is in flight and ends it."""
    if database_url is not None:
        raise click.UsageError(
            "--database-url: this Waag keeps its ledger in SQLite, in the data directory; "
            "PostgreSQL is not served yet."
        )
    try:
        choices = read_choices(assignments)
        webhook = read_webhook(events_webhook)
        endpoint = read_aws_endpoint("--aws-endpoint", aws_endpoint)
        events_endpoint = read_aws_endpoint("--events-aws-endpoint", events_aws_endpoint)
        has_storefront = read_storefront(storefront, clock or "settable", host)
    except SettingRefused as refused:
        raise click.UsageError(refused.why) from refused
    settings = Settings(
        host=host,
        port=port,
        data=data,
        market_file=market,
        clock=clock or "settable",
        operator_token=operator_token,
        log_calls=log_calls,
        fronts=_usual_fronts() if fronts is None else fronts,
        events_webhook=webhook,
        aws_endpoint=endpoint,
        events_aws_endpoint=events_endpoint,
        events_aws_source=events_aws_source,
        storefront=has_storefront,
        storefront_hosts=storefront_hosts,
        choices=choices,
    )
    run(settings)


def _usual_fronts() -> int:
    """One for each core, since none of them waits; where there is one core, no second process."""
    known = hasattr(os, "sched_getaffinity")  # not where the system has no such thing
    cores = len(os.sched_getaffinity(0)) if known else os.cpu_count() or 1
    return min(cores, USUAL_FRONTS_MAX) if cores > 1 else 0


def run(settings: Settings) -> None:
    """Serve until a signal to stop; whatever was in flight is finished first.

    Raises:
        click.ClickException: the address cannot be listened on, or a part of the server has failed
            for good.
        Refusal: see `waag.bootstrap.keeper.Keeper`.
    """
    listeners = _listen(settings.host, settings.port, max(1, settings.fronts))
    try:
        keeper = Keeper(settings)
        try:
            why = uvloop.run(_serve(settings, keeper, listeners))
        finally:
            keeper.close()
    finally:
        for listener in listeners:
            listener.close()
    if why is not None:
        raise click.ClickException(why)


async def _serve(
    settings: Settings, keeper: Keeper, listeners: Sequence[socket.socket]
) -> str | None:
    """Serve until a signal to stop; or until it cannot be gone on with: why."""
    loop = asyncio.get_running_loop()
    told = asyncio.Event()

    def stop(_number: int, _frame: object) -> None:
        loop.call_soon_threadsafe(told.set)

    for number in _STOPPING:
        signal.signal(number, stop)
    fronts = Fronts(settings, keeper) if settings.fronts else SingleFront(settings, keeper)
    await fronts.start(*listeners)
    if not fronts.ended.done():
        _announce(settings, keeper, listeners[0])
    stopped = asyncio.create_task(told.wait())
    await asyncio.wait((stopped, fronts.ended), return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    for listener in listeners:  # so that nobody listens any more once the fronts do not
        listener.close()
    await fronts.stop(GRACE_SECONDS)
    # All is answered; the keeper is closed next, and another signal must not cut that short.
    for number in _STOPPING:
        signal.signal(number, signal.SIG_IGN)
    return fronts.ended.result() if fronts.ended.done() else None


def _listen(host: str, port: int, count: int) -> list[socket.socket]:
    """So many sockets that listen on one address; the system deals connections out to them."""
    listeners: list[socket.socket] = []
    try:
        # The first is alone on the address for a moment, so that another server's is not joined.
        with _bound(host, port, shared=False) as alone:
            port = alone.getsockname()[1]
            if count == 1:
                listeners.append(alone.dup())
        while len(listeners) < count:
            listeners.append(_bound(host, port, shared=True))
        for listener in listeners:
            listener.listen()
    except OSError as error:
        for listener in listeners:
            listener.close()
        raise click.ClickException(f"{host}:{port}: {error.strerror}.") from error
    return listeners


def _bound(host: str, port: int, *, shared: bool) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, so that event loops turn Nagle's algorithm off: else an answer too long for one
    # packet waits for the caller's delayed acknowledgement.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


def _announce(settings: Settings, keeper: Keeper, listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Waag at http://{shown}:{port}")
    click.echo(f"  data    {settings.data}")
    click.echo(f"  clock   {format_instant(keeper.clock.now())}, {settings.clock}")
    if settings.storefront:
        click.echo(f"  browse  http://{shown}:{port}/storefront")
    if not keeper.market_loaded and settings.market_file is not None:
        click.echo(
            f"  market  kept as it was; run `waag apply {settings.market_file}` to change it"
        )
