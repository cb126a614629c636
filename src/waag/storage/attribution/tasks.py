"""Tasks on SQLite: a row from the submission on, whose status is the queue."""

from collections.abc import Mapping, Sequence
from typing import Any

import apsw
import msgspec

from waag.domain.attribution.batch_records import RecordError
from waag.domain.attribution.client_tokens import KeptReply, UsedToken
from waag.domain.attribution.identifiers import Catalog, Scope
from waag.domain.attribution.records import Attribution
from waag.domain.attribution.refusals import ConcurrentModification
from waag.domain.attribution.revisions import check_latest
from waag.domain.attribution.tasks import (
    DueTask,
    NewTask,
    Outcome,
    Task,
    TaskEnd,
    TaskName,
    TaskStatus,
    overtaken,
    read_batch,
)
from waag.domain.instants import Instant
from waag.storage.attribution.allocations import count_allocations, write_versions
from waag.storage.attribution.attributions import advance, scope_columns, to_attribution
from waag.storage.attribution.client_tokens import change_once
from waag.storage.queries import Row, query
from waag.storage.reader import Reader
from waag.storage.writer import Writer

_read_errors = msgspec.json.Decoder(tuple[RecordError, ...]).decode


class OutcomeUnfit(Exception):
    """What a task comes to cannot be written: it breaks a constraint of the store's."""


class SqliteAllocationTasks:
    """Implements the port `AllocationTasks`.

    Args:
        writer: who owns the connection that writes.
        reader: of the same ledger.
    """

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    def start(self, task: NewTask, reply: KeptReply | None) -> UsedToken | None:
        """See `waag.ports.allocations.AllocationTasks.start`."""

        def put(connection: apsw.Connection) -> None:
            check_latest(task.submitted, _attribution(connection, task).latest)
            columns = {
                **scope_columns(task.scope),
                "attribution": task.attribution,
                "id": task.id,
                "description": task.description,
                "caller": task.caller,
                "submitted": task.submitted,
                "records": task.records,
                "total": task.total,
                "started": task.started,
                "due": task.due,
            }
            if not query(connection, "start_task", columns):
                raise ConcurrentModification(
                    f"Revenue attribution {task.attribution} has an allocations task in progress; "
                    "start another one once it has ended."
                )

        return change_once(self._writer, reply, put)

    def latest(self, scope: Scope, attribution_id: str) -> Task | None:
        """See `waag.ports.allocations.AllocationTasks.latest`."""
        asked = {**scope_columns(scope), "attribution": attribution_id}
        rows = self._reader.rows("latest_task", asked)
        return to_task(rows[0]) if rows else None

    def due(self, now: Instant, limit: int) -> Sequence[DueTask]:
        """See `waag.ports.allocations.AllocationTasks.due`."""
        return [
            DueTask(_name(*row[:4]), *row[4:])
            for row in self._reader.rows("due_tasks", (now, limit))
        ]

    def next_due(self) -> Instant | None:
        """See `waag.ports.allocations.AllocationTasks.next_due`."""
        return self._reader.rows("next_due_task")[0][0]

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        """See `waag.ports.allocations.AllocationTasks.settle`."""

        def write(connection: apsw.Connection) -> None:
            try:
                for outcome in outcomes:
                    _write(connection, outcome)
            except apsw.ConstraintError as error:
                # Not the store's fault, and no better if it is tried again.
                raise OutcomeUnfit(str(error)) from error

        self._writer.change(write)


def to_task(row: Row) -> Task:
    """A task from a row of the query `task`, and of those with its columns."""
    account, catalog, attribution, number, task_id, description, submitted, *rest = row
    records, started, due, ended, committed, errors = rest
    end = None if ended is None else TaskEnd(ended, committed, _read_errors(errors or "[]"))
    name = _name(account, catalog, attribution, number)
    return Task(name, task_id, description, submitted, read_batch(records), started, due, end)


def _write(connection: apsw.Connection, outcome: Outcome) -> None:
    """Write what becomes of one task, unless that is written already."""
    attribution = _attribution(connection, outcome.name)
    if attribution.latest != outcome.submitted:
        outcome = overtaken(outcome, attribution.latest)
    applied = not outcome.errors
    committed = outcome.submitted + 1 if applied else None
    status = TaskStatus.COMPLETE if applied else TaskStatus.FAILED
    name = outcome.name
    columns = {
        **scope_columns(name.scope),
        "attribution": name.attribution,
        "number": name.number,
        "status": status.value,
        "ended": outcome.ended,
        "committed": committed,
        "errors": None if applied else msgspec.json.encode(outcome.errors).decode(),
    }
    if not query(connection, "end_task", columns) or not applied:
        return
    write_versions(connection, name.scope, name.attribution, outcome.versions, outcome.updated)
    version = msgspec.structs.replace(
        attribution.version,
        revision=outcome.submitted + 1,
        modified=outcome.ended,
        **count_allocations(connection, name.scope, name.attribution),
    )
    advance(connection, msgspec.structs.replace(attribution, version=version))


def _attribution(connection: apsw.Connection, of: NewTask | TaskName) -> Attribution:
    asked: Mapping[str, Any] = {**scope_columns(of.scope), "id": of.attribution}
    return to_attribution(of.scope, query(connection, "attribution", asked)[0])


def _name(account: str, catalog: str, attribution: str, number: int) -> TaskName:
    return TaskName(Scope(account, Catalog(catalog)), attribution, number)
