"""Allocations read through boto3: one of them, or page by page, as of any revision."""

import pytest
from allocating import GRACHT, LAUNCHED, MOLEN, Partner, many, percents, record
from attributed import INVALID_REQUEST, NOT_FOUND, created, fields, got, refusal, refused, updated

OFFER = {"EntityType": "OFFER", "EntityIdentifier": "offer-polder1"}
SECOND = {"EntityIdentifier": LAUNCHED[1]}
IDENTIFIER = "RevenueAttributionAllocationId"


@pytest.fixture
def partner(server):
    """Polder with an attribution at revision 1, on a server of this test's own."""
    return Partner(server)


@pytest.fixture
def changed(partner):
    """The same with one allocation of 60, made in revision 2 and 50 since 3; another since 4."""
    partner.carried_out(record("60"))
    first = partner.listed()[0][IDENTIFIER]
    partner.turn("2026-05-15T00:00:00Z")
    partner.carried_out(record("50.0", **{IDENTIFIER: first}), revision="2")
    partner.carried_out(record("5", "2026-06", **SECOND), revision="3")
    return partner


def test_an_allocation_is_told_whole(changed):
    """Everything that there is to tell, as it was submitted; the deal by its name."""
    allocation_id = changed.listed()[0][IDENTIFIER]
    told = changed.allocation(allocation_id)
    dates = {told.pop(name).strftime("%Y-%m-%d") for name in ("CreatedDate", "LastModifiedDate")}
    assert (dates, told) == (
        {"2026-05-14", "2026-05-15"},
        {
            IDENTIFIER: allocation_id,
            "RevenueAttributionIdentifier": changed.id,
            "EntityType": "OPPORTUNITY",
            "EntityIdentifier": LAUNCHED[0],
            "EntityName": "Deal O1000001",
            "CustomerAwsAccountId": MOLEN,
            "RevenueSharePercent": "50.0",
            "EffectiveFrom": "2026-05-01",
            "EffectiveUntil": "2026-05-31",
            "Status": "ACTIVE",
            "RevenueAttributionRevision": "3",
            "RevenueAttributionLatestRevision": "4",
        },
    )


@pytest.mark.parametrize(
    ("revision", "shares"), [("1", []), ("2", ["60"]), ("3", ["50.0"]), ("4", ["50.0", "5"])]
)
def test_a_list_is_as_of_a_revision(changed, revision, shares):
    """Each revision shows what stood then."""
    assert percents(changed.listed(RevenueAttributionRevision=revision)) == shares


@pytest.mark.parametrize(("revision", "share"), [("2", "60"), ("3", "50.0"), ("4", "50.0")])
def test_an_allocation_is_as_of_a_revision(changed, revision, share):
    """The version that counted then."""
    allocation_id = changed.listed()[0][IDENTIFIER]
    told = changed.allocation(allocation_id, RevenueAttributionRevision=revision)
    assert told["RevenueSharePercent"] == share


def test_an_allocation_was_not_there_before_it_was_made(changed):
    """As of an earlier revision there is no such allocation."""
    late = changed.listed()[1][IDENTIFIER]
    given = {"allocation_id": late, "RevenueAttributionRevision": "3"}
    assert refused(changed.allocation, **given) == NOT_FOUND


@pytest.mark.parametrize("revision", ["5", "9999999999999999999"])
def test_a_revision_to_come_is_not_there(changed, revision):
    """There is nothing to be read of it yet."""
    assert refused(changed.listed, RevenueAttributionRevision=revision) == NOT_FOUND


def test_an_update_of_the_attribution_leaves_its_allocations(changed):
    """A revision in which no allocation was written shows those before."""
    updated(changed.client, changed.id, "4", Description="Another")
    assert percents(changed.listed(RevenueAttributionRevision="5")) == ["50.0", "5"]


def test_an_allocation_of_another_attribution_is_not_there(changed):
    """An id is looked for among the attribution's own."""
    allocation_id = changed.listed()[0][IDENTIFIER]
    changed.id = created(changed.client, Name="Another")["Id"]
    assert refused(changed.allocation, allocation_id=allocation_id) == NOT_FOUND


def test_an_attribution_is_named_by_its_arn_too(changed):
    """Wherever its id stands."""
    changed.id = got(changed.client, changed.id)["Arn"]
    assert percents(changed.listed()) == ["50.0", "5"]


@pytest.fixture
def several(partner):
    """The same with allocations of three deals and two customers, of which one is inactive."""
    partner.carried_out(
        record("1", "2026-05"),
        record("2", "2026-06..2026-08", **OFFER),
        record("3", "2026-07", CustomerAwsAccountId=GRACHT),
        record("4", "2026-08", Status="INACTIVE", **SECOND),
    )
    return partner


