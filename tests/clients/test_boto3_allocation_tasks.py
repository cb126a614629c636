"""Batches of changes to allocations through boto3: what they come to."""

import time
from copy import copy

import pytest
from allocating import GRACHT, LAUNCHED, MOLEN, Partner, many, percents, record
from attributed import (
    INVALID_REQUEST,
    NOT_FOUND,
    conflict,
    fields,
    got,
    refusal,
    refused,
    revenue_client,
    updated,
)
from botocore.exceptions import ParamValidationError

from server import DIJK, live_server
from waag.config import Choices, Settings
from waag.domain.attribution.choices import AttributionChoices

CAP, CLOSED, VALUE = "ALLOCATION_CAP_EXCEEDED", "IMMUTABLE_ALLOCATION", "INVALID_VALUE"
SECOND = {"EntityIdentifier": LAUNCHED[1]}
UNKNOWN = "alloc-0000000000000"


@pytest.fixture
def partner(server):
    """Polder with an attribution at revision 1, on a server of this test's own."""
    return Partner(server)


def test_a_task_that_is_started_is_in_progress(partner):
    """Start answers the task's name and size, and always that it is in progress."""
    started = partner.start(record(), record("40", **SECOND))
    task_id, _ = started.pop("TaskId"), started.pop("StartedAt")
    assert (task_id[:8], started) == (
        "raatask-",
        {
            "Status": "IN_PROGRESS",
            "Catalog": "AWS",
            "RevenueAttributionArn": got(partner.client, partner.id)["Arn"],
            "TotalRevenueAttributionAllocationRecords": 2,
        },
    )


def test_a_complete_task_tells_the_revision_that_it_made(partner):
    """COMPLETE has the next revision and an end, and no errors."""
    started = partner.start(record(), Description="May")
    task = partner.ended()
    assert (task.pop("EndedAt") >= task["StartedAt"], task) == (
        True,
        started
        | {"Status": "COMPLETE", "RevenueAttributionLatestRevision": "2", "Description": "May"},
    )


def test_a_complete_batch_counts_in_its_attribution(partner):
    """The attribution has a new revision, the allocations' days and their numbers."""
    partner.carried_out(
        record("60", "2026-06"),
        record("40", "2026-08", **SECOND),
        record("10", "2026-12", Status="INACTIVE"),
    )
    shown = got(partner.client, partner.id)
    assert {
        name: shown[name] for name in list(shown) if name.startswith(("Eff", "Total", "Rev"))
    } == {
        "Revision": "2",
        "EffectiveFrom": "2026-06-01",
        "EffectiveUntil": "2026-08-31",
        "TotalActiveRevenueAttributionAllocationCount": 2,
        "TotalRevenueAttributionAllocationCount": 3,
    }


def test_a_batch_of_250_commits(partner):
    """The largest batch is applied whole."""
    partner.carried_out(*many(250))
    assert len(partner.listed()) == 250


@pytest.mark.parametrize(
    ("batch", "code"),
    [
        ([record("60"), record("41", **SECOND)], CAP),
        ([record("60"), record("41", CustomerAwsAccountId=GRACHT)], CAP),
        ([record("100.01")], VALUE),
        ([record(EffectiveFrom="2026-05-02")], VALUE),
        ([record(EffectiveUntil="2026-05-30")], VALUE),
        ([record(EffectiveFrom="2026-06-01")], VALUE),
        ([record("1", "2026-04")], CLOSED),
        ([record(EntityIdentifier="O99")], "RESOURCE_NOT_FOUND"),
        ([record(EntityIdentifier="O2000001")], "ACCESS_DENIED"),
        ([record(EntityIdentifier="O1000009")], VALUE),
        ([record(RevenueAttributionAllocationId=UNKNOWN)], "RESOURCE_NOT_FOUND"),
    ],
)
def test_a_batch_with_an_error_leaves_nothing(partner, batch, code):
    """FAILED has that error, the attribution its revision, and no allocation was made."""
    task = partner.carried_out(record("1", "2026-07"), *batch)
    left = (got(partner.client, partner.id)["Revision"], partner.listed())
    assert (task["Status"], {each["ErrorCode"] for each in task["ErrorDetailList"]}, left) == (
        "FAILED",
        {code},
        ("1", []),
    )


