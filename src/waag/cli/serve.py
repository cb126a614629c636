"""`waag serve`: one server in the foreground, on one port, until it is told to stop."""

import signal
import socket
from collections.abc import Callable
from pathlib import Path

import click
import uvicorn
import uvloop

from waag.bootstrap import Program
from waag.cli.operator import refusals_exit
from waag.config import ClockKind, SettingRefused, Settings, read_choices
from waag.domain.instants import format_instant

GRACE_SECONDS = 30
"""How long requests in flight may take to finish once the server is told to stop."""

KEEP_ALIVE_SECONDS = 75
"""How long an idle connection is kept: longer than SDKs leave one in their pool unused."""


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
    listener = _listen(settings.host, settings.port)
    with listener:
        program = Program(settings)
        try:
            # uvicorn raises the signal that stopped it once more when it is done; by then
            # everything is finished, and the exit code should say so.
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, _finished)
            server = _Server(program, lambda: _announce(settings, program, listener))
            uvloop.run(server.serve([listener]))
        finally:
            program.close()


def _finished(_number: int, _frame: object) -> None:
    """Take a signal that has been acted on already."""


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, so that event loops turn Nagle's algorithm off: else an answer written in two
    # parts waits for the caller's delayed acknowledgement.
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


class _Server(uvicorn.Server):
    """uvicorn, saying so once it accepts connections."""

    def __init__(self, program: Program, announce: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                program,
                http="httptools",
                lifespan="off",
                access_log=False,
                log_level="warning",
                # Nobody may say for a caller where it calls from: aws:SourceIp counts in policies.
                proxy_headers=False,
                server_header=False,
                date_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
            )
        )
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._announce()
