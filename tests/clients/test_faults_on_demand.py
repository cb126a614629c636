"""Faults on demand, as an unmodified boto3 meets them."""

import json
import time
from contextlib import suppress

import cbor2
import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from market_now import NOW
from raw import send_signed
from test_trouble import CBOR, PATH, RECORD

from server import DIJK, RESOLVER, live_server
from waag.config import Settings

ANALYTICS = "1poldertab2lytics3legacy4"
DIJK_ACCOUNT = "120000000002"
WHY = "The planned fault fault-1 struck this call, 1 of 1."


def plan(server, effect, operation="BatchMeterUsage", **given):
    """Plan a fault: what it is."""
    return server.ask("POST", "/faults", {"operation": operation, "effect": effect, **given})


def record(**given):
    """A record that is accepted."""
    usual = {
        "Timestamp": NOW,
        "CustomerIdentifier": "moLenBank01",
        "Dimension": "users",
        "Quantity": 5,
    }
    return usual | given


def meter(server, *records, **client):
    """Send one batch, once unless said otherwise."""
    return server.client(**client).batch_meter_usage(
        ProductCode=ANALYTICS, UsageRecords=list(records) or [record()]
    )


def refusal(server, **client):
    """The error that a batch is refused with: code, status and message."""
    with pytest.raises(ClientError) as refused:
        meter(server, **client)
    response = refused.value.response
    error = response["Error"]
    return error["Code"], response["ResponseMetadata"]["HTTPStatusCode"], error["Message"]


def recorded(server):
    """How many records the ledger has."""
    return len(server.ask("GET", "/usage-records")["usage_records"])


def shown(server):
    """How the latest call is shown."""
    call = server.latest_call()
    return tuple(call[name] for name in ("status", "outcome", "rule", "why"))


REFUSALS = [
    ("throttle", ("ThrottlingException", 400, "Rate exceeded")),
    (
        "internal_error",
        (
            "InternalServiceErrorException",
            500,
            "An internal error has occurred. Retry your request.",
        ),
    ),
    (
        "expired_token",
        ("ExpiredTokenException", 400, "The security token included in the request is expired"),
    ),
]


class TestRefusals:
    """Effects that are errors of AWS's."""

    @pytest.mark.parametrize(("effect", "expected"), REFUSALS)
    def test_the_caller_is_sent_the_error(self, server, effect, expected):
        """With AWS's code, status and message."""
        plan(server, effect)
        assert refusal(server) == expected

    @pytest.mark.parametrize("effect", [effect for effect, _ in REFUSALS])
    def test_nothing_is_recorded(self, server, effect):
        """The call may be sent again, and is accepted then."""
        plan(server, effect)
        refusal(server)
        before = recorded(server)
        meter(server)
        assert (before, recorded(server)) == (0, 1)

    @pytest.mark.parametrize(("effect", "expected"), REFUSALS)
    def test_the_operator_sees_which_fault_it_was(self, server, effect, expected):
        """In the calls, with a rule of its own."""
        plan(server, effect)
        refusal(server)
        code, status, _ = expected
        assert shown(server) == (status, code, f"fault.{effect}", WHY)


@pytest.mark.parametrize("effect", ["throttle", "internal_error"])
def test_boto3_sends_again(server, effect):
    """Its own retries see it through: two calls are struck, the third is accepted."""
    plan(server, effect, count=2)
    answer = meter(server, retries={"mode": "standard", "total_max_attempts": 3})
    assert (answer["ResponseMetadata"]["RetryAttempts"], answer["Results"][0]["Status"]) == (
        2,
        "Success",
    )


def test_an_error_of_another_service_has_its_status(server):
    """Revenue measurement models 429 for throttling."""
    plan(server, "throttle", "ListRevenueAttributions")
    client = server.client(service="partnercentral-revenue-measurement")
    with pytest.raises(ClientError) as refused:
        client.list_revenue_attributions(Catalog="AWS")
    response = refused.value.response
    assert (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]) == (
        "ThrottlingException",
        429,
    )


