"""Tasks: a batch of changes to an attribution's allocations, from its submission to its end.

    IN_PROGRESS ─┬─ COMPLETE   all of it applied, as one revision
                 └─ FAILED     nothing applied; every error in it told

An attribution has one task in progress at a time, and shows the one that was submitted last.
"""

from collections.abc import Sequence
from enum import Enum

import msgspec

from waag.domain.attribution.allocations import Allocation, AllocationChange, Batch
from waag.domain.attribution.batch_records import ErrorCode, RecordError
from waag.domain.attribution.identifiers import Scope
from waag.domain.attribution.revisions import Revision
from waag.domain.instants import SECOND, Instant

AT_ONCE: Instant = 0
"""When a task is due that waits for nothing, whatever the clock shows."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(tuple[AllocationChange, ...]).decode


class TaskStatus(Enum):
    """How far a task has come."""

    IN_PROGRESS = "IN_PROGRESS"
    COMPLETE = "COMPLETE"
    FAILED = "FAILED"


class TaskName(msgspec.Struct, frozen=True):
    """Which task it is; `number` counts those of its attribution."""

    scope: Scope
    attribution: str
    number: int


class TaskEnd(msgspec.Struct, frozen=True):
    """What became of a task.

    Attributes:
        committed: the revision that it made; None for one that failed.
        errors: of one that failed, in the order of its records.
    """

    ended: Instant
    committed: Revision | None
    errors: Sequence[RecordError] = ()


class Task(msgspec.Struct, frozen=True):
    """A task as it is shown.

    Attributes:
        batch: as it was submitted.
        due: see `AT_ONCE`.
        end: None while it is in progress.
    """

    name: TaskName
    id: str
    description: str | None
    submitted: Revision
    batch: Batch
    started: Instant
    due: Instant
    end: TaskEnd | None

    @property
    def status(self) -> TaskStatus:
        """How far it has come."""
        if self.end is None:
            return TaskStatus.IN_PROGRESS
        return TaskStatus.FAILED if self.end.committed is None else TaskStatus.COMPLETE


class NewTask(msgspec.Struct, frozen=True):
    """A task to be kept, of an attribution that has none in progress.

    Attributes:
        submitted: the revision that the batch was made of, which has to be the latest.
        records: the batch, written down.
        total: how many records it has.
        due: when it is to be carried out.
    """

    scope: Scope
    attribution: str
    id: str
    description: str | None
    caller: str
    submitted: Revision
    records: str
    total: int
    started: Instant
    due: Instant


class DueTask(msgspec.Struct, frozen=True):
    """A task to be carried out; see `NewTask`."""

    name: TaskName
    submitted: Revision
    records: str
    total: int
    started: Instant


class Outcome(msgspec.Struct, frozen=True):
    """What a task comes to, if its attribution still has the revision that it was made of.

    Attributes:
        total: how many records there are.
        errors: none if it is applied.
        versions: to be written as the revision after `submitted`; none if there are errors.
        updated: ids of those that take the place of another.
    """

    name: TaskName
    submitted: Revision
    total: int
    ended: Instant
    errors: Sequence[RecordError]
    versions: Sequence[Allocation] = ()
    updated: Sequence[str] = ()


def due_after(started: Instant, seconds: int) -> Instant:
    """When a task is to be carried out that was started then."""
    return started + seconds * SECOND if seconds else AT_ONCE


def write_batch(batch: Batch) -> str:
    """A batch as it is kept."""
    return _encode(batch).decode()


def read_batch(records: str) -> Batch:
    """What `write_batch` wrote.

    Raises:
        ValueError: it is something else.
    """
    return _decode(records)


def failed(task: DueTask, ended: Instant) -> Outcome:
    """That a task could not be carried out, by no fault of its records."""
    errors = errors_of_all(task.total, "INTERNAL_ERROR", "Waag could not carry out the task.")
    return Outcome(task.name, task.submitted, task.total, ended, errors)


def overtaken(outcome: Outcome, latest: Revision) -> Outcome:
    """What a task comes to whose attribution has moved on."""
    message = (
        f"The batch was submitted for revision {outcome.submitted}, but the current revision is "
        f"{latest}."
    )
    errors = errors_of_all(outcome.total, "CONCURRENT_MODIFICATION", message)
    return msgspec.structs.replace(outcome, errors=errors, versions=(), updated=())


def errors_of_all(total: int, code: ErrorCode, message: str) -> Sequence[RecordError]:
    """One and the same error for every record."""
    return [RecordError(record, code, message) for record in range(total)]
