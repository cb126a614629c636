"""Tags of revenue attributions through boto3."""

import pytest
from attributed import (
    ARN_START,
    DIJK_ACCOUNT,
    INVALID_REQUEST,
    NOT_FOUND,
    POLDER_ACCOUNT,
    created,
    fields,
    got,
    refusal,
    refused,
    revenue_client,
)

from server import DIJK


@pytest.fixture
def revenue(server):
    """A client of the service, on a server of this test's own."""
    return revenue_client(server)


def tag(key, value=""):
    """A tag as the service has it."""
    return {"Key": key, "Value": value}


@pytest.fixture
def arn(revenue):
    """An attribution with the tags team and cost."""
    return created(revenue, Tags=[tag("team", "a"), tag("cost")])["Arn"]


def test_tags_are_listed_by_their_keys(revenue, arn):
    """Those that the resource was created with."""
    assert revenue.list_tags_for_resource(resourceArn=arn)["tags"] == [
        tag("cost"),
        tag("team", "a"),
    ]


def test_without_tags_the_list_is_empty(revenue):
    """It is there, though."""
    arn = created(revenue)["Arn"]
    assert revenue.list_tags_for_resource(resourceArn=arn)["tags"] == []


def test_a_key_that_is_there_gets_the_new_value(revenue, arn):
    """Others stay; nothing is answered."""
    answer = revenue.tag_resource(resourceArn=arn, tags=[tag("team", "b"), tag("new", "c")])
    found = revenue.list_tags_for_resource(resourceArn=arn)["tags"]
    assert (set(answer), found) == (
        {"ResponseMetadata"},
        [tag("cost"), tag("new", "c"), tag("team", "b")],
    )


@pytest.mark.parametrize(
    ("keys", "left"),
    [
        (["team"], [tag("cost")]),
        (["Team", "zebra"], [tag("cost"), tag("team", "a")]),
        (["team", "cost", "team"], []),
        ([], [tag("cost"), tag("team", "a")]),
    ],
)
def test_keys_are_taken_away_whether_they_are_there_or_not(revenue, arn, keys, left):
    """In the same case; nothing is answered."""
    answer = revenue.untag_resource(resourceArn=arn, tagKeys=keys)
    found = revenue.list_tags_for_resource(resourceArn=arn)["tags"]
    assert (set(answer), found) == ({"ResponseMetadata"}, left)


def test_tags_are_no_change_of_the_attribution(server, revenue, arn):
    """It stays at its revision, and as it was modified."""
    identifier = arn.rsplit("/", 1)[1]
    before = got(revenue, identifier)
    server.ask("POST", "/clock/advance", {"seconds": 60})
    revenue.tag_resource(resourceArn=arn, tags=[tag("new")])
    revenue.untag_resource(resourceArn=arn, tagKeys=["team"])
    assert got(revenue, identifier) == before


def test_an_attribution_has_at_most_200(revenue, arn):
    """Exactly 200 are fine; one more is refused with all that came with it."""
    most = [tag(f"k{number}") for number in range(198)]
    revenue.tag_resource(resourceArn=arn, tags=most)
    error = refusal(revenue.tag_resource, resourceArn=arn, tags=[tag("team", "b"), tag("x")])
    found = revenue.list_tags_for_resource(resourceArn=arn)["tags"]
    assert (error["Reason"], fields(error), len(found), tag("team", "a") in found) == (
        "BUSINESS_VALIDATION_FAILED",
        [("tags", "TOO_MANY_VALUES")],
        200,
        True,
    )


def test_more_than_200_in_one_request(revenue, arn):
    """Are too many for the request already."""
    error = refusal(
        revenue.tag_resource, resourceArn=arn, tags=[tag(str(number)) for number in range(201)]
    )
    assert (error["Reason"], fields(error)) == (
        "REQUEST_VALIDATION_FAILED",
        [("tags", "TOO_MANY_VALUES")],
    )


BAD_TAGS = [tag("a"), tag("aws:x"), tag("a"), tag("b")]


@pytest.mark.parametrize(
    ("call", "name", "given"),
    [
        ("tag_resource", "tags", {"tags": BAD_TAGS}),
        (
            "create_revenue_attribution",
            "Tags",
            {"Catalog": "AWS", "Name": "B", "TenancyModel": "MULTI_TENANT", "Tags": BAD_TAGS},
        ),
    ],
)
def test_all_that_is_wrong_with_tags_is_told_at_once(revenue, arn, call, name, given):
    """A key twice, and one that is AWS's own, each with its place."""
    if call == "tag_resource":
        given = given | {"resourceArn": arn}
    error = refusal(getattr(revenue, call), **given)
    assert (error["Error"]["Code"], error["Reason"], fields(error)) == (
        *INVALID_REQUEST[1:],
        [(f"{name}[1].Key", "INVALID_VALUE"), (f"{name}[2].Key", "DUPLICATE_VALUE")],
    )


def all_refused(client, arn):
    """What each of the three operations is refused with."""
    return [
        refused(client.tag_resource, resourceArn=arn, tags=[tag("a")]),
        refused(client.untag_resource, resourceArn=arn, tagKeys=["a"]),
        refused(client.list_tags_for_resource, resourceArn=arn),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (POLDER_ACCOUNT, DIJK_ACCOUNT),
        ("catalog/AWS", "catalog/Sandbox"),
        ("catalog/AWS", "catalog/Tulips"),
        ("us-east-1", "eu-west-1"),
        ("/ra-", "/ra-0"),
    ],
)
def test_what_there_is_not(revenue, arn, old, new):
    """An ARN of another account, catalog, Region or id is not found."""
    assert all_refused(revenue, arn.replace(old, new)) == [NOT_FOUND] * 3


def test_the_share_of_a_product_that_has_none(revenue):
    """Is not found."""
    arn = f"{ARN_START}/AWS/marketplace-revenue-share/prod-polderanalyt1"
    assert all_refused(revenue, arn) == [NOT_FOUND] * 3


def test_another_account_finds_nothing(server, arn):
    """Not by the right ARN either."""
    assert all_refused(revenue_client(server, DIJK), arn) == [NOT_FOUND] * 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("arn:aws:", "arn:aws-cn:"),
        (":partnercentral:", ":s3:"),
        ("/revenue-attribution/", "/revenue-attribution-task/"),
        ("/revenue-attribution/ra-", "/revenue-attribution/ra_"),
        (POLDER_ACCOUNT, "12000000000"),
    ],
)
def test_what_is_no_arn_of_the_service(revenue, arn, old, new):
    """Another partition or service, or a type that has no tags, is not well formed."""
    assert all_refused(revenue, arn.replace(old, new)) == [INVALID_REQUEST] * 3
