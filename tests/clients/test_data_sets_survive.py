"""Requests for data sets outlive outages, crashes, and what is taken away before the delivery."""

import signal
from datetime import UTC, datetime, timedelta

import pytest

from built_data_sets import DAILY, HUGE, HUGE_ROWS, data_sets
from sellers_aws import FIVE_ACTIONS, gate, sellers_aws
from server import live_server, waag_process
from waag.config import Settings

NOW = datetime(2026, 5, 14, 10, 20, 30, tzinfo=UTC)
EXPORT = "test_customer_support_contacts_data"
NAME = f"{EXPORT}_2026-05-01T00-00-00Z"


@pytest.fixture(scope="module")
def aws():
    """One AWS for all, each test with a role, bucket and topic of its own."""
    with sellers_aws() as running:
        yield running


@pytest.fixture(autouse=True)
def _own_credentials(aws, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", aws.own[0])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", aws.own[1])


@pytest.fixture
def shut(aws):
    """A gate that can be shut, and what lies behind it for this test."""
    with gate(aws.endpoint) as opened:
        yield opened


@pytest.fixture
def server(tmp_path, shut):
    """A Waag that delivers through the gate."""
    settings = Settings(data=tmp_path / "data", aws_endpoint=shut.url)
    with live_server(settings, data_sets()) as running:
        running.ask("PUT", "/clock", {"mode": "frozen", "now": NOW.isoformat()})
        yield running


@pytest.fixture
def where(aws, server):
    """A role, bucket and topic that the seller has enrolled with."""
    enrolled = aws.enrolled()
    server.ask("PUT", "/market", enrolled.market())
    return enrolled


@pytest.fixture
def asked(server, where):
    """Who is asked, and where data sets go."""
    return server, where


def generate(server, where, data_set=DAILY):
    """One request: its id."""
    client = server.client(service="marketplacecommerceanalytics")
    answer = client.generate_data_set(
        dataSetType=data_set,
        dataSetPublicationDate=NOW - timedelta(days=1),
        **where.request(),
    )
    return answer["dataSetRequestId"]


def kept(server, request):
    """What became of a request."""
    answer = server.ask("GET", f"/data-set-requests/{request}")
    return answer["status"], answer["message"], answer["last_error"]


def settled(server, request):
    """The same, once nothing more is done about it."""
    for _ in range(10_000):
        if kept(server, request)[0] in ("succeeded", "failed"):
            break
    return kept(server, request)


@pytest.mark.parametrize("service", ["sts", "s3", "sns"])
def test_an_outage_is_outlived(aws, server, shut, where, service):
    """The request is taken meanwhile, tried again, and delivered in the end."""
    shut.shut_for(service)
    request = generate(server, where)
    notes = server.latest_call()["notes"]
    for _ in range(2):
        shut.next_turned_away()
    shut.open()
    notice = aws.notice(where)
    assert (notice["dataSetRequestId"], notice["success"]) == (request, True)
    assert [each.partition(":")[0] for each in notes] == ["Taken unchecked, and delivered later"]
    assert settled(server, request) == ("succeeded", None, None)


def test_an_upload_that_is_broken_off_is_begun_anew(aws, server, shut, where):
    """Nothing is there before all parts are."""
    shut.shut = lambda asked: "partNumber=2" in asked.path
    generate(server, where, HUGE)
    shut.next_turned_away()
    there = aws.keys(where)
    shut.open()
    notice = aws.notice(where)
    rows = aws.content(where, notice["dataSetS3Location"]["key"]).count(b"\n")
    assert (there, notice["success"], rows) == ([], True, HUGE_ROWS + 1)


@pytest.mark.parametrize(
    ("lost", "fix"),
    [
        ("s3:PutObject", "give role {role} s3:PutObject on arn:aws:s3:::{bucket}/"),
        ("s3:GetBucketLocation", "give role {role} s3:GetBucketLocation on it"),
    ],
)
def test_a_permission_that_is_lost(aws, shut, asked, lost, fix):
    """Before the delivery: it is announced as a failure that says what to fix."""
    server, where = asked
    shut.shut_for("s3")
    request = generate(server, where)
    shut.next_turned_away()
    aws.allow(where, *(each for each in FIVE_ACTIONS if each != lost))
    shut.open()
    notice = aws.notice(where)
    assert (notice["dataSetRequestId"], notice["success"]) == (request, False)
    assert fix.format(role=where.role, bucket=where.bucket) in notice["message"]


def test_a_bucket_that_is_deleted_before_the_delivery(aws, server, shut, where):
    """Nothing is put anywhere, and the seller is told."""
    shut.shut_for("s3")
    generate(server, where)
    shut.next_turned_away()
    aws.s3().delete_bucket(Bucket=where.bucket)
    shut.open()
    notice = aws.notice(where)
    assert (notice["success"], where.bucket in notice["message"]) == (False, True)


def test_a_topic_that_is_deleted_before_the_notice(aws, server, shut, where):
    """The data set is there, nobody can be told, and the operator sees why."""
    shut.shut_for("sns")
    request = generate(server, where)
    shut.next_turned_away()
    aws.sns().delete_topic(TopicArn=where.topic)
    shut.open()
    status, message, last_error = settled(server, request)
    assert (status, message, where.topic in last_error, len(aws.keys(where))) == (
        "succeeded",
        None,
        True,
        2,
    )


def test_a_role_that_is_lost_before_the_delivery(aws, server, shut, where):
    """Nobody can be told as the role; the operator sees what to fix."""
    shut.shut_for("s3")
    request = generate(server, where)
    shut.next_turned_away()
    aws.let_assume_roles(allowed=False)
    shut.open()
    try:
        status, message, last_error = settled(server, request)
    finally:
        aws.let_assume_roles(allowed=True)
    assert (status, "Let the trust policy of role" in message, message in last_error) == (
        "failed",
        True,
        True,
    )


@pytest.mark.parametrize(
    ("dies_at", "there"),
    [
        (lambda asked: asked.path.endswith(".csv"), 0),
        (lambda asked: asked.path.endswith(".meta.json"), 1),
        (lambda asked: b"Action=Publish" in asked.body, 2),
    ],
    ids=["at the rows", "between the files", "before the notice"],
)
def test_a_crash_is_outlived(aws, shut, tmp_path, dies_at, there):
    """Killed at any step, it goes on after the restart; nothing was announced before."""
    where = aws.enrolled()
    data = tmp_path / "data"
    with waag_process(data, f"--aws-endpoint={shut.url}", "--fronts=0") as server:
        server.ask("PUT", "/market", where.market())
        shut.shut = dies_at
        body = {"type": EXPORT, "date": "2026-05-01", "seller": "120000000001"}
        request = server.ask("POST", "/data-set-requests", body)["id"]
        shut.next_turned_away()
        server.stop(signal.SIGKILL)
    before = (len(aws.keys(where)), aws.notices_left(where))
    shut.open()
    with waag_process(data, f"--aws-endpoint={shut.url}", "--fronts=0"):
        notice = aws.notice(where)
    assert before == (there, 0)
    assert (notice["dataSetRequestId"], notice["success"]) == (request, True)
    assert sorted(aws.keys(where)) == [f"{NAME}.csv", f"{NAME}.meta.json"]
