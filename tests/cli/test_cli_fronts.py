"""A server of several processes: what is changed reaches all of them, and any of them may die."""

import os
import signal
import socket
import time
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection
from pathlib import Path

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from fronted import MANY, NOW, PRODUCT

from server import DEADLINE, MOLEN, POLDER, waag_process


def meter(waag, **record):
    """Send a record over a connection of its own: botocore's reply."""
    client = waag.client(retries={"total_max_attempts": 1})
    usual = {
        "Timestamp": NOW,
        "CustomerIdentifier": "moLenBank01",
        "Dimension": "users",
        "Quantity": 5,
    }
    reply = client.batch_meter_usage(ProductCode=PRODUCT, UsageRecords=[usual | record])
    client.close()
    return reply


def refusal(waag, **record):
    """The error code that a record sent over a connection of its own is refused with."""
    with pytest.raises(waag.client().exceptions.ClientError) as refused:
        meter(waag, **record)
    return refused.value.response["Error"]["Code"]


def wait_until(true):
    """Wait for something that no event tells of."""
    deadline = time.monotonic() + DEADLINE
    while not true():
        assert time.monotonic() < deadline


def ended(pid):
    """Whether a process is no more."""
    return not Path(f"/proc/{pid}").exists()


def over_another_front(waag):
    """A connection to a front that answers, while another has stopped."""
    while True:
        connection = HTTPConnection("127.0.0.1", waag.port, timeout=1)
        connection.request("GET", "/healthz")
        try:
            connection.getresponse().read()
        except TimeoutError:
            connection.close()
            continue
        connection.sock.settimeout(DEADLINE)
        return connection


class TestChanges:
    """What the operator changes over one connection counts on every other."""

    def test_every_front_shows_the_clock_as_it_was_set(self, waag):
        """Once the operator has the answer, no reply is dated by the clock before."""
        waag.ask("POST", "/clock/advance", {"seconds": 3600})
        dates = {meter(waag)["ResponseMetadata"]["HTTPHeaders"]["date"] for _ in range(MANY)}
        assert {parsedate_to_datetime(date).hour for date in dates} == {11}

    def test_every_front_takes_what_the_market_has_anew(self, waag):
        """A dimension that all fronts have refused is taken by all once it is offered."""
        before = {refusal(waag, Dimension="seats") for _ in range(MANY)}
        waag.ask("PUT", "/market", WITH_SEATS)
        after = {
            meter(waag, Dimension="seats", Timestamp=NOW)["Results"][0]["Status"]
            for _ in range(MANY)
        }
        assert (before, after) == ({"InvalidUsageDimensionException"}, {"Success"})

    def test_no_front_takes_credentials_that_were_withdrawn(self, waag):
        """What every front has verified before, none does any more."""
        before = {meter(waag)["Results"][0]["Status"] for _ in range(MANY)}
        waag.ask("PUT", "/market", WITHOUT_CREDENTIALS)
        after = {refusal(waag) for _ in range(MANY)}
        assert (before, after) == ({"Success"}, {"UnrecognizedClientException"})

    def test_the_calls_of_all_fronts_are_shown_in_order(self, waag):
        """Newest first, whichever front answered."""
        sent = [meter(waag)["ResponseMetadata"]["RequestId"] for _ in range(MANY)]
        shown = [each["request_id"] for each in waag.ask("GET", f"/calls?limit={MANY}")["calls"]]
        assert shown == sent[::-1]

    def test_what_only_the_keeper_answers_is_answered_over_any_front(self, waag):
        """A front passes the call on, and the reply comes back as it was."""
        body = {"agreement": "agmt-molenanalytics001"}
        token = waag.ask("POST", "/registration-tokens", body)["token"]
        resolved = set()
        for _ in range(MANY):
            client = waag.client()
            resolved.add(client.resolve_customer(RegistrationToken=token)["CustomerIdentifier"])
            client.close()
        assert resolved == {"moLenBank01"}

    def test_a_workload_is_answered_the_same_over_any_front(self, waag):
        """All fronts have the one ledger's word on what was reported before."""
        ids = set()
        for _ in range(MANY):
            client = waag.client(MOLEN)
            answer = client.meter_usage(
                ProductCode="9polderscanner0ami1image2",
                Timestamp=NOW,
                UsageDimension="hosts",
                UsageQuantity=5,
            )
            ids.add(answer["MeteringRecordId"])
            client.close()
        assert len(ids) == 1

    @pytest.mark.parametrize(
        ("effect", "error"), [("throttle", ClientError), ("disconnect", ConnectionClosedError)]
    )
    def test_a_fault_strikes_what_is_passed_on_once(self, waag, effect, error):
        """Neither twice, by front and keeper, nor never; a dropped reply is dropped on the way."""
        plan = {"operation": "GetEntitlements", "effect": effect, "count": 2}
        waag.ask("POST", "/faults", plan)
        client = waag.client(service="marketplace-entitlement")
        for _ in range(2):
            with pytest.raises(error):
                client.get_entitlements(ProductCode=PRODUCT)
        found = client.get_entitlements(ProductCode=PRODUCT)["Entitlements"]
        client.close()
        assert found == []

    def test_what_only_the_keeper_answers_is_shown_once(self, waag):
        """A front that passes a call on leaves it to the keeper to record."""
        client = waag.client(service="marketplace-entitlement")
        client.get_entitlements(ProductCode=PRODUCT)
        client.close()
        shown = [each["operation"] for each in waag.ask("GET", "/calls")["calls"]]
        assert shown == ["GetEntitlements"]

    def test_an_identical_record_over_any_front_has_the_same_id(self, waag):
        """There is one ledger."""
        ids = {meter(waag)["Results"][0]["MeteringRecordId"] for _ in range(MANY)}
        assert len(ids) == 1


