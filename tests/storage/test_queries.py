import apsw.ext
import pytest

from waag.domain.market_look_ups import LookUp
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


LOOK_UPS = sorted(each.value for each in LookUp)


def details(steps):
    """What a plan does, step by step, down to its last branch."""
    return [each for step in steps or () for each in (step.detail, *details(step.sub))]


@pytest.mark.parametrize("name", LOOK_UPS)
def test_a_look_up_of_the_market_searches(connection, name):
    """However large the market, what is looked up is found by an index; nothing is scanned."""
    info = apsw.ext.query_info(connection, QUERIES[name], explain_query_plan=True)
    found = [each for each in details([info.query_plan]) if each.startswith(("SCAN", "SEARCH"))]
    assert [each for each in found if not each.startswith("SEARCH")] == []
    assert all(" USING " in each for each in found)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("account", "SEARCH principal USING INDEX principal_by_account (account=?) LEFT-JOIN"),
        (
            "agreements_of",
            "SEARCH agreement USING INDEX agreement_by_parties (customer=? AND product=?)",
        ),
        (
            "agreements_of_customer",
            "SEARCH agreement USING INDEX agreement_by_identifier "
            "(customer_identifier=? AND product=?)",
        ),
        (
            "agreements_by_identifier",
            "SEARCH agreement USING INDEX agreement_by_identifier (customer_identifier=?)",
        ),
    ],
)
def test_a_name_that_is_not_unique_is_found_by_all_of_it(connection, name, expected):
    """An index of both names, where there are two, so that many of the one do not matter."""
    info = apsw.ext.query_info(connection, QUERIES[name], explain_query_plan=True)
    assert expected in details([info.query_plan])


def test_the_numbers_taken_are_found_at_the_end_of_each_table(connection):
    """The highest number is searched for; no table is counted through."""
    info = apsw.ext.query_info(connection, QUERIES["numbers_taken"], explain_query_plan=True)
    assert [each for each in details([info.query_plan]) if each.startswith("SEARCH")] == [
        "SEARCH account",
        "SEARCH product",
        "SEARCH dimension",
        "SEARCH agreement",
    ]


def test_removing_principals_searches(connection):
    """Those of one account are found by an index, whenever it is changed."""
    info = apsw.ext.query_info(connection, QUERIES["remove_principals"], explain_query_plan=True)
    assert details([info.query_plan])[1:] == [
        "SEARCH principal USING INDEX principal_by_account (account=?)"
    ]


def test_a_page_of_usage_is_found_by_its_key(connection):
    """Reading a page searches the primary key by product and hour, and sorts nothing."""
    info = apsw.ext.query_info(connection, QUERIES["usage_records"], explain_query_plan=True)
    assert [step.detail for step in info.query_plan.sub if "usage" in step.detail] == [
        "SEARCH usage USING PRIMARY KEY (product=? AND hour>? AND hour<?)"
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "workload",
            "SEARCH workload USING PRIMARY KEY (product=? AND account=? AND region=? AND "
            "session=?)",
        ),
        (
            "used_client_token",
            "SEARCH client_token USING PRIMARY KEY (account=? AND region=? AND token=?)",
        ),
        ("public_keys", "SEARCH signing_key USING PRIMARY KEY (product=?)"),
        ("private_key", "SEARCH signing_key USING PRIMARY KEY (product=? AND version=?)"),
    ],
)
def test_what_a_workload_call_looks_up_is_found_by_its_key(connection, name, expected):
    """However many workloads and tokens there are, nothing is scanned."""
    info = apsw.ext.query_info(connection, QUERIES[name], explain_query_plan=True)
    found = [each for each in details([info.query_plan]) if "PRIMARY KEY" in each]
    assert found == [expected]


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("attributions_ascending", "(modified,id)>(?,?)"),
        ("attributions_descending", "(modified,id)<(?,?)"),
    ],
)
def test_a_page_of_attributions_goes_by_its_order(connection, name, order):
    """What stands as it was is read in order, as much of it as the page has; nothing is scanned."""
    info = apsw.ext.query_info(connection, QUERIES[name], explain_query_plan=True)
    steps = details([info.query_plan])
    assert steps[steps.index("LEFT") + 1] == (
        f"SEARCH a USING INDEX attribution_by_modified (account=? AND catalog=? AND {order})"
    )
    left = steps[steps.index("LEFT") : steps.index("RIGHT")]
    assert "USE TEMP B-TREE FOR ORDER BY" not in left


@pytest.mark.parametrize(
    "name",
    [
        "attribution",
        "attribution_at",
        "attribution_by_name",
        "attribution_client_token",
        "attribution_moment",
        "attribution_tags",
        "advance_attribution",
        "forget_attribution_client_tokens",
        "remove_attribution_tag",
        "resource_marketplace_revenue_share",
        "resource_revenue_attribution",
    ],
)
def test_a_statement_on_attributions_searches(connection, name):
    """However many attributions, tags and tokens there are, nothing is scanned."""
    info = apsw.ext.query_info(connection, QUERIES[name], explain_query_plan=True)
    assert [each for each in details([info.query_plan]) if each.startswith("SCAN")] == []
