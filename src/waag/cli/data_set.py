"""`waag data-set`: data sets delivered, looked at, listed."""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from waag.admin.data_set_calls import (
    DataSetAnswer,
    DataSetRequestAnswer,
    DataSetRequestsAnswer,
    TypesAnswer,
)
from waag.cli.display import print_json, print_table
from waag.cli.operator import Operator, operator_command

_REQUEST_COLUMNS = {
    "id": "REQUEST",
    "status": "STATUS",
    "seller": "SELLER",
    "type": "DATA SET",
    "date": "DATE",
    "location": "LOCATION",
    "told": "MESSAGE",
}
_TYPE_COLUMNS = {
    "type": "DATA SET",
    "cadence": "PUBLISHED",
    "first_published": "SINCE",
    "unknown": "WHY NOT",
}
_ASKED_AGAIN_SECONDS = 0.1
_QUIET_SECONDS = 2
_SETTLED = ("succeeded", "failed")

_seller = click.option(
    "--seller", help="The seller's account; not needed where only one has enrolled."
)


@click.group("data-set")
def data_set() -> None:
    """Deliver and look at data sets of the Commerce Analytics Service."""


@data_set.command()
@click.argument("data_set_type", metavar="TYPE")
@click.argument("date")
@_seller
@click.option("--prefix", help="Under which prefix of the bucket.")
@click.option("--rows", type=click.IntRange(1, 1000), default=5, show_default=True)
@click.option("--wait/--no-wait", default=True, show_default=True, help="Wait for the delivery.")
@operator_command
def generate(  # noqa: PLR0917 - one parameter for each option
    operator: Operator,
    data_set_type: str,
    date: str,
    seller: str | None,
    prefix: str | None,
    rows: int,
    wait: bool,  # noqa: FBT001 - as above
) -> None:
    """Deliver the data set TYPE of DATE to its seller; of a support export, from DATE on.

    DATE is a day, or an instant. Shows where the data set lies, and its first rows.
    """
    body = {"type": data_set_type, "date": date, "seller": seller, "prefix": prefix}
    answer = operator.ask("POST", "/data-set-requests", DataSetRequestAnswer, body=body)
    if wait:
        answer = _settled(operator, answer)
    if answer["status"] == "failed":
        raise click.ClickException(f"Request {answer['id']} failed: {_told(answer)}")
    if operator.as_json:
        print_json(answer)
        return
    click.echo(f"Request {answer['id']} {answer['status']}")
    click.echo(f"  data      {_location(answer)}")
    click.echo(f"  metadata  s3://{answer['bucket']}/{answer['metadata_key']}")
    if wait:
        asked = {"seller": answer["seller"], "date": date, "limit": rows}
        _show_rows(operator.ask("GET", _path(data_set_type), DataSetAnswer, parameters=asked))


@data_set.command()
@click.argument("data_set_type", metavar="TYPE")
@click.argument("date")
@_seller
@click.option("--rows", type=click.IntRange(1, 1000), default=10, show_default=True)
@operator_command
def preview(
    operator: Operator, data_set_type: str, date: str, seller: str | None, rows: int
) -> None:
    """Show the first rows of the data set TYPE of DATE; nothing is delivered."""
    asked = {"seller": seller, "date": date, "limit": rows}
    answer = operator.ask("GET", _path(data_set_type), DataSetAnswer, parameters=asked)
    if operator.as_json:
        print_json(answer)
    else:
        _show_rows(answer)


@data_set.command("list")
@click.option("--seller", help="A seller's account.")
@click.option("--type", help="A type of data set.")
@click.option("--status", help="How far they came: pending, delivered, refused, succeeded, failed.")
@click.option("--limit", type=int, default=20, show_default=True)
@click.option("--cursor", help="The next_cursor of the page before.")
@operator_command
def list_requests(operator: Operator, **parameters: Any) -> None:
    """Show requests for data sets, newest first, and what became of them."""
    answer = operator.ask("GET", "/data-set-requests", DataSetRequestsAnswer, parameters=parameters)
    if operator.as_json:
        print_json(answer)
        return
    rows = [
        {**each, "location": _location(each), "told": _told(each)}
        for each in answer["data_set_requests"]
    ]
    print_table(_REQUEST_COLUMNS, rows, "No data sets were asked for.")
    if answer["next_cursor"] is not None:
        click.echo(f"There is more: --cursor {answer['next_cursor']}")


@data_set.command("types")
@operator_command
def list_types(operator: Operator) -> None:
    """Show every type of data set, and why some cannot be had."""
    answer = operator.ask("GET", "/data-set-types", TypesAnswer)
    if operator.as_json:
        print_json(answer)
    else:
        print_table(_TYPE_COLUMNS, answer["data_set_types"], "")


def _settled(operator: Operator, answer: dict[str, Any]) -> dict[str, Any]:
    """Wait until a request is settled; what takes longer shows how far it is."""
    path, began = f"/data-set-requests/{answer['id']}", time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None, visible=False)
        while answer["status"] not in _SETTLED:
            time.sleep(_ASKED_AGAIN_SECONDS)
            answer = operator.ask("GET", path, DataSetRequestAnswer)
            shown = time.monotonic() - began > _QUIET_SECONDS
            progress.update(task, description=_how_far(answer), visible=shown)
    return answer


def _how_far(answer: Mapping[str, Any]) -> str:
    if answer["attempts"]:
        return f"{answer['status']}, attempt {answer['attempts'] + 1}: {answer['last_error']}"
    return f"{answer['type']}: {answer['status']}"


def _told(answer: Mapping[str, Any]) -> str:
    return "\n".join(each for each in (answer["message"], answer["last_error"]) if each)


def _location(answer: Mapping[str, Any]) -> str:
    return f"s3://{answer['bucket']}/{answer['key']}"


def _show_rows(answer: Mapping[str, Any]) -> None:
    columns = dict(zip(map(str, range(len(answer["columns"]))), answer["columns"], strict=True))
    rows = [dict(zip(columns, row, strict=True)) for row in answer["rows"]]
    print_table(columns, rows, "No rows; the file has its header alone.")


def _path(data_set_type: str) -> str:
    return f"/data-sets/{quote(data_set_type, safe='')}"
