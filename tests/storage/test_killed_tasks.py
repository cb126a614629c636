"""Allocations tasks outlive `kill -9`: what was started ends, once."""

import os
import random
import signal
import threading

import msgspec
import pytest
from allocating import Partner, many
from attributed import got
from botocore.exceptions import BotoCoreError, ClientError

from server import DEADLINE, waag_process

ATTRIBUTIONS = 6
RECORDS = 20
ROUNDS = 10
NOW = {"mode": "frozen", "now": "2026-05-14T10:20:30Z"}
SEEDS = [1, 2, 3]


def batch(number: int):
    """The records of an attribution's task, counted from 0: of months that no other task has."""
    return many(RECORDS * (number + 1))[RECORDS * number :]


class Worked(msgspec.Struct):
    """What callers know of one attribution.

    Attributes:
        sent: how many tasks they tried to start.
        acknowledged: how many of these were answered.
    """

    id: str
    sent: int = 0
    acknowledged: int = 0


def work(partner: Partner, worked: Worked, done) -> None:
    """Start one task after the other, each once the one before is complete."""
    try:
        while worked.sent < ROUNDS:
            revision = str(worked.sent + 1)
            worked.sent += 1
            partner.start(*batch(worked.sent - 1), revision=revision)
            worked.acknowledged += 1
            done()
            assert partner.ended()["Status"] == "COMPLETE"
    except (BotoCoreError, ClientError):
        return


def work_until_killed(server, enough: int) -> list[Worked]:
    """Work on several attributions; the keeper is killed once enough tasks are acknowledged."""
    counting, count = threading.Lock(), 0
    partner = Partner(server)

    def done():
        nonlocal count
        with counting:
            count += 1
            if count == enough:
                os.kill(server.process.pid, signal.SIGKILL)

    partners = [partner.beside(f"Attribution {number}") for number in range(ATTRIBUTIONS)]
    all_worked = [Worked(each.id) for each in partners]
    threads = [
        threading.Thread(target=work, args=(each, worked, done))
        for each, worked in zip(partners, all_worked, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE)
    return all_worked


@pytest.fixture(scope="module", params=SEEDS)
def aftermath(request, tmp_path_factory):
    """Each attribution as callers knew it when the keeper was killed, and as it is after."""
    data = tmp_path_factory.mktemp("killed-tasks") / "data"
    enough = random.Random(request.param).randrange(1, ATTRIBUTIONS * ROUNDS // 2)  # noqa: S311
    with waag_process(data, "--fronts=0") as first:
        first.ask("PUT", "/clock", NOW)
        all_worked = work_until_killed(first, enough)
    with waag_process(data, "--fronts=0") as second:
        partner = Partner(second, name="After")
        found = []
        for worked in all_worked:
            looked_at = partner.with_id(worked.id)
            status = looked_at.ended()["Status"] if worked.acknowledged else None
            shown = got(looked_at.client, looked_at.id)
            found.append((worked, status, shown, len(looked_at.listed())))
        return found


def test_every_task_that_was_started_is_complete(aftermath):
    """None is left in progress, and none failed."""
    assert {status for _, status, *_ in aftermath} - {None} == {"COMPLETE"}


def test_no_task_is_lost_or_carried_out_twice(aftermath):
    """An attribution has a revision for each task that was started; one may have been in flight."""
    beyond = {int(shown["Revision"]) - 1 - worked.acknowledged for worked, _, shown, _ in aftermath}
    assert beyond <= {0, 1}


def test_every_batch_is_there_whole(aftermath):
    """Each revision has left all the allocations of its batch."""
    assert [count for *_, count in aftermath] == [
        RECORDS * (int(shown["Revision"]) - 1) for _, _, shown, _ in aftermath
    ]


def test_a_task_that_was_submitted_and_not_begun_ends_once(tmp_path):
    """The keeper dies between the submission and the commit; the next one carries the task out."""
    options = ("--fronts=0", "--set=allocation-task-seconds=60")
    with waag_process(tmp_path / "data", *options) as first:
        first.ask("PUT", "/clock", NOW)
        partner = Partner(first)
        started = partner.start(*batch(0))
        first.stop(signal.SIGKILL)
    with waag_process(tmp_path / "data", *options) as second:
        again = Partner(second, name="After").with_id(partner.id)
        second.ask("POST", "/clock/advance", {"seconds": 60})
        task = again.task()
        found = (task["TaskId"], task["RevenueAttributionLatestRevision"], len(again.listed()))
    assert found == (started["TaskId"], "2", RECORDS)
