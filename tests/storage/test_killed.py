"""Processes killed at a random moment: what was acknowledged must be there, once."""

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from server import waag_process

NOW = datetime(2026, 5, 14, 10, 20, tzinfo=UTC)
PRODUCT = "2sluis3peil4legacy5"
CUSTOMERS = 25
EVERYTHING = 100 * 20 * CUSTOMERS
"""How many records there are to send."""
THREADS = 4
DEADLINE = 30

MARKET = {
    "accounts": [
        {
            "id": "300000000001",
            "name": "Sluis",
            "kind": "seller",
            "principals": [
                {
                    "user": "ci",
                    "access_key_id": "AKIASLUIS00000000001",
                    "secret_access_key": "sluis-secret",
                    "policies": ["MarketplaceSeller"],
                }
            ],
        },
        *(
            {"id": f"{210000000000 + number}", "name": f"Buyer {number}", "kind": "buyer"}
            for number in range(CUSTOMERS)
        ),
    ],
    "products": [
        {
            "id": "prod-sluispeil0001",
            "code": PRODUCT,
            "seller": "300000000001",
            "title": "Sluis Peil",
            "type": "saas-subscription",
            "integration": "legacy",
            "regions": ["us-east-1"],
            "dimensions": [
                {"key": f"d{number}", "type": "Metered", "unit": "Units", "price": "1"}
                for number in range(100)
            ],
        }
    ],
    "agreements": [
        {
            "id": f"agmt-{number}",
            "product": "prod-sluispeil0001",
            "buyer": f"{210000000000 + number}",
            "customer_identifier": f"buyer-{number}",
            "starts": "2026-01-01T00:00:00Z",
        }
        for number in range(CUSTOMERS)
    ],
}
CREDENTIALS = ("AKIASLUIS00000000001", "sluis-secret")

Key = tuple[str, str, str]
"""Customer, dimension and hour: what is recorded once."""


def key_of(record) -> Key:
    """A record's key, as sent or as the admin API shows it."""
    hour = record["Timestamp"].replace(minute=0).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (record["CustomerAWSAccountId"], record["Dimension"], hour)


def batches() -> Iterator[list[dict[str, Any]]]:
    """Batches of records of which no two have the same key."""
    for dimension in range(100):
        for hours in range(20):
            yield [
                {
                    "CustomerAWSAccountId": f"{210000000000 + customer}",
                    "Dimension": f"d{dimension}",
                    "Timestamp": NOW - timedelta(hours=hours),
                    "Quantity": 1,
                }
                for customer in range(CUSTOMERS)
            ]


class Aftermath(msgspec.Struct):
    """What callers of a killed server know, and what the one started after it says.

    Attributes:
        sent: every batch that was sent, answered or not.
        acknowledged: the record ids that callers were given.
        found: every record in the ledger after the start.
        again: the record ids that sending everything again gave.
        found_at_last: every record in the ledger after that.
    """

    sent: list[list[dict[str, Any]]]
    acknowledged: dict[Key, str]
    found: list[tuple[Key, str]]
    again: dict[Key, str]
    found_at_last: list[tuple[Key, str]]


class Unanswered(Exception):
    """Nobody knows what became of a batch."""


def send(client, records) -> dict[Key, str]:
    """Send a batch: the record ids by key.

    Raises:
        Unanswered: the connection broke off before the answer was whole, or the answer is that
            nobody knows.
    """
    try:
        results = client.batch_meter_usage(ProductCode=PRODUCT, UsageRecords=records)["Results"]
    except BotoCoreError as error:
        raise Unanswered from error
    except ClientError as error:
        if error.response["Error"]["Code"] != "InternalServiceErrorException":
            raise
        raise Unanswered from error
    assert {result["Status"] for result in results} == {"Success"}
    return {key_of(each["UsageRecord"]): each["MeteringRecordId"] for each in results}


