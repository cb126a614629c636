"""`waag month-end`: a month closed, invoiced, collected and paid out, with its progress shown."""

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotDone
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from waag.admin.billing_answers import MonthCloseAnswer, MonthEndAnswer
from waag.cli.display import print_json, print_table
from waag.cli.operator import Operator, operator_command

LOOK_SECONDS = 0.3
"""How often the progress is asked for."""

_COLUMNS = {
    "currency": "CURRENCY",
    "invoices": "INVOICES",
    "billed": "BILLED",
    "collected": "COLLECTED",
    "disbursed": "DISBURSED",
    "open": "OPEN",
    "given_back": "GIVEN BACK",
    "written_off": "WRITTEN OFF",
}


@click.command("month-end")
@click.argument("month")
@operator_command
def month_end(operator: Operator, month: str) -> None:
    """Close MONTH, such as 2026-10, once it has ended, and do all that is due.

    Done again, it changes nothing and shows what has become of the month since.
    """
    with ThreadPoolExecutor(1) as one:
        answering = one.submit(
            operator.ask, "POST", "/month-end", MonthEndAnswer, body={"month": month}
        )
        _watch(operator, answering)
        answer: dict[str, Any] = answering.result()
    if operator.as_json:
        print_json(answer)
        return
    click.echo(f"{answer['month']} was closed at {answer['closed_at']}.")
    print_table(_COLUMNS, answer["totals"], "Nothing was billed.")


def _watch(operator: Operator, answering: Future[Any]) -> None:
    """Show how far it has come, where somebody watches, until it is done."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task("month end", total=None)
        while True:
            try:
                answering.exception(LOOK_SECONDS)
            except NotDone:
                close = operator.ask("GET", "/month-end", MonthCloseAnswer)
                if close["stage"] is not None:
                    what = f"{close['month']}: {close['stage']}"
                    shown.update(
                        task, description=what, completed=close["done"], total=close["total"]
                    )
            else:
                return
