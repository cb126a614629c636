"""Marketplace revenue shares and their allocations through boto3."""

import pytest
from attributed import revenue_client
from market_now import NOW
from revenue_shares import ARN, PRODUCT, VAULT, ShareCalls, problems

from server import DIJK, live_server
from waag.config import Choices, Settings
from waag.domain.attribution.choices import (
    AttributionChoices,
    SandboxLookUps,
    ShareAllocationStart,
)

WRONG = "BUSINESS_VALIDATION_FAILED"
MALFORMED = "REQUEST_VALIDATION_FAILED"
CREATED = NOW.replace(microsecond=123000)
"""What the clock stands at, as it is kept: in whole milliseconds."""


@pytest.fixture
def calls(server):
    """Calls to a server of this test's own, in which nothing has a share."""
    return ShareCalls(revenue_client(server))


@pytest.fixture
def shared(calls):
    """The same, once PRODUCT has a share."""
    calls.share()
    return calls


def test_a_new_share(calls):
    """It is at revision 1, an integer, and has the ARN of its product in the catalog."""
    assert calls.share() == {
        "ProductId": PRODUCT,
        "Arn": f"{ARN}/{PRODUCT}",
        "Catalog": "AWS",
        "ProductCode": "1poldertab2lytics3legacy4",
        "ProductName": "Polder Analytics",
        "CreatedDate": CREATED,
        "LastModifiedDate": CREATED,
        "Revision": 1,
    }


def test_a_second_share(shared):
    """A product has one share in a catalog."""
    assert problems(shared.share) == ("RESOURCE_ALREADY_EXISTS", [])


def test_a_share_of_somebody_elses_product(calls):
    """The product has to be the caller's own."""
    assert problems(calls.share, "prod-dijkforms0001") == (WRONG, [("ProductId", "INVALID_VALUE")])


def test_a_new_allocation(shared):
    """It is ACTIVE, open-ended unless told otherwise, and makes the share's next revision."""
    made = shared.allocate("2026-06-01")
    allocation_id = made.pop("MarketplaceRevenueShareAllocationId")
    assert made == {
        "ProductId": PRODUCT,
        "ProductName": "Polder Analytics",
        "Arn": f"{ARN}-allocation/{allocation_id}",
        "EffectiveFrom": "2026-06-01",
        "RevenueSharePercent": "15.50",
        "Status": "ACTIVE",
        "CreatedDate": CREATED,
        "LastModifiedDate": CREATED,
        "LatestMarketplaceRevenueShareRevision": "2",
    }


def test_a_share_with_allocations(shared):
    """It tells both revisions as integers, and how many allocations there are, ACTIVE or not."""
    made = shared.allocate("2026-06-01", "2026-06-30")
    shared.allocate("2026-07-01", "2026-07-31")
    shared.edit(made, 3, Status="INACTIVE")
    assert shared.get_share(Revision=3) == {
        "ProductId": PRODUCT,
        "Arn": f"{ARN}/{PRODUCT}",
        "Catalog": "AWS",
        "ProductCode": "1poldertab2lytics3legacy4",
        "ProductName": "Polder Analytics",
        "CreatedDate": CREATED,
        "LastModifiedDate": CREATED,
        "Revision": 3,
        "LatestRevision": 4,
        "TotalActiveMarketplaceRevenueShareAllocationCount": 2,
        "TotalMarketplaceRevenueShareAllocationCount": 2,
    }


def test_an_allocation_as_of_a_revision(shared):
    """It is told as it was then; the latest revision is told, too."""
    made = shared.allocate("2026-06-01", "2026-06-30")
    shared.edit(made, 2, RevenueSharePercent="7.5")
    earlier = shared.get(made, MarketplaceRevenueShareRevision="2")
    assert earlier == made | {"LatestMarketplaceRevenueShareRevision": "3"}


def test_a_summary(shared):
    """It has the ARN of the share, dates, and no revision."""
    made = shared.allocate("2026-06-01", "2026-06-30")
    made.pop("LatestMarketplaceRevenueShareRevision")
    assert shared.listed() == [made | {"Arn": f"{ARN}/{PRODUCT}"}]


