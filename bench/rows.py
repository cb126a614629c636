"""The table: which figure is set against which, printed and written as docs/performance.md."""

import statistics
from collections.abc import Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

import agreements
import allocations
import growth
from conditions import Figures
from rounds import CPU

CALLS_A_SECOND = "{:,.0f} calls/s"
RECORDS_A_SECOND = "{:,.0f} records/s"
MILLISECONDS = "{:.2f} ms"
SECONDS = "{:.2f} s"
TASKS_A_SECOND = "{:,.0f} tasks/s"
MIB = "{:.0f} MiB"
REPLIES = "{:.0f} replies"
MEMORY_GOAL_MIB = 120.0


class Row(NamedTuple):
    """One line of the table.

    Attributes:
        name: what is set against what.
        goal: what the ratio should be; may be empty.
        ours: the figure's name.
        other: the name of the figure it is divided by, or a number.
        unit: how both are written.
    """

    name: str
    goal: str
    ours: str
    other: str | float
    unit: str


ROWS = (
    Row("calls of 25 new records, against moto's server", "≥ 30", "new", "moto", CALLS_A_SECOND),
    Row(
        "records, against a bare loop inserting the same rows",
        "≥ 0.70",
        "new records",
        "limit records",
        RECORDS_A_SECOND,
    ),
    Row(
        "one call of one record on an idle server (p50), against an fsync",
        "≤ 4",
        "lone p50",
        "fsync",
        MILLISECONDS,
    ),
    Row(
        "slowest of a hundred calls (p99) at 80 % of the peak, against 50 ms",
        "≤ 1",
        "paced p99",
        50.0,
        MILLISECONDS,
    ),
    Row("calls of one record, against calls of 25", "", "single", "new", CALLS_A_SECOND),
    Row(
        "the same calls again (the duplicate path), against new ones",
        "",
        "again",
        "new",
        CALLS_A_SECOND,
    ),
    Row("one process (`--fronts 0`), against fronts", "", "one process", "new", CALLS_A_SECOND),
    Row(
        f"calls with {growth.STORED:,} records stored, against an empty ledger",
        "≥ 0.80",
        "grown",
        "empty",
        CALLS_A_SECOND,
    ),
    Row(
        f"calls over {agreements.AGREEMENTS:,} agreements, against over {agreements.SMALL:,}",
        "",
        "large",
        "small",
        CALLS_A_SECOND,
    ),
    Row(
        "memory of all processes after that load in the large market (PSS), against 120 MiB",
        "",
        "large memory",
        MEMORY_GOAL_MIB,
        MIB,
    ),
    Row(
        "one agreement more (`PUT /admin/v1/market`) in the large market, against in the small one",
        "",
        "large added",
        "small added",
        MILLISECONDS,
    ),
    Row(
        f"allocations tasks of {allocations.CHANGES} changes submitted and committed, against 100",
        "≥ 1",
        "allocation tasks",
        100.0,
        TASKS_A_SECOND,
    ),
    Row(
        "the same, against a bare loop inserting the same rows",
        "",
        "allocation tasks",
        "limit tasks",
        TASKS_A_SECOND,
    ),
    Row("start to ready, against a second", "≤ 1", "ready", 1.0, SECONDS),
    Row(
        "memory of all processes when ready (PSS), against 120 MiB",
        "≤ 1",
        "ready memory",
        MEMORY_GOAL_MIB,
        MIB,
    ),
    Row(
        "replies written after the fsync of their record, of all replies",
        "= 1",
        "after fsync",
        "replies",
        REPLIES,
    ),
)
HEADINGS = ("what", "goal", "ratio (median)", "least to most", "Waag", "the other")
CPU_HEADINGS = ("who", "µs of processor time per call", "share")


def table(figures: Figures) -> list[tuple[str, ...]]:
    """The cells of every row whose figures were measured."""
    return [
        _cells(row, figures)
        for row in ROWS
        if row.ours in figures and (not isinstance(row.other, str) or row.other in figures)
    ]


def cpu_table(figures: Figures) -> list[tuple[str, ...]]:
    """Where a call's time went on all cores, by process; those that did nothing left out."""
    shares = {
        name.removeprefix(CPU): statistics.median(each)
        for name, each in figures.items()
        if name.startswith(CPU)
    }
    whole = sum(shares.values())
    return [
        (who, f"{microseconds:.0f}", f"{microseconds / whole:.0%}")
        for who, microseconds in shares.items()
        if round(microseconds)
    ]


def show(figures: Figures, notes: Sequence[str]) -> None:
    """Print the tables and what the reader should know beside them."""
    console = Console(width=160)
    for headings, lines in ((HEADINGS, table(figures)), (CPU_HEADINGS, cpu_table(figures))):
        if lines:
            shown = Table(*headings)
            for line in lines:
                shown.add_row(*line)
            console.print(shown)
    for note in notes:
        console.print(note)


def show_all(figures: Figures) -> None:
    """Print every figure by its name, for whoever looks at one measurement alone."""
    for name, each in figures.items():
        middle = statistics.median(each)
        print(f"{name:60} {middle:12,.3f}  ({min(each):,.3f} to {max(each):,.3f})")


def document(figures: Figures, notes: Sequence[str]) -> str:
    """The text of docs/performance.md."""
    return (
        "# Performance\n\nWritten by `make bench`. Every figure is a ratio measured in one run, "
        "the two sides in turn; absolute figures are medians and hold for the machine below.\n\n"
        f"{_markdown(HEADINGS, table(figures))}\n"
        "## Where a call's time goes\n\nThe processor time of all cores while calls of 25 new "
        "records are taken as fast as they come, divided by the calls.\n\n"
        f"{_markdown(CPU_HEADINGS, cpu_table(figures))}\n"
        "## Conditions\n\n" + "".join(f"- {note}\n" for note in notes)
    )


def _cells(row: Row, figures: Figures) -> tuple[str, ...]:
    ours = figures[row.ours]
    others = figures[row.other] if isinstance(row.other, str) else [row.other] * len(ours)
    ratios = [mine / other for mine, other in zip(ours, others, strict=True)]
    return (
        row.name,
        row.goal,
        f"{statistics.median(ratios):.2f}",
        f"{min(ratios):.2f} to {max(ratios):.2f}",
        row.unit.format(statistics.median(ours)),
        row.unit.format(statistics.median(others)),
    )


def _markdown(headings: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rows = (headings, ["---"] * len(headings), *lines)
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
