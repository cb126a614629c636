"""Policy text that is more than text: wildcards and policy variables.

Section names cited here are those of the IAM User Guide. This module says whether a text matches;
what follows from that is for `waag.domain.policy_conditions` and `waag.domain.policies`.
"""

import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

ContextValue: TypeAlias = str | Sequence[str]

_VARIABLE = re.compile(r"\$\{([^}]*)(\}?)")
_VARIABLE_NAME = re.compile(r"([^:,'{\s]+:[^,'{]+)(?:, ?'([^']*)')?")
_PATTERN_TOKEN = re.compile(r"\\.|.", re.DOTALL)
_ARN_PARTS = 6


class RequestContext:
    """What is known of a request, built at the first question about it and then kept."""

    __slots__ = ("_build", "_values")

    def __init__(self, build: Callable[[], Mapping[str, ContextValue]]) -> None:
        self._build = build
        self._values: dict[str, ContextValue] | None = None

    def get(self, key: str) -> ContextValue | None:
        """The value of a context key given in lower case; None if the request has none."""
        if self._values is None:
            self._values = {name.lower(): value for name, value in self._build().items()}
        return self._values.get(key)

    def values(self, key: str) -> Sequence[str]:
        """All values of a context key given in lower case, one or several; none without the key."""
        value = self.get(key)
        return (value,) if isinstance(value, str) else value or ()


class Variable(Struct, frozen=True):
    """`${key}` or `${key, 'default'}`; the key is kept in lower case."""

    key: str
    default: str | None

    def resolve(self, context: RequestContext) -> str | None:
        """The value that stands for the variable, None if it has none.

        A multivalued key cannot be a variable and an empty value is none.

        Source: "IAM policy elements: Variables and tags", Policy variables with no value.
        """
        value = context.get(self.key)
        return value if value and isinstance(value, str) else self.default


class Template(Struct, frozen=True):
    """Policy text in which variables may stand.

    With wildcards, every other special character in `pieces` is escaped as `re.escape` does it, so
    that a `*` or `?` is live only where the policy's author wrote it.
    """

    pieces: tuple[str | Variable, ...]
    wildcards: bool

    @property
    def fixed(self) -> str | None:
        """The whole text if no variable stands in it."""
        texts = [piece for piece in self.pieces if isinstance(piece, str)]
        return "".join(texts) if len(texts) == len(self.pieces) else None

    def resolve(self, context: RequestContext) -> str | None:
        """The text with every variable replaced, None if one of them has no value."""
        texts: list[str] = []
        for piece in self.pieces:
            if isinstance(piece, str):
                texts.append(piece)
                continue
            value = piece.resolve(context)
            if value is None:
                return None
            texts.append(re.escape(value) if self.wildcards else value)
        return "".join(texts)


def parse_template(text: str, *, variables: bool, wildcards: bool) -> Template | None:
    """Read policy text, None if something that begins as a variable is not one.

    Without `variables` (policy version 2008-10-17) a `${` is ordinary text.

    Source: "IAM policy elements: Variables and tags", Special characters, Specifying default
    values.
    """
    pieces: list[str | Variable] = []
    end = 0
    for found in _VARIABLE.finditer(text) if variables else ():
        piece = _variable(found[1]) if found[2] else None
        if piece is None:
            return None
        pieces.append(_live(text[end : found.start()], wildcards=wildcards))
        pieces.append(re.escape(piece) if wildcards and isinstance(piece, str) else piece)
        end = found.end()
    pieces.append(_live(text[end:], wildcards=wildcards))
    return Template(tuple(pieces), wildcards)


def _variable(name: str) -> Variable | str | None:
    if name in ("*", "?", "$"):
        return name
    found = _VARIABLE_NAME.fullmatch(name)
    return Variable(found[1].lower(), found[2]) if found else None


def _live(text: str, *, wildcards: bool) -> str:
    return re.escape(text).replace(r"\*", "*").replace(r"\?", "?") if wildcards else text


def compile_patterns(patterns: Iterable[str]) -> re.Pattern[str]:
    """One expression for all of some escaped patterns; of none it matches nothing."""
    alternatives = [_glob(_PATTERN_TOKEN.findall(pattern), ".") for pattern in patterns]
    return re.compile("|".join(alternatives) if alternatives else r"(?!)", re.DOTALL)


@functools.lru_cache(maxsize=1024)
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """One escaped pattern; the cache serves patterns that variables complete per request."""
    return compile_patterns([pattern])


@functools.lru_cache(maxsize=1024)
def compile_arn(pattern: str) -> re.Pattern[str] | None:
    """One escaped pattern of an ARN, None if it has not six parts.

    Every part but the last ends at a colon, and no wildcard reaches beyond its part.

    Source: "IAM JSON policy elements: Condition operators", Amazon Resource Name (ARN) condition
    operators.
    """
    parts = pattern.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        return None
    *fields, resource = (_PATTERN_TOKEN.findall(part) for part in parts)
    globs = [*(_glob(field, "[^:]") for field in fields), _glob(resource, ".")]
    return re.compile(":".join(globs), re.DOTALL)


def _glob(tokens: Iterable[str], character: str) -> str:
    """An expression whose wildcards stand for `character`.

    Each stretch up to the next fixed chunk is atomic: the leftmost chunk is always good enough, and
    so no pattern can make a comparison backtrack beyond the product of both lengths.
    """
    chunks = [""]
    for each in tokens:
        if each == "*":
            chunks.append("")
        else:
            chunks[-1] += character if each == "?" else each
    first, *middle = chunks
    if not middle:
        return first
    last = middle.pop()
    stretches = [f"(?>{character}*?{chunk})" for chunk in middle]
    return f"{first}{''.join(stretches)}{character}*{last}"


class Selector(Struct, frozen=True):
    """An Action or Resource element; inverted, a NotAction or NotResource element.

    `pattern` stands for all entries without variables. A template whose variables have no value
    matches no text.
    """

    pattern: re.Pattern[str]
    templates: tuple[Template, ...]
    inverted: bool

    def selects(self, text: str, context: RequestContext) -> bool:
        """Whether the element covers an action, given in lower case, or a resource."""
        matched = self.pattern.fullmatch(text) is not None or any(
            pattern is not None and compile_pattern(pattern).fullmatch(text) is not None
            for pattern in (template.resolve(context) for template in self.templates)
        )
        return matched != self.inverted
