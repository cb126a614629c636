"""Python source as text: calls, literals and annotations for tools/codegen.py.

Knows how source is written, not what a model means.
"""

from collections.abc import Iterable, Mapping
from textwrap import indent

LINE_LENGTH = 100

# Room for the indentation of what is nested.
MARGIN = 20


def text(value: str | None) -> str:
    """A string literal, in double quotes where it needs no escape; or None."""
    if value is None:
        return "None"
    return repr(value) if '"' in value or "\\" in value else f'"{value}"'


def expression(value: str) -> str:
    """A regular expression as a raw literal where one can hold it."""
    return repr(value) if '"' in value else f'r"{value}"'


def annotated(base: str, constraints: Mapping[str, str]) -> str:
    """The type `base` with `constraints` as msgspec's Meta, or bare if there are none."""
    if not constraints:
        return base
    meta = ", ".join(f"{name}={value}" for name, value in constraints.items())
    return f"Annotated[{base}, Meta({meta})]"


def tuple_of(values: Iterable[str]) -> str:
    """A tuple of string literals."""
    items = [text(value) for value in values]
    return f"({items[0]},)" if len(items) == 1 else call("", items)


def dict_of(entries: Iterable[tuple[str, str]]) -> str:
    """A dictionary of names to source."""
    return call("", [f"{text(name)}: {value}" for name, value in entries], brackets="{}")


def call(callee: str, arguments: list[str], brackets: str = "()") -> str:
    """`callee(arguments)` on one line if that is short, else one argument a line."""
    opening, closing = brackets
    line = f"{callee}{opening}{', '.join(arguments)}{closing}"
    if len(line) <= LINE_LENGTH - MARGIN and "\n" not in line:
        return line
    lines = indent("".join(f"{argument},\n" for argument in arguments), "    ")
    return f"{callee}{opening}\n{lines}{closing}"
