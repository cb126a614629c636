"""`waag lint` on usage that boto3 has sent and that was accepted."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from commands import waag_at

from server import live_server
from waag.config import Settings

NOON = datetime(2026, 5, 14, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANALYTICS = "1poldertab2lytics3legacy4"
VAULT = "5poldervault6concurrent78"
LICENSE = "arn:aws:license-manager::294406891311:license:l-00112233445566778899aabbccddeeff"
MOLEN, GRACHT = "210000000001", "210000000002"
NOTHING = (0, "Nothing to warn of.\n", "")


@pytest.fixture
def server(tmp_path):
    """A server of this test's own, at half past twelve."""
    with live_server(Settings(data=tmp_path / "data")) as running:
        turn_to(running, NOON + HOUR / 2)
        yield running


def turn_to(server, instant):
    """Freeze the server's clock."""
    server.ask("PUT", "/clock", {"mode": "frozen", "now": instant.isoformat()})


def meter(server, product=ANALYTICS, region="us-east-1", **given):
    """Send one record, which is accepted: its id."""
    usual = {
        "CustomerAWSAccountId": MOLEN,
        "Dimension": "users",
        "Quantity": 5,
        "Timestamp": NOON,
    }
    named = {} if product is None else {"ProductCode": product}
    client = server.client(region=region)
    [result] = client.batch_meter_usage(UsageRecords=[usual | given], **named)["Results"]
    assert result["Status"] == "Success"
    return result["MeteringRecordId"]


def double_billing(server):
    """By ProductCode and by LicenseArn."""
    overage = {"Dimension": "overage"}
    return [meter(server, VAULT, **overage), meter(server, None, LicenseArn=LICENSE, **overage)]


def two_regions(server):
    """The same usage in both Regions that the product is metered in."""
    return [meter(server, region=region) for region in ("eu-west-1", "us-east-1")]


def early_zero(server):
    """A zero in the tenth minute of its hour."""
    turn_to(server, NOON + HOUR / 6)
    return [meter(server, Quantity=0)]


def before_agreement(server):
    """The agreement of this customer began at midnight."""
    starts = datetime(2026, 3, 15, tzinfo=UTC)
    turn_to(server, starts + HOUR / 2)
    return [meter(server, CustomerAWSAccountId=GRACHT, Timestamp=starts - HOUR / 2)]


def local_time(server):
    """A seller in New York, in summer, sends what its clock on the wall shows."""
    ids = []
    for hour in range(5):
        now = NOON + hour * HOUR + HOUR / 3
        turn_to(server, now)
        ids.append(meter(server, Timestamp=now - 4 * HOUR))
    return ids


@pytest.mark.parametrize(
    ("send", "kind"),
    [
        (double_billing, "double-billing"),
        (two_regions, "two-regions"),
        (early_zero, "early-zero"),
        (before_agreement, "before-agreement"),
        (local_time, "local-time"),
    ],
)
def test_what_was_accepted_is_warned_of(server, send, kind):
    """Each kind, with the records that it is about."""
    ids = send(server)
    [warning] = server.ask("GET", "/usage-warnings")["usage_warnings"]
    assert (warning["kind"], warning["records"]) == (kind, ids)


def test_ordinary_usage_is_not(server):
    """Two customers, two dimensions, two hours, and a zero for an hour that is over."""
    turn_to(server, NOON + HOUR)
    meter(server)
    meter(server, CustomerAWSAccountId=GRACHT)
    meter(server, Dimension="gb-scanned", Quantity=0)
    meter(server, Timestamp=NOON + HOUR)
    assert waag_at(server, "lint") == NOTHING


def test_a_warning_is_shown(server):
    """What was found, why it matters, and the records."""
    [record_id] = early_zero(server)
    ran = waag_at(server, "lint")
    heading, *lines = ran.stdout.splitlines()
    assert (ran.exit_code, heading.split()) == (
        0,
        ["WARNING", "PRODUCT", "CUSTOMER", "WHAT", "METERING", "RECORDS"],
    )
    shown = " ".join(" ".join(lines).replace(record_id, "").split())
    assert shown == (
        f"early-zero {ANALYTICS} {MOLEN} 0 of users was recorded in minute 10 of the hour "
        "2026-05-14T12:00:00Z. The first record of an hour stands: usage of the rest of the hour "
        "is refused as DuplicateRecord."
    )


def test_warnings_as_json(server):
    """What the admin API answers, unchanged."""
    two_regions(server)
    ran = waag_at(server, "lint --json")
    assert (ran.exit_code, json.loads(ran.stdout)) == (0, server.ask("GET", "/usage-warnings"))


@pytest.mark.parametrize(("command", "code"), [("lint", 0), ("lint --strict", 1)])
def test_a_warning_is_a_failure_if_it_is_meant_to_be(server, command, code):
    """So that a pipeline of tests can stop."""
    two_regions(server)
    assert waag_at(server, command).exit_code == code


def test_without_a_warning_nothing_fails(server):
    """However strict."""
    meter(server)
    assert waag_at(server, "lint --strict") == NOTHING


@pytest.mark.parametrize(
    "options",
    [
        "--product 5poldervault6concurrent78",
        "--from 2026-05-14T12:00:01Z",
        "--to 2026-05-14T12:00:00Z",
    ],
)
def test_what_is_not_looked_at_is_not_warned_of(server, options):
    """Each option narrows what is looked at."""
    two_regions(server)
    assert waag_at(server, f"lint {options}") == NOTHING


def test_that_there_are_more_is_said(server):
    """Under as many as were asked for."""
    two_regions(server)
    early_zero_of_another(server)
    ran = waag_at(server, "lint --limit 1")
    assert ran.stdout.splitlines()[-1] == (
        "There are more: raise --limit, or look at less with --from and --to."
    )


def early_zero_of_another(server):
    """A zero of another customer."""
    turn_to(server, NOON)
    return [meter(server, CustomerAWSAccountId=GRACHT, Quantity=0)]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--limit 0", "limit is '0'; expected a number from 1 to 1000."),
        ("--product tulips", "There is no product with the code or id 'tulips'."),
        ("--to now", "to is 'now'; expected an instant such as 2026-11-21T10:00:00Z."),
    ],
)
def test_a_refusal_is_its_sentence(server, options, message):
    """The admin API's sentence goes to standard error, and the exit code is 1."""
    assert waag_at(server, f"lint {options}") == (1, "", f"Error: {message}\n")
