from collections.abc import Iterable, Sequence
from operator import attrgetter
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_files import usage_row

from waag.domain.instants import HOUR, INSTANT_MAX, INSTANT_MIN
from waag.domain.metering import Allocation, UsageRow
from waag.domain.refusals import StoreUnavailable
from waag.domain.usage import UsageQuery
from waag.storage.database import open_database, open_reader
from waag.storage.queries import query_many, run
from waag.storage.reader import Reader
from waag.storage.usage_reader import SqliteUsageReader

NAMES = """
INSERT INTO account VALUES (1, '120000000001', 'Seller', 'seller', NULL, NULL);
INSERT INTO account VALUES (2, '210000000001', 'Buyer', 'buyer', NULL, NULL);
INSERT INTO account VALUES (3, '210000000002', 'Another', 'buyer', NULL, NULL);
INSERT INTO product VALUES (1, 'prod-1', 'code-1', 1, 'One', 'type', 'legacy', '[]', NULL);
INSERT INTO product VALUES (2, 'prod-2', 'code-2', 1, 'Two', 'type', 'concurrent', '[]', NULL);
INSERT INTO product VALUES (5, 'prod-5', 'code-5', 1, 'Five', 'type', 'legacy', '[]', NULL);
INSERT INTO dimension VALUES (1, 1, 'users', 'Metered', 'Users', '1', 1);
INSERT INTO dimension VALUES (2, 1, 'hosts', 'Metered', 'Hosts', '1', 0);
INSERT INTO agreement VALUES (1, 'agmt-1', 1, 2, 'buyer-1', NULL, 0, NULL, '[]');
INSERT INTO agreement VALUES (2, 'agmt-2', 2, 2, NULL, 'arn:license-2', 0, NULL, '[]');
INSERT INTO agreement VALUES (3, 'agmt-3', 5, 3, NULL, NULL, 0, NULL, '[]');
"""
FIRST_HOUR = 490_000
PAGES_MAX = 40
"""More than any test has records."""