@pytest.mark.parametrize(
    ("filters", "shares"),
    [
        ({}, ["1", "2", "3", "4"]),
        ({"SortBy": "EffectiveFrom", "SortOrder": "ASCENDING"}, ["1", "2", "3", "4"]),
        ({"SortOrder": "DESCENDING"}, ["4", "3", "2", "1"]),
        ({"EntityTypeFilters": ["OFFER"]}, ["2"]),
        ({"EntityTypeFilters": ["OFFER", "OPPORTUNITY"]}, ["1", "2", "3", "4"]),
        ({"EntityIdentifierFilters": [LAUNCHED[1], "offer-polder1"]}, ["2", "4"]),
        ({"EntityIdentifierFilters": ["O99"]}, []),
        ({"CustomerAwsAccountIdFilters": [GRACHT]}, ["3"]),
        ({"CustomerAwsAccountIdFilters": [GRACHT, MOLEN]}, ["1", "2", "3", "4"]),
        ({"StatusFilter": "ACTIVE"}, ["1", "2", "3"]),
        ({"StatusFilter": "INACTIVE"}, ["4"]),
        ({"StatusFilter": "INACTIVE", "EntityTypeFilters": ["OFFER"]}, []),
        ({"AfterEffectiveFrom": "2026-06-01"}, ["2", "3", "4"]),
        ({"AfterEffectiveFrom": "2026-06-02"}, ["3", "4"]),
        ({"BeforeEffectiveFrom": "2026-07-01"}, ["1", "2"]),
        ({"BeforeEffectiveFrom": "2026-07-02"}, ["1", "2", "3"]),
        ({"AfterEffectiveFrom": "2026-06-01", "BeforeEffectiveFrom": "2026-08-01"}, ["2", "3"]),
        ({"AfterEffectiveUntil": "2026-07-31"}, ["2", "3", "4"]),
        ({"AfterEffectiveUntil": "2026-08-01"}, ["2", "4"]),
        ({"BeforeEffectiveUntil": "2026-07-31"}, ["1"]),
        ({"BeforeEffectiveUntil": "2026-08-01"}, ["1", "3"]),
    ],
)
def test_filters_choose_and_bounds_are_half_open(several, filters, shares):
    """Values of a filter are alternatives; filters go together; After counts, Before does not."""
    assert percents(several.listed(**filters)) == shares


@pytest.mark.parametrize("order", ["ASCENDING", "DESCENDING"])
@pytest.mark.parametrize("size", [1, 7, 30, 100])
def test_pages_hold_together(partner, order, size):
    """All pages of a list, of whatever size, are the list."""
    partner.carried_out(*many(30))
    whole = partner.listed(SortOrder=order)
    paging = {"PaginationConfig": {"PageSize": size}}
    assert partner.walked(SortOrder=order, **paging) == whole


def test_a_page_has_100_unless_told_otherwise(partner):
    """Without MaxResults."""
    partner.carried_out(*many(101))
    answer = partner.client.list_revenue_attribution_allocations(
        Catalog="AWS", RevenueAttributionIdentifier=partner.id
    )
    assert len(answer["RevenueAttributionAllocationSummaries"]) == 100


def test_pages_are_of_the_revision_of_the_first(several):
    """A batch that commits between two pages changes nothing of them."""
    pages = several.client.get_paginator("list_revenue_attribution_allocations").paginate(
        Catalog="AWS", RevenueAttributionIdentifier=several.id, PaginationConfig={"PageSize": 2}
    )
    shares = []
    for page in pages:
        found = page["RevenueAttributionAllocationSummaries"]
        shares += percents(found)
        if len(shares) == 2:
            last = several.listed()[2][IDENTIFIER]
            several.carried_out(
                record("9", "2026-07", CustomerAwsAccountId=GRACHT, **{IDENTIFIER: last}),
                record("8", "2026-12"),
                revision="2",
            )
    assert shares == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    "given",
    [
        {"StatusFilter": "ACTIVE"},
        {"SortOrder": "DESCENDING"},
        {"RevenueAttributionRevision": "2"},
        {"NextToken": "x"},
    ],
)
def test_a_token_is_of_its_list_alone(several, given):
    """With other filters, another order or another token the list does not go on."""
    asked = {"Catalog": "AWS", "RevenueAttributionIdentifier": several.id, "MaxResults": 1}
    listing = several.client.list_revenue_attribution_allocations
    token = listing(**asked)["NextToken"]
    error = refusal(listing, **(asked | {"NextToken": token} | given))
    assert fields(error) == [("NextToken", "INVALID_VALUE")]


@pytest.mark.parametrize(
    "member",
    ["AfterEffectiveFrom", "BeforeEffectiveFrom", "AfterEffectiveUntil", "BeforeEffectiveUntil"],
)
def test_bounds_are_days_of_the_calendar(several, member):
    """30 February is none."""
    assert fields(refusal(several.listed, **{member: "2026-02-30"})) == [
        (member, "INVALID_STRING_FORMAT")
    ]


@pytest.mark.parametrize(
    "given",
    [
        {"MaxResults": 501},
        {"SortBy": "CreatedDate"},
        {"EntityIdentifierFilters": ["O1"] * 51},
        {"StatusFilter": "GONE"},
    ],
)
def test_a_list_that_is_not_well_formed_is_refused(several, given):
    """The model's own limits."""
    assert refused(several.listed, **given) == INVALID_REQUEST


def test_nothing_shows_of_a_task_in_progress_or_failed(partner):
    """Only what was committed is listed."""
    partner.carried_out(record("1"), record("101", "2026-06"))
    assert partner.listed() == []
