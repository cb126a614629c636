"""Workloads' usage on SQLite: unique keys decide, in one transaction."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from holding import DEADLINE
from ledger_files import NOON, usage_row

from builders import BUYER, product
from waag.domain.refusals import (
    CustomerNotEntitled,
    StoreUnavailable,
    TokenConflict,
    UsageDuplicated,
)
from waag.domain.workload_usage import TokenUse
from waag.domain.workloads import Workload
from waag.storage.database import open_database
from waag.storage.markets import SqliteMarkets
from waag.storage.queries import run
from waag.storage.secret_box import SecretBox
from waag.storage.workloads import SqliteWorkloads
from waag.storage.writer import Writer

INSTANCE = Workload(BUYER, "ec2", "us-east-1", "i-1")
SCANNER = product(number=1)
NAMES = """
INSERT INTO account VALUES (1, '120000000001', 'Seller', 'seller', NULL, NULL);
INSERT INTO product VALUES
  (1, 'prod-1', 'code', 1, 'Title', 'ami', 'legacy', '[]', NULL),
  (2, 'prod-2', 'other', 1, 'Title', 'ami', 'legacy', '[]', NULL);
"""


@pytest.fixture
def workloads(writer):
    """Workloads of a ledger with two products."""
    SqliteMarkets(writer, SecretBox(bytes(32), bytes))
    writer.change(lambda connection: run(connection, NAMES))
    return SqliteWorkloads(writer)


def record(workloads, number=0, *, token=None, workload=INSTANCE, of=SCANNER, **given):
    """Record the row of this number; the id that is answered."""
    row = usage_row(number, **({"resource": workload.session} | given))
    return workloads.record(workload, of, token, lambda _: row)


def knows(workloads, workload=INSTANCE, of=SCANNER):
    """Whether a product knows a workload; nothing is kept."""
    told = []

    def refuse(known):
        told.append(known)
        raise CustomerNotEntitled("Only asked.")

    with pytest.raises(CustomerNotEntitled):
        workloads.register(workload, of, NOON, refuse)
    return told[0]


COUNTED = {
    "usage_record": "SELECT count(*) FROM usage_record",
    "client_token": "SELECT count(*) FROM client_token",
}


def kept(writer, table):
    """How many rows a table has."""
    return writer.change(lambda connection: run(connection, COUNTED[table]))[0][0]


def use(name="t", digest=b"d"):
    """A token for a request."""
    return TokenUse(name, digest)


ID_1, ID_2 = (number.to_bytes(16, "big") for number in (1, 2))


class TestHour:
    """The key of the hour."""

    def test_what_is_new_is_recorded(self, workloads, writer):
        """It is answered its own id."""
        assert (record(workloads, record_id=ID_1), kept(writer, "usage_record")) == (ID_1, 1)

    def test_the_same_again_is_answered_the_first_id(self, workloads, writer):
        """Nothing is recorded twice."""
        record(workloads, record_id=ID_1)
        again = record(workloads, record_id=ID_2)
        assert (again, kept(writer, "usage_record")) == (ID_1, 1)

    def test_another_quantity_is_refused(self, workloads):
        """What stands is left as it is."""
        record(workloads)
        with pytest.raises(UsageDuplicated):
            record(workloads, quantity=5_000_001)

    @pytest.mark.parametrize(
        "other",
        [{"hour": 1}, {"dimension": 2}, {"resource": "i-2"}, {"region": "eu-west-1"}],
        ids=lambda other: next(iter(other)),
    )
    def test_another_key_is_another_record(self, workloads, writer, other):
        """Each part of it tells one record from another."""
        record(workloads, record_id=ID_1)
        record(workloads, record_id=ID_2, quantity=1, **other)
        assert kept(writer, "usage_record") == 2


class TestToken:
    """The key of the token."""

    def test_the_same_request_again_is_answered_the_first_id(self, workloads, writer):
        """Whatever row it would have made."""
        record(workloads, token=use(), record_id=ID_1)
        again = record(workloads, 5, token=use(), record_id=ID_2)
        assert (again, kept(writer, "usage_record")) == (ID_1, 1)

    def test_another_request_is_a_conflict(self, workloads, writer):
        """Even if its hour is free."""
        record(workloads, token=use())
        with pytest.raises(TokenConflict):
            record(workloads, 5, token=use(digest=b"e"))
        assert kept(writer, "usage_record") == 1

    def test_the_token_is_looked_up_before_the_hour(self, workloads):
        """A call at fault in both is refused for its token."""
        record(workloads, token=use())
        with pytest.raises(TokenConflict):
            record(workloads, quantity=7, token=use(digest=b"e"))

    def test_a_token_of_the_same_record_again_stands_for_it(self, workloads):
        """A second token for an hour that has its record is answered that id, then and later."""
        record(workloads, token=use("first"), record_id=ID_1)
        record(workloads, token=use("second"), record_id=ID_2)
        assert record(workloads, token=use("second"), record_id=bytes(16)) == ID_1

    def test_a_refused_call_uses_up_no_token(self, workloads, writer):
        """Nothing of a call that is refused is kept."""
        record(workloads)
        with pytest.raises(UsageDuplicated):
            record(workloads, quantity=7, token=use())
        assert kept(writer, "client_token") == 0

    @pytest.mark.parametrize(
        "other",
        [
            Workload("210000000002", "ec2", "us-east-1", "i-2"),
            Workload(BUYER, "ec2", "eu-west-1", "i-1"),
        ],
        ids=["account", "Region"],
    )
    def test_a_token_is_an_accounts_in_a_region(self, workloads, other):
        """Another's is another token."""
        record(workloads, token=use(), record_id=ID_1)
        region = other.region
        found = record(
            workloads, 5, workload=other, token=use(digest=b"e"), record_id=ID_2, region=region
        )
        assert found == ID_2

    def test_case_counts(self, workloads):
        """A token is case-sensitive."""
        record(workloads, token=use("t"), record_id=ID_1)
        assert record(workloads, 5, token=use("T", b"e"), record_id=ID_2) == ID_2


