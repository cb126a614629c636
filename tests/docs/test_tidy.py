"""The house style where no linter looks."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    path
    for folder in ("src", "tests", "tools", "demo", "bench")
    for path in (ROOT / folder).rglob("*.py")
    if "generated" not in path.parts
)
FUNCTION_LINES_MAX = 70
MODULE_LINES_MAX = 400
BANNED_NAMES = {"utils", "util", "common", "helpers", "helper", "misc", "manager"}
UNFINISHED = re.compile("TO" + "DO|FIX" + r"ME|X" + r"XX\b|NotImplemented" + "Error")


def named(path: Path) -> str:
    """A module's path from the project's folder."""
    return str(path.relative_to(ROOT))


modules = pytest.mark.parametrize("path", MODULES, ids=named)


@modules
def test_modules_are_short(path):
    """No module has more than 400 lines."""
    assert len(path.read_text().splitlines()) <= MODULE_LINES_MAX


@modules
def test_functions_are_short(path):
    """No function has more than 70 lines."""
    long = [
        f"{node.name} has {(node.end_lineno or 0) - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES_MAX
    ]
    assert long == []


@modules
def test_nothing_is_left_to_do(path):
    """No module says that something is left to be done."""
    assert UNFINISHED.findall(path.read_text()) == []


def test_no_room_for_odds_and_ends():
    """No module or folder is named for holding whatever fits nowhere else."""
    names = {part for path in MODULES for part in path.relative_to(ROOT).with_suffix("").parts}
    assert names & BANNED_NAMES == set()


def test_no_machine_is_named():
    """No file of the project names a registry's address or a path of one machine."""
    places = re.compile(r"--(extra-)?index-url[ =]http|/tmp/|/root/|/home/\w")
    texts = {
        named(path): path.read_text(errors="replace")
        for pattern in ("*.toml", "*.md", "Makefile", "requirements/*", "src/**/*.py", ".ci/run")
        for path in ROOT.glob(pattern)
        if path.is_file()
    }
    assert [name for name, text in texts.items() if places.search(text)] == []
