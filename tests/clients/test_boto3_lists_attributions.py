"""Lists of revenue attributions through boto3: filtered, in order, page by page."""

import pytest
from attributed import (
    ANALYTICS,
    INVALID_REQUEST,
    created,
    fields,
    got,
    refusal,
    refused,
    revenue_client,
    updated,
)
from market_now import NOW

from server import DIJK


@pytest.fixture
def revenue(server):
    """A client of the service, on a server of this test's own."""
    return revenue_client(server)


def names(answer):
    """The names on a page."""
    return [each["Name"] for each in answer["RevenueAttributionSummaries"]]


@pytest.fixture
def three(server, revenue):
    """A, B and C, made a minute apart; then A is described anew."""
    made = {}
    for name in "ABC":
        made[name] = created(revenue, Name=name, ProductIdentifier=ANALYTICS)
        server.ask("POST", "/clock/advance", {"seconds": 60})
    updated(revenue, made["A"]["Id"], "1", Description="new")
    return made


def test_nothing_is_an_empty_list(revenue):
    """And there is no further page."""
    answer = revenue.list_revenue_attributions(Catalog="AWS")
    assert (answer["RevenueAttributionSummaries"], "NextToken" in answer) == ([], False)


def test_the_latest_modified_comes_first(revenue, three):
    """With all a summary has: no description."""
    answer = revenue.list_revenue_attributions(Catalog="AWS")
    whole = got(revenue, three["A"]["Id"])
    for name in ("Revision", "Description"):
        whole.pop(name)
    assert (names(answer), answer["RevenueAttributionSummaries"][0]) == (["A", "C", "B"], whole)


@pytest.mark.parametrize(
    ("order", "expected"), [("ASCENDING", list("BCA")), ("DESCENDING", list("ACB"))]
)
def test_pages_of_one_are_the_whole_list(revenue, three, order, expected):
    """Also while attributions are changed and created between them."""
    call, found, token = revenue.list_revenue_attributions, [], {}
    while not found or token:
        answer = call(
            Catalog="AWS", MaxResults=1, SortBy="LastModifiedDate", SortOrder=order, **token
        )
        found += names(answer)
        token = {"NextToken": answer["NextToken"]} if "NextToken" in answer else {}
        name = found[-1]
        identifier = three[name]["Id"]
        updated(revenue, identifier, got(revenue, identifier)["Revision"])
        created(revenue, Name=f"{name} meanwhile")
    assert found == expected


@pytest.mark.usefixtures("three")
def test_the_paginator_of_boto3(revenue):
    """Finds each once."""
    pages = revenue.get_paginator("list_revenue_attributions").paginate(
        Catalog="AWS", PaginationConfig={"PageSize": 2}
    )
    assert [names(page) for page in pages] == [["A", "C"], ["B"]]


def test_identifiers_are_ids_or_arns(revenue, three):
    """Those of what there is not are passed over."""
    identifiers = [
        three["A"]["Id"],
        three["B"]["Arn"],
        three["C"]["Arn"].replace("catalog/AWS", "catalog/Sandbox"),
        "ra-0000000000000",
    ]
    answer = revenue.list_revenue_attributions(Catalog="AWS", Identifiers=identifiers)
    assert names(answer) == ["A", "B"]


@pytest.mark.parametrize(
    ("name", "expected"), [("CreatedAfter", list("ACB")), ("CreatedBefore", ["A"])]
)
def test_the_instants_of_creation_are_included(revenue, three, name, expected):
    """At both ends, as they are shown."""
    shown = got(revenue, three["A"]["Id"])["CreatedDate"]
    assert names(revenue.list_revenue_attributions(Catalog="AWS", **{name: shown})) == expected


@pytest.mark.parametrize(
    "other",
    [
        {"Catalog": "Sandbox"},
        {"SortOrder": "ASCENDING"},
        {"CreatedAfter": NOW},
        {"Identifiers": ["ra-0000000000000"]},
        {"NextToken": "tulips"},
    ],
)
@pytest.mark.usefixtures("three")
def test_a_token_is_of_one_list(revenue, other):
    """With other filters, another order, or altered it is none."""
    call = revenue.list_revenue_attributions
    token = call(Catalog="AWS", MaxResults=1)["NextToken"]
    error = refusal(call, **({"Catalog": "AWS", "NextToken": token} | other))
    assert (error["Error"]["Code"], error["Reason"], fields(error)) == (
        *INVALID_REQUEST[1:],
        [("NextToken", "INVALID_VALUE")],
    )


@pytest.mark.usefixtures("three")
def test_a_token_is_of_one_account(server, revenue):
    """Another account gets nowhere with it."""
    token = revenue.list_revenue_attributions(Catalog="AWS", MaxResults=1)["NextToken"]
    call = revenue_client(server, DIJK).list_revenue_attributions
    assert refused(call, Catalog="AWS", NextToken=token) == INVALID_REQUEST


@pytest.mark.usefixtures("three")
def test_a_page_may_be_of_another_size(revenue):
    """The token goes on where the page before ended."""
    call = revenue.list_revenue_attributions
    token = call(Catalog="AWS", MaxResults=1)["NextToken"]
    assert names(call(Catalog="AWS", MaxResults=100, NextToken=token)) == ["C", "B"]


def test_a_page_has_25_unless_it_is_said(revenue):
    """One more is on the next."""
    for number in range(26):
        created(revenue, Name=str(number))
    call = revenue.list_revenue_attributions
    first = call(Catalog="AWS")
    second = call(Catalog="AWS", NextToken=first["NextToken"])
    assert (len(names(first)), len(names(second)), "NextToken" in second) == (25, 1, False)
