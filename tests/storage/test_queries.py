import apsw.ext
import pytest

from waag.storage.database import open_database
from waag.storage.queries import QUERIES


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    """A connection to a ledger of the newest schema."""
    opened = open_database(tmp_path_factory.mktemp("ledger") / "ledger.sqlite")
    yield opened
    opened.close()


@pytest.mark.parametrize("name", QUERIES)
def test_every_statement_is_one_that_the_schema_knows(connection, name):
    """Each named statement prepares against the newest schema, whole and alone."""
    info = apsw.ext.query_info(connection, QUERIES[name])
    assert info.query_remaining is None


def test_the_key_columns_alone_find_what_stands(connection):
    """Looking up what stands under a key searches the primary key and scans nothing."""
    info = apsw.ext.query_info(connection, QUERIES["standing_usage"], explain_query_plan=True)
    assert [step.detail for step in info.query_plan.sub] == [
        "SEARCH usage_record USING PRIMARY KEY (product=? AND hour=? AND region=? AND customer=? "
        "AND license=? AND dimension=? AND resource=?)"
    ]


def test_a_page_of_usage_is_found_by_its_key(connection):
    """Reading a page searches the primary key by product and hour, and sorts nothing."""
    info = apsw.ext.query_info(connection, QUERIES["usage_records"], explain_query_plan=True)
    assert [step.detail for step in info.query_plan.sub if "usage" in step.detail] == [
        "SEARCH usage USING PRIMARY KEY (product=? AND hour>? AND hour<?)"
    ]
