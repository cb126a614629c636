"""Allocations tasks on SQLite: what was checked before is decided where it is written."""

import apsw
import pytest
from allocation_ledger import (
    MID_AUGUST,
    SCOPE,
    TWO,
    failed,
)
from msgspec.structs import replace

from allocated import allocation, change
from builders import BUYER, OTHER_BUYER
from waag.domain.attribution.batch_records import RecordError
from waag.domain.attribution.client_tokens import KeptReply, TokenUse, UsedToken
from waag.domain.attribution.records import new_version
from waag.domain.attribution.refusals import ConcurrentModification, RevisionMismatch
from waag.domain.attribution.tasks import (
    Outcome,
    TaskName,
)
from waag.storage.attribution.deals import SqliteDealLookUps
from waag.storage.attribution.tasks import OutcomeUnfit
from waag.storage.database import open_reader
from waag.storage.reader import Reader


def test_a_task_of_another_revision_is_not_kept(stored):
    """What was checked before is decided again where it is written."""
    name = stored.create()
    with pytest.raises(RevisionMismatch):
        stored.start(name, *TWO, submitted=2)


def test_of_two_tasks_one_is_kept(stored):
    """An attribution has one in progress at a time."""
    name = stored.create()
    stored.start(name, *TWO)
    with pytest.raises(ConcurrentModification):
        stored.start(name, *TWO)


def test_a_reply_is_kept_with_its_task(stored):
    """The same token starts nothing more, and gives the reply that was kept."""
    name = stored.create()
    reply = KeptReply(TokenUse(SCOPE, "Start", "t-1", b"digest"), b"reply", MID_AUGUST, 0)
    stored.start(name, *TWO, reply=reply)
    assert stored.start(name, *TWO, reply=reply) == UsedToken(b"digest", b"reply")


def outcome(name: str, *versions, submitted: int = 1) -> Outcome:
    """That a task is applied."""
    return Outcome(TaskName(SCOPE, name, 1), submitted, 1, MID_AUGUST, (), versions)


def test_a_task_whose_attribution_moved_on_fails(stored):
    """It was judged before the change, and is written after it."""
    name = stored.create()
    stored.start(name, change("1"))
    before = stored.attributions.attribution(SCOPE, name)
    version = new_version(before.version, MID_AUGUST, "another")
    stored.attributions.update(replace(before, version=version, latest=2), None)
    stored.tasks.settle([outcome(name, allocation("1", revision=2))])
    assert stored.ended(name) == failed("CONCURRENT_MODIFICATION")


def test_a_task_that_has_ended_is_not_written_again(stored):
    """Of an outcome that comes twice the second one changes nothing."""
    name = stored.create()
    stored.start(name, change("1"))
    errors = [RecordError(0, "INTERNAL_ERROR", "once")]
    stored.tasks.settle([replace(outcome(name), errors=errors)])
    stored.tasks.settle([outcome(name, allocation("1", revision=2))])
    assert stored.ended(name) == failed("INTERNAL_ERROR")


def test_what_breaks_a_constraint_is_told_apart_from_a_store_that_fails(stored):
    """It would be no better if it were tried again."""
    name = stored.create()
    stored.start(name, change("1"))
    twice = allocation("1", revision=2)
    with pytest.raises(OutcomeUnfit):
        stored.tasks.settle([outcome(name, twice, twice)])


def test_deals_and_accounts_are_looked_up_at_once(stored, ledger, files):
    """Those that there are, of any number."""

    def put(connection: apsw.Connection) -> None:
        connection.execute("INSERT INTO deal VALUES ('OFFER', 'offer-1', ?)", (DEAL,))
        connection.execute(
            "INSERT INTO account (number, id, name, kind) VALUES (1, '210000000001', 'B', 'buyer')"
        )

    stored.writer.change(put)
    reader = Reader(open_reader(ledger, vfs=files.name))
    look_ups = SqliteDealLookUps(reader)
    found = look_ups.deals({("OFFER", "offer-1"), ("OPPORTUNITY", "offer-1"), ("OFFER", "x")})
    accounts = look_ups.accounts({BUYER, OTHER_BUYER})
    reader.close()
    assert (list(found), accounts) == ([("OFFER", "offer-1")], frozenset({BUYER}))


DEAL = (
    '{"type":"OFFER","id":"offer-1","name":"Offer","owner":"120000000001",'
    '"customer":"210000000001"}'
)