def test_what_there_is_not(calls):
    """A product without a share, an allocation of none, a revision to come: all are unknown."""
    unknown = ("RESOURCE_NOT_FOUND", [])
    assert problems(calls.allocate, "2026-06-01") == unknown
    calls.share()
    assert problems(calls.get_share, Revision=2) == unknown
    nobodys = {"MarketplaceRevenueShareAllocationId": "mrsa-0000000000000"}
    assert problems(calls.get, nobodys) == unknown
    assert problems(calls.edit, nobodys, 1) == unknown
    assert problems(calls.listed, MarketplaceRevenueShareRevision="9" * 19) == unknown


@pytest.mark.parametrize(
    ("start", "end"), [("2026-08-01", None), ("2026-06-01", "2026-06-30"), ("2027-01-01", None)]
)
def test_an_allocation_that_overlaps(shared, start, end):
    """A month belongs to one ACTIVE allocation; a second open-ended one overlaps in any case."""
    shared.allocate("2026-06-01")
    assert problems(shared.allocate, start, end) == (WRONG, [("EffectiveFrom", "INVALID_VALUE")])


def test_an_edit_of_another_revision(shared):
    """The message names the revision that was submitted and the current one."""
    made = shared.allocate("2026-06-01")
    with pytest.raises(shared.client.exceptions.ConflictException) as refused:
        shared.edit(made, 1, RevenueSharePercent="7.5")
    assert refused.value.response["Reason"] == "REVISION_MISMATCH"
    assert "submitted revision is 1, but the current revision is 2" in str(refused.value)


def test_the_life_of_an_allocation(server, shared):
    """Future, effective, past: turned by the clock, less and less of it can be edited."""
    made = shared.allocate("2026-06-01", "2026-07-31")
    percent = {"RevenueSharePercent": "7.5"}
    assert shared.edit(made, 2, **percent)["RevenueSharePercent"] == "7.5"
    server.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-06-01T00:00:00Z"})
    assert problems(shared.edit, made, 3, RevenueSharePercent="8") == (
        WRONG,
        [("RevenueSharePercent", "ACTION_NOT_PERMITTED")],
    )
    assert shared.edit(made, 3, EffectiveUntil="2026-06-30", **percent)["EffectiveUntil"] == (
        "2026-06-30"
    )
    server.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-07-01T00:00:00Z"})
    assert problems(shared.edit, made, 4, EffectiveUntil="2026-07-31") == (
        WRONG,
        [("EffectiveUntil", "ACTION_NOT_PERMITTED")],
    )


def test_everything_that_is_wrong_with_a_creation(shared):
    """Rules that are broken are all told at once."""
    wrong = problems(shared.allocate, "2026-04-01", "2026-03-30", RevenueSharePercent="100.01")
    assert wrong == (
        WRONG,
        [
            ("EffectiveFrom", "INVALID_VALUE"),
            ("EffectiveUntil", "INVALID_VALUE"),
            ("RevenueSharePercent", "INVALID_VALUE"),
        ],
    )


def test_days_that_no_calendar_has(shared):
    """They are refused before anything is looked up."""
    assert problems(shared.allocate, "2026-02-30", "2026-13-01", ProductId=VAULT) == (
        MALFORMED,
        [("EffectiveFrom", "INVALID_STRING_FORMAT"), ("EffectiveUntil", "INVALID_STRING_FORMAT")],
    )


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"AfterEffectiveFrom": "2026-02-30"}, ("AfterEffectiveFrom", "INVALID_STRING_FORMAT")),
        ({"Status": "PAUSED"}, ("Status", "INVALID_ENUM_VALUE")),
        ({"SortBy": "CreatedDate"}, ("SortBy", "INVALID_ENUM_VALUE")),
        ({"MaxResults": 101}, ("MaxResults", "INVALID_VALUE")),
        ({"NextToken": "x"}, ("NextToken", "INVALID_VALUE")),
        (
            {"MarketplaceRevenueShareRevision": "01"},
            ("MarketplaceRevenueShareRevision", "INVALID_STRING_FORMAT"),
        ),
    ],
)
def test_malformed_requests(shared, given, wrong):
    """What the request alone shows to be wrong."""
    assert problems(shared.listed, **given) == (MALFORMED, [wrong])


