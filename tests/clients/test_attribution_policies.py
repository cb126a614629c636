"""Policies of revenue measurement over real requests: resources, catalogs, tags."""

import json

import pytest
from attributed import (
    ARN_START,
    DENIED,
    NOT_FOUND,
    POLDER_ACCOUNT,
    created,
    refusal,
    refused,
    revenue_client,
)

WHO = ("AKIAWAAGTESTREVENUE1", "revenue-test-secret-access-key-0000001")
HERE = f"{ARN_START}/AWS/revenue-attribution"
TENANCY = {"TenancyModel": "MULTI_TENANT"}


def statement(actions, resource="*", effect="Allow", **condition):
    """A statement on actions of the service."""
    named = [f"partnercentral:{each}" for each in actions.split()]
    said = {"Effect": effect, "Action": named, "Resource": resource}
    return said | ({"Condition": condition} if condition else {})


@pytest.fixture
def tagged(server):
    """Two attributions in AWS, of the teams a and b; one in Sandbox, of the team a."""
    client = revenue_client(server)
    return {
        name: created(client, Name=name, Catalog=catalog, Tags=[{"Key": "Team", "Value": team}])
        for name, catalog, team in (("A", "AWS", "a"), ("B", "AWS", "b"), ("S", "Sandbox", "a"))
    }


@pytest.fixture
def allowed(server):
    """A client whose policy has the statements that it is given."""

    def client(*statements):
        policy = {"Version": "2012-10-17", "Statement": list(statements)}
        key, secret = WHO
        user = {"user": "limited", "access_key_id": key, "secret_access_key": secret}
        account = {"id": POLDER_ACCOUNT, "name": "Polder Software", "kind": "seller"}
        market = {"accounts": [account | {"principals": [user | {"policies": [policy]}]}]}
        server.ask("PUT", "/market", json.dumps(market).encode())
        return revenue_client(server, WHO)

    return client


def may_get(client, tagged):
    """Which of the attributions a client may read."""
    found = []
    for name, made in tagged.items():
        catalog = "Sandbox" if name == "S" else "AWS"
        try:
            client.get_revenue_attribution(Catalog=catalog, Identifier=made["Id"])
        except client.exceptions.AccessDeniedException:
            continue
        found.append(name)
    return found


GET = "GetRevenueAttribution"
TEAM = "aws:ResourceTag/team"


@pytest.mark.parametrize(
    ("resource", "condition", "expected"),
    [
        ("*", {}, ["A", "B", "S"]),
        (f"{HERE}/*", {}, ["A", "B"]),
        ("{A}", {}, ["A"]),
        (f"{ARN_START}/*/revenue-attribution/ra-*", {}, ["A", "B", "S"]),
        (f"{ARN_START}/AWS/marketplace-revenue-share/*", {}, []),
        ("*", {"StringEquals": {"partnercentral:Catalog": "AWS"}}, ["A", "B"]),
        ("*", {"StringEquals": {"partnercentral:catalog": "Sandbox"}}, ["S"]),
        ("*", {"StringEquals": {TEAM: "a"}}, ["A", "S"]),
        (f"{HERE}/*", {"StringNotEquals": {TEAM: "a"}}, ["B"]),
        ("*", {"Null": {"aws:ResourceTag/owner": "false"}}, []),
        ("*", {"StringEquals": {TEAM: "a", "partnercentral:Catalog": "AWS"}}, ["A"]),
    ],
)
def test_what_may_be_read(allowed, tagged, resource, condition, expected):
    """By the attribution's ARN, its catalog and its tags."""
    resource = resource.replace("{A}", tagged["A"]["Arn"])
    assert may_get(allowed(statement(GET, resource, **condition)), tagged) == expected


def test_a_denial_on_a_tag_wins(allowed, tagged):
    """Over an allowance of everything."""
    client = allowed(
        statement("*"), statement(GET, effect="Deny", StringEquals={"aws:ResourceTag/Team": "b"})
    )
    assert may_get(client, tagged) == ["A", "S"]


def test_a_denial_names_the_resource(allowed, tagged):
    """And is told with its reason."""
    client = allowed(statement(GET, tagged["A"]["Arn"]))
    call = client.get_revenue_attribution
    error = refusal(call, Catalog="AWS", Identifier=tagged["B"]["Id"])
    assert (error["Reason"], error["Message"]) == (
        "ACCESS_DENIED",
        f"User: arn:aws:iam::{POLDER_ACCOUNT}:user/limited is not authorized to perform: "
        f"partnercentral:GetRevenueAttribution on resource: {tagged['B']['Arn']} because no "
        "identity-based policy allows the partnercentral:GetRevenueAttribution action",
    )


def test_who_may_not_look_does_not_find_out_what_there_is(allowed, tagged):
    """What there is not is denied as what there is."""
    client = allowed(statement(GET, tagged["A"]["Arn"]))
    call = client.get_revenue_attribution
    assert refused(call, Catalog="AWS", Identifier="ra-0000000000000") == DENIED


