"""The market file: YAML in, a market definition out, every mistake with its line.

Only plain YAML is read: mappings with text keys, lists and scalars; no aliases and no tags, since
a market file is data and nothing in it may grow on reading.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

import msgspec
import yaml

from waag.domain.market_changes import MarketChange
from waag.domain.market_definition import (
    MarketDefinition,
    MarketRefused,
    Mistake,
    Path,
    format_path,
)
from waag.ports import Markets
from waag.services.market import apply_market

_PLACE = re.compile(r" - at `(?:key in )?\$(.*)`$")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
_UNKNOWN_FIELD = re.compile(r"Object contains unknown field `(.+)`")
_MISSING_FIELD = re.compile(r"Object missing required field `(.+)`")

Line = int
Places = dict[Path, Line]


class MarketFile(msgspec.Struct, frozen=True):
    """A market file as read.

    Attributes:
        name: how messages name the file.
        lines: on which line, counted from 1, each entry stands.
    """

    name: str
    definition: MarketDefinition
    lines: Mapping[Path, Line]


class MarketFileMistake(msgspec.Struct, frozen=True):
    """A mistake as the operator is shown it."""

    file: str
    line: Line
    path: str
    expected: str

    def __str__(self) -> str:
        """One line, as compilers write it."""
        return f"{self.file}:{self.line}: {self.path}: expected {self.expected}"


class MarketFileRefused(MarketRefused):
    """A market file with mistakes; nothing of it was taken.

    Attributes:
        located: every mistake that was found, in the file's order.
    """

    rule = "market.file"

    def __init__(
        self, name: str, mistakes: tuple[Mistake, ...], lines: Mapping[Path, Line]
    ) -> None:
        super().__init__(mistakes)
        located = [
            MarketFileMistake(name, _line(each.path, lines), format_path(each.path), each.expected)
            for each in mistakes
        ]
        self.located = tuple(sorted(located, key=lambda mistake: mistake.line))
        self.why = "\n".join(map(str, self.located))


def read_market_file(text: str | bytes, name: str) -> MarketFile:
    """Read a market file; only the form of each entry is judged here.

    Args:
        text: YAML; bytes in UTF-8.
        name: how messages name the file.

    Raises:
        MarketFileRefused: not YAML, or entries of another form than the market file has.
    """
    reading = _Reading()
    content = reading.content(text)
    mistakes = reading.mistakes
    if not mistakes:
        mistakes = list(_mistakes_of_form(content))
    if mistakes:
        raise MarketFileRefused(name, tuple(mistakes), reading.lines)
    definition = msgspec.convert(content, MarketDefinition)
    return MarketFile(name, definition, reading.lines)


def apply_market_file(file: MarketFile, markets: Markets) -> MarketChange:
    """Make the market match a file that was read.

    Raises:
        MarketFileRefused: entries that do not fit together or with the market; nothing changed.
        StoreUnavailable: the store could not write; nothing changed.
    """
    try:
        return apply_market(file.definition, markets)
    except MarketRefused as refused:
        raise MarketFileRefused(file.name, refused.mistakes, file.lines) from refused


def _line(path: Path, lines: Mapping[Path, Line]) -> Line:
    """Where a place stands; what is missing is shown where it should have been."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


