"""The market file: YAML in, a market definition out, every mistake with its line.

Only plain YAML is read: mappings with text keys, lists and scalars; no aliases and no tags, since
a market file is data and nothing in it may grow on reading.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from math import isfinite
from typing import Any, cast

import msgspec
import yaml
from yaml.constructor import ConstructorError
from yaml.reader import ReaderError

from waag.domain.market_changes import MarketChange
from waag.domain.market_definition import (
    INSTANT_EXPECTED,
    MarketDefinition,
    MarketRefused,
    Mistake,
    Path,
    format_path,
)
from waag.ports import Markets
from waag.services.market import apply_market

_TEXT = "tag:yaml.org,2002:str"
_INVALID_ENUM = "Invalid enum value "
_PLACE = re.compile(r" - at `(?:key in )?\$(.*)`$")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
_UNKNOWN_FIELD = re.compile(r"Object contains unknown field `(.+)`")
_MISSING_FIELD = re.compile(r"Object missing required field `(.+)`")

DEPTH_MAX = 32
"""How many levels of lists and members a market file may have; an inline policy needs about 12."""

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
    """One pass over a YAML document: plain values, the line of each, and what is no plain YAML.

    It goes by the parser's events, which know the line of an alias and do not recurse.
    """

    def __init__(self) -> None:
        self.lines: Places = {}
        self.mistakes: list[Mistake] = []

    def content(self, text: str | bytes) -> Any:
        octets = text.encode(errors="surrogatepass") if isinstance(text, str) else text
        try:
            self._loader: Any = yaml.CSafeLoader(octets)  # its own annotations are partial
            return self._document()
        except yaml.MarkedYAMLError as error:
            mark: Any = error.problem_mark
            self._no_yaml(mark.line + 1, error.problem)
        except ReaderError as error:
            self._no_yaml(1 + octets.count(b"\n", 0, error.position), error.reason)
        return {}

    def _no_yaml(self, line: Line, found: str | None) -> None:
        self.lines[()] = line
        self.mistakes.append(Mistake((), f"YAML in UTF-8; {found}"))

    def _document(self) -> Any:
        self._loader.get_event()  # the stream starts
        if self._loader.check_event(yaml.StreamEndEvent):
            return {}
        self._loader.get_event()  # the document starts
        content = self._value((), self._line_ahead())
        self._loader.get_event()  # the document ends
        if not self._loader.check_event(yaml.StreamEndEvent):
            self._no_yaml(self._line_ahead(), "another document starts here")
        return {} if content is None else content

    def _line_ahead(self) -> Line:
        return self._loader.peek_event().start_mark.line + 1

    def _value(self, path: Path, line: Line) -> Any:
        self.lines[path] = line
        event = self._loader.get_event()
        if len(path) > DEPTH_MAX:
            raise _no_plain_yaml(event, f"more than {DEPTH_MAX} levels are nested here")
        if isinstance(event, yaml.AliasEvent):
            self.mistakes.append(Mistake(path, "the entries themselves, not an alias (*name)"))
            return None
        if event.tag is not None:
            self.mistakes.append(Mistake(path, f"a plain value, without the tag {event.tag}"))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._scalar(event, path)

    def _sequence(self, path: Path) -> list[Any]:
        content: list[Any] = []
        while not self._loader.check_event(yaml.SequenceEndEvent):
            content.append(self._value((*path, len(content)), self._line_ahead()))
        self._loader.get_event()
        return content

    def _mapping(self, path: Path) -> dict[str, Any]:
        content: dict[str, Any] = {}
        while not self._loader.check_event(yaml.MappingEndEvent):
            line, event = self._line_ahead(), self._loader.get_event()
            if not isinstance(event, yaml.ScalarEvent):
                raise _no_plain_yaml(event, "a member's name has to be text")
            name = event.value
            where = (*path, name)
            if event.tag is not None or self._tag(event) != _TEXT:
                self.mistakes.append(Mistake(where, f"a name; {name} is none (quote it)"))
            elif name in content:
                self.mistakes.append(Mistake(where, f"{name} once; it stands here a second time"))
            content[name] = self._value(where, line)
        self._loader.get_event()
        return content

    def _scalar(self, event: Any, path: Path) -> Any:
        with suppress(ConstructorError, OverflowError, ValueError):
            node = yaml.ScalarNode(self._tag(event), event.value)
            value = self._loader.construct_object(node)
            if _is_plain(value):
                return value
        expected = f"a date, a finite number of 64 bits or text, not {event.value:.80}"
        self.mistakes.append(Mistake(path, expected))
        return None

    def _tag(self, event: Any) -> str:
        return self._loader.resolve(yaml.ScalarNode, event.value, event.implicit)


def _no_plain_yaml(event: Any, found: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=found, problem_mark=event.start_mark)


def _is_plain(value: Any) -> bool:
    """Whether a scalar is one that JSON, in which it may be kept, has too."""
    if isinstance(value, float):
        return isfinite(value)
    return not isinstance(value, int) or -(2**63) <= value < 2**63


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
    """The type that stands at a place below `found`; of an optional one, what it is if present."""
    if isinstance(found, msgspec.inspect.UnionType):
        present, *others = (
            each for each in found.types if not isinstance(each, msgspec.inspect.NoneType)
        )
        return found if others else _type_at(present, steps)
    if not steps:
        return found
    if isinstance(found, msgspec.inspect.StructType):
        below = next(field.type for field in found.fields if field.encode_name == steps[0])
        return _type_at(below, steps[1:])
    assert isinstance(found, msgspec.inspect.VarTupleType)
    return _type_at(found.item_type, steps[1:])


def _expectation(message: str, found: msgspec.inspect.Type) -> str:
    """What was expected, from what msgspec says went wrong."""
    if message.startswith(_INVALID_ENUM):
        return f"one of {', '.join(_values(found))}, not {message.removeprefix(_INVALID_ENUM)}"
    if isinstance(found, msgspec.inspect.DateTimeType):
        return INSTANT_EXPECTED
    missing = _MISSING_FIELD.fullmatch(message)
    if missing is not None:
        return f"a member {missing[1]}"
    if isinstance(found, msgspec.inspect.StructType) and _UNKNOWN_FIELD.fullmatch(message):
        return f"one of {', '.join(field.encode_name for field in found.fields)}"
    return message.removeprefix("Expected ")


def _values(found: msgspec.inspect.Type) -> Sequence[str]:
    """What a value of one of the market's enums, or of a literal type, may be."""
    if isinstance(found, msgspec.inspect.EnumType):
        return [each.value for each in found.cls]
    assert isinstance(found, msgspec.inspect.LiteralType)
    return [str(value) for value in found.values]