def send_until_killed(server, enough: int, victim: int):
    """Send from several threads; kill a process as soon as enough batches are acknowledged."""
    client = server.client(CREDENTIALS)
    queue, taking = batches(), threading.Lock()
    sent, acknowledged, killed = [], {}, threading.Event()

    def work():
        while not killed.is_set():
            with taking:
                records = next(queue)
                sent.append(records)
            try:
                ids = send(client, records)
            except Unanswered:
                return
            acknowledged.update(ids)
            if len(acknowledged) >= enough * CUSTOMERS and not killed.is_set():
                os.kill(victim, signal.SIGKILL)
                killed.set()

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE)
    return sent, acknowledged


KILLED = [
    (1, "server", 0),
    (2, "server", 0),
    (3, "keeper", 2),
    (4, "keeper", 2),
    (5, "front", 2),
    (6, "front", 2),
]
"""A seed for the moment, who is killed, and beside how many fronts."""


@pytest.fixture(scope="module", params=KILLED, ids=[f"{who}-{seed}" for seed, who, _ in KILLED])
def aftermath(request, tmp_path_factory):
    """A process killed after a random number of batches, others in flight; then a new server."""
    seed, who, fronts = request.param
    folder = tmp_path_factory.mktemp("killed")
    (folder / "market.yaml").write_bytes(msgspec.json.encode(MARKET))
    options = (f"--market={folder / 'market.yaml'}", f"--fronts={fronts}")
    with waag_process(folder / "data", *options) as first:
        first.ask("PUT", "/clock", {"mode": "frozen", "now": NOW.isoformat()})
        enough = random.Random(seed).randrange(1, 60)  # noqa: S311 - a moment, no secret
        victim = first.fronts()[0] if who == "front" else first.process.pid
        sent, acknowledged = send_until_killed(first, enough, victim)
    with waag_process(folder / "data") as second:
        found = read_back(second)
        client = second.client(CREDENTIALS)
        again = {}
        for records in sent:
            again |= send(client, records)
        return Aftermath(sent, acknowledged, found, again, read_back(second))


def read_back(server) -> list[tuple[Key, str]]:
    """Every record that the ledger holds: its key and id."""
    records, cursor = [], ""
    while cursor is not None:
        page = server.ask("GET", f"/usage-records?limit=1000{cursor and f'&cursor={cursor}'}")
        records += page["usage_records"]
        cursor = page["next_cursor"]
        assert len(records) <= EVERYTHING
    return [
        ((each["customer_aws_account_id"], each["dimension"], each["hour"]), each["id"])
        for each in records
    ]


def test_what_was_acknowledged_is_there_once_with_its_id(aftermath):
    """No record whose id a caller was given is missing, doubled or renamed."""
    found = Counter(aftermath.found)
    acknowledged = aftermath.acknowledged.items()
    assert {each: found[each] for each in acknowledged} == dict.fromkeys(acknowledged, 1)


def test_nothing_is_there_that_was_not_sent(aftermath):
    """Every record in the ledger is one that some caller sent."""
    sent = {key_of(record) for records in aftermath.sent for record in records}
    assert {key for key, _ in aftermath.found} - sent == set()


def test_a_batch_is_there_whole_or_not_at_all(aftermath):
    """A batch in flight when the server died has left all of its records or none."""
    found = {key for key, _ in aftermath.found}
    parts = {sum(key_of(record) in found for record in records) for records in aftermath.sent}
    assert parts - {0, CUSTOMERS} == set()


def test_sending_everything_again_gives_the_same_ids(aftermath):
    """Callers that try again after the crash are given the ids they had, or had missed."""
    before = dict(aftermath.found)
    assert {key: aftermath.again[key] for key in before} == before


def test_sending_everything_again_records_each_once(aftermath):
    """After all was sent again, the ledger holds each record that was sent, once."""
    assert sorted(aftermath.found_at_last) == sorted(aftermath.again.items())
