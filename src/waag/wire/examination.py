"""The slow walk through a value that its structure refused, which finds all that is wrong.

The decoders stop at the first fault and say it in their own way. Only after they have refused is
the value walked again here, by the same types they used, so that every fault is named at once.
"""

import re
from collections.abc import Callable, Sized
from functools import cache
from types import NoneType
from typing import Any

from msgspec import Struct, inspect

from waag.domain.refusals import Refusal
from waag.wire.shapes import (
    EPOCH_LIMIT,
    SENSITIVE,
    TIMESTAMP,
    OneOf,
    Shape,
    marks,
    modelled_pattern,
)
from waag.wire.violations import (
    FieldValidationCode,
    MapKey,
    NotSerializable,
    Path,
    ShapeViolated,
    Violation,
    plain_path,
    shortened,
)

REPORTED_MISMATCHES = 10
"""How many wrong types are told; the rest are only counted."""

COUNTED = 1000
"""How many findings end the walk, so that a large body cannot hold it up."""

_Bounded = inspect.StrType | inspect.BytesType | inspect.ListType | inspect.DictType


class Unreadable(Struct, frozen=True):
    """What a codec puts in place of a leaf not written as its type asks; no type accepts it.

    Attributes:
        raw: the leaf as it came.
        expected: what should have stood there, as in "expected ...".
    """

    raw: Any
    expected: str


def examine(value: Any, shape: type[Shape]) -> NotSerializable | ShapeViolated | None:
    """Everything that is wrong with `value`: wrong types if there are any, else constraints.

    Args:
        value: plain values, the leaves already in the form their types ask for.
        shape: the structure that `value` should be.

    Returns:
        None exactly if `shape` accepts `value`.
    """
    examination = _Examination()
    examination.visit(value, _type_of(shape), ())
    if examination.mismatches:
        return NotSerializable(examination.mismatch_sentence())
    if examination.violations:
        return ShapeViolated(tuple(examination.violations))
    return None


def refusal(value: Any, shape: type[Shape], otherwise: str) -> Refusal:
    """Why `shape` refused `value`.

    Args:
        value: as for `examine`.
        shape: the structure that refused it.
        otherwise: the decoder's own words, for a fault that the plain value no longer shows, such
            as an earlier member of the same name.
    """
    found = examine(value, shape)
    return found or NotSerializable(f"The body is not what {shape.__name__} asks for: {otherwise}.")


@cache
def _type_of(shape: type[Shape]) -> inspect.Type:
    return inspect.type_info(shape)


