"""`waag serve`: one server in the foreground, on one port, until it is told to stop."""

import asyncio
import signal
import socket
from pathlib import Path

import click
import uvloop

from waag.bootstrap import Program
from waag.cli.operator import refusals_exit
from waag.config import ClockKind, SettingRefused, Settings, read_choices
from waag.domain.instants import format_instant

GRACE_SECONDS = 30
"""How long requests in flight may take to finish once the server is told to stop."""

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
    operator_token: str | None,
) -> None:
    """Serve in the foreground; Ctrl-C finishes what is in flight and ends it."""
    if database_url is not None:
        raise click.UsageError(
            "--database-url: this Waag keeps its ledger in SQLite, in the data directory; "
            "PostgreSQL is not served yet."
        )
    try:
        metering, wire = read_choices(assignments)
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
        metering=metering,
        wire=wire,
    )
    run(settings)


def run(settings: Settings) -> None:
    """Serve until a signal to stop; whatever was in flight is finished first.

    Raises:
        click.ClickException: the address cannot be listened on.
        Refusal: see `waag.bootstrap.Program`.
    """
    with _listen(settings.host, settings.port) as listener:
        program = Program(settings)
        try:
            uvloop.run(_serve(settings, program, listener))
        finally:
            program.close()


async def _serve(settings: Settings, program: Program, listener: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    told = asyncio.Event()

    def stop(_number: int, _frame: object) -> None:
        loop.call_soon_threadsafe(told.set)

    for number in _STOPPING:
        signal.signal(number, stop)
    server = program.http_server()
    await server.start(listener)
    _announce(settings, program, listener)
    await told.wait()
    await server.stop(GRACE_SECONDS)
    # All is answered; the program is closed next, and another signal must not cut that short.
    for number in _STOPPING:
        signal.signal(number, signal.SIG_IGN)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, so that event loops turn Nagle's algorithm off: else an answer too long for one
    # packet waits for the caller's delayed acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise click.ClickException(f"{host}:{port}: {error.strerror}.") from error
    return listener


def _announce(settings: Settings, program: Program, listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Waag at http://{shown}:{port}")
    click.echo(f"  data    {settings.data}")
    click.echo(f"  clock   {format_instant(program.clock.now())}, {settings.clock}")
    if not program.market_loaded and settings.market_file is not None:
        click.echo(
            f"  market  kept as it was; run `waag apply {settings.market_file}` to change it"
        )