def test_filters_and_order_of_allocations(shared):
    """Days from one on and before another; latest first unless told otherwise."""
    for month in ("06", "09", "11"):
        shared.allocate(f"2026-{month}-01", f"2026-{month}-30")
    assert [
        shared.starts(),
        shared.starts(SortBy="EffectiveFrom", SortOrder="ASCENDING"),
        shared.starts(AfterEffectiveFrom="2026-09-01"),
        shared.starts(BeforeEffectiveFrom="2026-09-01"),
        shared.starts(Status="INACTIVE"),
        shared.starts(MarketplaceRevenueShareRevision="2"),
    ] == [
        ["2026-11-01", "2026-09-01", "2026-06-01"],
        ["2026-06-01", "2026-09-01", "2026-11-01"],
        ["2026-11-01", "2026-09-01"],
        ["2026-06-01"],
        [],
        ["2026-06-01"],
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_a_walk_page_by_page(shared, size):
    """A paginator of botocore finds what one page has, whatever the size of its pages."""
    for month in ("06", "09", "11"):
        shared.allocate(f"2026-{month}-01", f"2026-{month}-30")
    pages = shared.client.get_paginator("list_marketplace_revenue_share_allocations").paginate(
        Catalog="AWS", ProductId=PRODUCT, PaginationConfig={"PageSize": size}
    )
    found = [each for page in pages for each in page["MarketplaceRevenueShareAllocationSummaries"]]
    assert found == shared.listed()


def test_shares_page_by_page(calls):
    """A paginator of botocore finds every share."""
    products = [PRODUCT, VAULT, "prod-polderscanner"]
    for product in products:
        calls.share(product)
    pages = calls.client.get_paginator("list_marketplace_revenue_shares").paginate(
        Catalog="AWS", PaginationConfig={"PageSize": 1}
    )
    found = [
        each["ProductId"] for page in pages for each in page["MarketplaceRevenueShareSummaries"]
    ]
    assert sorted(found) == sorted(products)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"ProductIds": [VAULT]}, [VAULT]),
        ({"ProductCodes": ["5poldervault6concurrent78", "none"]}, [VAULT]),
        ({"ProductCodes": ["5poldervault6concurrent78"], "ProductIds": [PRODUCT]}, []),
        ({"CreatedAfter": CREATED, "CreatedBefore": CREATED, "ProductIds": [VAULT]}, [VAULT]),
        ({"CreatedAfter": CREATED.replace(second=31)}, []),
        ({"CreatedBefore": CREATED.replace(second=29)}, []),
        ({"Catalog": "Sandbox"}, []),
    ],
)
def test_filters_of_shares(shared, given, expected):
    """By product, by product code and by the date of creation, with both bounds."""
    shared.share(VAULT)
    assert shared.list_shares(**given) == expected


def test_a_page_token_with_another_filter(shared):
    """A token goes on with the list that it was given for alone."""
    shared.share(VAULT)
    given = shared.client.list_marketplace_revenue_shares(Catalog="AWS", MaxResults=1)
    token = given["NextToken"]
    assert problems(shared.list_shares, NextToken=token, ProductIds=[VAULT]) == (
        MALFORMED,
        [("NextToken", "INVALID_VALUE")],
    )


def test_a_creation_sent_again(shared):
    """With its token it is answered as it was, and nothing is created."""
    first = shared.allocate("2026-06-01", ClientToken="one")
    again = shared.allocate("2026-06-01", ClientToken="one")
    assert (again, shared.get_share()["LatestRevision"]) == (first, 2)


def test_a_share_sent_again(calls):
    """The same holds for shares."""
    assert calls.share(ClientToken="one") == calls.share(ClientToken="one")