class Stored:
    """A ledger whose usage a test puts there, and a reader of it."""

    def __init__(self, path) -> None:
        self._connection = open_database(path)
        run(self._connection, NAMES)
        self.reader = SqliteUsageReader(Reader(open_reader(path)))

    def put(self, rows: Iterable[UsageRow]) -> None:
        """Make these rows the whole of the usage."""
        run(self._connection, "DELETE FROM usage_record")
        query_many(self._connection, "insert_usage", map(msgspec.structs.astuple, rows))

    def close(self) -> None:
        """Let go of the file."""
        self.reader.close()
        self._connection.close()


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A ledger with three products, two buyers and an agreement to each product."""
    opened = Stored(tmp_path_factory.mktemp("usage") / "ledger.sqlite")
    yield opened
    opened.close()


def pages(reader, asked):
    """Page after page, as the one after each is asked for by its last key."""
    for _ in range(PAGES_MAX):
        page = reader.usage_records(asked)
        if not page:
            return
        yield page
        asked = UsageQuery(
            asked.product, asked.agreement, asked.since, asked.until, page[-1].key, asked.limit
        )
    pytest.fail("there is no end to the pages")


def keys(records):
    """The keys of records."""
    return [record.key for record in records]


def picked(rows: Sequence[UsageRow], asked: UsageQuery) -> list[tuple[object, ...]]:
    """The keys that a question is answered with, spelt out without regard to speed."""
    return sorted(
        row.key
        for row in rows
        if asked.product in (None, row.product)
        and asked.agreement in (None, row.agreement)
        and (asked.since is None or row.timestamp >= asked.since)
        and (asked.until is None or row.timestamp < asked.until)
        and (asked.after is None or row.key > asked.after)
    )


hours = st.integers(FIRST_HOUR, FIRST_HOUR + 3)
moments = st.builds(
    lambda hour, within: hour * HOUR + within, hours, st.sampled_from([0, 1, HOUR // 2, HOUR - 1])
)
rows = st.builds(
    lambda moment, product, agreement, region, customer, dimension, resource: usage_row(
        product=product,
        hour=moment // HOUR,
        region=region,
        customer=customer,
        license=0 if agreement != 2 else 2,
        dimension=dimension,
        resource=resource,
        timestamp=moment,
        agreement=agreement,
    ),
    moments,
    st.sampled_from([1, 2, 5]),
    st.sampled_from([1, 2, 3]),
    st.sampled_from(["eu-west-1", "us-east-1"]),
    st.sampled_from([2, 3]),
    st.sampled_from([1, 2]),
    st.sampled_from(["", "i-1", "ü"]),
)
unique_rows = st.lists(rows, max_size=30, unique_by=lambda row: row.key)
questions = st.builds(
    UsageQuery,
    product=st.sampled_from([None, 1, 2, 5, 9]),
    agreement=st.sampled_from([None, 1, 2, 3]),
    since=st.none() | moments,
    until=st.none() | moments,
    after=st.none() | rows.map(lambda row: row.key),
    limit=st.integers(1, 7),
)


@given(unique_rows, questions)
@settings(deadline=None)
def test_pages_hold_what_was_asked_for_in_key_order(stored, recorded, asked):
    """All pages together are what a plain filter picks: no gap, no repeat, in order."""
    stored.put(recorded)
    read = [record.key for page in pages(stored.reader, asked) for record in page]
    assert read == picked(recorded, asked)


@given(unique_rows, questions)
@settings(deadline=None, max_examples=30)
def test_every_page_but_the_last_is_full(stored, recorded, asked):
    """A page is short only where there is no more."""
    stored.put(recorded)
    lengths = [len(page) for page in pages(stored.reader, asked)]
    assert all(length == asked.limit for length in lengths[:-1])


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({}, [0, 1, 2]),
        ({"since": INSTANT_MIN}, [0, 1, 2]),
        ({"until": INSTANT_MAX}, [0, 1, 2]),
        ({"since": usage_row(1).timestamp}, [1, 2]),
        ({"since": usage_row(1).timestamp + 1}, [2]),
        ({"until": usage_row(1).timestamp}, [0]),
        ({"until": usage_row(1).timestamp + 1}, [0, 1]),
        ({"since": usage_row(1).timestamp, "until": usage_row(1).timestamp}, []),
        ({"since": usage_row(2).timestamp, "until": usage_row(1).timestamp}, []),
    ],
)
def test_the_first_instant_belongs_to_a_span_and_the_last_does_not(stored, bounds, expected):
    """A record of the instant `since` is shown, one of the instant `until` is not."""
    stored.put(usage_row(number, customer=2) for number in range(3))
    read = stored.reader.usage_records(UsageQuery(**bounds))
    assert keys(read) == [usage_row(number, customer=2).key for number in expected]


def test_a_record_is_read_with_its_names(stored):
    """Numbers of the store are shown as the names they stand for."""
    row = usage_row(
        1, customer=2, quantity=1_500_000, record_id=UUID(int=7).bytes, received_at=12345
    )
    stored.put([row])
    (record,) = stored.reader.usage_records(UsageQuery())
    shown = attrgetter(
        "id",
        "product_code",
        "agreement",
        "customer_aws_account_id",
        "customer_identifier",
        "dimension",
        "timestamp",
        "quantity",
        "region",
        "received_at",
        "allocations",
    )
    assert shown(record) == (
        "00000000-0000-0000-0000-000000000007",
        "code-1",
        "agmt-1",
        "210000000001",
        "buyer-1",
        "users",
        row.timestamp,
        1_500_000,
        "us-east-1",
        12345,
        (),
    )


@pytest.mark.parametrize(("license_number", "shown"), [(2, "arn:license-2"), (0, None)])
def test_the_license_is_shown_where_the_record_was_sent_by_it(stored, license_number, shown):
    """A record sent by ProductCode shows no license, though its agreement has one."""
    stored.put([usage_row(product=2, customer=2, agreement=2, license=license_number)])
    (record,) = stored.reader.usage_records(UsageQuery())
    assert record.license_arn == shown


def test_allocations_are_read_back(stored):
    """A record's parts and their tags are as they were kept."""
    kept = b'[{"quantity":5,"is_decimal":true,"tags":[["team","a"],["cost","b"]]}]'
    stored.put([usage_row(customer=2, allocations=kept)])
    (record,) = stored.reader.usage_records(UsageQuery())
    assert record.allocations == (
        Allocation(5, is_decimal=True, tags=(("team", "a"), ("cost", "b"))),
    )


def test_a_record_of_a_withdrawn_dimension_is_read(stored):
    """A dimension that is no longer offered keeps its name for the usage it has."""
    stored.put([usage_row(customer=2, dimension=2)])
    assert [each.dimension for each in stored.reader.usage_records(UsageQuery())] == ["hosts"]


def test_a_product_that_is_not_there_has_no_usage(stored):
    """Asking for an unknown number is answered with nothing."""
    stored.put([usage_row(customer=2)])
    assert stored.reader.usage_records(UsageQuery(product=9)) == []


def test_a_closed_reader_is_unavailable(tmp_path):
    """What cannot be read is refused with a sentence."""
    closing = Stored(tmp_path / "ledger.sqlite")
    closing.close()
    with pytest.raises(StoreUnavailable) as refused:
        closing.reader.usage_records(UsageQuery())
    assert refused.value.why == "The store could not be read: The connection has been closed."
