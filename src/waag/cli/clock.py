"""`waag clock`: show it, set it, freeze it, let it run, advance it."""

import re
from typing import Any

import click

from waag.admin.answers import ClockAnswer
from waag.cli.display import print_json, working
from waag.cli.operator import Operator, operator_command, operator_options, to_operator

_DURATION = re.compile(r"(\d+)([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@click.group(invoke_without_command=True)
@click.pass_context
@operator_options
def clock(context: click.Context, **options: Any) -> None:
    """Show the server's clock, or turn it."""
    if context.invoked_subcommand is None:
        operator = to_operator(options)
        _show(operator, operator.ask("GET", "/clock", ClockAnswer))


@clock.command("set")
@click.argument("instant")
@operator_command
def set_clock(operator: Operator, instant: str) -> None:
    """Set the clock to INSTANT, such as 2026-12-01T05:59:00Z; it runs on or stands as before."""
    _show(operator, operator.ask("PUT", "/clock", ClockAnswer, body={"now": instant}))


@clock.command()
@click.argument("instant", required=False)
@operator_command
def freeze(operator: Operator, instant: str | None) -> None:
    """Stop the clock, at INSTANT if given."""
    body = {"mode": "frozen"} | ({"now": instant} if instant else {})
    _show(operator, operator.ask("PUT", "/clock", ClockAnswer, body=body))


@clock.command()
@operator_command
def run(operator: Operator) -> None:
    """Let the clock run on from what it shows."""
    _show(operator, operator.ask("PUT", "/clock", ClockAnswer, body={"mode": "running"}))


@clock.command()
@click.argument("by")
@operator_command
def advance(operator: Operator, by: str) -> None:
    """Advance the clock BY a duration (3600, 90s, 45m, 24h, 7d, 1d12h) or to an instant."""
    with working("settling everything that falls due"):
        answer = operator.ask("POST", "/clock/advance", ClockAnswer, body=_how_far(by))
    _show(operator, answer)


def _how_far(by: str) -> dict[str, object]:
    """Seconds if it is a number or a duration, else the instant that it must be."""
    if by.isascii() and by.isdigit():
        return {"seconds": int(by)}
    parts: list[tuple[str, str]] = _DURATION.findall(by)
    if parts and "".join(number + unit for number, unit in parts) == by:
        return {"seconds": sum(int(number) * _SECONDS[unit] for number, unit in parts)}
    return {"to": by}


def _show(operator: Operator, answer: dict[str, str]) -> None:
    if operator.as_json:
        print_json(answer)
    else:
        click.echo(f"{answer['now']}  {answer['mode']}")