class _Reading:
    """One pass over a YAML document: plain values, the line of each, and what is no plain YAML."""

    def __init__(self) -> None:
        self.lines: Places = {}
        self.mistakes: list[Mistake] = []
        self._seen: set[int] = set()

    def content(self, text: str | bytes) -> Any:
        try:
            self._loader: Any = yaml.CSafeLoader(text)  # its own annotations are partial
            node = self._loader.get_single_node()
            return {} if node is None else self._value(node, ())
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.lines[()] = 1 if mark is None else mark.line + 1
            self.mistakes = [Mistake((), f"YAML; {error.problem or error.context}")]
        except (yaml.YAMLError, ValueError) as error:
            self.mistakes = [Mistake((), f"YAML in UTF-8; {error}")]
        return {}

    def _value(self, node: yaml.Node, path: Path) -> Any:
        self.lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.ScalarNode):
            return self._loader.construct_object(node)
        if id(node) in self._seen:
            self.mistakes.append(Mistake(path, "the entries themselves, not an alias (*name)"))
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [self._value(each, (*path, index)) for index, each in enumerate(node.value)]
        assert isinstance(node, yaml.MappingNode)
        return self._mapping(node, path)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._loader.construct_object(key_node)
            where = (*path, str(key))
            value = self._value(value_node, where)
            self.lines[where] = key_node.start_mark.line + 1
            if not isinstance(key, str):
                self.mistakes.append(Mistake(where, f"a name; {key!r} is none (quote it)"))
            elif key in content:
                self.mistakes.append(Mistake(where, f"{key} once; it stands here a second time"))
            content[str(key)] = value
        return content


def _mistakes_of_form(content: Any) -> Iterator[Mistake]:
    """One mistake for each entry of each list, so that one does not hide the others."""
    if not isinstance(content, dict):
        yield Mistake((), "a mapping with accounts, products and agreements")
        return
    sections = {field.name: field.type for field in msgspec.structs.fields(MarketDefinition)}
    for section, entries in cast("dict[str, Any]", content).items():
        if section not in sections:
            yield Mistake((section,), f"one of {', '.join(sections)}")
        elif not isinstance(entries, list):
            yield Mistake((section,), "a list")
        else:
            entry_type = sections[section].__args__[0]
            for index, entry in enumerate(cast("list[Any]", entries)):
                yield from _mistake_in_entry(entry, entry_type, (section, index))


def _mistake_in_entry(entry: Any, entry_type: type, path: Path) -> Iterator[Mistake]:
    try:
        msgspec.convert(entry, entry_type)
    except msgspec.ValidationError as error:
        message, steps = _split_place(str(error))
        expected_type = _type_at(msgspec.inspect.type_info(entry_type), steps)
        unknown = _UNKNOWN_FIELD.fullmatch(message)
        if unknown is not None:
            steps = (*steps, unknown[1])
        yield Mistake((*path, *steps), _expectation(message, expected_type))


def _split_place(message: str) -> tuple[str, Path]:
    """The message of msgspec without its place, and the place as names and indexes."""
    place = _PLACE.search(message)
    if place is None:
        return message, ()
    steps = tuple(name or int(index) for name, index in _STEP.findall(place[1]))
    return message[: place.start()], steps


def _type_at(found: msgspec.inspect.Type, steps: Path) -> msgspec.inspect.Type:
    """The type that stands at a place below `found`."""
    if not steps:
        return found
    if isinstance(found, msgspec.inspect.UnionType):
        present = (each for each in found.types if not isinstance(each, msgspec.inspect.NoneType))
        return _type_at(next(present), steps)
    if isinstance(found, msgspec.inspect.StructType):
        below = next(field.type for field in found.fields if field.encode_name == steps[0])
        return _type_at(below, steps[1:])
    if isinstance(found, msgspec.inspect.VarTupleType):
        return _type_at(found.item_type, steps[1:])
    return found


def _expectation(message: str, found: msgspec.inspect.Type) -> str:
    """What was expected, from what msgspec says went wrong."""
    if isinstance(found, msgspec.inspect.EnumType):
        wrong = message.removeprefix("Invalid enum value ")
        return f"one of {', '.join(each.value for each in found.cls)}, not {wrong}"
    missing = _MISSING_FIELD.fullmatch(message)
    if missing is not None:
        return f"a member {missing[1]}"
    if isinstance(found, msgspec.inspect.StructType) and _UNKNOWN_FIELD.fullmatch(message):
        return f"one of {', '.join(field.encode_name for field in found.fields)}"
    return message.removeprefix("Expected ")