def test_an_arn_is_asked_about_as_it_is_named(allowed, tagged):
    """One of another account is found missing only by who may look there."""
    foreign = tagged["A"]["Arn"].replace(POLDER_ACCOUNT, "120000000002")
    own = allowed(statement(GET, f"{HERE}/*")).get_revenue_attribution
    first = refused(own, Catalog="AWS", Identifier=foreign)
    any_account = allowed(statement(GET)).get_revenue_attribution
    assert [first, refused(any_account, Catalog="AWS", Identifier=foreign)] == [DENIED, NOT_FOUND]


@pytest.mark.parametrize(
    ("statements", "tags", "expected"),
    [
        ([statement("CreateRevenueAttribution")], {}, "1"),
        ([statement("CreateRevenueAttribution")], {"Team": "a"}, "denied"),
        ([statement("CreateRevenueAttribution TagResource")], {"Team": "a"}, "1"),
        (
            [statement("CreateRevenueAttribution"), statement("TagResource", f"{HERE}/*")],
            {"Team": "a"},
            "1",
        ),
        (
            [
                statement("CreateRevenueAttribution"),
                statement("TagResource", f"{ARN_START}/AWS/marketplace-revenue-share/*"),
            ],
            {"Team": "a"},
            "denied",
        ),
        ([statement("CreateRevenueAttribution", f"{HERE}/*")], {}, "denied"),
        (
            [statement("*", StringEquals={"aws:RequestTag/team": "a"})],
            {"Team": "a", "Other": "b"},
            "1",
        ),
        ([statement("*", StringEquals={"aws:RequestTag/team": "a"})], {"Team": "b"}, "denied"),
        ([statement("*", StringEquals={"aws:RequestTag/team": "a"})], {}, "denied"),
        (
            [statement("*", **{"ForAllValues:StringEquals": {"aws:TagKeys": ["Team", "Cost"]}})],
            {"Team": "a"},
            "1",
        ),
        (
            [statement("*", **{"ForAllValues:StringEquals": {"aws:TagKeys": ["Team", "Cost"]}})],
            {"Team": "a", "Other": "b"},
            "denied",
        ),
        (
            [statement("*", **{"ForAnyValue:StringEquals": {"aws:TagKeys": "Team"}})],
            {"Team": "a", "Other": "b"},
            "1",
        ),
        ([statement("*", **{"ForAnyValue:StringEquals": {"aws:TagKeys": "Team"}})], {}, "denied"),
    ],
)
def test_what_may_be_created(allowed, statements, tags, expected):
    """By the tags that it is given; giving some is to be allowed to tag, too."""
    given = {"Tags": [{"Key": key, "Value": tags[key]} for key in tags]} if tags else {}
    client = allowed(*statements)
    try:
        found = created(client, **given)["Revision"]
    except client.exceptions.AccessDeniedException:
        found = "denied"
    assert found == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, ["TagResource", "UntagResource", "ListTagsForResource"]),
        (
            {"StringEquals": {"partnercentral:Catalog": "AWS"}},
            ["TagResource", "UntagResource", "ListTagsForResource"],
        ),
        ({"StringEquals": {"partnercentral:Catalog": "Sandbox"}}, []),
        (
            {"StringEquals": {"aws:ResourceTag/Team": "a"}},
            ["TagResource", "UntagResource", "ListTagsForResource"],
        ),
        ({"StringEquals": {"aws:RequestTag/Cost": "1"}}, ["TagResource"]),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": "Cost"}}, ["TagResource", "UntagResource"]),
        ({"Null": {"aws:TagKeys": "true"}}, ["ListTagsForResource"]),
    ],
)
def test_what_may_be_tagged(allowed, tagged, condition, expected):
    """The catalog is the one in the ARN."""
    client = allowed(statement("*", f"{HERE}/*", **condition))
    arn = tagged["A"]["Arn"]
    calls = {
        "TagResource": lambda: client.tag_resource(
            resourceArn=arn, tags=[{"Key": "Cost", "Value": "1"}]
        ),
        "UntagResource": lambda: client.untag_resource(resourceArn=arn, tagKeys=["Cost"]),
        "ListTagsForResource": lambda: client.list_tags_for_resource(resourceArn=arn),
    }
    found = []
    for name, call in calls.items():
        try:
            call()
        except client.exceptions.AccessDeniedException:
            continue
        found.append(name)
    assert found == expected


def test_lists_have_no_resource(allowed):
    """A policy on attributions alone does not allow to list them."""
    own = allowed(statement("ListRevenueAttributions", f"{HERE}/*"))
    first = refused(own.list_revenue_attributions, Catalog="AWS")
    catalog = {"StringEquals": {"partnercentral:Catalog": "Sandbox"}}
    sandbox = allowed(statement("ListRevenueAttributions", **catalog))
    second = refused(sandbox.list_revenue_attributions, Catalog="AWS")
    answer = sandbox.list_revenue_attributions(Catalog="Sandbox")
    assert [first, second, answer["RevenueAttributionSummaries"]] == [DENIED, DENIED, []]


def test_what_is_malformed_is_told_to_anybody(allowed):
    """Requests are examined before policies are asked."""
    client = allowed(statement(GET))
    tags = [{"Key": "a", "Value": ""}] * 2
    error = refusal(
        client.create_revenue_attribution, Catalog="AWS", Name="A", Tags=tags, **TENANCY
    )
    assert error["Reason"] == "REQUEST_VALIDATION_FAILED"
