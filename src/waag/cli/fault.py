"""`waag fault`: faults on demand, planned, listed and cleared."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import click

from waag.admin.answers import FaultAnswer, FaultsAnswer
from waag.cli.display import print_json, print_table
from waag.cli.operator import Operator, operator_command
from waag.domain.faults import FaultEffect

_COLUMNS = {
    "id": "FAULT",
    "operation": "OPERATION",
    "effect": "EFFECT",
    "account": "ACCOUNT",
    "progress": "STRUCK",
    "every": "EVERY",
    "details": "DETAILS",
}


@click.group()
def fault() -> None:
    """Plan trouble for calls to come, on a server whose clock can be turned."""


@fault.command()
@click.argument("operation")
@click.argument("effect", type=click.Choice([each.value for each in FaultEffect]))
@click.option("--account", help="Strike calls of this account only.")
@click.option("--count", type=int, default=1, show_default=True, help="How many calls to strike.")
@click.option("--every", type=int, default=1, show_default=True, help="Strike one call in so many.")
@click.option("--records", type=int, help="unprocessed: so many at the end of a batch, not all.")
@click.option("--seconds", type=float, help="delay: how long, at most 60.")
@click.option("--after-commit", is_flag=True, help="disconnect: only once it is carried out.")
@operator_command
def add(operator: Operator, after_commit: bool, **asked: Any) -> None:  # noqa: FBT001 - an option
    """Plan a fault: OPERATION is one of AWS's, such as BatchMeterUsage, or `*` for any."""
    body = {name: value for name, value in asked.items() if value is not None}
    if after_commit:
        body["when"] = "after"
    answer = operator.ask("POST", "/faults", FaultAnswer, body=body)
    if operator.as_json:
        print_json(answer)
    else:
        _print([answer], "")


@fault.command("list")
@operator_command
def list_faults(operator: Operator) -> None:
    """Show the faults that are not used up."""
    answer = operator.ask("GET", "/faults", FaultsAnswer)
    if operator.as_json:
        print_json(answer)
    else:
        _print(answer["faults"], "No fault is planned.")


@fault.command()
@click.argument("fault_id", required=False, metavar="[ID]")
@operator_command
def clear(operator: Operator, fault_id: str | None) -> None:
    """Clear one fault, or all of them."""
    path = "/faults" if fault_id is None else f"/faults/{quote(fault_id, safe='')}"
    answer = operator.ask("DELETE", path, FaultsAnswer)
    if operator.as_json:
        print_json(answer)
        return
    for each in answer["faults"]:
        click.echo(f"Cleared {each['id']}.")
    if not answer["faults"]:
        click.echo("No fault was planned.")


def _print(faults: Sequence[Mapping[str, Any]], nothing: str) -> None:
    rows = [
        {
            **each,
            "account": each["account"] or "any",
            "progress": f"{each['struck']} of {each['count']}",
            "details": _details(each),
        }
        for each in faults
    ]
    print_table(_COLUMNS, rows, nothing)


def _details(each: Mapping[str, Any]) -> str:
    if each["effect"] == FaultEffect.UNPROCESSED.value:
        return f"last {each['records']} records" if each["records"] else "all records"
    if each["seconds"] is not None:
        return f"{each['seconds']:g} seconds"
    return f"{each['when']} the commit" if each["when"] else ""