class TestKnown:
    """Which workloads a product knows."""

    def test_nobody_is_known_at_first(self, workloads):
        """A first call is told so."""
        assert knows(workloads) is False

    def test_usage_makes_a_workload_known(self, workloads):
        """From then on."""
        record(workloads)
        assert knows(workloads) is True

    def test_a_registration_makes_a_workload_known(self, workloads):
        """From then on."""
        workloads.register(INSTANCE, SCANNER, NOON, lambda _: None)
        assert knows(workloads) is True

    def test_a_workload_registers_more_than_once(self, workloads, writer):
        """Its first call stays."""
        for now in (NOON, NOON + 1):
            workloads.register(INSTANCE, SCANNER, now, lambda _: None)
        first_call = writer.change(lambda connection: run(connection, "SELECT * FROM workload"))
        assert first_call == [(1, BUYER, "us-east-1", "i-1", NOON)]

    def test_a_refused_call_makes_nobody_known(self, workloads):
        """Only what was accepted counts."""
        knows(workloads)
        assert knows(workloads) is False

    @pytest.mark.parametrize(
        ("workload", "of"),
        [
            (Workload(BUYER, "ec2", "us-east-1", "i-2"), SCANNER),
            (Workload(BUYER, "ec2", "eu-west-1", "i-1"), SCANNER),
            (Workload("210000000002", "ec2", "us-east-1", "i-1"), SCANNER),
            (INSTANCE, product(number=2)),
        ],
        ids=["session", "Region", "account", "product"],
    )
    def test_another_is_not_known(self, workloads, workload, of):
        """Each workload is known to a product by itself."""
        record(workloads)
        assert knows(workloads, workload, of) is False

    def test_it_is_known_after_a_restart(self, workloads, writer, ledger):
        """What was answered is on disk."""
        record(workloads)
        writer.close()
        again = Writer(open_database(ledger))
        known = knows(SqliteWorkloads(again))
        again.close()
        assert known is True


def test_of_calls_at_the_same_time_one_is_recorded(workloads):
    """All callers with the same usage are answered the same id."""
    together = threading.Barrier(4)

    def call(number):
        together.wait(DEADLINE)
        return record(workloads, record_id=number.to_bytes(16, "big"), token=use(str(number)))

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(call, range(4)))) == 1


def test_of_tokens_at_the_same_time_one_is_used(workloads, writer):
    """A token that is sent twice at once is one record."""
    together = threading.Barrier(4)

    def call(number):
        together.wait(DEADLINE)
        record_id = number.to_bytes(16, "big")
        return record(workloads, resource="a-1/t", record_id=record_id, token=use())

    with ThreadPoolExecutor(4) as pool:
        ids = set(pool.map(call, range(4)))
    assert (len(ids), kept(writer, "client_token")) == (1, 1)


def test_a_ledger_that_cannot_write_keeps_nothing(workloads, files):
    """The caller is told, and may send the same again."""
    files.failing = True
    with pytest.raises(StoreUnavailable):
        record(workloads, token=use())
    files.failing = False
    assert record(workloads, token=use(), record_id=ID_1) == ID_1
