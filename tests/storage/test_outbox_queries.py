"""How agreements and events are found: by indexes, also among very many."""

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


def details(steps):
    """What a plan does, step by step, down to its last branch."""
    return [each for step in steps or () for each in (step.detail, *details(step.sub))]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "agreements_page_of_product",
            "SEARCH agreement USING INDEX agreement_by_product (product=? AND rowid>?)",
        ),
        ("agreements_page", "SEARCH agreement USING INTEGER PRIMARY KEY (rowid>?)"),
        (
            "agreements_expiring",
            "SEARCH agreement_life USING COVERING INDEX agreement_expiring (expires<?)",
        ),
        ("events", "SEARCH event USING INDEX event_by_due (due>?)"),
        (
            "events_of_agreement",
            "SEARCH event USING INDEX event_by_agreement (agreement=? AND due>?)",
        ),
        ("fall_due", "SEARCH event USING INDEX event_pending (due<?)"),
        ("due_events", "SCAN event USING INDEX event_to_deliver"),
    ],
)
def test_it_is_found_by_an_index_in_order(connection, name, expected):
    """Nothing is sorted, and nothing gone through that is not asked for."""
    info = apsw.ext.query_info(connection, QUERIES[name], explain_query_plan=True)
    found = details([info.query_plan])
    assert expected in found
    assert [each for each in found if "TEMP B-TREE" in each] == []
