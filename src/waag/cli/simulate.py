"""`waag simulate`: a history of business made up, with its progress shown."""

import time
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from waag.admin.simulation_calls import CUSTOMERS_MAX, FIRST, MONTHS_MAX, SimulationAnswer
from waag.cli.display import print_json
from waag.cli.operator import Operator, operator_command

LOOK_SECONDS = 0.3
"""How often the progress is asked for."""


@click.command()
@click.option("--seed", type=click.IntRange(0, 2**53 - 1), default=1, show_default=True)
@click.option("--months", type=click.IntRange(1, MONTHS_MAX), default=12, show_default=True)
@click.option("--customers", type=click.IntRange(1, CUSTOMERS_MAX), default=1000, show_default=True)
@click.option("--from", "first", metavar="MONTH", default=FIRST, show_default=True)
@operator_command
def simulate(operator: Operator, seed: int, months: int, customers: int, first: str) -> None:
    """Make up a history of business: the same one for the same seed.

    Buyers sign up, try, subscribe, upgrade, use, cancel, pay late or never, and are refunded; each
    month is closed when it has ended. The clock is turned, and stands still at the end. Ctrl-C
    breaks it off; what was made stays.
    """
    body = {"seed": seed, "months": months, "customers": customers, "from": first}
    try:
        answer = _watch(operator, operator.ask("POST", "/simulate", SimulationAnswer, body=body))
    except KeyboardInterrupt:
        answer = operator.ask("DELETE", "/simulate", SimulationAnswer)
    if operator.as_json:
        print_json(answer)
    if answer["stage"] != "done":
        raise click.ClickException(
            f"The simulation was {answer['stage']} at {answer['now']}; what was made stays, and is "
            f"not gone on with. {answer['why'] or ''}".rstrip()
        )
    if not operator.as_json:
        click.echo(
            f"{answer['customers']} customers over {answer['months']} months from "
            f"{answer['from']}, with the seed {answer['seed']}: {answer['agreements']} "
            f"subscriptions, {answer['usage_records']} usage records, {answer['payments']} "
            f"payments in parts, {answer['given_back']} refunds and credits. All months are "
            f"closed; the clock stands at {answer['now']}."
        )


def _watch(operator: Operator, answer: dict[str, Any]) -> dict[str, Any]:
    """Show how far it has come, where somebody watches, until it has ended."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[records]} usage records"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=answer["total"], records=0)
        while answer["stage"] == "running":
            time.sleep(LOOK_SECONDS)
            answer = operator.ask("GET", "/simulate", SimulationAnswer)
            shown.update(
                task,
                description=answer["now"],
                completed=answer["done"],
                records=answer["usage_records"],
            )
    return answer