def test_an_error_repeats_the_record_it_is_of(partner):
    """Whoever reads it finds the record again, without counting."""
    task = partner.carried_out(
        record("101", "2026-06", EntityIdentifier="offer-polder1", EntityType="OFFER")
    )
    assert task["ErrorDetailList"] == [
        {
            "EntityType": "OFFER",
            "EntityId": "offer-polder1",
            "CustomerAwsAccountId": MOLEN,
            "EffectiveFrom": "2026-06-01",
            "EffectiveUntil": "2026-06-30",
            "Action": "CREATE",
            "ErrorCode": VALUE,
            "ErrorMessage": "RevenueSharePercent 101 is more than 100; it is from 0 to 100.",
        }
    ]


def test_a_failed_task_has_no_revision(partner):
    """Only a complete one has made any."""
    task = partner.carried_out(record("101"))
    assert ("RevenueAttributionLatestRevision" in task, "EndedAt" in task) == (False, True)


def test_shares_are_swapped_in_one_batch(partner):
    """What one record takes away makes room for the other."""
    partner.carried_out(record("60"), record("40", **SECOND))
    first, second = sorted(partner.listed(), key=lambda each: each["EntityIdentifier"])
    swap = [
        record("40", RevenueAttributionAllocationId=first["RevenueAttributionAllocationId"]),
        record(
            "60", RevenueAttributionAllocationId=second["RevenueAttributionAllocationId"], **SECOND
        ),
    ]
    assert partner.codes(*swap, revision="2") == []


def test_an_inactive_allocation_frees_its_share(partner):
    """INACTIVE is how an allocation is taken back."""
    partner.carried_out(record("100"))
    allocation_id = partner.listed()[0]["RevenueAttributionAllocationId"]
    freed = record("100", RevenueAttributionAllocationId=allocation_id, Status="INACTIVE")
    assert partner.codes(freed, record("100", **SECOND), revision="2") == []


@pytest.mark.parametrize(
    ("now", "month", "codes"),
    [
        ("2026-06-07T23:59:59Z", "2026-05", []),
        ("2026-06-08T00:00:00Z", "2026-05", [CLOSED]),
        ("2026-07-07T23:59:59Z", "2026-05", [CLOSED]),
        ("2026-06-08T00:00:00Z", "2026-06", []),
        ("2026-06-08T00:00:00Z", "2026-07", []),
    ],
)
def test_the_month_before_is_open_through_the_seventh(partner, now, month, codes):
    """An UPDATE of it passes until the last second of the 7th in UTC."""
    partner.carried_out(record("60", month))
    allocation_id = partner.listed()[0]["RevenueAttributionAllocationId"]
    partner.turn(now)
    update = record("50", month, RevenueAttributionAllocationId=allocation_id)
    assert partner.codes(update, revision="2") == codes


def test_an_update_meanwhile_makes_the_task_fail(tmp_path):
    """A task is applied to the revision that it was submitted for, or not at all."""
    choices = Choices(attribution=AttributionChoices(allocation_task_seconds=60))
    with live_server(Settings(data=tmp_path / "data", choices=choices)) as server:
        server.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-05-14T10:20:30Z"})
        partner = Partner(server)
        partner.start(record(), record("40", **SECOND))
        updated(partner.client, partner.id, "1", Description="Another")
        server.ask("POST", "/clock/advance", {"seconds": 60})
        task = partner.task()
    assert [(task["Status"], each["ErrorCode"]) for each in task["ErrorDetailList"]] == [
        ("FAILED", "CONCURRENT_MODIFICATION")
    ] * 2


