"""What serves each operation: from the wire's structs to a service function and back.

One module for each feature; each gives a table from an operation's input to what answers it.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
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


class Access(msgspec.Struct, frozen=True):
    """What the caller's policies have to allow, for one request.

    Attributes:
        resource: an ARN, or `*` where the operation is about none.
        context: the condition keys that the request adds to the global ones; called only if a
            policy asks for one.
        further: names of other operations that have to be allowed too, each with its resource.
    """

    resource: str
    context: Callable[[], Mapping[str, str | Sequence[str]]]
    further: tuple[tuple[str, str], ...] = ()


class Guarded(msgspec.Struct, frozen=True):
    """An operation at the desk that is asked more questions before it answers.

    Each may wait for the disk. They are asked in this order: `examine`, `access`, and once the
    policies have allowed that, `admit`.

    Attributes:
        handler: answers.
        access: what the policies have to allow.
        admit: refuses a caller for what the policies know nothing of.
        examine: refuses a request for what its shape cannot say.
    """

    handler: DeskHandler
    access: Callable[[Any, Caller], Access]
    admit: Callable[[Any, Caller], None]
    examine: Callable[[Any], None]


class Enrolled(msgspec.Struct, frozen=True):
    """An operation at the desk for those alone who have enrolled, which asks other services.

    Attributes:
        handler: answers; it may wait for as long as those services let it.
        threads: where it waits, so that no other operation waits with it.
        admit: refuses who has not enrolled, whatever the request says; may wait for the disk.
    """

    handler: DeskHandler
    threads: Executor
    admit: Callable[[Caller], None]


Operations: TypeAlias = Mapping[type[Shape], Handler]
DeskOperations: TypeAlias = Mapping[type[Shape], DeskHandler | Guarded | Enrolled]