SELLER = f"""
accounts:
  - id: "120000000001"
    name: Polder Software
    kind: seller
    principals:
      - user: other
        access_key_id: AKIAWAAGOTHER0000001
        secret_access_key: {POLDER[1]}
        policies: [MarketplaceSeller]
"""
WITHOUT_CREDENTIALS = SELLER.encode()
WITH_SEATS = b"""
products:
  - id: prod-polderanalyt1
    code: 1poldertab2lytics3legacy4
    seller: "120000000001"
    title: Polder Analytics
    type: saas-subscription
    integration: legacy
    regions: [us-east-1]
    dimensions:
      - {key: users, type: Metered, unit: Users, price: "0.50"}
      - {key: seats, type: Metered, unit: Units, price: "0.10"}
"""


class TestDeaths:
    """Processes that are killed."""

    def test_a_front_that_dies_is_replaced(self, waag):
        """There are as many as before."""
        victim, other = waag.fronts()
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: ended(victim) and len(waag.fronts()) == 2)
        assert other in waag.fronts()

    def test_calls_are_answered_after_a_front_died(self, waag):
        """A new connection waits for the replacement rather than being refused."""
        os.kill(waag.fronts()[0], signal.SIGKILL)
        assert {meter(waag)["Results"][0]["Status"] for _ in range(MANY)} == {"Success"}

    def test_the_log_says_that_a_front_died(self, waag):
        """With the exit code."""
        os.kill(waag.fronts()[0], signal.SIGKILL)
        wait_until(lambda: "\n" in waag.standard_error.read_text())
        assert waag.standard_error.read_text() == (
            "A front process ended with exit code -9; another takes its place.\n"
        )

    def test_fronts_end_with_their_keeper(self, waag):
        """A keeper that is killed leaves nobody behind."""
        fronts = waag.fronts()
        waag.stop(signal.SIGKILL)
        wait_until(lambda: all(map(ended, fronts)))
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", waag.port), DEADLINE)

    def test_fronts_say_why_they_end(self, waag):
        """Each on a line of its own."""
        fronts = waag.fronts()
        waag.stop(signal.SIGKILL)
        wait_until(lambda: all(map(ended, fronts)))
        assert (
            waag.standard_error.read_text().splitlines()
            == ["waag: the process that keeps the ledger is gone; this front ends."] * 2
        )

    def test_a_front_that_cannot_start_ends_the_server(self, waag):
        """Not in a loop: with a message, and an exit code that says so."""
        (waag.data / "secret-key").rename(waag.data / "elsewhere")
        os.kill(waag.fronts()[0], signal.SIGKILL)
        code = waag.process.wait(DEADLINE)
        assert (code, waag.standard_error.read_text().splitlines()[-1]) == (
            1,
            "Error: A front process ended with exit code 1 before it was ready.",
        )

    def test_a_front_that_heeds_nothing_is_given_up(self, waag):
        """A change does not wait for one that has stopped; that one is killed and replaced."""
        victim = waag.fronts()[0]
        os.kill(victim, signal.SIGSTOP)
        answered = over_another_front(waag)
        token = {"Authorization": f"Bearer {waag.token}"}
        answered.request("POST", "/admin/v1/clock/advance", b'{"seconds": 60}', token)
        assert answered.getresponse().status == 200
        answered.close()
        wait_until(lambda: ended(victim))
        assert victim not in waag.fronts()


class TestTheEnd:
    """Servers told to stop."""

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_a_signal_ends_all_of_them(self, waag, number):
        """With exit code 0, and nobody is left behind."""
        fronts = waag.fronts()
        assert (waag.stop(number), list(map(ended, fronts))) == (0, [True, True])

    def test_a_front_told_to_stop_is_replaced(self, waag):
        """Only the keeper's word ends the server."""
        victim = waag.fronts()[0]
        os.kill(victim, signal.SIGTERM)
        wait_until(lambda: ended(victim) and len(waag.fronts()) == 2)
        assert meter(waag)["Results"][0]["Status"] == "Success"


def test_a_second_server_does_not_join_the_first_ones_address(waag, tmp_path):
    """Although the fronts share it, it is taken for everybody else."""
    with (
        pytest.raises(AssertionError) as refused,
        waag_process(tmp_path / "other", f"--port={waag.port}", "--fronts=2"),
    ):
        pytest.fail("it serves")
    assert str(refused.value).splitlines()[0] == (
        f"Error: 127.0.0.1:{waag.port}: Address already in use."
    )
