"""Allocations tasks: started, and looked at; what carries them out is in `waag.worker`."""

from collections.abc import Callable

import msgspec

from waag.domain.attribution.allocations import Batch
from waag.domain.attribution.client_tokens import TokenUse
from waag.domain.attribution.identifiers import ID_BYTES, IdKind, Scope, new_id
from waag.domain.attribution.refusals import ResourceUnknown
from waag.domain.attribution.revisions import Revision, check_latest
from waag.domain.attribution.tasks import NewTask, Task, due_after, write_batch
from waag.domain.instants import Instant
from waag.ports import RandomBytes
from waag.ports.allocations import AllocationTasks
from waag.ports.attribution import Attributions
from waag.services.attribution.attributions import find_attribution
from waag.services.attribution.idempotency import Decided, Idempotency


class TaskAsked(msgspec.Struct, frozen=True):
    """A request to start a task.

    Attributes:
        attribution: its id or ARN.
        caller: the ARN of who asks.
    """

    scope: Scope
    attribution: str
    revision: Revision
    batch: Batch
    description: str | None
    caller: str
    token: TokenUse | None


class StartedTask(msgspec.Struct, frozen=True):
    """What is told of a task when it is started."""

    id: str
    scope: Scope
    attribution: str
    started: Instant
    total: int


class AllocationTaskCommands:
    """The operations on tasks.

    Args:
        attributions: whose they are.
        tasks: keeps them.
        idempotency: what requests with a client token go through.
        random_bytes: for ids.
        delay_seconds: from the start of a task until it is carried out.
        started: told of every start, once it is on disk.
    """

    def __init__(
        self,
        attributions: Attributions,
        tasks: AllocationTasks,
        idempotency: Idempotency,
        *,
        random_bytes: RandomBytes,
        delay_seconds: int,
        started: Callable[[], None],
    ) -> None:
        self._attributions = attributions
        self._tasks = tasks
        self._idempotency = idempotency
        self._random_bytes = random_bytes
        self._delay_seconds = delay_seconds
        self._started = started

    def start(self, asked: TaskAsked, now: Instant) -> StartedTask:
        """Submit a batch; whether it can be applied is found out when it is carried out.

        Raises:
            ClientTokenConflict: the token stands for another request.
            ResourceUnknown: no such attribution of the caller's.
            RevisionMismatch: the attribution has another revision.
            ConcurrentModification: it has a task in progress.
            StoreUnavailable: the store could not read or write.
        """

        def decide() -> Decided[StartedTask]:
            attribution = find_attribution(self._attributions, asked.scope, asked.attribution)
            check_latest(asked.revision, attribution.latest)
            task = NewTask(
                asked.scope,
                attribution.id,
                new_id(IdKind.TASK, self._random_bytes(ID_BYTES)),
                asked.description,
                asked.caller,
                asked.revision,
                write_batch(asked.batch),
                len(asked.batch),
                now,
                due_after(now, self._delay_seconds),
            )
            started = StartedTask(task.id, asked.scope, attribution.id, now, task.total)
            return Decided(started, lambda reply: self._tasks.start(task, reply))

        answer = self._idempotency.once(asked.token, now, StartedTask, decide)
        self._started()
        return answer

    def latest(self, scope: Scope, identifier: str) -> Task:
        """The task of an attribution that was submitted last.

        Raises:
            ResourceUnknown: no such attribution of the caller's, or it never had a task.
            StoreUnavailable: the store could not be read.
        """
        attribution = find_attribution(self._attributions, scope, identifier)
        task = self._tasks.latest(scope, attribution.id)
        if task is None:
            raise ResourceUnknown(
                f"Revenue attribution {attribution.id} has never had an allocations task."
            )
        return task
