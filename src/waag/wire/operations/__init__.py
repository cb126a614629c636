"""What serves each operation: from the wire's structs to a service function and back.

One module for each feature; each gives a table from an operation's input to what answers it.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import msgspec

from waag.ports import Caller
from waag.services.metering import Pending
from waag.wire.shapes import Shape


class Answer(msgspec.Struct, frozen=True):
    """What an operation answers.

    Attributes:
        output: None for an operation that answers nothing.
        notes: remarks for the operator on parts of the answer.
    """

    output: Shape | None
    notes: tuple[str, ...] = ()


Handler: TypeAlias = Callable[[Any, Caller], Pending[Answer]]
"""Answers at once, or when the ledger has; never waits itself."""

DeskHandler: TypeAlias = Callable[[Any, Caller], Answer]
"""Answers when it is done; may wait for the disk. The desk is beside the keeper only."""

HandBack: TypeAlias = Callable[[Any, Caller], None]
"""Told of a request whose records were handed back, not carried out."""

Operations: TypeAlias = Mapping[type[Shape], Handler]
DeskOperations: TypeAlias = Mapping[type[Shape], DeskHandler]