class _Examination:
    """One walk through a value, led by its type; keeps what it finds."""

    def __init__(self) -> None:
        self.mismatches: list[str] = []
        self.more_mismatches = 0
        self.violations: list[Violation] = []
        self._found = 0
        self._sensitive = False

    def mismatch_sentence(self) -> str:
        """All wrong types, the first ones by name."""
        more = f"; and {self.more_mismatches} more" if self.more_mismatches else ""
        return f"{'; '.join(self.mismatches)}{more}."

    def visit(self, value: Any, node: inspect.Type, path: Path) -> None:
        """Examine `value`, of which nothing is known, as a `node`."""
        if self._found >= COUNTED:
            return
        if isinstance(value, Unreadable):
            self._mismatch(value.raw, value.expected, path)
        elif type(node) in _EXAMINED:
            _EXAMINED[type(node)](self, value, node, path)

    def annotated(self, value: Any, node: inspect.Metadata, path: Path) -> None:
        said = marks(node)
        if TIMESTAMP in said:
            self._timestamp(value, path)
            return
        outer, self._sensitive = self._sensitive, SENSITIVE in said
        self.visit(value, node.type, path)
        self._sensitive = outer

    def optional(self, value: Any, node: inspect.UnionType, path: Path) -> None:
        if value is not None:
            (held,) = (kind for kind in node.types if not isinstance(kind, inspect.NoneType))
            self.visit(value, held, path)

    def structure(self, value: Any, node: inspect.StructType, path: Path) -> None:
        if not self._is(value, (dict,), "a structure", path):
            return
        if not self._has_text_keys(value, path):
            return
        for member in node.fields:
            inner = (*path, member.encode_name)
            held = value.get(member.encode_name)
            if held is not None:
                self.visit(held, member.type, inner)
            elif member.required:
                self._violate(None, "REQUIRED_FIELD_MISSING", "Member must not be null", inner)
        if issubclass(node.cls, OneOf):
            names = [member.encode_name for member in node.fields]
            if sum(value.get(name) is not None for name in names) != 1:
                self._mismatch(value, f"exactly one of {', '.join(names)}", path)

    def sequence(self, value: Any, node: inspect.ListType, path: Path) -> None:
        if not self._is(value, (list,), "a list", path):
            return
        self._length(value, node, path, "TOO_MANY_VALUES")
        # What lies beyond the allowed length is refused already, however long it is.
        for index, item in enumerate(value[: node.max_length]):
            self._held(item, node.item_type, (*path, index))

    def mapping(self, value: Any, node: inspect.DictType, path: Path) -> None:
        if not self._is(value, (dict,), "a map", path) or not self._has_text_keys(value, path):
            return
        self._length(value, node, path, "TOO_MANY_VALUES")
        for key, item in value.items():
            self._key(key, node.key_type, path)
            self._held(item, node.value_type, (*path, MapKey(key)))

    def _key(self, key: str, node: inspect.Type, path: Path) -> None:
        keys = _Examination()
        keys.visit(key, node, path)
        for violation in keys.violations:
            constraint = f"Map keys must satisfy constraint: [{violation.constraint}]"
            self._violate(key, violation.code, constraint, path)

    def _held(self, item: Any, node: inspect.Type, path: Path) -> None:
        """An item of a list or a value of a map: null only where the type says so."""
        if item is None and not isinstance(node, inspect.UnionType | inspect.AnyType):
            self._violate(None, "INVALID_VALUE", "Member must not be null", path)
        else:
            self.visit(item, node, path)

    def enum(self, value: Any, node: inspect.LiteralType, path: Path) -> None:
        if self._is(value, (str,), "a string", path) and value not in node.values:
            allowed = ", ".join(map(str, node.values))
            constraint = f"Member must satisfy enum value set: [{allowed}]"
            self._violate(value, "INVALID_ENUM_VALUE", constraint, path)

    def string(self, value: Any, node: inspect.StrType, path: Path) -> None:
        if not self._is(value, (str,), "a string", path):
            return
        self._length(value, node, path, "INVALID_STRING_LENGTH")
        if node.pattern is not None and not re.search(node.pattern, value):
            code = (
                "INVALID_NUMBER_FORMAT" if _asks_number(node.pattern) else "INVALID_STRING_FORMAT"
            )
            pattern = modelled_pattern(node.pattern)
            constraint = f"Member must satisfy regular expression pattern: {pattern}"
            self._violate(value, code, constraint, path)

    def integer(self, value: Any, node: inspect.IntType, path: Path) -> None:
        if self._is(value, (int,), "an integer", path):
            self._range(value, node, path)

    def number(self, value: Any, node: inspect.FloatType, path: Path) -> None:
        if not self._is(value, (int, float), "a number", path):
            return
        try:
            float(value)
        except OverflowError:
            self._mismatch(value, "a number that fits in a double", path)
        else:
            self._range(value, node, path)

    def boolean(self, value: Any, _node: inspect.BoolType, path: Path) -> None:
        self._is(value, (bool,), "true or false", path)

    def blob(self, value: Any, node: inspect.BytesType, path: Path) -> None:
        if self._is(value, (bytes,), "bytes", path):
            self._length(value, node, path, "INVALID_VALUE")

    def _timestamp(self, value: Any, path: Path) -> None:
        """A number that can be no instant, NaN among them, is not a timestamp at all."""
        expected = f"seconds since 1970, at most {EPOCH_LIMIT} either way"
        is_number = self._is(value, (int, float), expected, path)
        if is_number and not -EPOCH_LIMIT <= value <= EPOCH_LIMIT:
            self._mismatch(value, expected, path)

    def _length(
        self, value: Sized, node: _Bounded, path: Path, too_long: FieldValidationCode
    ) -> None:
        least, most = node.min_length, node.max_length
        if least is not None and len(value) < least:
            code = too_long if too_long == "INVALID_STRING_LENGTH" else "INVALID_VALUE"
            constraint = f"Member must have length greater than or equal to {least}"
            self._violate(value, code, constraint, path)
        if most is not None and len(value) > most:
            constraint = f"Member must have length less than or equal to {most}"
            self._violate(value, too_long, constraint, path)

    def _range(self, value: float, node: inspect.IntType | inspect.FloatType, path: Path) -> None:
        if node.ge is not None and not value >= node.ge:
            constraint = f"Member must have value greater than or equal to {node.ge}"
            self._violate(value, "INVALID_VALUE", constraint, path)
        if node.le is not None and not value <= node.le:
            constraint = f"Member must have value less than or equal to {node.le}"
            self._violate(value, "INVALID_VALUE", constraint, path)

    def _is(self, value: Any, types: tuple[type, ...], expected: str, path: Path) -> bool:
        # A bool is an int to Python, but not on the wire.
        if isinstance(value, types) and (types == (bool,) or not isinstance(value, bool)):
            return True
        self._mismatch(value, expected, path)
        return False

    def _has_text_keys(self, value: dict[Any, Any], path: Path) -> bool:
        for key in value:
            if not isinstance(key, str):
                self._mismatch(key, "text for a key", path)
                return False
        return True

    def _mismatch(self, value: Any, expected: str, path: Path) -> None:
        self._found += 1
        if len(self.mismatches) == REPORTED_MISMATCHES:
            self.more_mismatches += 1
        else:
            place = plain_path(path) or "The body"
            found = "another" if self._sensitive else _described(value)
            self.mismatches.append(f"{place}: expected {expected}, found {found}")

    def _violate(self, value: Any, code: FieldValidationCode, constraint: str, path: Path) -> None:
        self._found += 1
        shown = "'***sensitiveInformation***'" if self._sensitive else _shown(value)
        self.violations.append(Violation(path, code, constraint, shown))