@pytest.mark.parametrize(("seconds", "status"), [(59, "IN_PROGRESS"), (60, "COMPLETE")])
def test_a_task_takes_as_long_as_is_chosen(tmp_path, seconds, status):
    """The clock decides; a task that is due has ended when the turn of the clock is answered."""
    choices = Choices(attribution=AttributionChoices(allocation_task_seconds=60))
    with live_server(Settings(data=tmp_path / "data", choices=choices)) as server:
        server.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-05-14T10:20:30Z"})
        partner = Partner(server)
        partner.start(record())
        server.ask("POST", "/clock/advance", {"seconds": seconds})
        assert partner.task()["Status"] == status


def test_a_running_clock_ends_a_task_by_itself(tmp_path):
    """Nobody has to turn the clock."""
    choices = Choices(attribution=AttributionChoices(allocation_task_seconds=1))
    with live_server(Settings(data=tmp_path / "data", choices=choices)) as server:
        partner = Partner(server)
        month = time.strftime("%Y-%m", time.gmtime())
        assert partner.carried_out(record("60", month))["Status"] == "COMPLETE"


def test_one_task_at_a_time(tmp_path):
    """An attribution whose task is in progress takes no other one."""
    choices = Choices(attribution=AttributionChoices(allocation_task_seconds=60))
    with live_server(Settings(data=tmp_path / "data", choices=choices)) as server:
        partner = Partner(server)
        partner.start(record())
        assert refused(partner.start, RevenueShareAllocations=[record()]) == conflict(
            "CONCURRENT_MODIFICATION"
        )


def test_attributions_do_not_wait_for_one_another(tmp_path):
    """Another attribution may have a task in progress, too."""
    choices = Choices(attribution=AttributionChoices(allocation_task_seconds=60))
    with live_server(Settings(data=tmp_path / "data", choices=choices)) as server:
        partner = Partner(server)
        partner.start(record())
        other = partner.beside("Another")
        assert other.start(record())["Status"] == "IN_PROGRESS"


def test_a_stale_revision_is_refused_with_both(partner):
    """The message names what was submitted and what is current."""
    partner.carried_out(record("1"))
    error = refusal(partner.start, RevenueShareAllocations=[record()], revision="1")
    assert (error["Reason"], "revision is 1" in error["Message"], "is 2" in error["Message"]) == (
        "REVISION_MISMATCH",
        True,
        True,
    )


def test_a_replayed_start_is_the_same_task(partner):
    """The same token and parameters: the same answer, though the task has ended; one task."""
    batch = [record()]
    first = partner.start(*batch, ClientToken="t-1")
    partner.ended()
    again = partner.start(*batch, ClientToken="t-1")
    assert (again, got(partner.client, partner.id)["Revision"]) == (first, "2")


def test_a_token_stands_for_one_batch(partner):
    """Another batch under the same token is refused."""
    partner.carried_out(record(), ClientToken="t-1")
    given = {"RevenueShareAllocations": [record("1")], "ClientToken": "t-1"}
    assert refused(partner.start, **given) == conflict("CONFLICT_CLIENT_TOKEN")


def test_an_attribution_that_never_had_a_task_has_none(partner):
    """There is nothing to look at before the first Start."""
    assert refused(partner.task) == NOT_FOUND


def test_the_latest_task_is_shown(partner):
    """A new one takes the place of the one before."""
    partner.carried_out(record("101"))
    latest = partner.start(record())["TaskId"]
    assert partner.ended()["TaskId"] == latest


@pytest.mark.parametrize("call", ["start", "task", "listed"])
def test_another_partners_attribution_is_not_there(partner, call):
    """Whoever names it is told that there is none."""
    stranger = copy(partner)
    stranger.client = revenue_client(partner.server, DIJK)
    given = {"RevenueShareAllocations": [record()]} if call == "start" else {}
    assert refused(getattr(stranger, call), **given) == NOT_FOUND


def test_catalogs_have_nothing_in_common(partner):
    """An attribution of the Sandbox takes tasks of its own."""
    sandbox = Partner(partner.server, "Sandbox")
    sandbox.carried_out(record("100"))
    assert (percents(sandbox.listed()), partner.listed()) == (["100"], [])


