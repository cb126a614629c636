"""What can be wrong with a value on the wire, and how the services tell it.

`waag.wire.examination` finds it. Which error code and status a refusal becomes is for
`waag.wire.faults`.
"""

from collections.abc import Sequence
from typing import ClassVar, Literal

from msgspec import Struct

from waag.domain.refusals import Refusal

SHOWN_CHARACTERS = 64
"""How much of a caller's own text is repeated to the caller."""

REPORTED = 100
"""How many violations are told in a message; the rest are only counted there."""

FieldValidationCode = Literal[
    "REQUIRED_FIELD_MISSING",
    "INVALID_ENUM_VALUE",
    "INVALID_STRING_LENGTH",
    "INVALID_STRING_FORMAT",
    "INVALID_NUMBER_FORMAT",
    "INVALID_VALUE",
    "TOO_MANY_VALUES",
]


class MapKey(Struct, frozen=True):
    """A step into a map, as against a step to a member of a structure."""

    key: str


Path = tuple[str | int | MapKey, ...]
"""Wire names of members, zero-based indexes and map keys, from the outermost in."""


def coral_path(path: Path) -> str:
    """As the JSON services write it: `usageRecords.1.member.dimension`, counting from 1."""
    return ".".join(map(_coral_step, path))


def _coral_step(step: str | int | MapKey) -> str:
    if isinstance(step, str):
        return step[:1].lower() + step[1:]
    return f"{step + 1 if isinstance(step, int) else shortened(step.key)}.member"


def plain_path(path: Path) -> str:
    """As code would write it: `RevenueShareAllocations[3].EffectiveFrom`, counting from 0."""
    return "".join(map(_plain_step, path)).removeprefix(".")


def _plain_step(step: str | int | MapKey) -> str:
    if isinstance(step, str):
        return f".{step}"
    return f"[{step}]" if isinstance(step, int) else f'["{shortened(step.key)}"]'


def shortened(text: str) -> str:
    """The beginning of a caller's text, marked where it was cut."""
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}..."


class Violation(Struct, frozen=True):
    """One value of the right type that breaks one constraint.

    Attributes:
        constraint: in AWS's words, such as "Member must not be null".
        value: the offending value, shortened and quoted; `null` has no quotes.
    """

    path: Path
    code: FieldValidationCode
    constraint: str
    value: str

    def sentence(self) -> str:
        """As the JSON services tell it, without a full stop."""
        place = coral_path(self.path)
        return f"Value {self.value} at '{place}' failed to satisfy constraint: {self.constraint}"


class NotSerializable(Refusal):
    """The bytes are not what the protocol carries, or a value is of the wrong type."""

    rule: ClassVar[str] = "protocol.serialization"


class ShapeViolated(Refusal):
    """The types are right, but values break the constraints of their shapes.

    Attributes:
        violations: all that were found, in the order of the structure's members.
    """

    rule: ClassVar[str] = "shape.constraint"

    def __init__(self, violations: tuple[Violation, ...]) -> None:
        super().__init__(coral_message(violations))
        self.violations = violations


def coral_message(violations: Sequence[Violation]) -> str:
    """The one message in which the JSON services tell all violations, the first ones in full."""
    total = len(violations)
    sentences = [violation.sentence() for violation in violations[:REPORTED]]
    if total > REPORTED:
        sentences.append(f"and {total - REPORTED} more")
    return f"{total} validation error{'s' * (total != 1)} detected: {'; '.join(sentences)}"