def test_in_cbor(server):
    """A fault is an error of the caller's own protocol."""
    plan(server, "throttle")
    timestamp = cbor2.CBORTag(1, NOW.timestamp())
    body = cbor2.dumps(
        {"ProductCode": ANALYTICS, "UsageRecords": [RECORD | {"Timestamp": timestamp}]}
    )
    reply = send_signed(server, body, headers=CBOR, path=PATH)
    assert (reply.status, cbor2.loads(reply.body)) == (
        400,
        {
            "__type": "com.amazonaws.marketplacemetering#ThrottlingException",
            "message": "Rate exceeded",
        },
    )


class TestUnprocessed:
    """Records handed back in UnprocessedRecords."""

    RECORDS = tuple(record(CustomerIdentifier=each) for each in ("moLenBank01", "grAcht00002"))

    @pytest.mark.parametrize(
        ("given", "processed"), [({}, 0), ({"records": 1}, 1), ({"records": 25}, 0)]
    )
    def test_the_last_ones_are_handed_back(self, server, given, processed):
        """As many as asked for, or all; the others are recorded."""
        plan(server, "unprocessed", **given)
        answer = meter(server, *self.RECORDS)
        assert (
            [each["Status"] for each in answer["Results"]],
            [each["CustomerIdentifier"] for each in answer["UnprocessedRecords"]],
            recorded(server),
        ) == (
            ["Success"] * processed,
            [each["CustomerIdentifier"] for each in self.RECORDS[processed:]],
            processed,
        )

    def test_what_was_handed_back_is_accepted_when_it_is_sent_again(self, server):
        """As it was handed back."""
        plan(server, "unprocessed", records=1)
        unprocessed = meter(server, *self.RECORDS)["UnprocessedRecords"]
        answer = meter(server, *unprocessed)
        assert (answer["Results"][0]["Status"], recorded(server)) == ("Success", 2)

    def test_the_operator_sees_how_many_it_were(self, server):
        """The call succeeded; the fault is shown beside that."""
        plan(server, "unprocessed", records=1)
        meter(server, *self.RECORDS)
        assert (shown(server), server.latest_call()["notes"]) == (
            (200, "Success", "fault.unprocessed", WHY),
            ["1 of 2 records were handed back."],
        )

    def test_a_batch_refused_for_another_reason(self, server):
        """The reason is shown, and the fault is noted."""
        plan(server, "unprocessed", records=1)
        with pytest.raises(ClientError):
            meter(server, record(Dimension="tulips"), record())
        call = server.latest_call()
        assert (call["rule"], call["notes"]) == (
            "metering.dimension",
            [f"fault.unprocessed: {WHY}"],
        )


class TestDelay:
    """Calls that are held up."""

    def test_the_reply_comes_later(self, server):
        """By as many seconds as were asked for."""
        plan(server, "delay", seconds=0.3)
        began = time.monotonic()
        answer = meter(server)
        assert time.monotonic() - began >= 0.3
        assert answer["Results"][0]["Status"] == "Success"

    def test_the_operator_sees_which_fault_it_was(self, server):
        """The call succeeded all the same."""
        plan(server, "delay", seconds=0.01)
        meter(server)
        assert shown(server) == (200, "Success", "fault.delay", WHY)

    def test_other_calls_are_not_held_up(self, server):
        """Only the one that was struck waits."""
        plan(server, "delay", seconds=1.5, account=DIJK_ACCOUNT)
        with pytest.raises(ReadTimeoutError):
            meter(server, credentials=DIJK, read_timeout=0.2)
        meter(server)
        assert shown(server) == (200, "Success", "", "")


MOMENTS = [{}, {"when": "before"}, {"when": "after"}]


