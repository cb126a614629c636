"""`waag lint` on records that were answered 200 and not recorded."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from commands import waag_at

from server import live_server, waag_process
from waag.config import Choices, Settings
from waag.domain.metering import IdenticalResend, MeteringChoices, UnknownCustomer

NOON = datetime(2026, 5, 14, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANALYTICS, VAULT = "1poldertab2lytics3legacy4", "5poldervault6concurrent78"
LICENSE = "arn:aws:license-manager::294406891311:license:l-00112233445566778899aabbccddeeff"
MOLEN, GRACHT = "210000000001", "210000000002"


@pytest.fixture
def server(tmp_path):
    """A server at half past twelve."""
    choices = Choices(metering=MeteringChoices(unknown_customer=UnknownCustomer.STATUS))
    with live_server(Settings(data=tmp_path / "data", choices=choices)) as running:
        freeze(running)
        yield running


def freeze(server):
    """Stop the clock at half past twelve."""
    server.ask("PUT", "/clock", {"mode": "frozen", "now": (NOON + HOUR / 2).isoformat()})


def meter(server, product=ANALYTICS, **given):
    """Send one record: its status, or that it was handed back."""
    usual = {"CustomerAWSAccountId": MOLEN, "Dimension": "users", "Quantity": 5, "Timestamp": NOON}
    record = {name: value for name, value in (usual | given).items() if value is not None}
    named = {} if product is None else {"ProductCode": product}
    answer = server.client().batch_meter_usage(UsageRecords=[record], **named)
    return "handed back" if answer["UnprocessedRecords"] else answer["Results"][0]["Status"]


def lint(server, *options):
    """The kinds, customers and findings that `waag lint` shows as JSON."""
    shown = json.loads(waag_at(server, "lint --json", *options).stdout)["usage_warnings"]
    return [(each["kind"], each["customer_aws_account_id"], each["what"]) for each in shown]


def suspended(server):
    """A customer that takes part again after its record was refused."""
    server.ask("POST", "/agreements/agmt-molenanalytics001/suspend")
    status = meter(server)
    server.ask("POST", "/agreements/agmt-molenanalytics001/reinstate")
    return status


def handed_back(server):
    """A fault hands a record back."""
    server.ask("POST", "/faults", {"operation": "BatchMeterUsage", "effect": "unprocessed"})
    return meter(server)


@pytest.mark.parametrize(
    ("lose", "status", "what"),
    [
        (
            suspended,
            "CustomerNotSubscribed",
            "5 of users at 2026-05-14T12:00:00Z in us-east-1 was answered with "
            "CustomerNotSubscribed and not recorded since.",
        ),
        (
            handed_back,
            "handed back",
            "5 of users at 2026-05-14T12:00:00Z in us-east-1 was answered in UnprocessedRecords "
            "and not sent again.",
        ),
    ],
)
class TestLost:
    """A record is not recorded, though the reply is 200."""

    def test_it_is_warned_of(self, server, lose, status, what):
        """With what was answered."""
        assert (lose(server), lint(server)) == (status, [("not-recorded", MOLEN, what)])

    def test_a_later_success_makes_it_good(self, server, lose, status, what):
        """The same record again; that is all there is to do."""
        assert what.startswith("5 of users")
        assert (lose(server), meter(server), lint(server)) == (status, "Success", [])

    def test_a_success_of_another_customer_does_not(self, server, lose, status, what):
        """Each is looked at by itself."""
        lose(server)
        assert status != meter(server, CustomerAWSAccountId=GRACHT)
        assert lint(server) == [("not-recorded", MOLEN, what)]


def test_a_duplicate_of_another_quantity(server):
    """Stays a loss: what stands for the hour cannot be changed."""
    assert [meter(server), meter(server, Quantity=8), meter(server)] == [
        "Success",
        "DuplicateRecord",
        "Success",
    ]
    assert lint(server) == [
        (
            "not-recorded",
            MOLEN,
            "8 of users at 2026-05-14T12:00:00Z in us-east-1 was answered with DuplicateRecord: "
            "5 stands for that hour.",
        )
    ]


def test_an_identical_duplicate_is_no_loss(tmp_path):
    """Where the choice calls it one."""
    choices = Choices(metering=MeteringChoices(identical_resend=IdenticalResend.DUPLICATE_RECORD))
    with live_server(Settings(data=tmp_path / "data", choices=choices)) as running:
        freeze(running)
        assert [meter(running), meter(running)] == ["Success", "DuplicateRecord"]
        assert lint(running) == []


def test_a_customer_that_nobody_knows(server):
    """Is shown as it was sent."""
    lost = meter(server, CustomerAWSAccountId=None, CustomerIdentifier="stranger")
    assert (lost, [each[1] for each in lint(server)]) == ("CustomerNotSubscribed", ["stranger"])


@pytest.mark.parametrize(
    ("product", "given"),
    [
        (ANALYTICS, {"CustomerAWSAccountId": None, "CustomerIdentifier": "moLenBank01"}),
        (None, {"LicenseArn": LICENSE, "Dimension": "overage"}),
    ],
)
def test_every_way_to_name_a_customer(server, product, given):
    """Leads to what stands under the key."""
    server.ask("POST", "/faults", {"operation": "BatchMeterUsage", "effect": "unprocessed"})
    lost = meter(server, product, **given)
    before = [each[:2] for each in lint(server)]
    again = meter(server, product, **given)
    assert (lost, before, again, lint(server)) == (
        "handed back",
        [("not-recorded", MOLEN)],
        "Success",
        [],
    )


@pytest.mark.parametrize("given", [{"Quantity": 0}, {"Dimension": "tulips"}])
def test_what_would_not_have_been_billed_is_no_loss(server, given):
    """A zero, or what could never have been recorded."""
    server.ask("POST", "/faults", {"operation": "BatchMeterUsage", "effect": "unprocessed"})
    assert (meter(server, **given), lint(server)) == ("handed back", [])


def test_handed_back_of_a_license_that_is_not_there(server):
    """Nothing is remembered of it."""
    server.ask("POST", "/faults", {"operation": "BatchMeterUsage", "effect": "unprocessed"})
    unknown = {"LicenseArn": f"{LICENSE}0", "Dimension": "overage"}
    assert (meter(server, None, **unknown), lint(server)) == ("handed back", [])


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ((), 2),
        (("--product", ANALYTICS), 2),
        (("--product", VAULT), 0),
        (("--from", "2026-05-14T12:00:00Z"), 1),
        (("--to", "2026-05-14T12:00:00Z"), 1),
        (("--limit", "1"), 1),
    ],
)
def test_what_is_looked_at(server, options, count):
    """As for accepted usage."""
    for hours in (0, 1):
        server.ask("POST", "/faults", {"operation": "BatchMeterUsage", "effect": "unprocessed"})
        meter(server, Timestamp=NOON - hours * HOUR)
    assert len(lint(server, *options)) == count


@pytest.mark.parametrize("fronts", ["0", "2"])
def test_it_is_kept_over_a_restart(tmp_path, fronts):
    """Whichever front answered."""
    for first in (True, False):
        with waag_process(tmp_path / "data", f"--fronts={fronts}") as running:
            if first:
                freeze(running)
                handed_back(running)
                meter(running, CustomerAWSAccountId=GRACHT)
            else:
                assert [each[1] for each in lint(running)] == [MOLEN]
            assert running.stop() == 0
