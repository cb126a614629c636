"""`waag attribution`: revenue attributions, how their months are shared, what tasks came to."""

import time
from typing import Any
from urllib.parse import quote

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from waag.admin.attribution_calls import (
    AttributionsAnswer,
    AttributionTaskAnswer,
    AttributionWholeAnswer,
)
from waag.cli.display import print_json, print_table
from waag.cli.operator import Operator, operator_command
from waag.domain.instants import SECOND, parse_instant

POLL_SECONDS = 0.2
BAR_AFTER_SECONDS = 2.0
"""What takes longer than this shows how far it has come."""

_ATTRIBUTION_COLUMNS = {
    "id": "ATTRIBUTION",
    "account": "ACCOUNT",
    "catalog": "CATALOG",
    "name": "NAME",
    "revision": "REVISION",
    "active": "ACTIVE",
    "total": "TOTAL",
    "effective_from": "FROM",
    "effective_until": "UNTIL",
}
_MONTH_COLUMNS = {
    "months": "MONTHS",
    "allocated": "ALLOCATED %",
    "remaining": "REMAINING %",
    "percent": "SHARE %",
    "entity_type": "TYPE",
    "entity": "DEAL",
    "customer": "CUSTOMER",
    "id": "ALLOCATION",
}
_ERROR_COLUMNS = {
    "record": "RECORD",
    "code": "ERROR",
    "action": "ACTION",
    "entity": "DEAL",
    "effective_from": "FROM",
    "effective_until": "UNTIL",
    "message": "MESSAGE",
}


@click.group()
def attribution() -> None:
    """Look at revenue attributions, and at what their allocations tasks came to."""


@attribution.command("list")
@click.option("--account", help="A partner's account.")
@click.option("--limit", type=int, default=100, show_default=True)
@click.option("--cursor", help="The next_cursor of the page before.")
@operator_command
def list_attributions(operator: Operator, **parameters: Any) -> None:
    """Show revenue attributions, by account, catalog and id."""
    answer = operator.ask("GET", "/attributions", AttributionsAnswer, parameters=parameters)
    if operator.as_json:
        print_json(answer)
        return
    print_table(_ATTRIBUTION_COLUMNS, answer["attributions"], "No attributions.")
    if answer["next_cursor"] is not None:
        click.echo(f"There is more: --cursor {answer['next_cursor']}")


@attribution.command()
@click.argument("attribution_id", metavar="ATTRIBUTION")
@click.option("--revision", help="As of this revision; without it, of the latest.")
@operator_command
def show(operator: Operator, attribution_id: str, revision: str | None) -> None:
    """Show how the months of an attribution are shared, and what remains of each."""
    path = f"/attributions/{quote(attribution_id, safe='')}"
    asked = {"revision": revision}
    answer = operator.ask("GET", path, AttributionWholeAnswer, parameters=asked)
    if operator.as_json:
        print_json(answer)
        return
    shown = answer["attribution"]
    click.echo(
        f"{shown['id']}  {shown['name']}  account {shown['account']}, catalog {shown['catalog']}  "
        f"revision {answer['revision']} of {shown['revision']}"
    )
    rows = [row for months in answer["months"] for row in _month_rows(months)]
    print_table(_MONTH_COLUMNS, rows, "No active allocations.")
    if answer["inactive"]:
        click.echo(f"Inactive: {', '.join(each['id'] for each in answer['inactive'])}")


@attribution.command()
@click.argument("name", metavar="ID")
@click.option("--follow", is_flag=True, help="Wait until it has ended; 1 if it fails.")
@click.pass_context
@operator_command
def task(operator: Operator, context: click.Context, name: str, *, follow: bool) -> None:
    """Show an allocations task by its ID, or the latest of an attribution by that one's."""
    answer = _ask_task(operator, name)
    if follow:
        answer = _follow(operator, answer)
    if operator.as_json:
        print_json(answer)
    else:
        _show_task(answer)
    if follow and answer["status"] == "FAILED":
        context.exit(1)


def _month_rows(months: dict[str, Any]) -> list[dict[str, Any]]:
    """A row for each allocation; what they have in common is said once."""
    span = months["first"]
    if months["last"] != span:
        span += f" to {months['last']}"
    blank = {"months": "", "allocated": "", "remaining": ""}
    rows = [blank | each for each in months["allocations"]]
    rows[0] |= {
        "months": span,
        "allocated": months["allocated"],
        "remaining": months["remaining"],
    }
    return rows


def _ask_task(operator: Operator, name: str) -> dict[str, Any]:
    path = f"/attributions/tasks/{quote(name, safe='')}"
    return operator.ask("GET", path, AttributionTaskAnswer)


def _follow(operator: Operator, answer: dict[str, Any]) -> dict[str, Any]:
    """The task once it has ended; how far it is by the server's clock, if that takes a while."""
    began = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    try:
        while answer["status"] == "IN_PROGRESS":
            if not bar.task_ids and time.monotonic() - began > BAR_AFTER_SECONDS:
                bar.add_task(answer["id"], total=_seconds(answer, "due"))
                bar.start()
            for task_id in bar.task_ids:
                bar.update(task_id, completed=_seconds(answer, "now") or 0)
            time.sleep(POLL_SECONDS)
            answer = _ask_task(operator, answer["id"])
    finally:
        bar.stop()
    return answer


def _seconds(answer: dict[str, Any], member: str) -> float | None:
    """Seconds from the task's start; None if there is no such instant."""
    if answer[member] is None:
        return None
    return (parse_instant(answer[member]) - parse_instant(answer["started"])) / SECOND


def _show_task(answer: dict[str, Any]) -> None:
    made = answer["committed_revision"]
    click.echo(
        f"{answer['id']} of {answer['attribution']}: {answer['status']}"
        + (f", revision {made}" if made is not None else "")
    )
    click.echo(
        f"{answer['records']} records for revision {answer['submitted_revision']}, started "
        f"{answer['started']}" + (f", ended {answer['ended']}" if answer["ended"] else "")
    )
    if answer["errors"]:
        print_table(_ERROR_COLUMNS, answer["errors"], "")