class TestDisconnect:
    """Connections that are closed without a reply."""

    @pytest.mark.parametrize(("given", "kept"), list(zip(MOMENTS, (0, 0, 1), strict=True)))
    def test_the_caller_gets_no_reply(self, server, given, kept):
        """Before the commit nothing is recorded; after it everything is."""
        plan(server, "disconnect", **given)
        with pytest.raises(ConnectionClosedError):
            meter(server)
        assert recorded(server) == kept

    @pytest.mark.parametrize("given", MOMENTS)
    def test_boto3_sends_again(self, server, given):
        """Whether it was recorded or not, the record counts once."""
        plan(server, "disconnect", **given)
        answer = meter(server, retries={"mode": "standard", "total_max_attempts": 2})
        assert (answer["Results"][0]["Status"], recorded(server)) == ("Success", 1)

    @pytest.mark.parametrize("given", MOMENTS)
    def test_the_operator_sees_which_fault_it_was(self, server, given):
        """There is no status, since nothing was sent."""
        plan(server, "disconnect", **given)
        with pytest.raises(ConnectionClosedError):
            meter(server)
        assert shown(server) == (0, "NoReply", "fault.disconnect", WHY)


class TestWhichCalls:
    """Which calls a fault strikes."""

    def outcomes(self, server, count, **client):
        """The outcomes of so many calls, in order."""
        for _ in range(count):
            with suppress(ClientError):
                meter(server, **client)
        calls = server.ask("GET", f"/calls?limit={count}")["calls"]
        return [call["rule"] or call["outcome"] for call in reversed(calls)]

    def test_as_many_as_asked_for(self, server):
        """Then it is used up."""
        plan(server, "throttle", count=2)
        assert self.outcomes(server, 3) == ["fault.throttle", "fault.throttle", "Success"]

    def test_one_in_so_many(self, server):
        """The rhythm begins with the first call after it was planned."""
        plan(server, "throttle", count=2, every=2)
        assert self.outcomes(server, 5) == [
            "Success",
            "fault.throttle",
            "Success",
            "fault.throttle",
            "Success",
        ]

    def test_of_one_account(self, server):
        """Another seller's calls go on."""
        plan(server, "throttle", account=DIJK_ACCOUNT)
        ours = self.outcomes(server, 1)
        theirs = self.outcomes(server, 1, credentials=DIJK)
        assert (ours, theirs) == (["Success"], ["fault.throttle"])

    def test_of_one_operation(self, server):
        """Calls of others go on."""
        plan(server, "throttle", "ResolveCustomer")
        assert self.outcomes(server, 1) == ["Success"]

    def test_of_any_operation(self, server):
        """A star stands for all."""
        plan(server, "throttle", "*")
        assert self.outcomes(server, 1) == ["fault.throttle"]

    def test_not_one_that_is_not_allowed(self, server):
        """A caller without the right to ask is told so, and is not counted."""
        plan(server, "throttle")
        assert self.outcomes(server, 1, credentials=RESOLVER) == ["access.policy"]

    def test_none_that_was_cleared(self, server):
        """Calls after that are served."""
        fault = plan(server, "throttle")
        server.ask("DELETE", f"/faults/{fault['id']}")
        assert self.outcomes(server, 1) == ["Success"]


def test_strikes_are_counted(server):
    """A fault shows how many calls it met and struck."""
    plan(server, "throttle", count=3, every=2)
    for _ in range(2):
        send_signed(
            server, json.dumps({"ProductCode": ANALYTICS, "UsageRecords": [RECORD]}).encode()
        )
    [fault] = server.ask("GET", "/faults")["faults"]
    assert (fault["matched"], fault["struck"]) == (2, 1)


def test_a_restart_forgets_faults(tmp_path):
    """They are kept in memory alone."""
    settings = Settings(data=tmp_path / "data")
    with live_server(settings) as server:
        plan(server, "throttle")
    with live_server(settings) as server:
        assert server.ask("GET", "/faults") == {"faults": []}
