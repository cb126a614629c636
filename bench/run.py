"""`make bench`: Waag beside its named peer and its limits, in turn, in one run.

Prints a table of ratios with the conditions they were measured under and where a call's time goes,
and writes both to docs/performance.md. `--only NAME` runs one measurement and writes nothing.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import agreements
import allocations
import conditions
import growth
import order
import rows
import servers
from conditions import ROUNDS, Figures, Setting
from rounds import MEASUREMENTS

ROOT = Path(__file__).parents[1]
ONCE: dict[str, Callable[[Setting], Figures]] = {
    "order": order.measure,
    "growth": growth.measure,
    "agreements": agreements.measure,
    "allocations": allocations.measure,
}
"""What has rounds of its own."""


def main() -> int:
    """Measure, print, write down."""
    parser = argparse.ArgumentParser(description="Measure Waag beside its peer and its limits.")
    parser.add_argument("--only", choices=[*MEASUREMENTS, *ONCE], help="run one measurement alone")
    only: str | None = parser.parse_args().only
    moto = os.environ.get("WAAG_MOTO", "")
    if only in {None, "peer"} and not Path(moto).is_file():
        print("WAAG_MOTO must name moto's server: use `make bench`", file=sys.stderr)
        return 2
    started = time.monotonic()
    with tempfile.TemporaryDirectory(dir=ROOT / ".cache", prefix="bench-") as name:
        folder = Path(name)
        setting = Setting(
            folder, folder / "prepared", moto, servers.has_fronts(), [conditions.described()]
        )
        servers.prepare(setting.prepared, conditions.WALK.customers)
        figures = _measure(setting, only)
    if only is None:
        text = rows.document(figures, setting.notes)
        (ROOT / "docs/performance.md").write_text(text, encoding="utf-8")
    else:
        rows.show_all(figures)
    rows.show(figures, setting.notes)
    print(f"The run took {time.monotonic() - started:.0f} s.")
    return 0


def _measure(setting: Setting, only: str | None) -> Figures:
    figures: Figures = {}
    for number in range(ROUNDS):
        for name, measure in MEASUREMENTS.items():
            if only in {None, name}:
                with _timed(f"round {number + 1} of {ROUNDS}: {name}"):
                    for figure, value in measure(setting).items():
                        figures.setdefault(figure, []).append(value)
    for name, measure_once in ONCE.items():
        if only in {None, name}:
            with _timed(name):
                figures |= measure_once(setting)
    return figures


@contextmanager
def _timed(name: str) -> Generator[None]:
    """Tell whoever waits what has been done, and how long it took."""
    started = time.monotonic()
    yield
    print(f"{name}, {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
