"""Answers on a terminal: tables for people, JSON for programs, a spinner for what takes long."""

import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text


def print_json(answer: Any) -> None:
    """The answer as it came."""
    click.echo(json.dumps(answer, indent=2))


def print_table(
    columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]], nothing: str
) -> None:
    """Rows under headings; `columns` maps a row's member to its heading.

    An empty table is not shown; `nothing` is said instead.
    """
    if not rows:
        click.echo(nothing)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in columns.values():
        table.add_column(heading, overflow="fold")
    for row in rows:
        # As text: what callers sent may look like markup.
        table.add_row(*(Text("" if row[name] is None else str(row[name])) for name in columns))
    Console(width=None if Console().is_terminal else 200).print(table)


@contextmanager
def working(what: str) -> Generator[None]:
    """Show that something goes on, where somebody watches."""
    with Console(stderr=True).status(what):
        yield
