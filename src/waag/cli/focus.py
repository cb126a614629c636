"""`waag focus`: a month's charges as FOCUS CSV, as FinOps tools take it."""

import csv
from pathlib import Path

import click

from waag.admin.focus_calls import LIMIT_MAX, FocusAnswer
from waag.cli.operator import Operator, operator_command


@click.command()
@click.option("--month", required=True, help="Of the books, such as 2026-10.")
@click.option("--account", metavar="ID", help="Only of this buyer or seller.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("-"),
    help="The file to write, in place of standard output.",
)
@operator_command
def focus(operator: Operator, month: str, account: str | None, output: Path) -> None:
    """Write a month's charges as CSV of the FinOps Open Cost and Usage Specification 1.4.

    A row for each step of a charge, each tax, and whatever was given back in the month.
    """
    asked: dict[str, object] = {"month": month, "account": account, "limit": LIMIT_MAX}
    page = operator.ask("GET", "/focus", FocusAnswer, parameters=asked)
    with click.open_file(str(output), "w", encoding="utf-8", lazy=True) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(page["columns"])
        writer.writerows(page["rows"])
        while (cursor := page["next_cursor"]) is not None:
            following = asked | {"cursor": cursor}
            page = operator.ask("GET", "/focus", FocusAnswer, parameters=following)
            writer.writerows(page["rows"])