# What is not listed is a document: any value at all.
_EXAMINED: dict[type[inspect.Type], Callable[[_Examination, Any, Any, Path], None]] = {
    inspect.Metadata: _Examination.annotated,
    inspect.UnionType: _Examination.optional,
    inspect.StructType: _Examination.structure,
    inspect.ListType: _Examination.sequence,
    inspect.DictType: _Examination.mapping,
    inspect.LiteralType: _Examination.enum,
    inspect.StrType: _Examination.string,
    inspect.IntType: _Examination.integer,
    inspect.FloatType: _Examination.number,
    inspect.BoolType: _Examination.boolean,
    inspect.BytesType: _Examination.blob,
}


@cache
def _asks_number(pattern: str) -> bool:
    """Whether a decimal number matches `pattern` and a word does not."""
    return bool(re.search(pattern, "1.5")) and not re.search(pattern, "a")


def _shown(value: Any) -> str:
    """A value as a violation shows it: null bare, all else quoted and short."""
    if value is None:
        return "null"
    if isinstance(value, str | int | float):
        return f"'{shortened(str(value))}'"
    return f"'{_COUNTED[type(value)].format(len(value))}'"


_COUNTED = {list: "[{} items]", dict: "{{{} entries}}", bytes: "<{} bytes>"}

_KINDS: dict[type, str] = {
    NoneType: "null",
    bool: "a boolean",
    int: "the number {}",
    float: "the number {}",
    str: "the string {}",
    list: "a list",
    dict: "a structure",
    bytes: "bytes",
}


def _described(value: object) -> str:
    """What a value of the wrong type is; numbers and strings with their text."""
    kind = _KINDS.get(type(value), f"a {type(value).__name__}")
    return kind.format(_shown(value)) if "{" in kind else kind