def test_a_token_for_two_requests(shared):
    """It stands for the first that succeeded with it."""
    shared.allocate("2026-06-01", "2026-06-30", ClientToken="one")
    assert problems(shared.allocate, "2026-07-01", ClientToken="one") == (
        "CONFLICT_CLIENT_TOKEN",
        [],
    )


def test_a_token_in_two_catalogs(shared):
    """It stands for a request in each of them."""
    shared.share(Catalog="Sandbox")
    made = [
        shared.allocate("2026-06-01", ClientToken="one", Catalog=catalog)
        for catalog in ("AWS", "Sandbox")
    ]
    assert len({each["MarketplaceRevenueShareAllocationId"] for each in made}) == 2


def test_a_page_token_in_the_other_catalog(shared):
    """A list of one catalog does not go on in the other."""
    shared.share(VAULT)
    given = shared.client.list_marketplace_revenue_shares(Catalog="AWS", MaxResults=1)
    assert problems(shared.list_shares, NextToken=given["NextToken"], Catalog="Sandbox") == (
        MALFORMED,
        [("NextToken", "INVALID_VALUE")],
    )


def test_the_other_catalog(shared):
    """What is in Sandbox has ids, revisions and ARNs of its own."""
    shared.share(Catalog="Sandbox")
    made = shared.allocate("2026-06-01", Catalog="Sandbox")
    assert ":catalog/Sandbox/" in made["Arn"]
    assert problems(shared.get, made) == ("RESOURCE_NOT_FOUND", [])
    assert shared.get_share()["LatestRevision"] == 1


def test_accounts_are_apart(server, calls):
    """Another partner finds nothing of it."""
    calls.share()
    others = ShareCalls(revenue_client(server, DIJK))
    assert others.list_shares() == []
    assert problems(others.get_share) == ("RESOURCE_NOT_FOUND", [])


def tags(count):
    """So many tags."""
    return [{"Key": f"k{number}", "Value": ""} for number in range(count)]


def test_tags_at_creation(calls):
    """A share may have 50 tags."""
    made = calls.share(Tags=tags(50))
    listed = calls.client.list_tags_for_resource(resourceArn=made["Arn"])["tags"]
    assert len(listed) == 50


def test_a_tag_too_many(calls):
    """One more is refused, at creation with the shape and later with the rules."""
    assert problems(calls.share, Tags=tags(51)) == (MALFORMED, [("Tags", "TOO_MANY_VALUES")])
    arn = calls.share(Tags=tags(50))["Arn"]
    more = {"resourceArn": arn, "tags": [{"Key": "one more", "Value": ""}]}
    assert problems(calls.client.tag_resource, **more) == (WRONG, [("tags", "TOO_MANY_VALUES")])


def test_the_last_month_there_is(shared):
    """December 9999 can be begun in and ended with."""
    made = shared.allocate("9999-12-01", "9999-12-31")
    assert made["EffectiveUntil"] == "9999-12-31"


def test_a_product_that_is_nowhere(tmp_path):
    """In Sandbox, by choice, products need not be in the market; what is unknown is not told."""
    choices = Choices(attribution=AttributionChoices(sandbox_look_ups=SandboxLookUps.NONE))
    with live_server(Settings(data=tmp_path / "data", choices=choices)) as server:
        made = ShareCalls(revenue_client(server)).share("prod-nowhere000000", Catalog="Sandbox")
    assert sorted(made) == [
        "Arn",
        "Catalog",
        "CreatedDate",
        "LastModifiedDate",
        "ProductId",
        "Revision",
    ]


def test_a_start_in_the_past(tmp_path):
    """By choice, an allocation may begin in a month that is over."""
    start = ShareAllocationStart.ANY_MONTH
    choices = Choices(attribution=AttributionChoices(share_allocation_start=start))
    with live_server(Settings(data=tmp_path / "data", choices=choices)) as server:
        calls = ShareCalls(revenue_client(server))
        calls.share()
        assert calls.allocate("2020-01-01")["EffectiveFrom"] == "2020-01-01"
