"""`waag usage` and `waag calls`: what was accepted, and what was refused and why."""

from collections.abc import Mapping
from textwrap import indent
from typing import Any

import click

from waag.admin.answers import CallsAnswer, UsageRecordsAnswer
from waag.cli.display import print_json, print_table
from waag.cli.operator import Operator, operator_command

_USAGE_COLUMNS = {
    "timestamp": "TIMESTAMP",
    "product_code": "PRODUCT",
    "customer_aws_account_id": "CUSTOMER",
    "dimension": "DIMENSION",
    "quantity": "QUANTITY",
    "region": "REGION",
    "id": "METERING RECORD",
}
_CALL_COLUMNS = {
    "time": "TIME",
    "operation": "OPERATION",
    "caller": "CALLER",
    "status": "STATUS",
    "outcome": "OUTCOME",
    "explained": "WHY",
}


@click.command()
@click.option("--product", help="A product's code or id.")
@click.option("--agreement", help="An agreement's id.")
@click.option("--from", "since", help="The oldest timestamp, such as 2026-11-01T00:00:00Z.")
@click.option("--to", "until", help="The first timestamp no longer shown.")
@click.option("--limit", type=int, default=100, show_default=True)
@click.option("--cursor", help="The next_cursor of the page before.")
@operator_command
def usage(  # noqa: PLR0917 - one parameter for each option
    operator: Operator,
    product: str | None,
    agreement: str | None,
    since: str | None,
    until: str | None,
    limit: int,
    cursor: str | None,
) -> None:
    """Show the usage records that were accepted."""
    parameters = {
        "product": product,
        "agreement": agreement,
        "from": since,
        "to": until,
        "limit": limit,
        "cursor": cursor,
    }
    answer = operator.ask("GET", "/usage-records", UsageRecordsAnswer, parameters=parameters)
    if operator.as_json:
        print_json(answer)
        return
    print_table(_USAGE_COLUMNS, answer["usage_records"], "No usage was accepted.")
    if answer["next_cursor"] is not None:
        click.echo(f"There is more: --cursor {answer['next_cursor']}")


@click.command()
@click.option("--limit", type=int, default=20, show_default=True)
@click.option("--explain", is_flag=True, help="Only those with something to explain, each in full.")
@operator_command
def calls(operator: Operator, limit: int, *, explain: bool) -> None:
    """Show the latest API calls, newest first, and why each refused one was refused."""
    answer = operator.ask("GET", "/calls", CallsAnswer, parameters={"limit": limit})
    if explain:
        answer["calls"] = [call for call in answer["calls"] if call["rule"] or call["notes"]]
    if operator.as_json:
        print_json(answer)
        return
    if explain:
        click.echo("\n".join(map(_explained, answer["calls"])) or "Nothing to explain.")
        return
    rows = [
        {
            **call,
            "explained": "\n".join(
                [f"{call['rule']}: {call['why']}"] * bool(call["rule"]) + call["notes"]
            ),
        }
        for call in answer["calls"]
    ]
    print_table(_CALL_COLUMNS, rows, "No calls yet.")


def _explained(call: Mapping[str, Any]) -> str:
    """One call in full: the rule that refused it, what it found, and what would have passed."""
    who = f" by {call['caller']} in {call['region']}" if call["caller"] else ""
    parts = [f"{call['time']}  {call['operation'] or 'no operation'}{who}"]
    parts += [f"answered {call['outcome']} ({call['status']}), request {call['request_id']}"]
    parts += [f"rule {call['rule']}:", indent(call["why"], "  ")] if call["rule"] else []
    parts += call["notes"]
    return "\n  ".join(part.replace("\n", "\n  ") for part in parts) + "\n"