NAME = "RevenueShareAllocations[0]."
BAD = [
    ({"RevenueSharePercent": "abc"}, "RevenueSharePercent", "INVALID_NUMBER_FORMAT"),
    ({"RevenueSharePercent": "1٢"}, "RevenueSharePercent", "INVALID_NUMBER_FORMAT"),
    ({"RevenueSharePercent": "-1"}, "RevenueSharePercent", "INVALID_NUMBER_FORMAT"),
    ({"RevenueSharePercent": "1.234"}, "RevenueSharePercent", "INVALID_NUMBER_FORMAT"),
    ({"EffectiveFrom": "2026-02-30"}, "EffectiveFrom", "INVALID_STRING_FORMAT"),
    ({"EffectiveUntil": "2026-13-01"}, "EffectiveUntil", "INVALID_STRING_FORMAT"),
    ({"EffectiveUntil": "٢٠٢٦-05-31"}, "EffectiveUntil", "INVALID_STRING_FORMAT"),
    ({"Action": "DELETE"}, "Action", "INVALID_ENUM_VALUE"),
    ({"Status": "GONE"}, "Status", "INVALID_ENUM_VALUE"),
    ({"EntityType": "LEAD"}, "EntityType", "INVALID_ENUM_VALUE"),
    ({"Action": "UPDATE"}, "RevenueAttributionAllocationId", "REQUIRED_FIELD_MISSING"),
    (
        {"Action": "CREATE", "RevenueAttributionAllocationId": UNKNOWN},
        "RevenueAttributionAllocationId",
        "INVALID_VALUE",
    ),
    (
        {"RevenueAttributionAllocationId": "alloc-1234567890ABC"},
        "RevenueAttributionAllocationId",
        "INVALID_STRING_FORMAT",
    ),
]


@pytest.mark.parametrize(("given", "member", "code"), BAD, ids=[str(each[0]) for each in BAD])
def test_a_record_that_is_not_well_formed_starts_nothing(partner, given, member, code):
    """Start refuses the whole batch, and names the member."""
    error = refusal(partner.start, RevenueShareAllocations=[record(**given), record()])
    assert (fields(error), refused(partner.task)) == ([(f"{NAME}{member}", code)], NOT_FOUND)


@pytest.mark.parametrize("given", [{}, {"Action": "UPDATE"}])
def test_a_batch_that_is_not_well_formed_is_a_request_refused(partner, given):
    """All of it is REQUEST_VALIDATION_FAILED, also what the shape alone cannot say."""
    bad = record(**({"EffectiveFrom": "2026-02-30"} | given))
    assert refused(partner.start, RevenueShareAllocations=[bad]) == INVALID_REQUEST


def test_an_allocation_is_changed_once_in_a_batch(partner):
    """The same id twice is refused at once."""
    twice = [record(RevenueAttributionAllocationId=UNKNOWN)] * 2
    error = refusal(partner.start, RevenueShareAllocations=twice)
    name = "RevenueShareAllocations[1].RevenueAttributionAllocationId"
    assert fields(error) == [(name, "DUPLICATE_VALUE")]


def test_a_batch_of_251_is_refused(partner):
    """One more than there may be."""
    error = refusal(partner.start, RevenueShareAllocations=many(251))
    assert fields(error) == [("RevenueShareAllocations", "TOO_MANY_VALUES")]


def test_an_empty_batch_is_refused(server):
    """There is nothing to be done by it; boto3 knows that, so that it is told not to look."""
    partner = Partner(server)
    with pytest.raises(ParamValidationError):
        partner.start()
    partner.client = revenue_client(server, parameter_validation=False)
    error = refusal(partner.start)
    assert fields(error) == [("RevenueShareAllocations", "INVALID_VALUE")]


@pytest.mark.parametrize("revision", ["0", "01", "x", "1 "])
def test_a_revision_is_a_number_from_1_on(partner, revision):
    """Anything else is not well formed."""
    given = {"RevenueShareAllocations": [record()], "revision": revision}
    assert fields(refusal(partner.start, **given)) == [
        ("RevenueAttributionRevision", "INVALID_STRING_FORMAT")
    ]
